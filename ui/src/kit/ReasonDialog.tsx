// Asks for a reason before something that is recorded: revealing a value, reversing a payment, an operator's verb.
import { Button, Input, Modal } from "antd";
import { useEffect, useId, useState } from "react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "./states";

interface Props {
  open: boolean; title: string; note?: ReactNode; confirm: string; danger?: boolean; suggestions?: string[];
  onClose: () => void; onConfirm: (reason: string) => Promise<unknown>;
}

export function ReasonDialog({ open, title, note, confirm, danger, suggestions = [], onClose, onConfirm }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => { if (open) { setReason(""); setError(null); setBusy(false); } }, [open]);
  const go = async () => {
    if (!reason.trim() || busy) return;
    setBusy(true);
    setError(null);
    try {
      await onConfirm(reason.trim());
      onClose();
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open={open} onCancel={onClose} title={title} destroyOnHidden width={460} afterOpenChange={(shown) => { if (shown) document.getElementById(id)?.focus(); }}
      footer={[
        <Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>,
        <Button key="yes" type="primary" danger={danger} loading={busy} disabled={!reason.trim()} onClick={() => void go()}>{confirm}</Button>,
      ]}
    >
      <div className="stack">
        {note && <div className="soft">{note}</div>}
        <div className="field">
          <label htmlFor={id}>{t("kit.reason")}</label>
          <Input.TextArea
            id={id} autoFocus rows={2} maxLength={200} value={reason} onChange={(e) => setReason(e.target.value)}
            onKeyDown={(e) => { if (e.key === "Enter" && !e.shiftKey && !e.nativeEvent.isComposing) { e.preventDefault(); void go(); } }}
          />
        </div>
        {suggestions.length > 0 && (
          <div className="row wraps">
            {suggestions.map((s) => <Button key={s} size="small" onClick={() => setReason(s)}>{s}</Button>)}
          </div>
        )}
        {error ? <Failure error={error} what={title} /> : null}
      </div>
    </Modal>
  );
}
