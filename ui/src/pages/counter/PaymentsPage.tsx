// Payments of a day; each can be reversed once, with a reason, by a new negative record.
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, list, newKey, post } from "../../lib/api";
import { today, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import type { PaymentDone, PaymentRow } from "../../lib/types";
import { paging, useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { PageHead, Panel, Segments } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { useMay } from "../../lib/session";
import { DayPick } from "./DayPick";
import { Mistake } from "./Mistake";

export default function PaymentsPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { search, set } = useUrl();
  const { page, size, offset, limit } = paging(search);
  const date = search.date ?? today();
  const [asked, setAsked] = useState<PaymentRow | null>(null);
  const may = useMay();
  const [wrong, setWrong] = useState<PaymentRow | null>(null);
  const [out, setOut] = useState(false);
  const [back, setBack] = useState<"" | "recovered" | "redLettered">("");
  const key = useRef(newKey());
  const ask = { date, operator: search.operator, offset, limit };
  const found = useQuery({ queryKey: ["payments", ask], queryFn: ({ signal }) => list<PaymentRow>("/counter/payments", ask, signal), placeholderData: keepPreviousData });
  const reverse = async (reason: string) => {
    if (!asked) return;
    try {
      const made = await post<PaymentDone>(`/counter/payments/${asked.id}/reverse`, { reason, receiptReturn: back || undefined }, { idempotencyKey: key.current });
      const told = { no: made.receiptNo, amount: yuan(made.amountFen) };
      say.success(made.settledFen ? t("payment.reversedSettled", { ...told, settled: yuan(made.settledFen) }) : t("payment.reversedDone", told));
    } catch (cause) {
      key.current = newKey();
      const code = cause instanceof ApiError ? cause.code : "";
      // What one may not do alone becomes a request, with the reason already given.
      if (code === "auth.forbidden" || code === "payment.other_eyes") {
        await post("/counter/requests", { kind: "reversal", paymentId: asked.id, reason }, { idempotencyKey: newKey() });
        say.info(t("till.requested"));
      } else {
        if (code === "receipt.out") setOut(true);
        throw cause;
      }
    }
    await client.invalidateQueries({ predicate: (q) => ["payments", "dues", "shift", "workbench", "customer", "bill"].includes(String(q.queryKey[0])) });
  };
  const reverses = may("payment.reverse");
  const columns: Column<PaymentRow>[] = [
    { key: "no", title: t("payment.receiptNo"), width: 224, lead: true, render: (p) => <span className="num">{p.receiptNo}</span> },
    { key: "at", title: t("payment.at"), width: 164, render: (p) => <At at={p.at} seconds /> },
    { key: "who", title: t("order.customer"), render: (p) => (p.customerId ? <Link to="/app/customers/$id" params={{ id: p.customerId }}><Name>{p.customerName ?? p.customerId}</Name></Link> : <Name>{p.customerName}</Name>) },
    { key: "method", title: t("payment.method"), width: 90, render: (p) => word("payMethod", p.method) },
    { key: "amount", title: t("payment.amount"), width: 120, right: true, render: (p) => <span className="strong"><Money fen={p.amountFen} tone /></span> },
    { key: "by", title: t("payment.operator"), width: 110, render: (p) => <Name>{p.operator}</Name> },
    { key: "state", title: t("product.status"), width: 130, render: (p) => (p.reversalOf ? <span className="chip">{t("payment.isReversal")}</span> : p.reversedBy ? <Status group="payState" code="reversed" /> : <Status group="payState" code="done" />) },
    { key: "do", title: t("kit.actions"), width: 216, render: (p) => (p.reversalOf || p.reversedBy || !reverses ? null : <span className="row" style={{ gap: 4 }}><Button size="small" danger onClick={() => { key.current = newKey(); setOut(false); setBack(""); setAsked(p); }}>{t("payment.reverse")}</Button><Button size="small" onClick={() => setWrong(p)}>{t("mistake.title")}</Button></span>) },
  ];
  return (
    <div className="page">
      <PageHead title={t("nav.payments")}><Link to="/app/counter">{t("nav.counter")}</Link><Link to="/app/counter/receipts">{t("nav.receipts")}</Link><Link to="/app/counter/refunds">{t("nav.refunds")}</Link><Link to="/app/counter/shift">{t("nav.shift")}</Link></PageHead>
      <Panel flush>
        <div className="filters">
          <DayPick date={date} onPick={(d) => set({ date: d })} />
          <Segments label={t("payment.operator")} at={search.operator ?? ""} onPick={(operator) => set({ operator })} items={[{ id: "", title: t("payment.everyone") }, { id: "me", title: t("payment.mine") }]} />
        </div>
        <Loaded of={found} what={t("nav.payments")}>
          {(data) => (
            <>
              <DataTable rows={data.rows} columns={columns} rowKey={(p) => p.id} label={t("nav.payments")} minWidth={1180} empty={<Nothing why={t("payment.none", { date })} action={<Link to="/app/counter">{t("nav.counter")}</Link>} />} />
              <Pager page={page} size={size} total={data.total} shown={data.rows.length} onPage={(p) => set({ page: p }, true)} onSize={(n) => set({ size: n })} />
            </>
          )}
        </Loaded>
      </Panel>
      <ReasonDialog open={asked !== null} onClose={() => setAsked(null)} onConfirm={reverse} danger title={asked ? t("payment.reverseTitle", { no: asked.receiptNo, amount: yuan(asked.amountFen) }) : ""} note={<>{t("payment.reverseNote")}{out && asked && <div className="stack" style={{ gap: 6, marginTop: 8 }}><span>{t("till.returnQuestion", { no: asked.receiptNo })}</span><Segments label={t("till.returnQuestion", { no: asked.receiptNo })} at={back} onPick={(b) => { setBack(b); key.current = newKey(); }} items={[{ id: "recovered", title: t("till.recovered") }, { id: "redLettered", title: t("till.redLettered") }]} /></div>}</>}
        confirm={t("payment.reverse")} suggestions={[t("payment.why1"), t("payment.why2"), t("payment.why3")]} />
      {wrong && <Mistake of={wrong} onClose={() => setWrong(null)} />}
    </div>
  );
}
