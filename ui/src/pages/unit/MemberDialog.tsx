// One member: limits, card, and the verbs: loss, replacement, suspension, leaving.
import { useQuery } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { dateTime, toFen, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { Facts, Field, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { CardPanel } from "./CardPanel";
import { shownIdentifier, useGroups } from "./MembersTab";
import type { Driver, Member, UnitHome } from "./types";
import { UNIT_KEYS, useDo } from "./use";

const text = (fen?: number | null) => (fen === null || fen === undefined ? "" : yuan(fen, false).replaceAll(",", ""));
type Verb = "loss" | "lift" | "suspend" | "resume" | "leave";

export function MemberDialog({ unit, id, onClose }: { unit: UnitHome; id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const member = useQuery({ queryKey: ["unit.members", unit.id, "one", id], queryFn: () => call<Member>(`/unit-accounts/${unit.id}/members/${id}`) });
  return (
    <Modal open onCancel={onClose} title={member.data ? `${shownIdentifier(member.data)} · ${member.data.name}` : t("unit.detail")} width={680} footer={null} destroyOnHidden>
      <Loaded of={member} what={t("unit.detail")} rows={6}>{(m) => <Inside unit={unit} member={m} onClose={onClose} />}</Loaded>
    </Modal>
  );
}

function Inside({ unit, member: m, onClose }: { unit: UnitHome; member: Member; onClose: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const [verb, setVerb] = useState<Verb | null>(null);
  const [editing, setEditing] = useState(false);
  const [replacing, setReplacing] = useState(false);
  const groups = useGroups(unit.id);
  const { run, error, setError } = useDo(UNIT_KEYS);
  const path = `/unit-accounts/${unit.id}/members/${m.id}`;
  const limit = (fen?: number | null) => (fen === null || fen === undefined ? <span className="muted">{t("unit.noLimit")}</span> : <Money fen={fen} />);
  const live = m.state === "active" || m.state === "suspended" || m.state === "lost";
  const act = async (reason: string) => {
    const v = verb!;
    const [tail, body, said] = v === "loss" ? ["/loss", { reason }, t("unit.lossDone")] as const : v === "lift" ? ["/loss/lift", { reason }, t("unit.liftDone")] as const
      : ["/state", { reason, state: v === "suspend" ? "suspended" : v === "resume" ? "active" : "left" }, t("unit.stateDone")] as const;
    const done = await run(path + tail, body);
    if (done) say.success(said);
    if (done && v === "leave") onClose();
  };
  const whys: Record<Verb, string[]> = {
    loss: [t("unit.lossWhy1"), t("unit.lossWhy2"), t("unit.lossWhy3")], lift: [t("unit.liftWhy1"), t("unit.liftWhy2")], suspend: [t("unit.whyLeft2")], resume: [t("unit.stateWhy1")], leave: [t("unit.whyLeft1"), t("unit.whyLeft2")],
  };
  const name = `${shownIdentifier(m)} ${m.name}`;
  const shared = "unit.lossNote";
  return (
    <div className="stack">
      {m.state === "lost" && <div className="banner bad" role="status">{word("memberState", "lost")} · {t("unit.lostAt")} {dateTime(m.lostAt)}</div>}
      <Facts items={[
        [t("unit.state"), <Status key="s" group="memberState" code={m.state} />], [t("unit.reserve"), <Money key="r" fen={m.reserveFen} />], [t("unit.loaded"), <Money key="l" fen={m.loadedFen} />],
        [t("unit.spentMonth"), <Money key="m" fen={m.spentMonthFen} />], [t("unit.once"), limit(m.onceFen)], [t("unit.day"), limit(m.dayFen)], [t("unit.month"), limit(m.monthFen)], [t("unit.quota"), limit(m.quotaFen)],
        [t("unit.group"), <Name key="g">{groups.data?.find((g) => g.id === m.groupId)?.name}</Name>],
      ]} />
      {live && (
        <div className="row wraps" role="group" aria-label={t("unit.actions")}>
          {may("unit.write") && m.state !== "lost" && <Button onClick={() => setEditing(true)}>{t("unit.edit")}</Button>}
          {may("unit.loss") && m.state !== "lost" && <Button danger onClick={() => setVerb("loss")}>{t("unit.loss")}</Button>}
          {may("unit.loss") && m.state === "lost" && <Button onClick={() => setVerb("lift")}>{t("unit.lift")}</Button>}
          {may("unit.loss") && m.state === "lost" && <Button type="primary" onClick={() => setReplacing(true)}>{t("unit.replace")}</Button>}
          {may("unit.write") && m.state === "active" && <Button onClick={() => setVerb("suspend")}>{t("unit.suspend")}</Button>}
          {may("unit.write") && m.state === "suspended" && <Button onClick={() => setVerb("resume")}>{t("unit.resume")}</Button>}
          {may("unit.write") && m.state !== "lost" && <Button onClick={() => setVerb("leave")}>{t("unit.leave")}</Button>}
        </div>
      )}
      {error && !verb ? <Failure error={error} what={t("unit.detail")} /> : null}
      {m.kind === "card" && <CardPanel unit={unit} member={m} />}
      {verb && <ReasonDialog open onClose={() => setVerb(null)} onConfirm={async (reason) => { setError(null); await act(reason); }} danger={verb === "loss" || verb === "leave"} confirm={t(`unit.${verb}`)} title={t(`unit.${verb}Title`, { name })}
        note={verb === "loss" ? t(shared) : verb === "leave" ? t("unit.leaveNote") : undefined} suggestions={whys[verb]} />}
      {editing && <MemberForm unit={unit} member={m} onClose={() => setEditing(false)} />}
      {replacing && <Replace unit={unit} member={m} onClose={() => setReplacing(false)} done={onClose} />}
    </div>
  );
}

function Replace({ unit, member, onClose, done }: { unit: UnitHome; member: Member; onClose: () => void; done: () => void }) {
  const { t } = useTranslation();
  const [identifier, setIdentifier] = useState("");
  const { busy, error, run } = useDo(UNIT_KEYS);
  const go = async () => {
    if (!identifier.trim()) return;
    if (await run(`/unit-accounts/${unit.id}/members/${member.id}/replace`, { identifier: identifier.trim() })) { say.success(t("unit.replaced")); onClose(); done(); }
  };
  return (
    <Modal open onCancel={onClose} title={t("unit.replaceTitle", { name: shownIdentifier(member) })} width={440} footer={[<Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>, <Button key="go" type="primary" loading={busy} disabled={!identifier.trim()} onClick={() => void go()}>{t("unit.replace")}</Button>]}>
      <div className="stack">
        <div className="soft">{t("unit.replaceNote")}</div>
        <Field label={t("unit.newIdentifier")}>{(p) => <Input {...p} autoFocus maxLength={32} value={identifier} onChange={(e) => setIdentifier(e.target.value)} onPressEnter={() => void go()} />}</Field>
        {error ? <Failure error={error} what={t("unit.replace")} /> : null}
      </div>
    </Modal>
  );
}

/** A new member, or what is changed about one. */
export function MemberForm({ unit, member, onClose }: { unit: UnitHome; member?: Member; onClose: () => void }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Member["kind"]>(member?.kind ?? "number");
  const [identifier, setIdentifier] = useState("");
  const [name, setName] = useState(member?.name ?? "");
  const [group, setGroup] = useState(member?.groupId ?? "");
  const [driver, setDriver] = useState(member?.driverId ?? "");
  const [once, setOnce] = useState(text(member?.onceFen));
  const [day, setDay] = useState(text(member?.dayFen));
  const [month, setMonth] = useState(text(member?.monthFen));
  const [quota, setQuota] = useState(text(member?.quotaFen));
  const [paysBills, setPaysBills] = useState(member?.paysBills ?? true);
  const groups = useGroups(unit.id);
  const drivers = useQuery({ queryKey: ["unit", unit.id, "drivers"], queryFn: () => call<Driver[]>(`/unit-accounts/${unit.id}/drivers`) });
  const { busy, error, run } = useDo(UNIT_KEYS);
  const amounts = { onceFen: once, dayFen: day, monthFen: month, quotaFen: quota };
  const bad = (v: string) => v !== "" && toFen(v) === null;
  const ready = !Object.values(amounts).some(bad) && (member || identifier.trim());
  const go = async () => {
    if (!ready) return;
    const limits = Object.fromEntries(Object.entries(amounts).map(([k, v]) => [k, v === "" ? null : toFen(v)]));
    const body = { ...limits, groupId: group || null, driverId: driver || null, paysBills, ...(name.trim() ? { name: name.trim() } : {}) };
    const done = member ? await run(`/unit-accounts/${unit.id}/members/${member.id}`, body, "PATCH") : await run(`/unit-accounts/${unit.id}/members`, { ...body, kind, identifier: identifier.trim() });
    if (done) { say.success(t(member ? "unit.saved" : "unit.joined")); onClose(); }
  };
  const money = (label: string, value: string, set: (v: string) => void) => (
    <Field label={label} error={bad(value) ? t("counter.notAmount") : null}>{(p) => <Input {...p} prefix="¥" inputMode="decimal" placeholder={t("unit.noLimit")} value={value} maxLength={13} onChange={(e) => set(e.target.value)} />}</Field>
  );
  return (
    <Modal open onCancel={onClose} title={member ? t("unit.edit") : t("unit.addMember")} width={560} destroyOnHidden footer={[<Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>, <Button key="go" type="primary" loading={busy} disabled={!ready} onClick={() => void go()}>{t("kit.save")}</Button>]}>
      <div className="stack">
        {!member && (
          <>
            <Segments label={t("unit.kind")} at={kind} onPick={setKind} items={(["number", "card", "customer"] as const).map((k) => ({ id: k, title: word("memberKind", k) }))} />
            <Field label={kind === "customer" ? t("unit.customerHint") : t("unit.identifier")} hint={kind === "card" ? t("unit.cardHint") : kind === "number" ? t("unit.numberHint") : undefined}>{(p) => <Input {...p} autoFocus maxLength={32} value={identifier} onChange={(e) => setIdentifier(e.target.value)} />}</Field>
          </>
        )}
        <div className="formgrid" style={{ display: "grid", gridTemplateColumns: "1fr 1fr", gap: 12 }}>
          <Field label={t("unit.holder")}>{(p) => <Input {...p} maxLength={60} value={name} onChange={(e) => setName(e.target.value)} />}</Field>
          <Field label={t("unit.group")}>{(p) => <Pick {...p} value={group} onPick={setGroup} width="100%" options={[{ value: "", label: "—" }, ...(groups.data ?? []).map((g) => ({ value: g.id, label: g.name }))]} />}</Field>
          <Field label={t("unit.driver")}>{(p) => <Pick {...p} value={driver} onPick={setDriver} width="100%" options={[{ value: "", label: "—" }, ...(drivers.data ?? []).filter((d) => d.state === "active" || d.id === driver).map((d) => ({ value: d.id, label: `${d.name} ${d.staffNo}` }))]} />}</Field>
          {money(t("unit.quota"), quota, setQuota)}
          {money(t("unit.once"), once, setOnce)}
          {money(t("unit.day"), day, setDay)}
          {money(t("unit.month"), month, setMonth)}
        </div>
        {(member?.kind ?? kind) !== "card" && <label className="tick"><input type="checkbox" checked={paysBills} onChange={(e) => setPaysBills(e.target.checked)} />{t("unit.paysBills")}</label>}
        {error ? <Failure error={error} what={t("unit.detail")} /> : null}
      </div>
    </Modal>
  );
}
