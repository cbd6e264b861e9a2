// Consumption by month, what is overdue by age, value and cognitive attributes, grades over time, answers to surveys.
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { LazyChart } from "../../charts/LazyChart";
import { call } from "../../lib/api";
import { yuan } from "../../lib/format";
import { titled, word } from "../../lib/i18n";
import { Segments } from "../../kit/layout";
import { Nothing } from "../../kit/states";
import { At, Money, Name } from "../../kit/text";
import { WhenVisible } from "../../kit/WhenVisible";
import { Block } from "./tabs";
import { Traits } from "./Traits";
import type { FullView } from "./types";

const inYuan = (value: number) => yuan(Math.round(value * 100), false).replace(/\.00$/, "");
interface Month { month: string; amountFen: number; byFamily?: Record<string, number> | { family: string; amountFen: number }[] }

export function ValueTab({ id, view, onSurvey }: { id: string; view: FullView; onSurvey?: () => void }) {
  const { t } = useTranslation();
  const [span, setSpan] = useState<"6" | "12" | "24">("12");
  const months = useMemo(() => [...view.behaviour.consumption].reverse().slice(-Number(span)).map((m) => ({ label: m.month.slice(2), value: m.amountFen / 100, key: m.month })), [view.behaviour.consumption, span]);
  const money = view.behaviour.arrearsByAge ?? [];
  return (
    <>
      <Block title={t("v360.consumption")} more={view.behaviour.consumption.length > 6 ? <Segments label={t("v360.consumption")} at={span} onPick={setSpan} items={(["6", "12", "24"] as const).map((n) => ({ id: n, title: t("v360.lastMonths", { count: Number(n) }) }))} /> : undefined}>
        {months.length === 0 ? <Nothing why={t("v360.noConsumption")} /> : (
          <div style={{ padding: "0 14px 12px" }}>
            <WhenVisible height={222}><LazyChart title={t("v360.billedByMonth")} unit={t("v360.yuan")} kind="column" height={190} data={months} format={inYuan} /></WhenVisible>
            <ByFamily id={id} />
          </div>
        )}
      </Block>
      {money.length > 0 && (
        <Block title={t("v360.arrearsByAge")}>
          <dl className="ages">{money.map((b) => <div key={b.age} className={b.age === "notDue" ? "" : "late"}><dt>{t(`v360.age.${b.age}` as "v360.age.notDue")}</dt><dd><Money fen={b.amountFen} /> <span className="muted num">{t("v360.bills", { count: b.billCount })}</span></dd></div>)}</dl>
        </Block>
      )}
      <Block title={t("v360.value")}><Traits all={view.value.attributes ?? []} label={t("v360.value")} /></Block>
      <Block title={t("v360.cognitive")} more={onSurvey && <button type="button" className="linkish" onClick={onSurvey}>{t("v360.addAnswer")}</button>}>
        {(view.cognitive.attributes ?? []).length === 0 ? <Nothing why={t("v360.noCognitive")} action={onSurvey && <button type="button" className="linkish" onClick={onSurvey}>{t("v360.addAnswer")}</button>} />
          : <Traits all={view.cognitive.attributes} label={t("v360.cognitive")} />}
        {(view.cognitive.satisfaction ?? []).length > 0 && (
          <table className="data" aria-label={t("v360.answers")}>
            <thead><tr><th style={{ width: 150 }}>{t("v360.survey")}</th><th style={{ width: 70 }}>{t("v360.score")}</th><th>{t("v360.comment")}</th><th style={{ width: 140 }}>{t("v360.at")}</th></tr></thead>
            <tbody>{view.cognitive.satisfaction.map((a) => <tr key={a.id}><td>{titled(a.title)}</td><td className="num strong">{a.score}/{a.scale}</td><td><Name>{a.comment}</Name></td><td><At at={a.at} /></td></tr>)}</tbody>
          </table>
        )}
      </Block>
      {(view.value.grades ?? []).length > 0 && (
        <Block title={t("v360.grades")}>
          <table className="data" aria-label={t("v360.grades")}><tbody>{view.value.grades.map((g, i) => <tr key={i}><td style={{ width: 160 }}><At at={g.at} /></td><td>{g.from ? word("grade", g.from) : t("v360.noGrade")} → <b>{g.to ? word("grade", g.to) : t("v360.noGrade")}</b></td><td className="muted"><Name>{g.operator}</Name></td></tr>)}</tbody></table>
        </Block>
      )}
    </>
  );
}

/** Which service the money went to, where billing can say. */
function ByFamily({ id }: { id: string }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["consumption", id], queryFn: () => call<Month[]>(`/customers/${id}/months`, { query: { months: 12 } }), retry: false, staleTime: 60_000 });
  const sums = new Map<string, number>();
  for (const m of found.data ?? []) {
    const parts = Array.isArray(m.byFamily) ? m.byFamily.map((p) => [p.family, p.amountFen] as const) : Object.entries(m.byFamily ?? {});
    for (const [family, fen] of parts) sums.set(family, (sums.get(family) ?? 0) + fen);
  }
  if (sums.size === 0) return null;
  const total = [...sums.values()].reduce((n, x) => n + x, 0);
  return (
    <div className="byfamily">
      {[...sums].sort((a, b) => b[1] - a[1]).map(([family, fen]) => (
        <div key={family}><span>{word("family", family)}</span><span className="bar" aria-hidden><i style={{ width: `${total > 0 ? Math.max(1, (fen / total) * 100) : 0}%` }} /></span><span className="num right">{yuan(fen)}</span></div>
      ))}
      <div className="muted" style={{ fontSize: 12 }}>{t("v360.byFamilyNote")}</div>
    </div>
  );
}
