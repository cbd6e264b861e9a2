// Sending a visitor on: to another kind, to one counter if wanted. The place in the line is kept.
import { Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { either } from "./words";
import type { Kind, Ticket } from "./words";

export function Transfer({ ticket, kinds, onClose, onDone }: { ticket: Ticket; kinds: Kind[]; onClose: () => void; onDone: (body: { kind: string; counter: string }) => void }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState(kinds.find((k) => k.code !== ticket.kind)?.code ?? ticket.kind);
  const [counter, setCounter] = useState("");
  return (
    <Modal open title={t("queue.transferTitle", { label: ticket.label })} okText={t("queue.transfer")} cancelText={t("kit.cancel")} onCancel={onClose} onOk={() => onDone({ kind, counter: counter.trim() })} width={420} destroyOnHidden>
      <form className="stack" onSubmit={(e) => { e.preventDefault(); onDone({ kind, counter: counter.trim() }); }}>
        <Field label={t("queue.to")}>{(p) => <Pick id={p.id} value={kind} options={kinds.map((k) => ({ value: k.code, label: `${k.letter} ${either(k)}` }))} onPick={setKind} width="100%" />}</Field>
        <Field label={t("queue.toCounter")}>{(p) => <Input {...p} maxLength={6} value={counter} onChange={(e) => setCounter(e.target.value)} />}</Field>
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Modal>
  );
}
