// What was taken, on screen and on paper (only .print-only is printed): a slip for each payment, one list for all.
import { CheckCircleFilled } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useState } from "react";
import type { RefObject } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { post } from "../../lib/api";
import { dateTime, phone, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useSession } from "../../lib/session";
import type { CheckedOut, PaymentDone } from "../../lib/types";
import { Failure } from "../../kit/states";

export type Payer = { id: string; name: string; phone?: string };

export function Slip({ done, customer, copy }: { done: PaymentDone; customer?: Payer; copy?: boolean }) {
  const { t } = useTranslation();
  const { staff } = useSession();
  const line = (k: string, v: React.ReactNode) => <div className="l"><span>{k}</span><bdi>{v}</bdi></div>;
  return (
    <div className="receipt" data-testid="receipt">
      <h3>{done.amountFen < 0 ? t("receipt.reversal") : t("receipt.title")}{copy && <span className="chip" style={{ marginInlineStart: 8 }}>{t("till.copy")}</span>}</h3>
      {line(t("payment.receiptNo"), <span className="num">{done.receiptNo}</span>)}
      {line(t("payment.at"), dateTime(done.at, true))}
      {line(t("receipt.hall"), staff.orgName)}
      {line(t("payment.operator"), done.operator ?? staff.name)}
      <hr />
      {customer && line(t("order.customer"), customer.name)}
      {customer?.phone && line(t("customer.phone"), phone(customer.phone))}
      {line(t("payment.method"), word("payMethod", done.method ?? "cash"))}
      <hr />
      {(done.applied ?? []).map((a) => <div key={a.billId} className="l"><span className="num">{a.billNo}</span><span>{yuan(a.amountFen)}</span></div>)}
      {!!done.lateFeeFen && line(t("till.lateFee"), yuan(done.lateFeeFen))}
      {!!done.toBalanceFen && line(t("receipt.toBalance"), yuan(done.toBalanceFen))}
      {!!done.giftFen && line(t("till.giftLine"), yuan(done.giftFen))}
      <hr />
      <div className="l strong" style={{ fontSize: 16 }}><span>{t("payment.amount")}</span><span>{yuan(done.amountFen)}</span></div>
      {done.tenderedFen !== undefined && line(t("counter.tendered"), yuan(done.tenderedFen))}
      {!!done.changeFen && line(t("counter.change"), yuan(done.changeFen))}
      {done.balanceFen !== undefined && line(t("customer.balance"), yuan(done.balanceFen))}
    </div>
  );
}

export function Receipt({ done, names, next, printer }: { done: CheckedOut; names: Record<string, Payer>; next: () => void; printer: RefObject<() => void> }) {
  const { t } = useTranslation();
  const [paper, setPaper] = useState<"none" | "printed" | "failed">("none");
  const [copy, setCopy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => { (document.activeElement as HTMLElement | null)?.blur?.(); }, [done.batchId]);
  // The payment stands whatever the printer does: each attempt is only noted.
  const note = async (outcome: "printed" | "failed") => {
    setError(null);
    try {
      const kinds = await Promise.all(done.payments.map((p) => post<{ kind: string }>(`/counter/receipts/${p.id}/prints`, { outcome })));
      setPaper(outcome);
      setCopy(kinds.some((k) => k.kind === "copy"));
    } catch (cause) { setError(cause); }
  };
  const print = async () => {
    await note("printed");
    setTimeout(() => window.print(), 60);
  };
  useEffect(() => { printer.current = () => void print(); return () => { printer.current = () => undefined; }; });
  const slips = done.payments.map((p) => <Slip key={p.id} done={p} customer={p.customerId ? names[p.customerId] : undefined} copy={copy} />);
  return (
    <>
      <section className="panel" aria-label={t("receipt.title")}>
        <div className="banner ok" role="status" style={{ borderWidth: "0 0 1px", borderRadius: 0 }}>
          <CheckCircleFilled aria-hidden /><span className="grow">{done.payments.length > 1 ? t("till.takenMany", { count: done.payments.length, amount: yuan(done.totalFen) }) : t("counter.taken")}</span>
          {!!done.changeFen && <b className="num" style={{ fontSize: 18 }}>{t("counter.change")} {yuan(done.changeFen)}</b>}
        </div>
        <div style={{ padding: 14 }} className="stack">{slips}</div>
        {error ? <div style={{ padding: "0 14px 10px" }}><Failure error={error} what={t("help.counterPrint")} /></div> : null}
        {paper === "failed" && <div className="banner" role="status" style={{ borderWidth: "1px 0" }}>{t("till.printFailed")}</div>}
        <div className="row wraps" style={{ padding: "10px 14px 14px", justifyContent: "center" }}>
          <Button onClick={() => void print()}><kbd>F9</kbd> {paper === "printed" ? t("till.reprint") : t("help.counterPrint")}</Button>
          {paper === "none" && <Button onClick={() => void note("failed")}>{t("till.printerBroken")}</Button>}
          <Button type="primary" onClick={next}>F2 {t("help.counterNew")}</Button>
        </div>
      </section>
      {createPortal(<div className="print-only">{slips}</div>, document.body)}
    </>
  );
}
