// Amending an order under way: what is not sent to the network yet, and the day of a booked one.
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../../lib/api";
import type { Track } from "../../lib/types";
import { Field } from "../../kit/layout";
import { Failure, Nothing } from "../../kit/states";
import { FieldInput } from "../customer/action/FieldInput";
import type { Values } from "../customer/action/types";

const day = (at?: string | null) => (at ? new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(at)) : "");

export function AmendDialog({ data, onClose, done }: { data: Track; onClose: () => void; done: (fresh?: Track) => void }) {
  const { t } = useTranslation();
  const fields = data.amendable ?? [];
  const booked = day(data.booking?.effectiveAt);
  const [values, setValues] = useState<Values>({});
  const [date, setDate] = useState(booked);
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const changed = Object.keys(values).length > 0 || (!!booked && date !== booked && !!date);
  const save = async () => {
    if (!changed || !reason.trim() || busy) return;
    setBusy(true);
    setError(null);
    try {
      done(await post<Track | undefined>(`/orders/${data.order.id}/amend`, {
        reason: reason.trim(), values, ...(booked && date !== booked ? { effectiveDate: date } : {}),
      }));
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  const subject = { customerId: data.order.customerId ?? "", customerName: data.order.customerName ?? "" };
  return (
    <Modal open onCancel={onClose} title={`${t("transit.amend")} · ${data.order.orderNo}`} width={520} footer={[
      <Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>,
      <Button key="yes" type="primary" loading={busy} disabled={!changed || !reason.trim()} onClick={() => void save()}>{t("transit.amend")}</Button>,
    ]}>
      <div className="stack">
        <div className="soft">{t("transit.amendNote")}</div>
        {fields.length === 0 && !booked && <Nothing why={t("transit.nothingToAmend")} />}
        {booked && <Field label={t("transit.newDate")}>{(p) => <input id={p.id} type="date" className="pick" value={date} onChange={(e) => setDate(e.target.value)} />}</Field>}
        {fields.map((f, i) => (
          <FieldInput key={`${f.itemId}.${f.name}`} field={{ ...f, required: false, choices: f.choices ?? null }} value={values[f.name] ?? f.current ?? ""} subject={subject} products={[]} autoFocus={i === 0}
            set={(value) => setValues((old) => { const next = { ...old, [f.name]: value }; if (value === f.current || value === null) delete next[f.name]; return next; })} />
        ))}
        {(fields.length > 0 || booked) && (
          <Field label={t("kit.reason")}>{(p) => <Input {...p} maxLength={200} value={reason} onChange={(e) => setReason(e.target.value)} onPressEnter={() => void save()} />}</Field>
        )}
        {fields.length + (booked ? 1 : 0) > 0 && !reason && <div className="row wraps">{(["whyAmend1", "whyAmend2"] as const).map((why) => <Button key={why} size="small" onClick={() => setReason(t(`transit.${why}`))}>{t(`transit.${why}`)}</Button>)}</div>}
        {error ? <Failure error={error} what={t("transit.amend")} /> : null}
      </div>
    </Modal>
  );
}
