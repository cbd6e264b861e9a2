// Money that goes out or waits for a second person: requests, payouts, refunds, security deposits, cheques.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay, useSession } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { PageHead, Panel, Tabs } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { DepositsTab } from "./DepositsTab";

interface Request { id: string; kind: string; paymentId: string | null; customerId: string; customerName?: string; amountFen: number; method: string; reason: string; state: string; askedById: string; askedBy: string; decidedBy: string | null; decision: string; createdAt: string }
interface Payout { id: string; customerId: string; orderNo: string; amountFen: number; state: string; method: string; receiptNo: string | null; operator: string; createdAt: string }
interface Refund { id: string; at: string; customerId: string | null; amountFen: number; method: string; reason: string; receiptNo: string; operator: string }
interface Cheque { paymentId: string; amountFen: number; reference: string; state: string; received: string; operator: string; reason: string }
type Doing = { title: string; note?: string; confirm: string; danger?: boolean; run: (reason: string) => Promise<unknown> };

export default function RefundsPage() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const at = search.tab ?? "requests";
  const tabs = ["requests", "payouts", "refunds", "deposits", "cheques"].map((id) => ({ id, title: word("till.tab", id) }));
  return (
    <div className="page">
      <PageHead title={t("nav.refunds")}><Link to="/app/counter">{t("nav.counter")}</Link><Link to="/app/counter/payments">{t("nav.payments")}</Link></PageHead>
      <Panel flush>
        <Tabs items={tabs} at={at} onPick={(tab) => set({ tab, state: undefined, ask: undefined })} label={t("nav.refunds")}>
          {at === "requests" ? <Requests /> : at === "payouts" ? <Payouts /> : at === "refunds" ? <Refunds /> : at === "deposits" ? <DepositsTab /> : <Cheques />}
        </Tabs>
      </Panel>
    </div>
  );
}

const who = (id: string | null, name?: string) => (id ? <Link to="/app/customers/$id" params={{ id }}><Name>{name ?? id.slice(-8)}</Name></Link> : "—");

function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ predicate: (q) => ["requests", "payouts", "refunds", "deposits", "cheques", "payments", "dues", "shift", "books"].includes(String(q.queryKey[0])) });
}

function Requests() {
  const { t } = useTranslation();
  const may = useMay();
  const { staff } = useSession();
  const refresh = useRefresh();
  const [doing, setDoing] = useState<Doing | null>(null);
  const [error, setError] = useState<unknown>(null);
  const found = useQuery({ queryKey: ["requests"], queryFn: () => call<Request[]>("/counter/requests") });
  const go = async (r: Request, verb: string, reason = "") => {
    setError(null);
    await post(`/counter/requests/${r.id}/${verb}`, { reason }, { idempotencyKey: newKey() });
    say.success(word("till.did", verb));
    await refresh();
  };
  const now = (r: Request, verb: string) => void go(r, verb).catch(setError);
  const columns: Column<Request>[] = [
    { key: "at", title: t("till.askedAt"), width: 150, lead: true, render: (r) => <At at={r.createdAt} /> },
    { key: "kind", title: t("till.kind"), width: 90, render: (r) => word("receiptKind", r.kind) },
    { key: "who", title: t("order.customer"), width: 130, render: (r) => who(r.customerId, r.customerName) },
    { key: "amount", title: t("payment.amount"), width: 110, right: true, render: (r) => <Money fen={r.amountFen} /> },
    { key: "method", title: t("payment.method"), width: 84, render: (r) => word("payMethod", r.method) },
    { key: "why", title: t("kit.reason"), wrap: true, render: (r) => <bdi>{r.reason}</bdi> },
    { key: "by", title: t("till.askedBy"), width: 100, render: (r) => <Name>{r.askedBy}</Name> },
    { key: "state", title: t("product.status"), width: 150, render: (r) => <span title={r.decision || undefined}><Status group="moneyRequestState" code={r.state} />{r.decidedBy && <span className="muted"> <bdi>{r.decidedBy}</bdi></span>}</span> },
    { key: "do", title: t("kit.actions"), width: 200, render: (r) => (
      <span className="row" style={{ gap: 4 }}>
        {r.state === "requested" && may("payment.approve") && r.askedById !== staff.id && <><Button size="small" type="primary" onClick={() => now(r, "approve")}>{t("till.approve")}</Button><Button size="small" danger onClick={() => setDoing({ title: t("till.rejectTitle"), confirm: t("till.reject"), danger: true, run: (why) => go(r, "reject", why) })}>{t("till.reject")}</Button></>}
        {r.state === "approved" && <Button size="small" type="primary" onClick={() => setDoing({ title: t("till.carryTitle", { amount: yuan(r.amountFen) }), note: t("till.carryNote"), confirm: t("till.carry"), run: (why) => go(r, "carry-out", why) })}>{t("till.carry")}</Button>}
        {(r.state === "requested" || r.state === "approved") && r.askedById === staff.id && <Button size="small" onClick={() => now(r, "withdraw")}>{t("till.withdraw")}</Button>}
      </span>) },
  ];
  return (
    <>
      {error ? <Failure error={error} what={t("till.tab.requests")} /> : null}
      <Loaded of={found} what={t("till.tab.requests")}>{(rows) => <DataTable rows={rows} columns={columns} rowKey={(r) => r.id} label={t("till.tab.requests")} minWidth={1120} empty={<Nothing why={t("till.noRequests")} />} />}</Loaded>
      <ReasonDialog open={doing !== null} onClose={() => setDoing(null)} onConfirm={async (r) => doing?.run(r)} title={doing?.title ?? ""} note={doing?.note} confirm={doing?.confirm ?? ""} danger={doing?.danger} suggestions={doing && !doing.danger ? [t("till.carryWhy")] : []} />
    </>
  );
}

function Payouts() {
  const { t } = useTranslation();
  const may = useMay();
  const refresh = useRefresh();
  const [error, setError] = useState<unknown>(null);
  const found = useQuery({ queryKey: ["payouts"], queryFn: () => call<Payout[]>("/counter/payouts") });
  const pay = async (p: Payout, method: string) => {
    setError(null);
    try {
      const made = await post<Payout>(`/counter/payouts/${p.id}/pay`, { method }, { idempotencyKey: `payout-${p.id}` });
      say.success(t("till.paidOut", { no: made.receiptNo, amount: yuan(made.amountFen) }));
      await refresh();
    } catch (cause) { setError(cause); }
  };
  const columns: Column<Payout>[] = [
    { key: "at", title: t("till.promisedAt"), width: 160, lead: true, render: (p) => <At at={p.createdAt} /> },
    { key: "who", title: t("order.customer"), width: 130, render: (p) => who(p.customerId) },
    { key: "order", title: t("till.order"), render: (p) => <span className="num">{p.orderNo}</span> },
    { key: "amount", title: t("payment.amount"), width: 120, right: true, render: (p) => <Money fen={p.amountFen} /> },
    { key: "state", title: t("product.status"), width: 110, render: (p) => <Status group="payoutState" code={p.state} /> },
    { key: "receipt", title: t("payment.receiptNo"), width: 230, render: (p) => <span className="num">{p.receiptNo ?? "—"}</span> },
    { key: "do", title: t("kit.actions"), width: 190, render: (p) => (p.state === "open" && may("payment.refund") ? <span className="row" style={{ gap: 4 }}><Button size="small" type="primary" onClick={() => void pay(p, "cash")}>{t("till.payCash")}</Button><Button size="small" onClick={() => void pay(p, "transfer")}>{t("till.payTransfer")}</Button></span> : null) },
  ];
  return <>{error ? <Failure error={error} what={t("till.tab.payouts")} /> : null}<Loaded of={found} what={t("till.tab.payouts")}>{(rows) => <DataTable rows={rows} columns={columns} rowKey={(p) => p.id} label={t("till.tab.payouts")} minWidth={980} empty={<Nothing why={t("till.noPayouts")} />} />}</Loaded></>;
}

function Refunds() {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["refunds"], queryFn: () => call<Refund[]>("/counter/refunds") });
  const columns: Column<Refund>[] = [
    { key: "at", title: t("payment.at"), width: 160, lead: true, render: (r) => <At at={r.at} seconds /> },
    { key: "no", title: t("payment.receiptNo"), width: 230, render: (r) => <span className="num">{r.receiptNo}</span> },
    { key: "who", title: t("order.customer"), width: 130, render: (r) => who(r.customerId) },
    { key: "method", title: t("payment.method"), width: 90, render: (r) => (r.method ? word("payMethod", r.method) : "—") },
    { key: "amount", title: t("payment.amount"), width: 120, right: true, render: (r) => <Money fen={r.amountFen} /> },
    { key: "why", title: t("kit.reason"), wrap: true, render: (r) => <bdi>{r.reason || "—"}</bdi> },
    { key: "by", title: t("payment.operator"), width: 110, render: (r) => <Name>{r.operator}</Name> },
  ];
  return <Loaded of={found} what={t("till.tab.refunds")}>{(rows) => <DataTable rows={rows} columns={columns} rowKey={(r) => r.id} label={t("till.tab.refunds")} minWidth={980} empty={<Nothing why={t("till.noRefunds")} />} />}</Loaded>;
}

function Cheques() {
  const { t } = useTranslation();
  const may = useMay();
  const refresh = useRefresh();
  const [bounced, setBounced] = useState<Cheque | null>(null);
  const [error, setError] = useState<unknown>(null);
  const found = useQuery({ queryKey: ["cheques"], queryFn: () => call<Cheque[]>("/counter/clearing") });
  const decide = async (c: Cheque, verb: "clear" | "bounce", reason = "") => {
    await post(`/counter/clearing/${c.paymentId}/${verb}`, { reason }, { idempotencyKey: `${verb}-${c.paymentId}` });
    say.success(word("till.did", verb));
    await refresh();
  };
  const columns: Column<Cheque>[] = [
    { key: "at", title: t("till.takenAt"), width: 120, lead: true, render: (c) => <span className="num">{c.received}</span> },
    { key: "no", title: t("till.chequeNo"), render: (c) => <span className="num">{c.reference || "—"}</span> },
    { key: "amount", title: t("payment.amount"), width: 130, right: true, render: (c) => <Money fen={c.amountFen} /> },
    { key: "state", title: t("product.status"), width: 120, render: (c) => <Status group="clearingState" code={c.state} /> },
    { key: "by", title: t("till.decidedBy"), width: 120, render: (c) => <Name>{c.operator || "—"}</Name> },
    { key: "why", title: t("kit.reason"), wrap: true, render: (c) => <bdi>{c.reason || "—"}</bdi> },
    { key: "do", title: t("kit.actions"), width: 180, render: (c) => (c.state === "waiting" && may("payment.clearing") ? <span className="row" style={{ gap: 4 }}><Button size="small" type="primary" onClick={() => { setError(null); decide(c, "clear").catch(setError); }}>{t("till.clear")}</Button><Button size="small" danger onClick={() => setBounced(c)}>{t("till.bounce")}</Button></span> : null) },
  ];
  return (
    <>
      {error ? <Failure error={error} what={t("till.tab.cheques")} /> : null}
      <Loaded of={found} what={t("till.tab.cheques")}>{(rows) => <DataTable rows={rows} columns={columns} rowKey={(c) => c.paymentId} label={t("till.tab.cheques")} minWidth={900} empty={<Nothing why={t("till.noCheques")} />} />}</Loaded>
      <ReasonDialog open={bounced !== null} onClose={() => setBounced(null)} onConfirm={(why) => decide(bounced!, "bounce", why)} danger title={t("till.bounceTitle", { amount: yuan(bounced?.amountFen) })} note={t("till.bounceNote")} confirm={t("till.bounce")} suggestions={[t("till.bounceWhy")]} />
    </>
  );
}
