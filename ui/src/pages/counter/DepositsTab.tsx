// Security deposits (保证金): taken for a purpose, kept apart from every balance, given back or put against what is owed.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input, Modal } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import type { Dues } from "../../lib/types";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { Field, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { CustomerPicker } from "../../kit/pickers";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { Yuan } from "../catalog/launch/fields";
import { OfCustomer } from "../customer/OfCustomer";

interface Deposit { id: string; customerId: string; amountFen: number; heldFen: number; method: string; purpose: string; state: string; receiptNo: string; returnReceiptNo: string | null; operator: string; createdAt: string }
const TAKEN = ["cash", "card", "qr", "cheque", "transfer"];
const BACK = ["cash", "card", "qr", "transfer"];

function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ predicate: (q) => ["deposits", "dues", "shift", "books", "customer", "bill"].includes(String(q.queryKey[0])) });
}

export function DepositsTab() {
  const { t } = useTranslation();
  const may = useMay();
  const { search, set } = useUrl();
  const [ending, setEnding] = useState<{ of: Deposit; verb: "return" | "apply" } | null>(null);
  const ask = { customerId: search.customer, state: search.state };
  const found = useQuery({ queryKey: ["deposits", ask], queryFn: () => call<Deposit[]>("/counter/deposits", { query: ask }) });
  const columns: Column<Deposit>[] = [
    { key: "at", title: t("till.takenAt"), width: 142, lead: true, render: (d) => <At at={d.createdAt} /> },
    { key: "who", title: t("order.customer"), width: 100, render: (d) => <Whose id={d.customerId} /> },
    { key: "purpose", title: t("till.purpose"), wrap: true, render: (d) => <bdi>{d.purpose}</bdi> },
    { key: "method", title: t("payment.method"), width: 80, render: (d) => word("payMethod", d.method) },
    { key: "amount", title: t("payment.amount"), width: 104, right: true, render: (d) => <Money fen={d.amountFen} /> },
    { key: "no", title: t("payment.receiptNo"), width: 216, render: (d) => <span className="num">{d.returnReceiptNo ?? d.receiptNo}</span> },
    { key: "by", title: t("payment.operator"), width: 80, render: (d) => <Name>{d.operator}</Name> },
    { key: "state", title: t("product.status"), width: 112, render: (d) => <Status group="depositState" code={d.state} /> },
    { key: "do", title: t("kit.actions"), width: 180, render: (d) => (d.state === "held" ? <span className="row" style={{ gap: 4 }}>{may("payment.refund") && <Button size="small" onClick={() => setEnding({ of: d, verb: "return" })}>{t("security.give")}</Button>}{may("payment.take") && <Button size="small" onClick={() => setEnding({ of: d, verb: "apply" })}>{t("security.apply")}</Button>}</span> : null) },
  ];
  return (
    <>
      <div className="filters">
        <Segments label={t("security.state")} at={search.state ?? ""} onPick={(state) => set({ state })} items={[{ id: "", title: t("security.any") }, ...["held", "returned", "applied"].map((s) => ({ id: s, title: word("depositState", s) }))]} />
        <OfCustomer />
        <span className="grow" />
        {may("payment.take") && <Button type="primary" onClick={() => set({ ask: "new" })}>{t("security.take")}</Button>}
      </div>
      <Loaded of={found} what={t("till.tab.deposits")}>{(rows) => <DataTable rows={rows} columns={columns} rowKey={(d) => d.id} label={t("till.tab.deposits")} minWidth={1140} empty={<Nothing why={t("till.noDeposits")} action={may("payment.take") && <button type="button" className="linkish" onClick={() => set({ ask: "new" })}>{t("security.take")}</button>} />} />}</Loaded>
      {search.ask === "new" && <Taking customerId={search.customer} onClose={() => set({ ask: undefined })} />}
      {ending && <Ending {...ending} onClose={() => setEnding(null)} />}
    </>
  );
}

function Whose({ id }: { id: string }) {
  const named = useQuery({ queryKey: ["dues", id, "name"], staleTime: 60_000, retry: false, queryFn: () => call<Dues>("/counter/dues", { query: { customerId: id } }) });
  return <Link to="/app/customers/$id" params={{ id }}><Name>{named.data?.customer.name ?? id.slice(-8)}</Name></Link>;
}

function Taking({ customerId, onClose }: { customerId?: string; onClose: () => void }) {
  const { t } = useTranslation();
  const refresh = useRefresh();
  const key = useRef(newKey());
  const [who, setWho] = useState<string | null>(customerId ?? null);
  const [account, setAccount] = useState("");
  const [fen, setFen] = useState<number | null>(null);
  const [method, setMethod] = useState("cash");
  const [purpose, setPurpose] = useState("");
  const dues = useQuery({ queryKey: ["dues", who, "name"], enabled: !!who, queryFn: () => call<Dues>("/counter/dues", { query: { customerId: who! } }) });
  const accounts = dues.data?.accounts ?? [];
  const at = accounts.some((a) => a.id === account) ? account : (accounts[0]?.id ?? "");
  const changed = <T,>(put: (value: T) => void) => (value: T) => { key.current = newKey(); put(value); };
  const go = useMutation({
    mutationFn: () => post<Deposit>("/counter/deposits", { customerId: who, accountId: at || undefined, amountFen: fen, method, purpose: purpose.trim() }, { idempotencyKey: key.current }),
    onError: () => { key.current = newKey(); },
    onSuccess: async (made) => { say.success(t("security.taken", { amount: yuan(made.amountFen), no: made.receiptNo })); await refresh(); onClose(); },
  });
  const ready = !!who && !!fen && purpose.trim() !== "";
  return (
    <Modal open onCancel={onClose} title={t("security.take")} width={560} footer={null} afterOpenChange={(shown) => { if (shown) document.querySelector<HTMLElement>(".security input")?.focus(); }}>
      <form className="stack security" onSubmit={(e) => { e.preventDefault(); if (ready) go.mutate(); }}>
        {customerId ? <div className="strong"><bdi>{dues.data?.customer.name ?? "…"}</bdi></div>
          : <Field label={t("security.customer")}>{(f) => <CustomerPicker id={f.id} value={who} onPick={(c) => { changed(setWho)(c?.id ?? null); setAccount(""); }} />}</Field>}
        {accounts.length > 1 && <Field label={t("security.account")}>{(f) => <Pick id={f.id} value={at} onPick={changed(setAccount)} options={accounts.map((a) => ({ value: a.id, label: a.accountNo }))} />}</Field>}
        <Field label={t("security.amount")}>{(f) => <Yuan id={f.id} width={180} value={fen} onChange={changed(setFen)} />}</Field>
        <Field label={t("security.method")}>{() => <Segments label={t("security.method")} at={method} onPick={changed(setMethod)} items={TAKEN.map((m) => ({ id: m, title: word("payMethod", m) }))} />}</Field>
        <Field label={t("security.purpose")}>{(f) => <Input {...f} maxLength={100} value={purpose} onChange={(e) => changed(setPurpose)(e.target.value)} />}</Field>
        <div className="row wraps">{[t("security.purpose1"), t("security.purpose2"), t("security.purpose3")].map((p) => <Button key={p} size="small" onClick={() => changed(setPurpose)(p)}>{p}</Button>)}</div>
        {go.error && <Failure error={go.error} what={t("security.take")} />}
        <div className="row" style={{ justifyContent: "flex-end" }}><Button onClick={onClose}>{t("kit.cancel")}</Button><Button type="primary" htmlType="submit" loading={go.isPending} disabled={!ready}>{t("security.take")}</Button></div>
      </form>
    </Modal>
  );
}

function Ending({ of, verb, onClose }: { of: Deposit; verb: "return" | "apply"; onClose: () => void }) {
  const { t } = useTranslation();
  const refresh = useRefresh();
  const key = useRef(newKey());
  const [method, setMethod] = useState(BACK.includes(of.method) ? of.method : "transfer");
  const amount = yuan(of.heldFen);
  const go = useMutation({
    mutationFn: () => post<Deposit>(`/counter/deposits/${of.id}/${verb}`, verb === "return" ? { method } : {}, { idempotencyKey: key.current }),
    onError: () => { key.current = newKey(); },
    onSuccess: async (made) => { say.success(verb === "return" ? t("security.done", { amount, no: made.returnReceiptNo ?? "" }) : word("till.did", "apply")); await refresh(); onClose(); },
  });
  // What came by a way that pays back goes back by it; a cheque goes back as cash or by transfer.
  const ways = BACK.includes(of.method) ? [of.method] : BACK;
  return (
    <Modal open onCancel={onClose} width={460} title={t(verb === "return" ? "security.giveTitle" : "security.applyTitle", { amount })} footer={[
      <Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>,
      <Button key="yes" type="primary" autoFocus loading={go.isPending} onClick={() => go.mutate()}>{t(verb === "return" ? "security.give" : "security.apply")}</Button>,
    ]}>
      <div className="stack">
        <div className="soft">{verb === "return" ? t("security.giveNote", { no: of.receiptNo }) : t("security.applyNote")}</div>
        <div><bdi>{of.purpose}</bdi></div>
        {verb === "return" && <Field label={t("security.way")}>{() => <Segments label={t("security.way")} at={method} onPick={(m) => { key.current = newKey(); setMethod(m); }} items={ways.map((m) => ({ id: m, title: word("payMethod", m) }))} />}</Field>}
        {go.error && <Failure error={go.error} what={t("till.tab.deposits")} />}
      </div>
    </Modal>
  );
}
