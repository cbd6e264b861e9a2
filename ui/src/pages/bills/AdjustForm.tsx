// Asking for an adjustment: whom, which way, how much, why, and what it is put to.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, call, newKey, post } from "../../lib/api";
import { phone, yuan } from "../../lib/format";
import type { Dues } from "../../lib/types";
import { Field, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Failure } from "../../kit/states";
import { say } from "../../kit/toast";
import { Yuan } from "../catalog/launch/fields";
import type { Adjustment, Reasons } from "./AdjustmentsPage";
import { either } from "./parts";
import type { Statement } from "./parts";

export function AdjustForm({ customerId, reasons, onDone }: { customerId: string; reasons: Reasons; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const key = useRef(newKey());
  const [who, setWho] = useState(customerId);
  const [q, setQ] = useState("");
  const [way, setWay] = useState<"credit" | "debit">("credit");
  const [fen, setFen] = useState<number | null>(null);
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const [timing, setTiming] = useState<"now" | "nextBill">("now");
  const [account, setAccount] = useState("");
  const [bill, setBill] = useState("");
  const [product, setProduct] = useState("");
  const view = useQuery({ queryKey: ["statement", who, ""], enabled: who !== "", queryFn: () => call<Statement>(`/customers/${who}/statement`) });
  const accounts = useQuery({ queryKey: ["dues", who, "adjust"], enabled: who !== "", queryFn: () => call<Dues>("/counter/dues", { query: { customerId: who } }) });
  const find = useMutation({ mutationFn: () => call<Dues>("/counter/dues", { query: { q: q.trim() } }), onSuccess: (dues) => { setWho(dues.customer.id); setAccount(""); setBill(""); setProduct(""); } });
  const fits = reasons.reasons.filter((r) => r.direction === "both" || r.direction === way);
  const chosen = fits.some((r) => r.code === reason) ? reason : (fits[0]?.code ?? "");
  const open = accounts.data?.accounts ?? [];
  const at = open.some((a) => a.id === account) ? account : (open[0]?.id ?? "");
  const stated = view.data?.accounts.find((a) => a.id === at);
  const bills = way === "credit" && timing === "now" ? (stated?.bills ?? []).filter((b) => b.amountFen > 0) : [];
  const billId = bills.some((b) => b.id === bill) ? bill : "";
  const alone = (fen ?? 0) <= reasons.limitFen;
  const changed = <T,>(set: (value: T) => void) => (value: T) => { key.current = newKey(); set(value); };
  const go = useMutation({
    mutationFn: () => post<Adjustment>("/billing/adjustments", {
      accountId: at, billId: billId || undefined, productId: product || undefined, amountFen: (way === "credit" ? -1 : 1) * (fen ?? 0), reason: chosen, note: note.trim(), timing,
    }, { idempotencyKey: key.current }),
    onError: () => { key.current = newKey(); },
    onSuccess: async (made) => {
      say.success(made.state === "applied" ? t("adjust.done") : made.state === "waiting" ? t("adjust.waits") : t("adjust.asked"));
      await client.invalidateQueries({ predicate: (x) => ["adjustments", "statement", "bill", "dues"].includes(String(x.queryKey[0])) });
      onDone();
    },
  });
  const nobody = find.error instanceof ApiError && find.error.status === 404;
  return (
    <div className="stack">
      <form onSubmit={(e) => { e.preventDefault(); if (q.trim()) find.mutate(); }}>
        <Field label={t("adjust.find")} hint={view.data ? undefined : t("adjust.findHint")} error={nobody ? t("adjust.nobody") : null}>{(f) => (
          <Input.Search {...f} value={q} onChange={(e) => setQ(e.target.value)} loading={find.isPending} onSearch={() => { if (q.trim()) find.mutate(); }} autoFocus={who === ""} placeholder={view.data?.customerName ?? t("statement.choose")} />
        )}</Field>
        {view.data && <div className="row" style={{ marginTop: 6 }}><b><bdi>{view.data.customerName}</bdi></b><span className="muted num">{open.map((a) => a.accountNo).join(" · ")}</span></div>}
      </form>
      {find.error && !nobody && <Failure error={find.error} what={t("adjust.find")} />}
      <form className="stack" onSubmit={(e) => { e.preventDefault(); go.mutate(); }}>
        <div className="form">
          <Field label={t("adjust.direction")}>{() => <Segments label={t("adjust.direction")} at={way} onPick={changed(setWay)} items={[{ id: "credit", title: t("adjust.credit") }, { id: "debit", title: t("adjust.debit") }]} />}</Field>
          <Field label={t("adjust.amount")} hint={fen ? (alone ? t("adjust.alone") : t("adjust.needs")) : undefined}>{(f) => <Yuan id={f.id} width={180} value={fen} onChange={changed(setFen)} />}</Field>
          <Field label={t("adjust.reason")}>{(f) => <Pick id={f.id} value={chosen} onPick={changed(setReason)} options={fits.map((r) => ({ value: r.code, label: either(r.name, r.nameEn) }))} />}</Field>
          <Field label={t("adjust.timing")}>{() => <Segments label={t("adjust.timing")} at={timing} onPick={changed(setTiming)} items={[{ id: "now", title: t("adjust.now") }, { id: "nextBill", title: t("adjust.nextBill") }]} />}</Field>
          {open.length > 1 && <Field label={t("adjust.account")}>{(f) => <Pick id={f.id} value={at} onPick={changed(setAccount)} options={open.map((a) => ({ value: a.id, label: a.accountNo }))} />}</Field>}
          {bills.length > 0 && <Field label={t("adjust.bill")}>{(f) => <Pick id={f.id} value={billId} onPick={changed(setBill)} options={[{ value: "", label: t("adjust.noBill") }, ...bills.map((b) => ({ value: b.id, label: t("adjust.openBills", { no: b.billNo, amount: yuan(b.amountFen) }) }))]} />}</Field>}
          {stated && stated.products.some((p) => p.productId) && <Field label={t("adjust.product")}>{(f) => <Pick id={f.id} value={product} onPick={changed(setProduct)} options={[{ value: "", label: t("adjust.noProduct") }, ...stated.products.filter((p) => p.productId && !p.productId.includes(":")).map((p) => ({ value: p.productId, label: `${p.name} ${phone(p.number)}` }))]} />}</Field>}
          <Field label={t("adjust.note")} full>{(f) => <Input.TextArea {...f} rows={2} maxLength={500} value={note} onChange={(e) => changed(setNote)(e.target.value)} />}</Field>
        </div>
        {go.error && <Failure error={go.error} what={t("adjust.submit")} />}
        <div className="row" style={{ justifyContent: "flex-end" }}><Button onClick={onDone}>{t("kit.cancel")}</Button><Button type="primary" htmlType="submit" loading={go.isPending} disabled={!at || !fen || !note.trim()}>{t("adjust.submit")}</Button></div>
      </form>
    </div>
  );
}
