// What is owed, oldest bill first: the order in which a payment settles.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../../lib/api";
import { day, phone, today, yuan } from "../../lib/format";
import { useMay } from "../../lib/session";
import type { DueBill, Dues } from "../../lib/types";
import { Panel } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Nothing } from "../../kit/states";
import { Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";

const periodOf = (p: DueBill["period"]) => (typeof p === "string" ? p : `${day(p.start)} – ${day(p.end)}`);

export function DueList({ dues, at, onPick }: { dues: Dues; at?: string; onPick: (accountId?: string) => void }) {
  const { t } = useTranslation();
  const now = today();
  const may = useMay();
  const client = useQueryClient();
  const [waive, setWaive] = useState<DueBill | null>(null);
  const forgive = async (reason: string) => {
    const made = await post<{ waivedFen: number }>(`/bills/${waive!.id}/late-fee/waive`, { reason });
    say.success(t("till.waived", { amount: yuan(made.waivedFen) }));
    await client.invalidateQueries({ queryKey: ["dues"] });
  };
  return (
    <>
      <Panel>
        <div className="row spread">
          <div style={{ minWidth: 0 }}><Link to="/app/customers/$id" params={{ id: dues.customer.id }} className="strong" style={{ fontSize: 16 }}><Name>{dues.customer.name}</Name></Link><span className="muted num">{phone(dues.customer.phone)}</span></div>
          <div className="right"><div className="muted">{t("counter.totalDue")}{!!dues.lateFeeFen && <> · {t("till.withLateFee", { amount: yuan(dues.lateFeeFen) })}</>}</div><div className={`due ${dues.totalDueFen > 0 ? "bad" : "ok"}`} data-testid="total-due"><Money fen={dues.toPayFen ?? dues.totalDueFen} /></div></div>
        </div>
      </Panel>
      {dues.accounts.map((a) => {
        const bills = [...a.bills].sort((x, y) => (x.dueDate ?? "").localeCompare(y.dueDate ?? ""));
        return (
          <Panel key={a.id} flush
            title={<>{t("counter.account")} <span className="num">{a.accountNo}</span></>}
            acts={<><Link to="/app/accounts/$id/books" params={{ id: a.id }} className="muted">{t("customer.balance")} <Money fen={a.balanceFen} />{(a.books ?? []).filter((k) => k.balanceFen > 0).length > 1 && ` · ${t("till.books", { count: a.books!.filter((k) => k.balanceFen > 0).length })}`}</Link>{dues.accounts.length > 1 && <button type="button" className={`filterchip${at === a.id ? " on" : ""}`} aria-pressed={at === a.id} onClick={() => onPick(at === a.id ? undefined : a.id)}>{t("counter.onlyThis")}</button>}</>}>
            {bills.length === 0 ? <Nothing why={t("counter.nothingDue")} /> : (
              <table className="data" aria-label={t("counter.dues")}>
                <thead><tr><th style={{ width: 168 }}>{t("bill.no")}</th><th>{t("bill.period")}</th><th style={{ width: 120 }}>{t("bill.due")}</th><th className="right" style={{ width: 100 }}>{t("bill.amount")}</th><th className="right" style={{ width: 110 }}>{t("bill.remaining")}</th></tr></thead>
                {bills.map((b) => (
                  <tbody key={b.id}>
                    <tr><td><Link to="/app/bills/$id" params={{ id: b.id }} className="num">{b.billNo}</Link></td><td className="num">{periodOf(b.period)}</td><td className="num">{day(b.dueDate)}{b.dueDate && day(b.dueDate) < now && <span className="bad"> {t("counter.overdue")}</span>}</td><td className="right"><Money fen={b.amountFen} /></td><td className="right strong bad"><Money fen={b.remainingFen} /></td></tr>
                    {!!b.lateFeeFen && <tr className="muted" data-testid="late-fee"><td /><td colSpan={2}>{t("till.lateDays", { days: b.lateDays })} {may("late_fee.waive") && <button type="button" className="linkish" onClick={() => setWaive(b)}>{t("till.waive")}</button>}</td><td /><td className="right bad"><Money fen={b.lateFeeFen} /></td></tr>}
                    {(b.lines ?? []).map((l, i) => <tr key={i} className="muted"><td /><td colSpan={2}><bdi>{l.name}{l.product ? ` · ${l.product}` : ""}</bdi></td><td className="right"><Money fen={l.amountFen} tone /></td><td /></tr>)}
                  </tbody>
                ))}
              </table>
            )}
          </Panel>
        );
      })}
      <ReasonDialog open={waive !== null} onClose={() => setWaive(null)} onConfirm={forgive} title={t("till.waiveTitle", { no: waive?.billNo ?? "", amount: yuan(waive?.lateFeeFen) })} note={t("till.waiveNote")} confirm={t("till.waive")} suggestions={[t("till.waiveWhy1"), t("till.waiveWhy2")]} />
    </>
  );
}
