// Points in figures, the gifts, the rules and settings of the programme.
import { PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Input, InputNumber, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { count, toFen, yuan } from "../../lib/format";
import { titled, word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { LazyChart } from "../../charts/LazyChart";
import { DataTable } from "../../kit/DataTable";
import { Field, PageHead, Panel, Tabs } from "../../kit/layout";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { useDo } from "../unit/use";
import { giftName } from "./dialogs";
import type { Gift } from "./parts";

const KEYS = ["gifts", "points"];
const RULES = "/tmf-api/loyaltyManagement/v1/loyaltyProgramProductSpec/lp-points/loyaltyRule";

export default function PointsPage() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const tabs = [{ id: "figures", title: t("points.figures") }, { id: "gifts", title: t("points.gifts") }, { id: "rules", title: t("points.rules") }, { id: "settings", title: t("points.settings") }];
  const at = tabs.some((x) => x.id === search.tab) ? search.tab! : "figures";
  return (
    <div className="page">
      <PageHead title={t("points.title")} sub={t("points.what")} />
      <Panel flush><Tabs items={tabs} at={at} onPick={(id) => set({ tab: id === "figures" ? undefined : id })} label={t("points.title")}>{at === "figures" ? <Figures /> : at === "gifts" ? <Gifts /> : at === "rules" ? <Rules /> : <Settings />}</Tabs></Panel>
    </div>
  );
}

interface Stat { months: { month: string; kind: string; count: number; points: number }[]; members: number; active: number; outstanding: { year: number; points: number }[]; outstandingPoints: number; outstandingFen: number }
function Figures() {
  const { t } = useTranslation();
  const stat = useQuery({ queryKey: ["points", "figures"], queryFn: () => call<Stat>("/points/statistics") });
  return (
    <Loaded of={stat} what={t("points.figures")} rows={8}>
      {(s) => {
        const months = [...new Set(s.months.map((m) => m.month))];
        const sum = (month: string | null, sign: 1 | -1) => s.months.filter((m) => (!month || m.month === month) && m.points * sign > 0).reduce((n, m) => n + Math.abs(m.points), 0);
        return (
          <>
            <div className="kpis" style={{ borderBottom: "1px solid var(--line)" }}>
              <div><div className="k">{t("points.members")}</div><div className="v">{count(s.members)}</div><div className="n">{t("points.active", { n: count(s.active) })}</div></div>
              <div><div className="k">{t("points.outstanding")}</div><div className="v">{count(s.outstandingPoints)}</div><div className="n">{t("points.liability", { amount: yuan(s.outstandingFen) })}</div></div>
              <div><div className="k">{t("points.given")}</div><div className="v">{count(sum(null, 1))}</div></div>
              <div><div className="k">{t("points.used")}</div><div className="v">{count(sum(null, -1))}</div></div>
            </div>
            {months.length === 0 ? <Nothing why={t("points.noFigures")} /> : (
              <>
                <div className="cols2" style={{ padding: 14 }}>
                  <LazyChart title={t("points.byMonth")} unit={t("points.unit")} kind="column" format={count} data={months.map((m) => ({ label: m.slice(2), value: sum(m, 1) }))} />
                  <LazyChart title={t("points.usedByMonth")} unit={t("points.unit")} kind="column" format={count} data={months.map((m) => ({ label: m.slice(2), value: sum(m, -1) }))} />
                </div>
                <div style={{ padding: "0 14px 14px" }}><LazyChart title={t("points.byYear")} unit={t("points.unit")} kind="bar" format={count} height={Math.max(60, s.outstanding.length * 30)} data={s.outstanding.map((o) => ({ label: String(o.year), value: o.points }))} /></div>
                <table className="data" aria-label={t("points.figures")}>
                  <thead><tr><th style={{ width: 110 }}>{t("points.at")}</th><th>{t("points.kind")}</th><th className="right">{t("unit.times")}</th><th className="right">{t("points.points")}</th></tr></thead>
                  <tbody>{s.months.map((m) => <tr key={m.month + m.kind}><td className="num">{m.month}</td><td>{word("pointsKind", m.kind)}</td><td className="right num">{count(m.count)}</td><td className="right num">{count(m.points)}</td></tr>)}</tbody>
                </table>
              </>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function Gifts() {
  const { t } = useTranslation();
  const manages = useMay()("loyalty.manage");
  const gifts = useQuery({ queryKey: ["gifts"], queryFn: () => call<Gift[]>("/catalog/gifts") });
  const [at, setAt] = useState<Gift | "new" | null>(null);
  const { error, run } = useDo(KEYS);
  return (
    <>
      {manages && <div className="filters"><span style={{ marginLeft: "auto" }}><Button icon={<PlusOutlined aria-hidden />} onClick={() => setAt("new")}>{t("points.addGift")}</Button></span></div>}
      {error ? <div style={{ padding: 12 }}><Failure error={error} what={t("points.gifts")} /></div> : null}
      <Loaded of={gifts} what={t("points.gifts")} rows={5}>
        {(all) => (
          <DataTable rows={all} rowKey={(g) => g.id} label={t("points.gifts")} empty={<Nothing why={t("points.noGifts")} />} columns={[
            { key: "name", title: t("points.gift"), lead: true, render: (g) => <Name>{giftName(g)}</Name> },
            { key: "points", title: t("points.giftPoints"), width: 120, right: true, render: (g) => <span className="num">{count(g.points)}</span> },
            { key: "stock", title: t("points.giftStock"), width: 100, right: true, render: (g) => <span className={`num${g.stock === 0 ? " bad" : ""}`}>{count(g.stock)}</span> },
            { key: "state", title: t("points.state"), width: 110, render: (g) => <Status group="giftState" code={g.state} /> },
            { key: "do", title: "", width: 130, right: true, render: (g) => manages && <span className="row" style={{ justifyContent: "flex-end" }}><button type="button" className="linkish" onClick={() => setAt(g)}>{t("points.edit")}</button><button type="button" className="linkish" onClick={() => void run(`/catalog/gifts/${g.id}`, { state: g.state === "active" ? "retired" : "active" }, "PATCH")}>{t(g.state === "active" ? "points.retire" : "points.offer")}</button></span> },
          ]} />
        )}
      </Loaded>
      {at && <GiftForm gift={at === "new" ? null : at} onClose={() => setAt(null)} />}
    </>
  );
}

function GiftForm({ gift, onClose }: { gift: Gift | null; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(gift?.name ?? "");
  const [nameEn, setNameEn] = useState(gift?.nameEn ?? "");
  const [points, setPoints] = useState<number | null>(gift?.points ?? null);
  const [stock, setStock] = useState<number | null>(gift?.stock ?? null);
  const { busy, error, run } = useDo(KEYS);
  const ready = !!name.trim() && !!points && stock !== null;
  const go = async () => {
    const body = { name: name.trim(), nameEn: nameEn.trim(), points, stock };
    if (ready && (gift ? await run(`/catalog/gifts/${gift.id}`, body, "PATCH") : await run("/catalog/gifts", body))) { say.success(t("points.saved")); onClose(); }
  };
  return (
    <Modal open onCancel={onClose} title={t(gift ? "points.edit" : "points.addGift")} width={420} footer={[<Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>, <Button key="go" type="primary" loading={busy} disabled={!ready} onClick={() => void go()}>{t("points.save")}</Button>]}>
      <div className="stack">
        <Field label={t("points.giftName")}>{(p) => <Input {...p} autoFocus maxLength={60} value={name} onChange={(e) => setName(e.target.value)} />}</Field>
        <Field label={t("points.giftNameEn")}>{(p) => <Input {...p} maxLength={120} value={nameEn} onChange={(e) => setNameEn(e.target.value)} />}</Field>
        <Field label={t("points.giftPoints")}>{(p) => <InputNumber {...p} min={1} precision={0} value={points} style={{ width: 160 }} onChange={setPoints} />}</Field>
        <Field label={t("points.giftStock")}>{(p) => <InputNumber {...p} min={0} precision={0} value={stock} style={{ width: 160 }} onChange={setStock} />}</Field>
        {error ? <Failure error={error} what={t("points.gifts")} /> : null}
      </div>
    </Modal>
  );
}

interface EarnRule { id: string; href: string; commonName: string; description?: string; earn: { event: string; points: number; perFen: number; validFrom?: string; validTo?: string | null } }
function Rules() {
  const { t } = useTranslation();
  const manages = useMay()("loyalty.manage");
  const rules = useQuery({ queryKey: ["points", "rules"], queryFn: () => call<EarnRule[]>(RULES) });
  const [at, setAt] = useState<EarnRule | "new" | null>(null);
  return (
    <>
      {manages && <div className="filters"><span style={{ marginLeft: "auto" }}><Button icon={<PlusOutlined aria-hidden />} onClick={() => setAt("new")}>{t("points.addRule")}</Button></span></div>}
      <Loaded of={rules} what={t("points.rules")} rows={4}>
        {(all) => (
          <DataTable rows={all} rowKey={(r) => r.id} label={t("points.rules")} empty={<Nothing why={t("points.noRules")} />} minWidth={720} columns={[
            { key: "name", title: t("points.name"), width: 160, lead: true, render: (r) => <Name>{r.commonName}</Name> },
            { key: "event", title: t("points.event"), width: 140, render: (r) => word("pointsEvent", r.earn.event) },
            { key: "rate", title: t("points.rate"), width: 180, render: (r) => (r.earn.perFen ? t("points.ratePer", { yuan: yuan(r.earn.perFen, false).replace(/\.00$/, ""), points: r.earn.points }) : t("points.rateOnce", { points: r.earn.points })) },
            { key: "days", title: t("points.validFrom"), width: 200, render: (r) => <span className="num">{r.earn.validFrom ?? "—"} – {r.earn.validTo ?? t("points.open")}</span> },
            { key: "text", title: "", render: (r) => <Name>{r.description}</Name> },
            { key: "do", title: "", width: 70, right: true, render: (r) => manages && <button type="button" className="linkish" onClick={() => setAt(r)}>{t("points.edit")}</button> },
          ]} />
        )}
      </Loaded>
      {at && <RuleForm rule={at === "new" ? null : at} onClose={() => setAt(null)} />}
    </>
  );
}

function RuleForm({ rule, onClose }: { rule: EarnRule | null; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(rule?.commonName ?? "");
  const [event, setEvent] = useState(rule?.earn.event ?? "");
  const [points, setPoints] = useState<number | null>(rule?.earn.points ?? 1);
  const [per, setPer] = useState(rule ? yuan(rule.earn.perFen, false).replaceAll(",", "") : "1");
  const [from, setFrom] = useState(rule?.earn.validFrom ?? "");
  const [to, setTo] = useState(rule?.earn.validTo ?? "");
  const { busy, error, run } = useDo(KEYS);
  const perFen = toFen(per);
  const ready = !!name.trim() && !!event.trim() && !!points && perFen !== null;
  const go = async () => {
    const body = { commonName: name.trim(), earn: { event: event.trim(), points, perFen, validFrom: from || undefined, validTo: to || null } };
    if (ready && (rule ? await run(`${RULES}/${rule.id}`, body, "PATCH") : await run(RULES, { ...body, isCNF: false, hasSubRules: false, isMandatoryEvaluation: true, usage: "earn" }))) { say.success(t("points.saved")); onClose(); }
  };
  return (
    <Modal open onCancel={onClose} title={t(rule ? "points.edit" : "points.addRule")} width={440} footer={[<Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>, <Button key="go" type="primary" loading={busy} disabled={!ready} onClick={() => void go()}>{t("points.save")}</Button>]}>
      <div className="stack">
        <Field label={t("points.name")}>{(p) => <Input {...p} autoFocus maxLength={60} value={name} onChange={(e) => setName(e.target.value)} />}</Field>
        <Field label={t("points.ruleEvent")}>{(p) => <Input {...p} maxLength={64} placeholder="billPaid" value={event} onChange={(e) => setEvent(e.target.value)} />}</Field>
        <Field label={t("points.points")}>{(p) => <InputNumber {...p} min={1} precision={0} value={points} onChange={setPoints} />}</Field>
        <Field label={t("points.perYuan")} error={perFen === null ? t("counter.notAmount") : null}>{(p) => <Input {...p} prefix="¥" inputMode="decimal" value={per} onChange={(e) => setPer(e.target.value)} />}</Field>
        <Field label={t("points.validFrom")}>{(p) => <Input {...p} type="date" value={from} onChange={(e) => setFrom(e.target.value)} />}</Field>
        <Field label={t("points.validTo")}>{(p) => <Input {...p} type="date" value={to} onChange={(e) => setTo(e.target.value)} />}</Field>
        {error ? <Failure error={error} what={t("points.rules")} /> : null}
      </div>
    </Modal>
  );
}

interface Setting { name: string; value: number; least: number; most: number; source: string; note: Record<string, string> }
function Settings() {
  const { t } = useTranslation();
  const manages = useMay()("loyalty.manage");
  const settings = useQuery({ queryKey: ["points", "settings"], queryFn: () => call<Setting[]>("/points/settings") });
  const [at, setAt] = useState<Setting | null>(null);
  return (
    <Loaded of={settings} what={t("points.settings")} rows={6}>
      {(all) => (
        <>
          <DataTable rows={all} rowKey={(s) => s.name} label={t("points.settings")} minWidth={760} columns={[
            { key: "note", title: t("points.name"), lead: true, wrap: true, render: (s) => titled(s.note) },
            { key: "value", title: t("points.value"), width: 100, right: true, render: (s) => <b className="num">{count(s.value)}</b> },
            { key: "range", title: "", width: 150, render: (s) => <span className="muted num">{t("points.range", { least: count(s.least), most: count(s.most) })}</span> },
            { key: "source", title: t("points.source"), wrap: true, render: (s) => <span className="soft" style={{ fontSize: 12 }}>{s.source}</span> },
            { key: "do", title: "", width: 70, right: true, render: (s) => manages && <button type="button" className="linkish" onClick={() => setAt(s)}>{t("points.change")}</button> },
          ]} />
          {at && <SettingForm of={at} onClose={() => setAt(null)} />}
        </>
      )}
    </Loaded>
  );
}

function SettingForm({ of, onClose }: { of: Setting; onClose: () => void }) {
  const { t } = useTranslation();
  const [value, setValue] = useState<number | null>(of.value);
  const { busy, error, run } = useDo(KEYS);
  const go = async () => { if (value !== null && await run(`/points/settings/${of.name}`, { value }, "PUT")) { say.success(t("points.saved")); onClose(); } };
  return (
    <Modal open onCancel={onClose} title={t("points.changeTitle", { name: titled(of.note) })} width={420} footer={[<Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>, <Button key="go" type="primary" loading={busy} disabled={value === null} onClick={() => void go()}>{t("points.save")}</Button>]}>
      <div className="stack">
        <Field label={t("points.value")} hint={t("points.range", { least: of.least, most: of.most })}>{(p) => <InputNumber {...p} autoFocus min={of.least} max={of.most} precision={0} value={value} onChange={setValue} style={{ width: 160 }} />}</Field>
        {error ? <Failure error={error} what={t("points.settings")} /> : null}
      </div>
    </Modal>
  );
}
