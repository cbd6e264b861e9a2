// What is owed, oldest bill first: the order in which a payment settles.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { day, phone, today } from "../../lib/format";
import type { DueBill, Dues } from "../../lib/types";
import { Panel } from "../../kit/layout";
import { Nothing } from "../../kit/states";
import { Money, Name } from "../../kit/text";

const periodOf = (p: DueBill["period"]) => (typeof p === "string" ? p : `${day(p.start)} – ${day(p.end)}`);

export function DueList({ dues, at, onPick }: { dues: Dues; at?: string; onPick: (accountId?: string) => void }) {
  const { t } = useTranslation();
  const now = today();
  return (
    <>
      <Panel>
        <div className="row spread">
          <div style={{ minWidth: 0 }}><Link to="/app/customers/$id" params={{ id: dues.customer.id }} className="strong" style={{ fontSize: 16 }}><Name>{dues.customer.name}</Name></Link><span className="muted num">{phone(dues.customer.phone)}</span></div>
          <div className="right"><div className="muted">{t("counter.totalDue")}</div><div className={`due ${dues.totalDueFen > 0 ? "bad" : "ok"}`} data-testid="total-due"><Money fen={dues.totalDueFen} /></div></div>
        </div>
      </Panel>
      {dues.accounts.map((a) => {
        const bills = [...a.bills].sort((x, y) => (x.dueDate ?? "").localeCompare(y.dueDate ?? ""));
        return (
          <Panel key={a.id} flush
            title={<>{t("counter.account")} <span className="num">{a.accountNo}</span></>}
            acts={<><span className="muted">{t("customer.balance")} <Money fen={a.balanceFen} /></span>{dues.accounts.length > 1 && <button type="button" className={`filterchip${at === a.id ? " on" : ""}`} aria-pressed={at === a.id} onClick={() => onPick(at === a.id ? undefined : a.id)}>{t("counter.onlyThis")}</button>}</>}>
            {bills.length === 0 ? <Nothing why={t("counter.nothingDue")} /> : (
              <table className="data" aria-label={t("counter.dues")}>
                <thead><tr><th style={{ width: 168 }}>{t("bill.no")}</th><th>{t("bill.period")}</th><th style={{ width: 120 }}>{t("bill.due")}</th><th className="right" style={{ width: 100 }}>{t("bill.amount")}</th><th className="right" style={{ width: 110 }}>{t("bill.remaining")}</th></tr></thead>
                {bills.map((b) => (
                  <tbody key={b.id}>
                    <tr><td><Link to="/app/bills/$id" params={{ id: b.id }} className="num">{b.billNo}</Link></td><td className="num">{periodOf(b.period)}</td><td className="num">{day(b.dueDate)}{b.dueDate && day(b.dueDate) < now && <span className="bad"> {t("counter.overdue")}</span>}</td><td className="right"><Money fen={b.amountFen} /></td><td className="right strong bad"><Money fen={b.remainingFen} /></td></tr>
                    {(b.lines ?? []).map((l, i) => <tr key={i} className="muted"><td /><td colSpan={2}><bdi>{l.name}{l.product ? ` · ${l.product}` : ""}</bdi></td><td className="right"><Money fen={l.amountFen} tone /></td><td /></tr>)}
                  </tbody>
                ))}
              </table>
            )}
          </Panel>
        );
      })}
    </>
  );
}
