// Figures of a unit: spent by month and day, members and groups that spend most, what moved.
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { count, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { LazyChart } from "../../charts/LazyChart";
import { Segments } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Money, Name } from "../../kit/text";
import { Block } from "../customer/tabs";
import { shownIdentifier } from "./MembersTab";
import type { Figures, UnitHome } from "./types";

const SPENT = ["spend", "settle", "reverse"];
const inYuan = (value: number) => yuan(Math.round(value * 100), false).replace(/\.00$/, "");

export function FiguresTab({ unit }: { unit: UnitHome }) {
  const { t } = useTranslation();
  const [months, setMonths] = useState<"3" | "6" | "12">("6");
  const from = useMemo(() => { const d = new Date(); d.setMonth(d.getMonth() - Number(months) + 1, 1); return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, "0")}-01`; }, [months]);
  const figures = useQuery({ queryKey: ["unit.figures", unit.id, from], queryFn: () => call<Figures>(`/unit-accounts/${unit.id}/statistics`, { query: { from } }) });
  return (
    <>
      <div className="filters"><Segments label={t("unit.tabFigures")} at={months} onPick={setMonths} items={(["3", "6", "12"] as const).map((n) => ({ id: n, title: t("v360.lastMonths", { count: Number(n) }) }))} /></div>
      <Loaded of={figures} what={t("unit.tabFigures")} rows={10}>{(f) => (f.months.length === 0 ? <Nothing why={t("unit.noFigures")} /> : <Drawn f={f} />)}</Loaded>
    </>
  );
}

function Drawn({ f }: { f: Figures }) {
  const { t } = useTranslation();
  const names = [...new Set(f.months.map((m) => m.month))];
  const byMonth = names.map((m) => ({ label: m.slice(2), value: f.months.filter((x) => x.month === m && SPENT.includes(x.kind)).reduce((n, x) => n - x.amountFen, 0) / 100 }));
  const kinds = [...new Set(f.months.map((m) => m.kind))];
  const cell = (kind: string, month: string) => f.months.find((x) => x.kind === kind && x.month === month);
  return (
    <>
      <div className="cols2" style={{ padding: 14 }}>
        <LazyChart title={t("unit.byMonth")} unit={t("unit.yuan")} kind="column" data={byMonth} format={inYuan} />
        <LazyChart title={t("unit.byDay")} unit={t("unit.yuan")} kind="column" data={f.days.slice(-31).map((d) => ({ label: d.day.slice(5), value: d.amountFen / 100 }))} format={inYuan} />
      </div>
      <div className="cols2" style={{ padding: "0 14px 14px" }}>
        <LazyChart title={t("unit.byMember")} unit={t("unit.yuan")} kind="bar" height={Math.max(80, Math.min(10, f.members.length) * 26)} data={f.members.slice(0, 10).map((m) => ({ label: m.name || shownIdentifier(m), value: m.amountFen / 100 }))} format={inYuan} />
        <LazyChart title={t("unit.byGroup")} unit={t("unit.yuan")} kind="bar" height={Math.max(80, f.groups.length * 30)} data={f.groups.map((g) => ({ label: g.name ?? t("unit.noGroup"), value: g.amountFen / 100 }))} format={inYuan} />
      </div>
      <Block title={t("unit.byKind")}>
        <div className="table-wrap" tabIndex={-1}>
          <table className="data" aria-label={t("unit.byKind")} style={{ minWidth: 420 + names.length * 110 }}>
            <thead><tr><th style={{ width: 120 }}>{t("unit.move")}</th><th className="right" style={{ width: 80 }}>{t("unit.times")}</th>{names.map((m) => <th key={m} className="right">{m}</th>)}<th className="right">{t("unit.sums")}</th></tr></thead>
            <tbody>{kinds.map((k) => (
              <tr key={k}><td>{word("unitMove", k)}</td><td className="right num">{count(f.months.filter((x) => x.kind === k).reduce((n, x) => n + x.count, 0))}</td>
                {names.map((m) => <td key={m} className="right">{cell(k, m) ? <Money fen={cell(k, m)!.amountFen} sign={false} /> : <span className="muted">—</span>}</td>)}
                <td className="right strong"><Money fen={f.months.filter((x) => x.kind === k).reduce((n, x) => n + x.amountFen, 0)} sign={false} /></td></tr>
            ))}</tbody>
          </table>
        </div>
      </Block>
      {f.members.length > 10 && <Block title={t("unit.byMember")}><table className="data" aria-label={t("unit.byMember")}><tbody>{f.members.map((m) => <tr key={m.memberId}><td className="num" style={{ width: 160 }}>{shownIdentifier(m)}</td><td><Name>{m.name}</Name></td><td className="right num" style={{ width: 80 }}>{count(m.count)}</td><td className="right" style={{ width: 130 }}><Money fen={m.amountFen} /></td></tr>)}</tbody></table></Block>}
    </>
  );
}
