// The test bench: samples, rated by what stands in the form, with the reason of each figure. Nothing is stored.
import { DeleteOutlined, ExperimentOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Field, Panel } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Failure, Nothing } from "../../kit/states";
import { Money } from "../../kit/text";
import { post } from "../../lib/api";
import { day } from "../../lib/format";
import { word } from "../../lib/i18n";
import { Decimal } from "./inputs";
import { Steps } from "./Steps";
import type { Bench, Plan } from "./types";
import { either, GB, MB, quantity, unitOf, whole } from "./types";

/** What has no name yet is called by its id, so that a draft can be tried before it is finished. */
const named = (p: Plan): Plan => ({ ...p, name: p.name.trim() || "—", rules: p.rules.map((r) => ({ ...r, name: r.name.trim() || r.id })), allowances: p.allowances.map((a) => ({ ...a, name: a.name.trim() || a.id })), discounts: p.discounts.map((d) => ({ ...d, name: d.name.trim() || d.id })), caps: p.caps.map((c) => ({ ...c, name: c.name.trim() || c.id })) });

interface Sample { at: string; kind: string; amount: number; peer: string; times: number }
const KINDS = ["call", "sms", "mms", "data"];

export function BenchPanel({ plan, kinds }: { plan: () => Plan; kinds: Plan }) {
  const { t } = useTranslation();
  const month = day(new Date().toISOString()).slice(0, 7);
  const [cycle, setCycle] = useState(month);
  const [from, setFrom] = useState("");
  const [samples, setSamples] = useState<Sample[]>(() => [
    { at: `${month}-03T09:00`, kind: "call", amount: 61, peer: "13900139000", times: 1 },
    { at: `${month}-05T10:00`, kind: "data", amount: 30 * GB, peer: "", times: 1 },
    { at: `${month}-08T20:00`, kind: "sms", amount: 1, peer: "13900139000", times: 20 },
  ]);
  const [answer, setAnswer] = useState<Bench | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const set = (i: number, more: Partial<Sample>) => setSamples(samples.map((s, n) => (n === i ? { ...s, ...more } : s)));
  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      const records = samples.flatMap((s) => Array.from({ length: Math.max(1, Math.min(500, s.times)) }, (_, n) => ({ at: new Date(new Date(`${s.at}:00+08:00`).getTime() + n * 60000).toISOString(), kind: s.kind, amount: Math.round(s.amount), peer: s.peer })));
      setAnswer(await post<Bench>("/rating/bench", { cycle, plans: [{ plan: named(plan()), member: "A", ...(from ? { from } : {}) }], records }));
    } catch (cause) { setError(cause); setAnswer(null); } finally { setBusy(false); }
  };
  const one = answer?.members[0];
  const size = (s: Sample) => (s.kind === "call" ? { div: 60, unit: t("rating.min") } : s.kind === "data" ? { div: MB, unit: "MB" } : { div: 1, unit: t("rating.pieces") });
  return (
    <div className="stack rating-bench">
      <Panel title={<><ExperimentOutlined aria-hidden /> {t("rating.bench")}</>} acts={<Button type="primary" onClick={() => void run()} loading={busy}>{t("rating.tryIt")}</Button>}>
        <div className="soft">{t("rating.benchNote")}</div>
        <div className="rating-grid" style={{ marginTop: 8 }}>
          <Field label={t("rating.cycle")}>{(f) => <Input {...f} type="month" value={cycle} onChange={(e) => setCycle(e.target.value || month)} />}</Field>
          <Field label={t("rating.startDay")} hint={t("rating.startDayHint")}>{(f) => <Input {...f} type="date" value={from} onChange={(e) => setFrom(e.target.value)} />}</Field>
        </div>
        <table className="rating-samples">
          <thead><tr><th scope="col">{t("rating.at")}</th><th scope="col">{t("rating.kind")}</th><th scope="col">{t("rating.quantity")}</th><th scope="col">{t("rating.peer")}</th><th scope="col">{t("rating.times")}</th><th /></tr></thead>
          <tbody>
            {samples.map((s, i) => (
              <tr key={i}>
                <td><Input size="small" type="datetime-local" aria-label={t("rating.at")} value={s.at} onChange={(e) => set(i, { at: e.target.value })} /></td>
                <td><Pick label={t("rating.kind")} value={s.kind} onPick={(kind) => set(i, { kind, amount: kind === "data" ? GB : kind === "call" ? 60 : 1 })} options={KINDS.map((k) => ({ value: k, label: word("usageKind", k) }))} /></td>
                <td><span className="row rating-nowrap"><Decimal label={t("rating.quantity")} value={String(Math.round((s.amount / size(s).div) * 100) / 100)} parse={(text) => (/^\d{1,9}(\.\d{1,4})?$/.test(text.trim()) ? Number(text) : null)} onValue={(n) => set(i, { amount: n * size(s).div })} /><span className="soft">{size(s).unit}</span></span></td>
                <td><Input size="small" aria-label={t("rating.peer")} value={s.peer} maxLength={30} onChange={(e) => set(i, { peer: e.target.value })} /></td>
                <td><Input size="small" className="num" aria-label={t("rating.times")} inputMode="numeric" value={String(s.times)} style={{ width: 52 }} onChange={(e) => set(i, { times: Number(e.target.value.replace(/\D/g, "")) || 0 })} /></td>
                <td><Button size="small" type="text" aria-label={t("rating.remove")} icon={<DeleteOutlined aria-hidden />} onClick={() => setSamples(samples.filter((_, n) => n !== i))} /></td>
              </tr>
            ))}
          </tbody>
        </table>
        <Button size="small" type="link" icon={<PlusOutlined aria-hidden />} onClick={() => setSamples([...samples, { at: `${cycle}-10T12:00`, kind: kinds.rules[0]?.when.kinds?.[0] ?? "call", amount: 60, peer: "", times: 1 }])}>{t("rating.addSample")}</Button>
        {error ? <Failure error={error} what={t("rating.bench")} /> : null}
      </Panel>
      {one && answer && (
        <Panel flush title={<>{t("rating.result")} <strong><Money fen={answer.totalFen} /></strong></>}>
          <table className="rating-result">
            <tbody>
              {one.lines.map((l) => <tr key={l.ruleId}><th scope="row">{either(l.name, l.nameEn)}</th><td className="soft wrap">{either(l.note, l.noteEn)}</td><td className="num"><Money fen={l.amountFen} /></td></tr>)}
              {one.allowances.map((a) => <tr key={`a-${a.id}`}><th scope="row">{either(a.name, a.nameEn)}</th><td className="soft" colSpan={2}>{t("rating.leftOf", { left: quantity(unitOf(a.kinds), a.left), total: quantity(unitOf(a.kinds), a.total) })}</td></tr>)}
            </tbody>
          </table>
          {one.steps.length === 0 ? <Nothing why={t("rating.noSteps")} /> : <Steps steps={one.steps.slice(0, 200)} narrow />}
          {one.steps.length > 200 && <div className="soft" style={{ padding: 8 }}>{t("rating.moreSteps", { n: whole(one.steps.length - 200) })}</div>}
        </Panel>
      )}
    </div>
  );
}
