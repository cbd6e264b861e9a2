// What is shown of points in several places: how they stand, years that end, lines of a statement.
import { useTranslation } from "react-i18next";
import { count, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { DataTable } from "../../kit/DataTable";
import { Nothing } from "../../kit/states";
import { At, Name } from "../../kit/text";

export interface PointsPicture {
  member: { id: string; state: "active" | "suspended" | "ended"; joined: string; name: string } | null; balance: number; available: number; owed: number; worthFen: number;
  pointsPerYuan?: number; leastPoints?: number; years: { year: number; points: number; lastDay: string; daysLeft: number }[];
}
export interface PointsLine { id: string; at: string; kind: string; points: number; opening: number; closing: number; subjectType: string; subjectId: string; note: string; operator: string }
export interface Gift { id: string; name: string; nameEn: string; points: number; stock: number; state: "active" | "retired" }
export interface Redemption { id: string; giftName: string; giftNameEn: string; quantity: number; points: number; state: "done" | "cancelled"; reason: string; operator: string; at: string }

const SOON = 90;

export function Standing({ of }: { of: PointsPicture }) {
  const { t } = useTranslation();
  return (
    <div className="row wraps" style={{ gap: 22, alignItems: "baseline" }}>
      <span><span className="muted">{t("points.balance")}</span> <b className="num" style={{ fontSize: 22 }}>{count(of.balance)}</b></span>
      <span><span className="muted">{t("points.available")}</span> <b className="num">{count(of.available)}</b> <span className="soft">{t("points.worth", { amount: yuan(of.worthFen) })}</span></span>
      {of.owed > 0 && <span className="bad">{t("points.owed", { n: count(of.owed) })}</span>}
      {of.member && <span className="soft">{t("points.since")} <span className="num">{of.member.joined}</span></span>}
    </div>
  );
}

export function Years({ of }: { of: PointsPicture }) {
  const { t } = useTranslation();
  if (of.years.length === 0) return null;
  return (
    <table className="data" aria-label={t("points.years")}>
      <tbody>{of.years.map((y) => <tr key={y.year}><td style={{ width: 160 }}>{t("points.year", { year: y.year })}</td><td className="right num strong" style={{ width: 110 }}>{count(y.points)}</td><td style={{ width: 200 }}>{t("points.lastDay")} <span className="num">{y.lastDay}</span></td><td>{y.daysLeft <= SOON ? <span className="warn">{t("points.soon")} · {t("points.daysLeft", { n: y.daysLeft })}</span> : ""}</td></tr>)}</tbody>
    </table>
  );
}

export function PointsLines({ lines }: { lines: PointsLine[] }) {
  const { t } = useTranslation();
  return (
    <DataTable rows={lines} rowKey={(l) => l.id} label={t("points.statement")} minWidth={640} empty={<Nothing why={t("points.noLines")} />} columns={[
      { key: "at", title: t("points.at"), width: 140, render: (l) => <At at={l.at} /> },
      { key: "kind", title: t("points.kind"), width: 90, lead: true, render: (l) => word("pointsKind", l.kind) },
      { key: "points", title: t("points.points"), width: 90, right: true, render: (l) => <span className={`num ${l.points < 0 ? "bad" : ""}`}>{l.points > 0 ? "+" : l.points < 0 ? "−" : ""}{count(Math.abs(l.points))}</span> },
      { key: "closing", title: t("points.closing"), width: 90, right: true, render: (l) => <span className="num">{count(l.closing)}</span> },
      { key: "about", title: t("points.about"), render: (l) => <Name>{[word("pointsAbout", l.subjectType), l.subjectType === "loyaltyEvent" ? word("pointsEvent", l.note) : l.note].filter(Boolean).join(" ")}</Name> },
      { key: "by", title: t("points.operator"), width: 90, render: (l) => <Name>{l.operator}</Name> },
    ]} />
  );
}
