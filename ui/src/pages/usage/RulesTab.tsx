// Limits with their sources, and what lies in each cycle.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { language, titled } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { DataTable } from "../../kit/DataTable";
import { Field, Panel } from "../../kit/layout";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { At, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import type { CycleRow, SettingRow } from "./types";
import { bytes, whole } from "./types";

/** Sources are kept as `Chinese / English`. */
const said = (source: string) => { const [zh, en] = source.split(" / "); return (language() === "en" ? en : zh) ?? source; };

export function RulesTab() {
  const { t } = useTranslation();
  const sets = useMay()("usage.settings");
  const [editing, setEditing] = useState<SettingRow | null>(null);
  const settings = useQuery({ queryKey: ["usageSettings"], queryFn: () => call<SettingRow[]>("/usage/settings") });
  const cycles = useQuery({ queryKey: ["usageCycles"], queryFn: () => call<CycleRow[]>("/usage/cycles") });
  return (
    <div className="stack">
      <Panel title={t("usage.limits")} flush>
        <Loaded of={settings} what={t("usage.limits")} rows={2}>{(rows) => (
          <DataTable rows={rows} rowKey={(r) => r.name} label={t("usage.limits")} minWidth={760} columns={[
            { key: "name", title: t("usage.limit"), width: 230, lead: true, render: (r) => <Name>{titled(r.title)}</Name> },
            { key: "value", title: t("usage.value"), width: 80, right: true, render: (r) => <span className="num">{whole(r.value)}</span> },
            { key: "range", title: t("usage.allowed"), width: 110, render: (r) => <span className="num">{r.minimum}–{r.maximum}</span> },
            { key: "source", title: t("usage.source"), wrap: true, render: (r) => <bdi className="wrap">{said(r.source)}</bdi> },
            ...(sets ? [{ key: "do", title: "", width: 80, right: true, render: (r: SettingRow) => <Button size="small" type="link" aria-label={`${t("usage.change")} ${titled(r.title)}`} onClick={() => setEditing(r)}>{t("usage.change")}</Button> }] : []),
          ]} />
        )}</Loaded>
      </Panel>
      <Panel title={t("usage.cycles")} flush>
        <Loaded of={cycles} what={t("usage.cycles")} rows={4}>{(rows) => (
          <DataTable rows={rows} rowKey={(r) => r.first} label={t("usage.cycles")} minWidth={640} empty={<Nothing why={t("usage.noCycles")} />} columns={[
            { key: "label", title: t("usage.cycle"), width: 110, lead: true, render: (r) => <span className="num">{r.label}</span> },
            { key: "days", title: t("usage.span"), width: 200, render: (r) => <span className="num">{r.first} – {r.last}</span> },
            { key: "n", title: t("usage.size"), width: 110, right: true, render: (r) => <span className="num">{whole(r.records)}</span> },
            { key: "bytes", title: t("usage.bytes"), width: 100, right: true, render: (r) => <span className="num">{bytes(r.bytes)}</span> },
            { key: "runs", title: t("usage.runs"), width: 80, right: true, render: (r) => <span className="num">{r.runs}</span> },
            { key: "closed", title: t("usage.closedAt"), render: (r) => (r.closedAt ? <At at={r.closedAt} /> : <span className="muted">{t("usage.notClosed")}</span>) },
          ]} />
        )}</Loaded>
      </Panel>
      <Modal open={!!editing} onCancel={() => setEditing(null)} footer={null} destroyOnHidden width={440} title={editing ? t("usage.changeTitle", { name: titled(editing.title) }) : ""}>
        {editing && <Form of={editing} onDone={() => setEditing(null)} />}
      </Modal>
    </div>
  );
}

function Form({ of, onDone }: { of: SettingRow; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [value, setValue] = useState(String(of.value));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const good = /^\d{1,6}$/.test(value.trim());
  const go = async () => {
    setBusy(true);
    setError(null);
    try {
      await call(`/usage/settings/${encodeURIComponent(of.name)}`, { method: "PUT", body: { value: Number(value) } });
      await client.invalidateQueries({ queryKey: ["usageSettings"] });
      say.success(t("kit.saved"));
      onDone();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  return (
    <form className="stack" onSubmit={(e) => { e.preventDefault(); void go(); }}>
      <Field label={t("usage.value")} hint={t("usage.range", { minimum: of.minimum, maximum: of.maximum })}>{(f) => <Input {...f} autoFocus inputMode="numeric" value={value} maxLength={6} onChange={(e) => setValue(e.target.value)} />}</Field>
      <div className="soft wrap">{said(of.source)}</div>
      {error ? <Failure error={error} what={t("usage.save")} /> : null}
      <div className="row" style={{ justifyContent: "flex-end" }}><Button onClick={onDone}>{t("kit.cancel")}</Button><Button type="primary" htmlType="submit" loading={busy} disabled={!good}>{t("usage.save")}</Button></div>
    </form>
  );
}
