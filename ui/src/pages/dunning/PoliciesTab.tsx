// The policies as rows of steps, the law beside them, and an editor that asks the law while it is typed into.
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input, InputNumber, Modal, Select } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { yuan } from "../../lib/format";
import { comma, language, word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { Field, Panel } from "../../kit/layout";
import { Failure, Loaded } from "../../kit/states";
import { say } from "../../kit/toast";
import { OrgName } from "../resources/OrgName";
import { STEPS } from "./types";
import type { LawRow, PolicyBody, PolicyRow, Step } from "./types";

const EMPTY: PolicyBody = { match: { kinds: [], grades: [], families: [] }, minFen: 500, keyAccount: false, steps: [{ kind: "remind", days: 5, channels: ["sms"] }, { kind: "barOutgoing", days: 26, channels: ["sms"] }] };

export function PoliciesTab() {
  const { t } = useTranslation();
  const may = useMay();
  const [editing, setEditing] = useState<PolicyRow | "new" | null>(null);
  const all = useQuery({ queryKey: ["dunning", "policies"], queryFn: () => call<PolicyRow[]>("/dunning/policies") });
  const law = useQuery({ queryKey: ["dunning", "law"], queryFn: () => call<LawRow[]>("/dunning/law") });
  const names = (p: PolicyRow) => (language() === "en" ? p.nameEn : p.name);
  return (
    <div className="dunstack">
      <Panel title={t("dunning.policies")} acts={may("dunning.policy") && <Button size="small" type="primary" onClick={() => setEditing("new")}>{t("dunning.newPolicy")}</Button>}>
        <Loaded of={all} what={t("dunning.policies")} rows={5}>{(rows) => (
          <div className="stack">
            {rows.filter((p) => p.state === "active").map((p) => (
              <article key={p.id} className="dunpolicy" aria-label={names(p)}>
                <div className="row spread wraps">
                  <div><span className="strong">{names(p)}</span> <span className="muted">v{p.version} · {t("dunning.priority")} {p.priority} · <Whom of={p.policy} /> · {t("dunning.from", { sum: yuan(p.policy.minFen) })}</span></div>
                  {may("dunning.policy") && <Button size="small" onClick={() => setEditing(p)}>{t("dunning.edit")}</Button>}
                </div>
                <ol className="dunway" aria-label={t("dunning.way")}>
                  {p.policy.steps.map((s, i) => {
                    const day = p.policy.steps.slice(0, i + 1).reduce((n, x) => n + x.days, 0);
                    return <li key={i}><span className="strong">{word("dunStep", s.kind)}</span><span className="muted">{t("dunning.dayN", { day })}{s.approval || (p.policy.keyAccount && s.kind !== "remind") ? ` · ${t("dunning.byPeople")}` : ""}</span></li>;
                  })}
                </ol>
              </article>
            ))}
          </div>
        )}</Loaded>
      </Panel>
      <Panel title={t("dunning.law")} flush>
        <Loaded of={law} what={t("dunning.law")} rows={3}>{(rows) => (
          <table className="data" aria-label={t("dunning.law")}>
            <thead><tr><th scope="col">{t("dunning.rule")}</th><th scope="col" className="right" style={{ width: 90 }}>{t("dunning.figure")}</th><th scope="col" style={{ width: 130 }}>{t("dunning.place")}</th><th scope="col">{t("dunning.source")}</th></tr></thead>
            <tbody>{rows.map((r) => <tr key={`${r.name}${r.org}`}><td className="wrapped">{language() === "en" ? r.en : r.zh}</td><td className="right num">{r.value}</td><td><OrgName path={r.org} /></td><td className="wrapped muted">{r.source}</td></tr>)}</tbody>
          </table>
        )}</Loaded>
      </Panel>
      {editing && <Editor of={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </div>
  );
}

function Whom({ of }: { of: PolicyBody }) {
  const { t } = useTranslation();
  const parts = [...of.match.kinds.map((k) => word("customerKind", k)), ...of.match.grades.map((g) => word("grade", g)), ...of.match.families.map((f) => word("family", f))];
  return <>{parts.length === 0 ? t("dunning.everybody") : parts.join(comma())}{of.keyAccount ? ` · ${t("dunning.keyAccount")}` : ""}</>;
}

interface Checked { allowed: boolean; problem: { reason: string; message: string; field?: string } | null }

function Editor({ of, onClose }: { of: PolicyRow | null; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState(of?.name ?? "");
  const [nameEn, setNameEn] = useState(of?.nameEn ?? "");
  const [priority, setPriority] = useState(of?.priority ?? 100);
  const [policy, setPolicy] = useState<PolicyBody>(of?.policy ?? EMPTY);
  const [asked, setAsked] = useState(policy);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => { const timer = setTimeout(() => setAsked(policy), 250); return () => clearTimeout(timer); }, [policy]);
  const body = (p: PolicyBody) => ({ name: name || "—", nameEn, priority, policy: p, ...(of ? { org: of.org } : {}) });
  const checked = useQuery({ queryKey: ["dunningCheck", asked, of?.org], queryFn: () => post<Checked>("/dunning/policies/check", body(asked)), retry: false });
  const change = (i: number, part: Partial<Step>) => setPolicy((p) => ({ ...p, steps: p.steps.map((s, n) => (n === i ? { ...s, ...part } : s)) }));
  const go = async () => {
    setBusy(true); setError(null);
    try {
      if (of) await call(`/dunning/policies/${of.id}`, { method: "PUT", body: body(policy) });
      else await post("/dunning/policies", body(policy), { idempotencyKey: newKey() });
      say.success(t("dunning.policySaved"));
      await client.invalidateQueries({ queryKey: ["dunning"] });
      onClose();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  const wrongRow = Number(/^steps\.(\d+)/.exec(checked.data?.problem?.field ?? "")?.[1] ?? -1);
  let day = 0;
  return (
    <Modal open title={t(of ? "dunning.editPolicy" : "dunning.newPolicy")} onCancel={onClose} okText={t("kit.save")} cancelText={t("kit.cancel")} onOk={() => void go()} confirmLoading={busy} okButtonProps={{ disabled: !name.trim() || checked.data?.allowed === false }} width={860}>
      <div className="stack">
        <div className="row top">
          <div className="grow"><Field label={t("dunning.nameZh")}>{(f) => <Input {...f} value={name} maxLength={60} onChange={(e) => setName(e.target.value)} />}</Field></div>
          <div className="grow"><Field label={t("dunning.nameEn")}>{(f) => <Input {...f} value={nameEn} maxLength={60} onChange={(e) => setNameEn(e.target.value)} />}</Field></div>
          <div style={{ width: 110 }}><Field label={t("dunning.priority")}>{(f) => <InputNumber {...f} style={{ width: "100%" }} min={1} max={10_000} value={priority} onChange={(v) => setPriority(v ?? 100)} />}</Field></div>
          <div style={{ width: 130 }}><Field label={t("dunning.min")}>{(f) => <InputNumber {...f} style={{ width: "100%" }} min={0} precision={2} value={policy.minFen / 100} onChange={(v) => setPolicy((p) => ({ ...p, minFen: Math.round((v ?? 0) * 100) }))} />}</Field></div>
        </div>
        <div className="row top">
          <div className="grow"><Field label={t("dunning.kinds")}>{(f) => <Select {...f} mode="multiple" value={policy.match.kinds} onChange={(kinds) => setPolicy((p) => ({ ...p, match: { ...p.match, kinds } }))} options={["individual", "organization"].map((k) => ({ value: k, label: word("customerKind", k) }))} placeholder={t("dunning.any")} />}</Field></div>
          <div className="grow"><Field label={t("dunning.grades")}>{(f) => <Select {...f} mode="tags" value={policy.match.grades} onChange={(grades) => setPolicy((p) => ({ ...p, match: { ...p.match, grades } }))} options={["diamond", "platinum", "gold", "silver", "normal"].map((g) => ({ value: g, label: word("grade", g) }))} placeholder={t("dunning.any")} />}</Field></div>
          <div className="grow"><Field label={t("dunning.families")}>{(f) => <Select {...f} mode="multiple" value={policy.match.families} onChange={(families) => setPolicy((p) => ({ ...p, match: { ...p.match, families } }))} options={["mobile", "broadband", "fixedVoice", "iptv", "leasedLine"].map((g) => ({ value: g, label: word("family", g) }))} placeholder={t("dunning.any")} />}</Field></div>
        </div>
        <Checkbox checked={policy.keyAccount} onChange={(e) => setPolicy((p) => ({ ...p, keyAccount: e.target.checked }))}>{t("dunning.keyAccountNote")}</Checkbox>
        <table className="data dunsteps" aria-label={t("dunning.way")}>
          <thead><tr><th scope="col" style={{ width: 150 }}>{t("dunning.step")}</th><th scope="col" style={{ width: 110 }}>{t("dunning.waitDays")}</th><th scope="col" style={{ width: 90 }} className="right">{t("dunning.day")}</th><th scope="col">{t("dunning.channels")}</th><th scope="col" style={{ width: 110 }}>{t("dunning.approval")}</th><th scope="col" style={{ width: 50 }}><span className="sr">{t("dunning.remove")}</span></th></tr></thead>
          <tbody>{policy.steps.map((s, i) => {
            day += s.days;
            return (
              <tr key={i} className={i === wrongRow ? "wrong" : undefined}>
                <td><Select style={{ width: "100%" }} value={s.kind} aria-label={t("dunning.step")} onChange={(kind) => change(i, { kind })} options={STEPS.map((k) => ({ value: k, label: word("dunStep", k) }))} /></td>
                <td><InputNumber style={{ width: "100%" }} min={1} max={3650} value={s.days} aria-label={t("dunning.waitDays")} onChange={(v) => change(i, { days: v ?? 1 })} /></td>
                <td className="right num">{t("dunning.dayN", { day })}</td>
                <td><Checkbox.Group value={s.channels} onChange={(channels) => change(i, { channels })} options={[{ value: "sms", label: t("dunning.sms") }, { value: "mail", label: t("dunning.mail") }]} /></td>
                <td><Checkbox checked={s.kind === "writeOff" || !!s.approval} disabled={s.kind === "writeOff"} onChange={(e) => change(i, { approval: e.target.checked })}>{t("dunning.byPeople")}</Checkbox></td>
                <td><Button size="small" type="text" aria-label={t("dunning.remove")} icon={<DeleteOutlined aria-hidden />} disabled={policy.steps.length < 2} onClick={() => setPolicy((p) => ({ ...p, steps: p.steps.filter((_, n) => n !== i) }))} /></td>
              </tr>
            );
          })}</tbody>
        </table>
        <div><Button size="small" icon={<PlusOutlined aria-hidden />} onClick={() => setPolicy((p) => ({ ...p, steps: [...p.steps, { kind: "remind", days: 7, channels: ["sms"] }] }))}>{t("dunning.addStep")}</Button></div>
        {checked.data && (checked.data.allowed
          ? <div className="dunok" role="status">{t("dunning.lawful")}</div>
          : <div className="failure" role="alert"><div className="stack tight grow"><div className="strong wrap">{checked.data.problem?.reason}</div><div className="soft wrap">{checked.data.problem?.message}</div></div></div>)}
        {of && <div className="soft">{t("dunning.versionNote")}</div>}
        {error ? <Failure error={error} what={t("dunning.policies")} /> : null}
      </div>
    </Modal>
  );
}
