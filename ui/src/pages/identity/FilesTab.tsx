// Source systems with their columns, and the files taken in.
import { UploadOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { address, call, newKey, send } from "../../lib/api";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { DataTable } from "../../kit/DataTable";
import { Field, Meter, Panel } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Ago, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import type { FileRow, SourceRow } from "./types";

const COLUMNS = ["id", "name", "kind", "certificateType", "certificate", "phone", "phone2", "phone3", "address", "birth", "email", "org"] as const;
/** The systems we know have names in both languages; others are called what they were entered as. */
const named = (s: SourceRow) => { const known = word("sourceNames", s.code); return known === s.code ? s.name : known; };
const LIMIT = 64 * 1024 * 1024;

export function FilesTab() {
  const { t } = useTranslation();
  const manages = useMay()("identity.manage");
  const [editing, setEditing] = useState<SourceRow | "new" | null>(null);
  const [uploading, setUploading] = useState(false);
  const sources = useQuery({ queryKey: ["identitySources"], queryFn: () => call<SourceRow[]>("/identity/sources") });
  const files = useQuery({
    queryKey: ["identityFiles"], queryFn: () => call<FileRow[]>("/identity/files"),
    refetchInterval: (q) => (q.state.data?.some((f) => f.state === "queued" || f.state === "running") ? 1000 : false),
  });
  return (
    <div className="cols2" style={{ gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1.5fr)" }}>
      <Panel title={t("identity.source")} flush acts={manages && <Button size="small" onClick={() => setEditing("new")}>{t("identity.addSource")}</Button>}>
        <Loaded of={sources} what={t("identity.source")} rows={4}>{(rows) => (
          <DataTable rows={rows} rowKey={(r) => r.code} label={t("identity.source")} columns={[
            { key: "name", title: t("identity.sourceName"), lead: true, render: (r) => <Name>{named(r)}</Name> },
            { key: "n", title: t("identity.records"), width: 92, right: true, render: (r) => <span className="num">{r.records.toLocaleString("en-US")}</span> },
            { key: "map", title: t("identity.mapping"), width: 118, render: (r) => (r.code === "crm" ? <span className="muted">—</span> : Object.keys(r.mapping).length ? t("identity.mapped", { count: Object.keys(r.mapping).length }) : <span className="muted">{t("identity.usual")}</span>) },
            ...(manages ? [{ key: "do", title: "", width: 88, right: true, render: (r: SourceRow) => (r.code === "crm" ? null : <Button size="small" type="link" aria-label={`${t("identity.edit")} ${named(r)}`} onClick={() => setEditing(r)}>{t("identity.edit")}</Button>) }] : []),
          ]} />
        )}</Loaded>
      </Panel>
      <Panel title={t("identity.file")} flush acts={manages && <Button size="small" type="primary" icon={<UploadOutlined aria-hidden />} onClick={() => setUploading(true)}>{t("identity.upload")}</Button>}>
        <Loaded of={files} what={t("identity.file")} rows={4}>{(rows) => (
          <DataTable rows={rows} rowKey={(r) => r.id} label={t("identity.file")} minWidth={600} empty={<Nothing why={t("identity.noFiles")} />}
            extra={(r) => (r.error ? <span className="bad wrap">{r.error}</span> : null)}
            columns={[
              { key: "name", title: t("identity.file"), lead: true, render: (r) => <Name>{r.name}</Name> },
              { key: "source", title: t("identity.source"), width: 104, render: (r) => <Name>{word("sourceNames", r.source)}</Name> },
              { key: "state", title: t("identity.state"), width: 108, render: (r) => (r.state === "running" ? <Meter done={r.position} total={r.bytes} label={t("identity.progress")} /> : <Status group="runState" code={r.state} />) },
              { key: "w", title: t("identity.written"), width: 78, right: true, render: (r) => <span className="num">{r.written.toLocaleString("en-US")}</span> },
              { key: "r", title: t("identity.refused"), width: 74, right: true, render: (r) => (r.refused ? <a className="num" href={address(`/identity/files/${r.id}/refused`)} title={t("identity.refusedFile")} download>{r.refused.toLocaleString("en-US")}</a> : <span className="num muted">0</span>) },
              { key: "at", title: t("identity.at"), width: 92, render: (r) => <Ago at={r.startedAt} /> },
            ]} />
        )}</Loaded>
      </Panel>
      <Modal open={!!editing} onCancel={() => setEditing(null)} footer={null} destroyOnHidden width={560} title={editing === "new" ? t("identity.addSource") : editing ? named(editing) : ""}>
        {editing && <SourceForm of={editing === "new" ? null : editing} onDone={() => setEditing(null)} />}
      </Modal>
      <Modal open={uploading} onCancel={() => setUploading(false)} footer={null} destroyOnHidden width={480} title={t("identity.upload")}>
        {uploading && <UploadForm sources={(sources.data ?? []).filter((s) => s.code !== "crm")} onDone={() => setUploading(false)} />}
      </Modal>
    </div>
  );
}

function SourceForm({ of, onDone }: { of: SourceRow | null; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [code, setCode] = useState(of?.code ?? "");
  const [name, setName] = useState(of?.name ?? "");
  const [mapping, setMapping] = useState<Record<string, string>>(of?.mapping ?? {});
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const go = async () => {
    setBusy(true);
    setError(null);
    try {
      const given = Object.fromEntries(Object.entries(mapping).filter(([, v]) => v.trim()));
      await call(`/identity/sources/${encodeURIComponent(code)}`, { method: "PUT", body: { name, mapping: given } });
      await client.invalidateQueries({ queryKey: ["identitySources"] });
      say.success(t("kit.saved"));
      onDone();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  return (
    <form className="stack" onSubmit={(e) => { e.preventDefault(); void go(); }}>
      <div className="form">
        <Field label={t("identity.sourceCode")}>{(f) => <Input {...f} value={code} disabled={!!of} autoFocus={!of} maxLength={40} onChange={(e) => setCode(e.target.value)} />}</Field>
        <Field label={t("identity.sourceName")}>{(f) => <Input {...f} value={name} maxLength={80} onChange={(e) => setName(e.target.value)} />}</Field>
      </div>
      <div className="soft">{t("identity.mapNote")}</div>
      <div className="form" style={{ gridTemplateColumns: "repeat(3, minmax(0, 1fr))" }}>
        {COLUMNS.map((c) => <Field key={c} label={t(`identity.col.${c}`)}>{(f) => <Input {...f} size="small" value={mapping[c] ?? ""} maxLength={60} onChange={(e) => setMapping({ ...mapping, [c]: e.target.value })} />}</Field>)}
      </div>
      {error ? <Failure error={error} what={t("kit.save")} /> : null}
      <div className="row" style={{ justifyContent: "flex-end" }}><Button onClick={onDone}>{t("kit.cancel")}</Button><Button type="primary" htmlType="submit" loading={busy} disabled={!code.trim() || !name.trim()}>{t("kit.save")}</Button></div>
    </form>
  );
}

function UploadForm({ sources, onDone }: { sources: SourceRow[]; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [source, setSource] = useState(sources[0]?.code ?? "");
  const [file, setFile] = useState<File | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const input = useRef<HTMLInputElement>(null);
  const key = useRef(newKey());
  const tooLarge = !!file && file.size > LIMIT;
  const go = async () => {
    if (!file) return;
    setBusy(true);
    setError(null);
    try {
      await send("/identity/files", { method: "POST", query: { source, name: file.name }, raw: file, contentType: "text/csv", idempotencyKey: key.current });
      await client.invalidateQueries({ queryKey: ["identityFiles"] });
      say.success(t("identity.uploaded"));
      onDone();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  return (
    <form className="stack" onSubmit={(e) => { e.preventDefault(); void go(); }}>
      <Field label={t("identity.source")}>{(f) => <Pick id={f.id} value={source} onPick={setSource} options={sources.map((s) => ({ value: s.code, label: named(s) }))} width="100%" />}</Field>
      <Field label={t("identity.file")} error={tooLarge ? t("identity.tooLarge") : null} hint={t("identity.uploadNote")}>
        {(f) => (
          <div className="row">
            <input {...{ id: f.id, "aria-describedby": f["aria-describedby"] }} ref={input} type="file" accept=".csv,text/csv" className="sr" onChange={(e) => { setFile(e.target.files?.[0] ?? null); key.current = newKey(); }} />
            <Button onClick={() => input.current?.click()}>{t("identity.pickFile")}</Button>
            {file && <bdi className="clip grow">{t("identity.chosen", { name: file.name, size: (file.size / 1024 / 1024).toFixed(1) })}</bdi>}
          </div>
        )}
      </Field>
      {error ? <Failure error={error} what={t("identity.upload")} /> : null}
      <div className="row" style={{ justifyContent: "flex-end" }}><Button onClick={onDone}>{t("kit.cancel")}</Button><Button type="primary" htmlType="submit" loading={busy} disabled={!file || tooLarge || !source}>{t("identity.upload")}</Button></div>
    </form>
  );
}
