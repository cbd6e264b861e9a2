// One bill: every line with the days it was prorated by, and the payments that settled it.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useHere } from "../../lib/here";
import { address, call, post } from "../../lib/api";
import { dateTime, day, phone, yuan } from "../../lib/format";
import { language, word } from "../../lib/i18n";
import { subjectOf, useRefreshRecord } from "../../lib/refresh";
import { useMay } from "../../lib/session";
import { openTab } from "../../lib/tabs";
import type { BillDetail } from "../../lib/types";
import { PageHead, Panel } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { TraceWindow, either, lineName } from "../bills/parts";

export default function BillPage() {
  const { id } = useHere().params as { id: string };
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const bill = useQuery({ queryKey: ["bill", id], queryFn: () => call<BillDetail>(`/bills/${id}`) });
  useRefreshRecord(client, ["bill", id], (e) => e.subjectId === id || subjectOf(e) === "payment");
  const [traced, setTraced] = useState<{ billId: string; seq: number } | null>(null);
  const pdf = address(`/bills/${id}/pdf?lang=${language() === "en" ? "en" : "zh"}`);
  const print = async () => {
    const paper = window.open("about:blank", "_blank");
    try {
      const done = await post<{ first: boolean }>(`/bills/${id}/print`);
      say.success(t("statement.printedNow", { bills: 1, first: done.first ? 1 : 0 }));
      if (paper) paper.location.href = pdf;
      await client.invalidateQueries({ queryKey: ["bill", id] });
    } catch (cause) { paper?.close(); say.warning((cause as Error).message); }
  };
  useEffect(() => {
    if (!bill.data) return;
    openTab({ key: `bill:${id}`, href: `/app/bills/${id}`, title: bill.data.billNo, kind: "bill" });
    document.title = `${bill.data.billNo} · 一台`;
  }, [id, bill.data]);
  return (
    <div className="page" style={{ maxWidth: 1180 }}>
      <Loaded of={bill} what={t("bill.title")} rows={10}>
        {(b) => (
          <>
            <PageHead title={<span className="num">{b.billNo}</span>} sub={<Status group="billState" code={b.state} />}>
              {b.printedAt ? <span className="chip">{t("statement.printedAt", { at: dateTime(b.printedAt) })}</span> : <span className="chip">{t("statement.notPrinted")}</span>}
              {b.customerId && <Link to="/app/statements/$customerId" params={{ customerId: b.customerId }} search={{ cycle: b.period.start.slice(0, 7) } as never}>{t("statement.title")}</Link>}
              <a href={pdf} target="_blank" rel="noopener noreferrer">PDF</a>
              {may("bill.print") && <Button onClick={() => void print()}>{t("bill.print")}</Button>}
              {b.remainingFen > 0 && may("payment.take") && (b.accountNo || b.customerId) && <Link to="/app/counter" search={(b.accountNo ? { q: b.accountNo } : { customer: b.customerId }) as never}>{t("customer.takePayment")}</Link>}
            </PageHead>
            <section className="panel" aria-label={t("bill.title")}>
              <div className="highlights"><dl>
                <div><dt>{t("order.customer")}</dt><dd>{b.customerId ? <Link to="/app/customers/$id" params={{ id: b.customerId }}><Name>{b.customerName}</Name></Link> : <Name>{b.customerName}</Name>}</dd></div>
                <div><dt>{t("counter.account")}</dt><dd className="num">{b.accountNo ?? "—"}</dd></div>
                <div><dt>{t("bill.period")}</dt><dd className="num">{day(b.period.start)} – {day(b.period.end)}</dd></div>
                <div><dt>{t("bill.due")}</dt><dd className="num">{day(b.dueDate)}</dd></div>
                <div><dt>{t("bill.amount")}</dt><dd className="num">{yuan(b.amountFen)}</dd></div>
                <div><dt>{t("bill.remaining")}</dt><dd className={`num ${b.remainingFen > 0 ? "bad" : "ok"}`} style={{ fontSize: 18 }} data-testid="remaining">{yuan(b.remainingFen)}</dd></div>
              </dl></div>
            </section>
            <Panel title={t("bill.lines")} flush>
              {b.lines.length === 0 ? <Nothing why={t("bill.noLines")} /> : (
                <div className="table-wrap"><table className="data" aria-label={t("bill.lines")} style={{ minWidth: 760 }}>
                  <thead><tr><th style={{ width: "24%" }}>{t("bill.line")}</th><th>{t("bill.product")}</th><th style={{ width: 130 }}>{t("product.number")}</th><th style={{ width: 100 }}>{t("bill.lineType")}</th><th className="right" style={{ width: 72 }}>{t("bill.days")}</th><th style={{ width: "22%" }}>{t("bill.note")}</th><th className="right" style={{ width: 110 }}>{t("bill.amount")}</th><th style={{ width: 108 }}><span className="sr">{t("statement.trace")}</span></th></tr></thead>
                  <tbody>{b.lines.map((l, i) => <tr key={i}><td className="wrapped strong"><bdi>{lineName({ name: l.name, detail: l.detail })}</bdi></td><td><Name>{l.product}</Name></td><td className="num">{phone(l.number)}</td><td className="muted">{word("lineKind", l.type)}</td><td className="right">{l.days ? t("bill.ofThirty", { days: l.days }) : "—"}</td><td className="wrapped muted"><bdi>{either(l.note ?? "", l.noteEn)}</bdi></td><td className="right"><Money fen={l.amountFen} tone /></td><td className="right"><Button size="small" type="link" onClick={() => setTraced({ billId: id, seq: l.seq })}>{t("statement.trace")}</Button></td></tr>)}
                    <tr><td colSpan={6} className="right strong">{t("bill.sum")}</td><td className="right strong"><Money fen={b.amountFen} /></td><td /></tr></tbody>
                </table></div>
              )}
            </Panel>
            <Panel title={t("customer.payments")} flush>
              {b.payments.length === 0 ? <Nothing why={t("bill.noPayments")} /> : (
                <table className="data" aria-label={t("customer.payments")}>
                  <thead><tr><th style={{ width: 190 }}>{t("payment.receiptNo")}</th><th>{t("payment.at")}</th><th>{t("payment.method")}</th><th>{t("payment.operator")}</th><th style={{ width: 130 }}>{t("product.status")}</th><th className="right" style={{ width: 120 }}>{t("payment.amount")}</th></tr></thead>
                  <tbody>{b.payments.map((p, i) => <tr key={p.id ?? i}><td className="num">{p.receiptNo ?? "—"}</td><td><At at={p.at} seconds /></td><td>{word("payMethod", p.method ?? p.source)}</td><td><Name>{p.operator}</Name></td><td>{p.reversalOf ? <span className="chip">{t("payment.isReversal")}</span> : p.reversedBy ? <Status group="payState" code="reversed" /> : p.source === "writeOff" ? <Status group="dunWriteOff" code="written" /> : <Status group="payState" code="done" />}</td><td className="right"><Money fen={p.amountFen} tone /></td></tr>)}</tbody>
                </table>
              )}
            </Panel>
          </>
        )}
      </Loaded>
      <TraceWindow of={traced} onClose={() => setTraced(null)} />
    </div>
  );
}
