// What the pages of bills share: the shapes the server answers, and the window that tells how a line came about.
import { useQuery } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { day, phone, yuan } from "../../lib/format";
import { language, word } from "../../lib/i18n";
import { Facts } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { At, Money } from "../../kit/text";

export interface Line {
  billId: string; seq: number; name: string; product: string; productId: string; number: string; type: string; amountFen: number; days: number | null;
  note: string; noteEn: string; tax: string; detail: { nameEn?: string } | null;
}
export interface StatementBill { id: string; billNo: string; kind: string; amountFen: number; remainingFen: number; state: string; dueDate: string; printedAt: string | null }
export interface Account {
  id: string; accountNo: string; name: string; amountFen: number; remainingFen: number; balanceFen: number; bills: StatementBill[];
  products: { productId: string; name: string; number: string; amountFen: number; lines: Line[] }[];
}
export interface Statement {
  customerId: string; customerName: string; cycle: string; first: string; last: string; totalFen: number; dueFen: number; paidFen: number; beforeFen: number; balanceFen: number;
  byKind: Record<string, number>; taxes: ({ amountFen: number } & Tax)[]; trend: { month: string; amountFen: number }[]; accounts: Account[]; printedAt: string | null;
}
/** How much of an amount is tax, by which category and rule. */
export interface Tax { category: string; taxFen: number; permille?: number; source?: string }
export const rate = (tax: Tax) => (tax.permille === undefined ? "" : ` ${tax.permille / 10} %`);
interface Step {
  record: { peer?: string; kind?: string } | null; at: string; ruleName: string; ruleNameEn: string; counted: number; amountMilliFen: number; note: string; noteEn: string;
  used: { name?: string; nameEn?: string; amount?: number; taken?: number }[]; tiers: unknown[];
}
interface Trace {
  billNo: string; product: string; number: string; name: string; type: string; amountFen: number; days: number | null; note: string; noteEn: string; from: string; to: string;
  tax: Tax; records?: number; steps?: Step[];
  detail?: { plan: string; version: number; rule: string; records: number; quantity: number; unit: string; charged: number; nameEn: string };
  adjustments?: { id: string; note: string; requestedBy: string; decidedBy: string | null; reason: string; reasonEn: string }[];
}

/** The Chinese or the English of two texts. */
export const either = (zh: string, en: string | undefined | null) => (language() === "en" && en ? en : zh);
/** A line's own English name; where it has none, the usual names of charges have one. */
export const lineName = (line: { name: string; detail?: { nameEn?: string } | null }) => either(word("chargeName", line.name), line.detail?.nameEn);

/** Seconds, bytes and pieces as people say them. */
export function quantity(n: number, unit: string | undefined, kind?: string): string {
  if (unit === "B" || kind === "data") return n >= 1 << 30 ? `${(n / (1 << 30)).toFixed(2)} GB` : `${(n / (1 << 20)).toFixed(2)} MB`;
  if (unit === "s" || kind === "call") return `${Math.floor(n / 60)}:${String(n % 60).padStart(2, "0")}`;
  return n.toLocaleString("en-US");
}

export function TraceWindow({ of, onClose }: { of: { billId: string; seq: number } | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal open={!!of} onCancel={onClose} title={t("trace.title")} width={860} destroyOnHidden footer={<Button type="primary" onClick={onClose}>{t("trace.close")}</Button>}>
      {of && <TraceBody billId={of.billId} seq={of.seq} />}
    </Modal>
  );
}

function TraceBody({ billId, seq }: { billId: string; seq: number }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["trace", billId, seq], queryFn: () => call<Trace>(`/bills/${billId}/lines/${seq}/trace`) });
  return (
    <Loaded of={found} what={t("trace.title")} rows={5}>{(x) => (
      <div className="stack">
        <Facts two items={[
          [t("statement.line"), <span className="strong" key="n">{either(x.name, x.detail?.nameEn)}</span>],
          [t("trace.amount"), <span className="strong" key="a"><Money fen={x.amountFen} tone /></span>],
          [t("statement.product"), <span key="p">{x.product || t("statement.accountLevel")} <span className="num muted">{phone(x.number)}</span></span>],
          [t("trace.covers"), <span className="num" key="c">{day(x.from)} – {day(x.to)}</span>],
          [t("trace.bill"), <span className="num" key="b">{x.billNo}</span>],
          [t("trace.tax"), <span key="t">{yuan(x.tax.taxFen)} <span className="muted" title={x.tax.source}>{word("taxKind", x.tax.category)}{rate(x.tax)}</span></span>],
          [t("statement.how"), <span className="wrap" key="h">{either(x.note, x.noteEn) || "—"}</span>],
          ...(x.detail ? [[t("trace.plan"), <span className="wrap" key="pl"><span className="mono">{x.detail.plan || "—"}</span> {x.detail.version ? t("trace.version", { n: x.detail.version }) : ""} · <span className="mono">{x.detail.rule}</span></span>] as [string, React.ReactNode]] : []),
        ]} />
        {x.detail && <div className="muted">{t("trace.records", { n: x.detail.records })} · {t("trace.used")} <span className="num">{quantity(x.detail.quantity, x.detail.unit)}</span></div>}
        {x.adjustments?.map((a) => (
          <div className="well" key={a.id} style={{ padding: 10 }}><b>{either(a.reason, a.reasonEn)}</b>：<bdi>{a.note}</bdi> <span className="muted">{t("trace.by", { by: a.requestedBy })}{a.decidedBy ? `，${t("trace.decided", { by: a.decidedBy })}` : ""}</span></div>
        ))}
        {x.steps && (x.steps.length === 0 ? <Nothing why={t("trace.noRecords")} /> : (
          <div className="table-wrap" style={{ maxHeight: 380, overflow: "auto" }} tabIndex={0} role="group" aria-label={t("statement.trace")}>
            <table className="data" aria-label={t("statement.trace")} style={{ minWidth: 720 }}>
              <thead><tr><th style={{ width: 150 }}>{t("trace.at")}</th><th>{t("trace.peer")}</th><th className="right" style={{ width: 96 }}>{t("trace.counted")}</th><th>{t("trace.rule")}</th><th className="right" style={{ width: 104 }}>{t("trace.fee")}</th></tr></thead>
              <tbody>{x.steps.map((s, i) => (
                <tr key={i}>
                  <td>{s.record ? <At at={s.at} seconds /> : <span className="muted">{t("trace.extra")}</span>}</td>
                  <td className="num">{s.record?.peer ?? "—"}</td>
                  <td className="right num">{s.record ? quantity(s.counted, x.detail?.unit, s.record.kind) : "—"}</td>
                  <td className="wrapped">{either(s.ruleName, s.ruleNameEn)}{(s.note || s.noteEn) && <span className="muted"> · {either(s.note, s.noteEn)}</span>}</td>
                  <td className="right num">{(s.amountMilliFen / 100_000).toFixed(3)}</td>
                </tr>
              ))}</tbody>
            </table>
          </div>
        ))}
        {x.records !== undefined && x.steps && x.records > x.steps.length && <div className="muted">{t("trace.first", { n: x.steps.length })}</div>}
      </div>
    )}</Loaded>
  );
}
