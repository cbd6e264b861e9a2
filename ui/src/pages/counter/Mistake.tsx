// A payment for a wrong number goes back on two certificates: of who paid, and of who holds the number (双凭证误缴退费).
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, newKey, post } from "../../lib/api";
import { yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import type { PaymentDone, PaymentRow } from "../../lib/types";
import { Field, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Failure } from "../../kit/states";
import { say } from "../../kit/toast";

interface Certificate { name: string; kind: string; number: string }
const KINDS = ["idCard", "passport", "hkMacaoPermit", "taiwanPermit", "residencePermit", "militaryId", "businessLicence", "other"];
const EMPTY: Certificate = { name: "", kind: "idCard", number: "" };
const whole = (c: Certificate) => c.name.trim() !== "" && c.number.trim().length >= 4;

export function Mistake({ of, onClose }: { of: PaymentRow; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const key = useRef(newKey());
  const [payer, setPayer] = useState(EMPTY);
  const [owner, setOwner] = useState<Certificate>({ ...EMPTY, name: of.customerName ?? "" });
  const [reason, setReason] = useState(t("mistake.why1"));
  const [back, setBack] = useState<"" | "recovered" | "redLettered">("");
  const refresh = () => client.invalidateQueries({ predicate: (q) => ["payments", "dues", "shift", "workbench", "customer", "bill", "requests", "books"].includes(String(q.queryKey[0])) });
  const go = useMutation({
    mutationFn: () => post<PaymentDone>(`/counter/payments/${of.id}/mistake`, { reason: reason.trim(), payer, owner, receiptReturn: back || undefined }, { idempotencyKey: key.current }),
    onError: () => { key.current = newKey(); },
    onSuccess: async (done) => { say.success(t("mistake.done", { amount: yuan(-done.amountFen), no: done.receiptNo })); await refresh(); onClose(); },
  });
  const ask = useMutation({
    mutationFn: () => post("/counter/requests", { kind: "reversal", paymentId: of.id, reason: reason.trim() }, { idempotencyKey: newKey() }),
    onSuccess: async () => { say.info(t("till.requested")); await refresh(); onClose(); },
  });
  const out = back !== "" || (go.error instanceof ApiError && go.error.code === "receipt.out");
  const late = go.error instanceof ApiError && go.error.code === "payment.mistake_late";
  const ready = whole(payer) && whole(owner) && reason.trim() !== "";
  const changed = (set: (c: Certificate) => void) => (c: Certificate) => { key.current = newKey(); set(c); };
  return (
    <Modal open onCancel={onClose} width={640} title={t("mistake.titleOf", { no: of.receiptNo, amount: yuan(of.amountFen) })} footer={null}
      afterOpenChange={(shown) => { if (shown) document.querySelector<HTMLElement>(".mistake input")?.focus(); }}>
      <form className="stack mistake" onSubmit={(e) => { e.preventDefault(); if (ready) go.mutate(); }}>
        <div className="soft">{t("mistake.note")}</div>
        <Shown title={t("mistake.payer")} of={payer} edit={changed(setPayer)} />
        <Shown title={t("mistake.owner")} of={owner} edit={changed(setOwner)} />
        <Field label={t("kit.reason")}>{(f) => <Input {...f} maxLength={200} value={reason} onChange={(e) => { key.current = newKey(); setReason(e.target.value); }} />}</Field>
        <div className="row">{[t("mistake.why1"), t("mistake.why2")].map((why) => <Button key={why} size="small" onClick={() => setReason(why)}>{why}</Button>)}</div>
        {go.error && <Failure error={go.error} what={t("mistake.title")} />}
        {out && <Field label={t("till.returnQuestion", { no: of.receiptNo })}>{() => <Segments label={t("till.returnQuestion", { no: of.receiptNo })} at={back} onPick={(b) => { key.current = newKey(); setBack(b); }} items={[{ id: "recovered", title: t("till.recovered") }, { id: "redLettered", title: t("till.redLettered") }]} />}</Field>}
        {ask.error && <Failure error={ask.error} what={t("mistake.ask")} />}
        {late && <div className="banner info" role="status"><span className="grow">{t("mistake.toRequest")}</span><Button size="small" loading={ask.isPending} onClick={() => ask.mutate()}>{t("mistake.ask")}</Button></div>}
        <div className="row" style={{ justifyContent: "flex-end" }}><Button onClick={onClose}>{t("kit.cancel")}</Button><Button type="primary" danger htmlType="submit" loading={go.isPending} disabled={!ready}>{t("mistake.go")}</Button></div>
      </form>
    </Modal>
  );
}

function Shown({ title, of, edit }: { title: string; of: Certificate; edit: (c: Certificate) => void }) {
  const { t } = useTranslation();
  const short = of.number.trim() !== "" && of.number.trim().length < 4;
  return (
    <fieldset className="cert">
      <legend>{title}</legend>
      <div className="cert-fields">
        <Field label={t("mistake.name")}>{(f) => <Input {...f} aria-label={`${title} ${t("mistake.name")}`} maxLength={60} autoComplete="off" value={of.name} onChange={(e) => edit({ ...of, name: e.target.value })} />}</Field>
        <Field label={t("mistake.kind")}>{(f) => <Pick id={f.id} value={of.kind} width="100%" onPick={(kind) => edit({ ...of, kind })} options={KINDS.map((k) => ({ value: k, label: word("certificateType", k) }))} />}</Field>
        <Field label={t("mistake.number")} error={short ? t("mistake.short") : null}>{(f) => <Input {...f} aria-label={`${title} ${t("mistake.number")}`} className="num" maxLength={30} autoComplete="off" value={of.number} onChange={(e) => edit({ ...of, number: e.target.value })} />}</Field>
      </div>
    </fieldset>
  );
}
