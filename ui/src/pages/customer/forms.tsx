// Small forms of the customer page: another account manager, an answer to a survey, a need or a contact, the basic data.
import { useQuery } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post, send } from "../../lib/api";
import { titled, word } from "../../lib/i18n";
import { Field, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Failure, Waiting } from "../../kit/states";
import { say } from "../../kit/toast";
import type { FullView } from "./types";

interface Props { customerId: string; onClose: () => void; done: () => void }

/** Title, fields and one button; Ctrl+Enter sends; what the server refuses stands below the fields. */
function Form({ title, ready, action, onClose, done, children, width = 520 }: { title: string; ready: boolean; action: () => Promise<unknown>; onClose: () => void; done: () => void; children: ReactNode; width?: number }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const box = useRef<HTMLDivElement>(null);
  const go = async () => {
    if (!ready || busy) return;
    setBusy(true);
    setError(null);
    try { await action(); say.success(t("kit.saved")); done(); onClose(); }
    catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  return (
    <Modal open onCancel={onClose} title={title} destroyOnHidden width={width} afterOpenChange={(shown) => { if (shown) box.current?.querySelector<HTMLElement>("textarea, input, select")?.focus(); }} footer={[
      <Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>,
      <Button key="go" type="primary" loading={busy} disabled={!ready} onClick={() => void go()} title="Ctrl+Enter">{t("kit.save")}</Button>,
    ]}>
      <div className="stack" ref={box} onKeyDown={(e) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); void go(); } }}>
        {children}
        {error ? <Failure error={error} what={title} /> : null}
      </div>
    </Modal>
  );
}

export function ManagerForm({ customerId, view, onClose, done }: Props & { view: FullView }) {
  const { t } = useTranslation();
  const key = useRef(newKey());
  const [to, setTo] = useState("");
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const found = useQuery({ queryKey: ["managers"], queryFn: () => call<{ id: string; name: string; login: string }[]>("/managers"), staleTime: 60_000 });
  const rows = (found.data ?? []).filter((m) => m.id !== view.customer.managerId);
  const open = (view.behaviour.journal ?? []).filter((e) => e.status === "open").length;
  const tickets = view.tickets.filter((k) => !["closed", "resolved", "cancelled", "rejected"].includes(k.status)).length;
  return (
    <Form title={t("v360.managerTitle")} ready={!!to && !!reason.trim()} onClose={onClose} done={done} action={() => post(`/customers/${customerId}/manager`, { managerId: to, reason: reason.trim(), note }, { idempotencyKey: key.current })}>
      <div className="soft">{t("v360.managerNow", { name: view.customer.manager || t("v360.noManager") })}</div>
      {found.error ? <Failure error={found.error} what={t("customer.manager")} /> : !found.data ? <Waiting rows={2} /> : (
        <Field label={t("v360.managerTo")}>{(p) => <Pick id={p.id} width="100%" value={to} onPick={setTo} options={[{ value: "", label: rows.length === 0 ? t("v360.noOtherManager") : t("action.choose") }, ...rows.map((m) => ({ value: m.id, label: `${m.name} (${m.login})` }))]} />}</Field>
      )}
      <Field label={t("kit.reason")}>{(p) => <Input {...p} maxLength={200} value={reason} onChange={(e) => setReason(e.target.value)} />}</Field>
      <Field label={t("v360.handover")} hint={t("v360.handoverHint")}>{(p) => <Input.TextArea {...p} rows={4} maxLength={2000} value={note} onChange={(e) => setNote(e.target.value)} />}</Field>
      <div className="banner info">{t("v360.goesOver", { orders: view.inTransit.length, tickets, matters: open })}</div>
    </Form>
  );
}

interface Survey { name: string; title: Record<string, string>; least: number; best: number }
export function SurveyForm({ customerId, onClose, done }: Props) {
  const { t } = useTranslation();
  const key = useRef(newKey());
  const found = useQuery({ queryKey: ["surveys"], queryFn: () => call<Survey[]>("/surveys"), staleTime: Infinity });
  const [name, setName] = useState("overall");
  const [score, setScore] = useState<number | null>(null);
  const [comment, setComment] = useState("");
  const survey = found.data?.find((s) => s.name === name);
  useEffect(() => setScore(null), [name]);
  const scale = survey ? Array.from({ length: survey.best - survey.least + 1 }, (_, i) => survey.least + i) : [];
  return (
    <Form title={t("v360.addAnswer")} ready={score !== null} onClose={onClose} done={done} action={() => post(`/customers/${customerId}/satisfaction`, { survey: name, score, comment }, { idempotencyKey: key.current })}>
      {!found.data ? <Waiting rows={3} /> : (
        <>
          <Field label={t("v360.survey")}>{(p) => <Pick id={p.id} width="100%" value={name} onPick={setName} options={found.data!.map((s) => ({ value: s.name, label: titled(s.title) }))} />}</Field>
          <div className="field"><span className="label">{t("v360.score")}</span><Segments label={t("v360.score")} at={score === null ? "" : String(score)} onPick={(n) => setScore(Number(n))} items={scale.map((n) => ({ id: String(n), title: String(n) }))} /></div>
          <Field label={t("v360.comment")}>{(p) => <Input.TextArea {...p} rows={3} maxLength={1000} value={comment} onChange={(e) => setComment(e.target.value)} />}</Field>
        </>
      )}
    </Form>
  );
}

const TOPICS = ["mobile", "broadband", "iptv", "leasedLine", "smartHome", "device", "price", "service", "network", "other"];
const CHANNELS = ["hall", "hotline", "online", "manager", "visit", "sms", "other"];
export function EntryForm({ customerId, kind: first, onClose, done }: Props & { kind: "need" | "interaction" }) {
  const { t } = useTranslation();
  const key = useRef(newKey());
  const [kind, setKind] = useState<"need" | "preference" | "interaction" | "followUp">(first);
  const [topic, setTopic] = useState("mobile");
  const [channel, setChannel] = useState("hall");
  const [direction, setDirection] = useState<"in" | "out">("in");
  const [text, setText] = useState("");
  const [result, setResult] = useState("");
  const [due, setDue] = useState("");
  const waits = kind === "need" || kind === "followUp";
  const label = (x: string) => (word("family", x) !== x ? word("family", x) : word("topic", x));
  return (
    <Form title={t("v360.addEntry")} ready={!!text.trim()} onClose={onClose} done={done}
      action={() => post(`/customers/${customerId}/journal`, { kind, topic, channel, direction, text: text.trim(), result, ...(waits && due ? { due } : {}) }, { idempotencyKey: key.current })}>
      <Segments label={t("v360.kind")} at={kind} onPick={setKind} items={(["need", "preference", "interaction", "followUp"] as const).map((k) => ({ id: k, title: t(`v360.entry.${k}`) }))} />
      <div className="form">
        <Field label={t("v360.topic")}>{(p) => <Pick id={p.id} width="100%" value={topic} onPick={setTopic} options={TOPICS.map((x) => ({ value: x, label: label(x) }))} />}</Field>
        <Field label={t("v360.channel")}>{(p) => <Pick id={p.id} width="100%" value={channel} onPick={setChannel} options={CHANNELS.map((x) => ({ value: x, label: word("contactChannel", x) }))} />}</Field>
        {kind === "interaction" && <div className="field"><span className="label">{t("v360.direction")}</span><Segments label={t("v360.direction")} at={direction} onPick={setDirection} items={[{ id: "in", title: t("v360.incoming") }, { id: "out", title: t("v360.outgoing") }]} /></div>}
        {waits && <Field label={t("v360.due")}>{(p) => <input id={p.id} type="date" className="pick" value={due} onChange={(e) => setDue(e.target.value)} />}</Field>}
      </div>
      <Field label={t("v360.what")}>{(p) => <Input.TextArea {...p} autoFocus rows={4} maxLength={4000} value={text} onChange={(e) => setText(e.target.value)} />}</Field>
      {kind === "interaction" && <Field label={t("v360.result")}>{(p) => <Input {...p} maxLength={400} value={result} onChange={(e) => setResult(e.target.value)} />}</Field>}
    </Form>
  );
}

interface Medium { mediumType?: string; preferred?: boolean; characteristic?: Record<string, unknown> }
interface Document { id: string; contactMedium?: Medium[]; grade?: string; remark?: string }
const GRADES = ["normal", "silver", "gold", "platinum", "diamond", "key"];
/** Basic data: telephone, mail, address, grade and remark. What is masked stays what it was unless it is typed anew. */
export function EditForm({ customerId, view, onClose, done }: Props & { view: FullView }) {
  const { t } = useTranslation();
  const path = `/tmf-api/customerManagement/v4/customer/${customerId}`;
  const found = useQuery({ queryKey: ["customerDocument", customerId, view.customer.version], queryFn: () => call<Document>(path), staleTime: 0 });
  const of = (kind: string, name: string) => (found.data?.contactMedium ?? []).find((m) => m.mediumType === kind && m.characteristic?.[name])?.characteristic?.[name] as string | undefined;
  const [phone, setPhone] = useState<string | null>(null);
  const [email, setEmail] = useState<string | null>(null);
  const [address, setAddress] = useState<string | null>(null);
  const [grade, setGrade] = useState(view.customer.grade ?? "");
  const [remark, setRemark] = useState<string | null>(null);
  const phoneKind = (found.data?.contactMedium ?? []).find((m) => m.characteristic?.phoneNumber)?.mediumType ?? "mobile";
  const save = () => {
    const media = (found.data?.contactMedium ?? []).map((m) => ({ ...m, characteristic: { ...m.characteristic } }));
    const put = (kind: string, name: string, value: string | null) => {
      if (value === null) return;
      const at = media.find((m) => m.mediumType === kind && m.characteristic?.[name] !== undefined);
      if (at) at.characteristic = { ...at.characteristic, [name]: value.trim() };
      else if (value.trim()) media.push({ mediumType: kind, preferred: false, characteristic: { [name]: value.trim() } });
    };
    put(phoneKind, "phoneNumber", phone);
    put("email", "emailAddress", email);
    if (address !== null) {
      const at = media.find((m) => m.mediumType === "postalAddress");
      // The parts are typed as one line again: what was split stays split nowhere else.
      if (at) at.characteristic = { ...at.characteristic, stateOrProvince: undefined, city: undefined, street2: undefined, street1: address.trim() };
      else if (address.trim()) media.push({ mediumType: "postalAddress", preferred: false, characteristic: { street1: address.trim() } });
    }
    return send(path, { method: "PATCH", contentType: "application/merge-patch+json", body: { contactMedium: media, grade: grade || null, ...(remark !== null ? { remark } : {}) }, ifMatch: view.customer.version });
  };
  return (
    <Form title={t("v360.editTitle")} ready={!!found.data} onClose={onClose} done={done} action={save} width={600}>
      {!found.data ? <Waiting rows={5} /> : (
        <div className="form">
          <Field label={t("customer.phone")}>{(p) => <Input {...p} maxLength={20} value={phone ?? of(phoneKind, "phoneNumber") ?? ""} onChange={(e) => setPhone(e.target.value)} />}</Field>
          <Field label={t("v360.email")}>{(p) => <Input {...p} maxLength={120} value={email ?? of("email", "emailAddress") ?? ""} onChange={(e) => setEmail(e.target.value)} />}</Field>
          <Field full label={t("customer.address")}>{(p) => <Input {...p} maxLength={300} value={address ?? view.customer.address ?? ""} onChange={(e) => setAddress(e.target.value)} />}</Field>
          <Field label={t("customer.grade")}>{(p) => <Pick id={p.id} width="100%" value={grade} onPick={setGrade} options={[{ value: "", label: t("v360.noGrade") }, ...[...new Set([...(grade ? [grade] : []), ...GRADES])].map((g) => ({ value: g, label: word("grade", g) }))]} />}</Field>
          <Field full label={word("given", "remark")}>{(p) => <Input.TextArea {...p} rows={2} maxLength={500} value={remark ?? found.data!.remark ?? ""} onChange={(e) => setRemark(e.target.value)} />}</Field>
        </div>
      )}
    </Form>
  );
}
