// The receipt on screen and on paper (only .print-area is printed).
import { CheckCircleFilled } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { dateTime, phone, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useSession } from "../../lib/session";
import type { PaymentDone } from "../../lib/types";

type Customer = { id: string; name: string; phone?: string };

export function Slip({ done, customer }: { done: PaymentDone; customer?: Customer }) {
  const { t } = useTranslation();
  const { staff } = useSession();
  const line = (k: string, v: React.ReactNode) => <div className="l"><span>{k}</span><bdi>{v}</bdi></div>;
  return (
    <div className="receipt" data-testid="receipt">
      <h3>{done.amountFen < 0 ? t("receipt.reversal") : t("receipt.title")}</h3>
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
      {!!done.toBalanceFen && line(t("receipt.toBalance"), yuan(done.toBalanceFen))}
      <hr />
      <div className="l strong" style={{ fontSize: 16 }}><span>{t("payment.amount")}</span><span>{yuan(done.amountFen)}</span></div>
      {done.tenderedFen !== undefined && line(t("counter.tendered"), yuan(done.tenderedFen))}
      {done.changeFen !== undefined && line(t("counter.change"), yuan(done.changeFen))}
      {done.balanceFen !== undefined && line(t("customer.balance"), yuan(done.balanceFen))}
    </div>
  );
}

export function Receipt({ done, customer, next, print }: { done: PaymentDone; customer?: Customer; next: () => void; print: () => void }) {
  const { t } = useTranslation();
  useEffect(() => { (document.activeElement as HTMLElement | null)?.blur?.(); }, [done.id]);
  return (
    <>
      <section className="panel" aria-label={t("receipt.title")}>
        <div className="banner ok" role="status" style={{ borderWidth: "0 0 1px", borderRadius: 0 }}>
          <CheckCircleFilled aria-hidden /><span className="grow">{t("counter.taken")}</span>
          {!!done.changeFen && <b className="num" style={{ fontSize: 18 }}>{t("counter.change")} {yuan(done.changeFen)}</b>}
        </div>
        <div style={{ padding: 14 }}><Slip done={done} customer={customer} /></div>
        <div className="row" style={{ padding: "0 14px 14px", justifyContent: "center" }}><Button onClick={print}><kbd>F9</kbd> {t("help.counterPrint")}</Button><Button type="primary" onClick={next}>F2 {t("help.counterNew")}</Button></div>
      </section>
      {createPortal(<div className="print-only"><Slip done={done} customer={customer} /></div>, document.body)}
    </>
  );
}
