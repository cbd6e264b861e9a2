// One case: where it stands on its way, what happened, what may be done.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Checkbox, Drawer, Input, Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { toFen, yuan } from "../../lib/format";
import { language, word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { Facts, Field } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded } from "../../kit/states";
import { At, Money } from "../../kit/text";
import { say } from "../../kit/toast";
import { failed } from "./failed";
import { Level, NextStep } from "./parts";
import type { WholeCase } from "./types";

export function CaseDrawer({ id, onClose }: { id?: string; onClose: () => void }) {
  const { t } = useTranslation();
  const one = useQuery({ queryKey: ["dunning", "case", id], queryFn: () => call<WholeCase>(`/dunning/cases/${id}`), enabled: !!id });
  return (
    <Drawer open={!!id} onClose={onClose} size={720} title={t("dunning.case")} destroyOnHidden>
      {id && <Loaded of={one} what={t("dunning.case")}>{(c) => <Body of={c} />}</Loaded>}
    </Drawer>
  );
}

function Body({ of: c }: { of: WholeCase }) {
  const { t } = useTranslation();
  const may = useMay();
  const client = useQueryClient();
  const [dialog, setDialog] = useState<"hold" | "release" | "credit" | null>(null);
  const done = async () => { await client.invalidateQueries({ queryKey: ["dunning"] }); };
  const reassess = async () => {
    try { await post(`/dunning/cases/${c.id}/reassess`, {}); say.success(t("dunning.reassessed")); await done(); } catch (cause) { failed(cause); }
  };
  const open = c.state === "open";
  return (
    <div className="stack">
      <div className="row spread wraps">
        <Link to="/app/customers/$id" params={{ id: c.customerId }} className="strong"><bdi>{c.customerName}</bdi></Link>
        <div className="row wraps">
          {open && may("dunning.handle") && !c.hold && <Button size="small" onClick={() => setDialog("hold")}>{t("dunning.hold")}</Button>}
          {open && may("dunning.handle") && c.hold && <Button size="small" onClick={() => setDialog("release")}>{t("dunning.release")}</Button>}
          {may("dunning.credit") && <Button size="small" onClick={() => setDialog("credit")}>{t("dunning.credit")}</Button>}
          {open && may("dunning.handle") && <Button size="small" onClick={() => void reassess()}>{t("dunning.reassess")}</Button>}
        </div>
      </div>
      <Facts two items={[
        [t("dunning.owed"), <Money key="m" fen={c.overdueFen} />], [t("dunning.oldestDue"), <span key="d" className="num">{c.oldestDue}{open ? ` · ${t("dunning.daysOver", { count: c.daysOverdue })}` : ""}</span>],
        [t("dunning.account"), <span key="a" className="num">{c.accountNo ?? "—"}</span>], [t("dunning.level"), <Level key="l" of={c} />],
        [t("dunning.policy"), `${language() === "en" ? c.policy.nameEn : c.policy.name} v${c.policy.version}`], [t("dunning.next"), <NextStep key="n" of={c} />],
        [t("dunning.creditNow"), c.credit.kind === "uncontrolled" ? t("dunning.uncontrolled") : `${yuan(c.credit.limitFen)}${c.credit.temporaryUntil ? ` + ${yuan(c.credit.temporaryFen)} ${t("dunning.until", { day: c.credit.temporaryUntil })}` : ""}`],
        [t("dunning.opened"), <At key="o" at={c.openedAt} />],
      ]} />
      {c.hold && <div className="dunnote">{word("dunHold", c.hold)} {t("dunning.until", { day: c.holdUntil })}{c.holdLifts ? ` · ${t("dunning.lifted")}` : ""}：<bdi>{c.holdReason}</bdi></div>}
      {c.restoreBy && !c.restoredAt && <div className="dunnote">{t("dunning.restoreBy")} <At at={c.restoreBy} /></div>}
      <ol className="dunway" aria-label={t("dunning.way")}>
        {c.policy.steps.map((s, i) => (
          <li key={i} className={i < c.stepsDone ? "past" : i === c.stepsDone && open ? "now" : ""} aria-current={i === c.stepsDone && open ? "step" : undefined}>
            <span className="strong">{word("dunStep", s.kind)}</span>
            <span className="muted">{i === 0 ? t("dunning.afterDue", { count: s.days }) : t("dunning.afterDays", { count: s.days })}{s.approval || (c.policy.keyAccount && s.kind !== "remind") ? ` · ${t("dunning.byPeople")}` : ""}</span>
          </li>
        ))}
      </ol>
      <section>
        <h2>{t("dunning.history")}</h2>
        <table className="data" aria-label={t("dunning.history")}>
          <thead><tr><th scope="col" style={{ width: 150 }}>{t("dunning.at")}</th><th scope="col">{t("dunning.what")}</th><th scope="col" className="right" style={{ width: 110 }}>{t("dunning.owed")}</th><th scope="col" style={{ width: 90 }}>{t("dunning.by")}</th></tr></thead>
          <tbody>{[...c.history].reverse().map((h, i) => (
            <tr key={i}><td><At at={h.at} /></td><td className="wrapped">{h.what === "step" ? word("dunStep", h.step) : word("dunWhat", h.what)}{h.note && h.what !== "answered" && <span className="muted"> <bdi>{note(h.what, h.note)}</bdi></span>}</td><td className="right"><Money fen={h.overdueFen} /></td><td className="clip">{h.actor}</td></tr>
          ))}</tbody>
        </table>
      </section>
      {dialog === "hold" && <HoldDialog of={c} onClose={() => setDialog(null)} onDone={done} />}
      {dialog === "credit" && <CreditDialog of={c} onClose={() => setDialog(null)} onDone={done} />}
      <ReasonDialog open={dialog === "release"} title={t("dunning.release")} confirm={t("dunning.release")} suggestions={[t("dunning.whyRelease1"), t("dunning.whyRelease2")]} onClose={() => setDialog(null)}
        onConfirm={async (reason) => { await post(`/dunning/cases/${c.id}/release`, { reason }); await done(); }} />
    </div>
  );
}

/** Notes of the system are codes; those of people are texts. */
function note(what: string, text: string): string {
  if (what === "told") return word("dunTold", text);
  if (what === "asked") return word("dunStep", text);
  if (what === "closed") return word("dunClosed", text);
  if (what === "holdEnded") return word("dunHold", text);
  if (what === "nothingToBar" || what === "stuck") return "";
  return text;
}

const ahead = (days: number) => { const d = new Date(Date.now() + days * 86_400_000); return d.toISOString().slice(0, 10); };

function HoldDialog({ of: c, onClose, onDone }: { of: WholeCase; onClose: () => void; onDone: () => Promise<void> }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState("promise");
  const [until, setUntil] = useState(ahead(7));
  const [lifts, setLifts] = useState(false);
  const [reason, setReason] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true); setError(null);
    try {
      await post(`/dunning/cases/${c.id}/hold`, { kind, until, lifts, reason }, { idempotencyKey: newKey() });
      say.success(t("dunning.heldDone"));
      await onDone();
      onClose();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  return (
    <Modal open title={t("dunning.hold")} onCancel={onClose} okText={t("dunning.hold")} cancelText={t("kit.cancel")} onOk={() => void go()} confirmLoading={busy} okButtonProps={{ disabled: !reason.trim() || !until }} width={480}>
      <div className="stack">
        <Field label={t("dunning.holdKind")}>{(f) => <Select {...f} value={kind} onChange={setKind} options={["promise", "exempt", "dispute", "other"].map((k) => ({ value: k, label: word("dunHold", k) }))} />}</Field>
        <Field label={t("dunning.holdUntil")}>{(f) => <Input {...f} type="date" value={until} onChange={(e) => setUntil(e.target.value)} />}</Field>
        <Field label={t("kit.reason")}>{(f) => <Input.TextArea {...f} rows={2} maxLength={200} value={reason} onChange={(e) => setReason(e.target.value)} />}</Field>
        {c.level !== "none" && c.level !== "ended" && <Checkbox checked={lifts} onChange={(e) => setLifts(e.target.checked)}>{t("dunning.holdLifts")}</Checkbox>}
        {error ? <Failure error={error} what={t("dunning.hold")} /> : null}
      </div>
    </Modal>
  );
}

function CreditDialog({ of: c, onClose, onDone }: { of: WholeCase; onClose: () => void; onDone: () => Promise<void> }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState(c.credit.kind);
  const [limit, setLimit] = useState(String(c.credit.limitFen / 100));
  const [temporary, setTemporary] = useState("");
  const [until, setUntil] = useState(ahead(7));
  const [reason, setReason] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [limitFen, temporaryFen] = [toFen(limit || "0"), toFen(temporary || "0")];
  const go = async () => {
    setBusy(true); setError(null);
    try {
      await call(`/dunning/credit/${c.accountId}`, { method: "PUT", body: { kind, limitFen, temporaryFen, temporaryUntil: temporaryFen ? until : null, reason } });
      say.success(t("dunning.creditDone"));
      await onDone();
      onClose();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  const wrong = limitFen === null || temporaryFen === null;
  return (
    <Modal open title={t("dunning.credit")} onCancel={onClose} okText={t("kit.save")} cancelText={t("kit.cancel")} onOk={() => void go()} confirmLoading={busy} okButtonProps={{ disabled: wrong || !reason.trim() }} width={480}>
      <div className="stack">
        <Field label={t("dunning.creditKind")}>{(f) => <Select {...f} value={kind} onChange={setKind} options={[{ value: "controlled", label: t("dunning.controlled") }, { value: "uncontrolled", label: t("dunning.uncontrolled") }]} />}</Field>
        {kind === "controlled" && (
          <>
            <Field label={t("dunning.limit")} error={limitFen === null ? t("dunning.badAmount") : null}>{(f) => <Input {...f} inputMode="decimal" value={limit} onChange={(e) => setLimit(e.target.value)} />}</Field>
            <div className="row top">
              <div className="grow"><Field label={t("dunning.temporary")} hint={t("dunning.temporaryHint")} error={temporaryFen === null ? t("dunning.badAmount") : null}>{(f) => <Input {...f} inputMode="decimal" value={temporary} onChange={(e) => setTemporary(e.target.value)} />}</Field></div>
              <div className="grow"><Field label={t("dunning.temporaryUntil")}>{(f) => <Input {...f} type="date" disabled={!temporaryFen} value={until} onChange={(e) => setUntil(e.target.value)} />}</Field></div>
            </div>
          </>
        )}
        <Field label={t("kit.reason")}>{(f) => <Input.TextArea {...f} rows={2} maxLength={200} value={reason} onChange={(e) => setReason(e.target.value)} />}</Field>
        {error ? <Failure error={error} what={t("dunning.credit")} /> : null}
      </div>
    </Modal>
  );
}
