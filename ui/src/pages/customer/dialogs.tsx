// A note or a contact record, and a complaint (which becomes a trouble ticket).
import { Button, Input, Modal } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey, post } from "../../lib/api";
import { Field, Segments } from "../../kit/layout";
import { Failure } from "../../kit/states";
import { say } from "../../kit/toast";

interface Props { open: boolean; customerId: string; onClose: () => void; done: () => void }

function useSend(open: boolean, done: () => void, onClose: () => void, success: string) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const key = useRef(newKey());
  useEffect(() => { if (open) { setError(null); key.current = newKey(); } }, [open]);
  const send = async (path: string, body: unknown) => {
    setBusy(true);
    setError(null);
    try {
      await post(path, body, { idempotencyKey: key.current });
      say.success(success);
      done();
      onClose();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  return { busy, error, send };
}

export function NoteDialog({ open, customerId, onClose, done }: Props) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<"note" | "contact">("note");
  const [text, setText] = useState("");
  const { busy, error, send } = useSend(open, done, onClose, t("customer.noteSaved"));
  useEffect(() => { if (open) setText(""); }, [open]);
  const go = () => { if (text.trim()) void send(`/customers/${customerId}/notes`, { text, kind }); };
  return (
    <Modal open={open} onCancel={onClose} title={t("customer.note")} destroyOnHidden width={480} afterOpenChange={(shown) => { if (shown) document.querySelector<HTMLElement>(".ant-modal textarea, .ant-modal input")?.focus(); }} footer={[
      <Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>,
      <Button key="go" type="primary" loading={busy} disabled={!text.trim()} onClick={go} title="Ctrl+Enter">{t("kit.save")}</Button>,
    ]}>
      <div className="stack">
        <Segments label={t("customer.noteKind")} at={kind} onPick={setKind} items={[{ id: "note", title: t("timeline.note") }, { id: "contact", title: t("timeline.contact") }]} />
        <Field label={t("customer.noteText")}>
          {(p) => <Input.TextArea {...p} autoFocus rows={5} maxLength={4000} value={text} onChange={(e) => setText(e.target.value)} onKeyDown={(e) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) go(); }} />}
        </Field>
        {error ? <Failure error={error} what={t("customer.note")} /> : null}
      </div>
    </Modal>
  );
}

export function ComplaintDialog({ open, customerId, onClose, done }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [severity, setSeverity] = useState("minor");
  const { busy, error, send } = useSend(open, done, onClose, t("customer.complaintSaved"));
  useEffect(() => { if (open) { setName(""); setDescription(""); setSeverity("minor"); } }, [open]);
  const go = () => { if (name.trim() && description.trim()) void send(`/customers/${customerId}/complaints`, { name: name.trim(), description, severity }); };
  return (
    <Modal open={open} onCancel={onClose} title={t("customer.complaint")} destroyOnHidden width={520} footer={[
      <Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>,
      <Button key="go" type="primary" loading={busy} disabled={!name.trim() || !description.trim()} onClick={go} title="Ctrl+Enter">{t("customer.complaintOpen")}</Button>,
    ]}>
      <div className="stack" onKeyDown={(e) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) go(); }}>
        <Field label={t("customer.complaintName")}>{(p) => <Input {...p} autoFocus maxLength={200} value={name} onChange={(e) => setName(e.target.value)} />}</Field>
        <Field label={t("customer.complaintText")}>{(p) => <Input.TextArea {...p} rows={4} maxLength={4000} value={description} onChange={(e) => setDescription(e.target.value)} />}</Field>
        <div className="field">
          <span className="label">{t("customer.severity")}</span>
          <Segments label={t("customer.severity")} at={severity} onPick={setSeverity} items={["minor", "major", "critical"].map((s) => ({ id: s, title: t(`severity.${s}` as "severity.minor") }))} />
        </div>
        {error ? <Failure error={error} what={t("customer.complaint")} /> : null}
      </div>
    </Modal>
  );
}
