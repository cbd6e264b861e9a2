// Files of usage: taken in by a job, with progress, stop, resume, and what was not taken to be fetched.
import { UploadOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { address, call, newKey, post, send } from "../../lib/api";
import { DataTable } from "../../kit/DataTable";
import { Field, Meter, Panel } from "../../kit/layout";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Ago, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import type { FileRow } from "./types";
import { bytes, whole } from "./types";

const LIMIT = 64 * 1024 * 1024;

export function FilesTab() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [uploading, setUploading] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const files = useQuery({
    queryKey: ["usageFiles"], queryFn: () => call<FileRow[]>("/usage/files"),
    refetchInterval: (q) => (q.state.data?.some((f) => f.state === "queued" || f.state === "running") ? 1000 : false),
  });
  const verb = async (file: FileRow, what: "stop" | "resume") => {
    setError(null);
    try {
      await post(`/usage/files/${file.id}/${what}`);
      say.success(t(what === "stop" ? "usage.stopped" : "usage.resumed"));
    } catch (cause) { setError(cause); }
    await client.invalidateQueries({ queryKey: ["usageFiles"] });
  };
  const number = (n: number) => (n ? <span className="num">{whole(n)}</span> : <span className="num muted">0</span>);
  return (
    <div className="stack">
      {error ? <Failure error={error} /> : null}
      <Panel title={t("usage.file")} flush acts={<Button size="small" type="primary" icon={<UploadOutlined aria-hidden />} onClick={() => setUploading(true)}>{t("usage.upload")}</Button>}>
        <Loaded of={files} what={t("usage.file")} rows={5}>{(rows) => (
          <DataTable rows={rows} rowKey={(r) => r.id} label={t("usage.file")} minWidth={960} empty={<Nothing why={t("usage.noFiles")} action={<Button onClick={() => setUploading(true)}>{t("usage.upload")}</Button>} />}
            extra={(r) => (r.error ? <span className="bad wrap">{r.error}</span> : null)}
            columns={[
              { key: "name", title: t("usage.file"), lead: true, render: (r) => <Name>{r.name}</Name> },
              { key: "state", title: t("usage.state"), width: 120, render: (r) => (r.state === "running" ? <Meter done={r.position} total={r.bytes} label={t("usage.progress")} /> : <Status group="usageFile" code={r.state} />) },
              { key: "taken", title: t("usage.taken"), width: 96, right: true, render: (r) => number(r.taken) },
              { key: "late", title: t("usage.lateN"), width: 88, right: true, render: (r) => number(r.late) },
              { key: "dup", title: t("usage.duplicates"), width: 92, right: true, render: (r) => number(r.duplicates) },
              { key: "pool", title: t("usage.suspended"), width: 88, right: true, render: (r) => number(r.suspended) },
              { key: "bad", title: t("usage.refused"), width: 80, right: true, render: (r) => (r.refused ? <span className="num bad">{whole(r.refused)}</span> : number(0)) },
              { key: "who", title: t("usage.operator"), width: 104, render: (r) => <Name>{r.operator}</Name> },
              { key: "at", title: t("usage.time"), width: 92, render: (r) => <Ago at={r.startedAt} /> },
              { key: "do", title: "", width: 132, right: true, render: (r) => (
                <span className="row" style={{ justifyContent: "flex-end", gap: 8 }}>
                  {(r.state === "queued" || r.state === "running") && <button type="button" className="linkish" aria-label={`${t("usage.stop")} ${r.name}`} onClick={() => void verb(r, "stop")}>{t("usage.stop")}</button>}
                  {r.state === "stopped" && <button type="button" className="linkish" aria-label={`${t("usage.resume")} ${r.name}`} onClick={() => void verb(r, "resume")}>{t("usage.resume")}</button>}
                  {r.duplicates + r.suspended + r.refused > 0 && <a href={address(`/usage/files/${r.id}/refused`)} title={t("usage.refusedFile")} aria-label={`${t("usage.refusedFile")} ${r.name}`} download>CSV</a>}
                </span>
              ) },
            ]} />
        )}</Loaded>
      </Panel>
      <Modal open={uploading} onCancel={() => setUploading(false)} footer={null} destroyOnHidden width={520} title={t("usage.upload")}>
        {uploading && <UploadForm onDone={() => setUploading(false)} />}
      </Modal>
    </div>
  );
}

function UploadForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
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
      await send("/usage/files", { method: "POST", query: { name: file.name.slice(0, 120) }, raw: file, contentType: "text/csv", idempotencyKey: key.current });
      await client.invalidateQueries({ queryKey: ["usageFiles"] });
      say.success(t("usage.uploaded"));
      onDone();
    } catch (cause) { setError(cause); key.current = newKey(); } finally { setBusy(false); }
  };
  return (
    <form className="stack" onSubmit={(e) => { e.preventDefault(); void go(); }}>
      <Field label={t("usage.file")} error={tooLarge ? t("usage.tooLarge") : null} hint={t("usage.uploadNote")}>
        {(f) => (
          <div className="row">
            <input {...{ id: f.id, "aria-describedby": f["aria-describedby"] }} ref={input} type="file" accept=".csv,.gz,.txt,text/csv" className="sr" onChange={(e) => { setFile(e.target.files?.[0] ?? null); key.current = newKey(); setError(null); }} />
            <Button onClick={() => input.current?.click()}>{t("usage.pick")}</Button>
            {file && <bdi className="clip grow">{t("usage.chosen", { name: file.name, size: bytes(file.size) })}</bdi>}
          </div>
        )}
      </Field>
      {error ? <Failure error={error} what={t("usage.upload")} /> : null}
      <div className="row" style={{ justifyContent: "flex-end" }}><Button onClick={onDone}>{t("kit.cancel")}</Button><Button type="primary" htmlType="submit" loading={busy} disabled={!file || tooLarge}>{t("usage.upload")}</Button></div>
    </form>
  );
}
