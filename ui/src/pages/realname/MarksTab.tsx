// Who is not served, and who is watched: entered with grounds, lifted with a reason, never forgotten.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Checkbox, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import { Field, Panel, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { CustomerPicker } from "../../kit/pickers";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Ago, Name } from "../../kit/text";
import { say } from "../../kit/toast";

interface Mark {
  id: string; customerId: string; customerName: string; customerNo: string; kind: "blacklist" | "abnormal"; category: string; reason: string; source: string; from: string; until: string | null; state: string;
  madeBy: string; liftedAt: string | null; liftedBy: string | null; liftReason: string | null;
}
const CATEGORIES = ["fraud", "falseIdentity", "arrears", "spam", "resale", "complaintAbuse", "unverified", "other"] as const;

export function MarksTab() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const writes = useMay()("standing.write");
  const { search, set } = useUrl();
  const state = search.state === "lifted" ? "lifted" : "active";
  const [lifting, setLifting] = useState<Mark | null>(null);
  const [entering, setEntering] = useState(false);
  const found = useQuery({ queryKey: ["marks", state], queryFn: () => call<Mark[]>("/standings", { query: { state } }) });
  const again = () => client.invalidateQueries({ queryKey: ["marks"] });
  return (
    <Panel flush>
      <div className="filters">
        <Segments label={t("merge.state")} at={state} onPick={(s) => set({ state: s === "active" ? undefined : s })} items={[{ id: "active", title: t("realname.active") }, { id: "lifted", title: t("realname.all") }]} />
        <span className="grow" />
        {writes && <Button size="small" type="primary" onClick={() => setEntering(true)}>{t("realname.mark")}</Button>}
      </div>
      <Loaded of={found} what={t("realname.blacklist")}>{(rows) => (
        <DataTable rows={rows} rowKey={(r) => r.id} label={t("realname.blacklist")} minWidth={900} empty={<Nothing why={t("realname.noMarks")} />} columns={[
          { key: "who", title: t("realname.name"), width: 150, lead: true, render: (r) => <Link to="/app/customers/$id" params={{ id: r.customerId }} title={r.customerNo}><bdi>{r.customerName}</bdi></Link> },
          { key: "kind", title: t("realname.kind"), width: 88, render: (r) => <span className={r.kind === "blacklist" ? "bad strong" : "warn"}>{t(`realname.markKinds.${r.kind}`)}</span> },
          { key: "category", title: t("realname.category"), width: 104, render: (r) => word("realname.categories", r.category) },
          { key: "why", title: t("realname.reason"), render: (r) => <Name>{r.liftReason ?? r.reason}</Name> },
          { key: "source", title: t("realname.source"), width: 150, render: (r) => <Name>{r.source}</Name> },
          { key: "since", title: t("realname.since"), width: 96, render: (r) => <Ago at={r.liftedAt ?? r.from} /> },
          { key: "by", title: t("realname.operator"), width: 90, render: (r) => <Name>{r.liftedBy ?? r.madeBy}</Name> },
          ...(writes && state === "active" ? [{ key: "do", title: "", width: 72, right: true, render: (r: Mark) => <Button size="small" type="link" onClick={() => setLifting(r)}>{t("realname.lift")}</Button> }] : []),
        ]} />
      )}</Loaded>
      <ReasonDialog open={!!lifting} title={t("realname.lift")} note={t("realname.liftNote")} confirm={t("realname.lift")} onClose={() => setLifting(null)}
        onConfirm={async (reason) => { await post(`/standings/${lifting!.id}/lift`, { reason }); say.success(t("realname.lifted")); await again(); }} />
      <Modal open={entering} onCancel={() => setEntering(false)} footer={null} destroyOnHidden width={540} title={t("realname.mark")}>{entering && <MarkForm onDone={async () => { setEntering(false); await again(); }} onClose={() => setEntering(false)} />}</Modal>
    </Panel>
  );
}

function MarkForm({ onDone, onClose }: { onDone: () => Promise<void>; onClose: () => void }) {
  const { t } = useTranslation();
  const [who, setWho] = useState<string | null>(null);
  const [kind, setKind] = useState<"blacklist" | "abnormal">("blacklist");
  const [category, setCategory] = useState<string>("fraud");
  const [reason, setReason] = useState("");
  const [source, setSource] = useState("");
  const [until, setUntil] = useState("");
  const [whole, setWhole] = useState(true);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const go = async () => {
    setBusy(true);
    setError(null);
    try {
      await post(`/customers/${who}/standings`, { kind, category, reason, source, until: until ? `${until}T23:59:59+08:00` : null, certificate: whole }, { idempotencyKey: newKey() });
      say.success(t("realname.marked"));
      await onDone();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  return (
    <form className="stack" onSubmit={(e) => { e.preventDefault(); void go(); }}>
      <div className="form">
        <Field label={t("picker.customer")} full>{(f) => <CustomerPicker {...f} autoFocus value={who} onPick={(c) => setWho(c?.id ?? null)} />}</Field>
        <Field label={t("realname.kind")} hint={t(`realname.kindNote.${kind}`)}>{(f) => <Pick id={f.id} value={kind} onPick={(v) => setKind(v as "blacklist")} width="100%" options={(["blacklist", "abnormal"] as const).map((k) => ({ value: k, label: t(`realname.markKinds.${k}`) }))} />}</Field>
        <Field label={t("realname.category")}>{(f) => <Pick id={f.id} value={category} onPick={setCategory} width="100%" options={CATEGORIES.map((c) => ({ value: c, label: t(`realname.categories.${c}`) }))} />}</Field>
        <Field label={t("realname.reason")} full>{(f) => <Input.TextArea {...f} rows={2} maxLength={500} value={reason} onChange={(e) => setReason(e.target.value)} />}</Field>
        <Field label={t("realname.source")}>{(f) => <Input {...f} maxLength={200} value={source} onChange={(e) => setSource(e.target.value)} />}</Field>
        <Field label={t("realname.untilDate")}>{(f) => <input {...{ id: f.id }} className="pick" type="date" value={until} style={{ width: "100%" }} onChange={(e) => setUntil(e.target.value)} />}</Field>
      </div>
      <Checkbox checked={whole} onChange={(e) => setWhole(e.target.checked)}>{t("realname.wholeCertificate")}</Checkbox>
      {error ? <Failure error={error} what={t("realname.mark")} /> : null}
      <div className="row" style={{ justifyContent: "flex-end" }}><Button onClick={onClose}>{t("kit.cancel")}</Button><Button type="primary" htmlType="submit" loading={busy} disabled={!who || !reason.trim()}>{t("realname.mark")}</Button></div>
    </form>
  );
}
