// Any business of a customer in one drawer: what to enter on the left, what it means on the right — money now, monthly before and
// after, what breaking a contract costs, the steps, what is in the way and what to do about it. Ctrl+Enter submits.
import { CheckCircleFilled } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Drawer, Input } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, newKey, post } from "../../../lib/api";
import { dateTime, phone } from "../../../lib/format";
import { titled, word } from "../../../lib/i18n";
import { useKeys } from "../../../lib/keys";
import { Field, Segments } from "../../../kit/layout";
import { release } from "../../../kit/pickers/NumberPicker";
import { Failure } from "../../../kit/states";
import { Status } from "../../../kit/Status";
import { Money } from "../../../kit/text";
import { NamePanel } from "../../sell/NamePanel";
import type { Draft } from "../../sell/draft";
import type { FullView } from "../types";
import { FieldInput } from "./FieldInput";
import { Preview } from "./Preview";
import { missing, wire } from "./types";
import type { Action, Checked, Placed, Subject, Values } from "./types";

interface Props { action: Action; subject: Subject; view: FullView; onClose: () => void; done: (placed: Placed) => void }

export function ActionDrawer({ action, subject, view, onClose, done }: Props) {
  const products = view.products;
  const { t } = useTranslation();
  const [values, setValues] = useState<Values>({});
  const [effective, setEffective] = useState(action.effective[0] ?? "immediate");
  const [date, setDate] = useState("");
  const [reason, setReason] = useState("");
  const [confirmed, setConfirmed] = useState<string[]>([]);
  const [named, setNamed] = useState<Pick<Draft, "verification" | "proxy">>({});
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [placed, setPlaced] = useState<Placed | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef(document.activeElement);
  const key = useRef(newKey());
  const gaps = missing(action, values);
  const needsDate = effective === "date" && !date;
  const ask = useMemo(() => ({
    business: action.business, ...(subject.productId ? { productId: subject.productId } : { customerId: subject.customerId }),
    values: wire(action, values), effective, ...(effective === "date" ? { effectiveDate: date } : {}),
    ...(named.verification ? { verificationId: named.verification.id } : {}), ...(named.proxy ? { proxyVerificationId: named.proxy.id } : {}),
  }), [action, subject.productId, subject.customerId, values, effective, date, named]);
  const asked = useSettled(ask, 250);
  const check = useQuery({
    queryKey: ["check", asked], enabled: gaps.length === 0 && !needsDate && !placed, retry: false, staleTime: 10_000, placeholderData: keepPreviousData,
    queryFn: ({ signal }) => post<Checked>("/businesses/check", asked, { signal }),
  });
  const fresh = asked === ask && !check.isPlaceholderData ? check.data : undefined;
  const problems = (gaps.length === 0 && check.data?.problems) || [];
  const asksName = problems.some((p) => /^(realname|verification|proxy)\./.test(p.code));
  const wanted = fresh?.confirmations ?? [];
  const open = wanted.filter((c) => !confirmed.includes(c.id));
  const refused = error instanceof ApiError ? error : null;
  const errorOf = (name: string) => {
    if (tried && gaps.includes(name)) return t("action.needed");
    const p = problems.find((x) => x.field === name || x.field === `values.${name}`);
    return p?.reason ?? (refused?.field === name || refused?.field === `values.${name}` ? refused.reason : null);
  };
  // A change makes it another request: it may go out under a new key.
  useEffect(() => { key.current = newKey(); setError(null); }, [ask, reason]);
  // A number locked for nothing goes back to the pool.
  const held = useRef<Values>({});
  held.current = placed ? {} : values;
  useEffect(() => () => {
    for (const f of action.fields) if (f.type === "numberPick") { const lock = held.current[f.name] as { number?: string } | null; if (lock?.number) release(lock.number); }
    if (opener.current instanceof HTMLElement) opener.current.focus();
  }, [action]);
  const submit = async () => {
    if (busy || placed) return;
    setTried(true);
    if (gaps.length > 0 || needsDate) { focusFirst(box.current, needsDate && gaps.length === 0 ? "effectiveDate" : gaps[0]!); return; }
    if (problems.length > 0) { box.current?.querySelector<HTMLElement>("[data-problem]")?.focus(); return; }
    if (!reason.trim()) { focusFirst(box.current, "reason"); return; }
    if (open.length > 0) { box.current?.querySelector<HTMLElement>("[data-confirm] input")?.focus(); return; }
    if (!fresh) return;
    setBusy(true);
    setError(null);
    try {
      const made = await post<Placed>("/businesses", { ...ask, reason: reason.trim(), confirmations: confirmed }, { idempotencyKey: key.current });
      setPlaced({ ...made, dueNowFen: made.dueNowFen ?? fresh.dueNowFen });
      done(made);
    } catch (cause) {
      setError(cause);
      void check.refetch();
    } finally { setBusy(false); }
  };
  useKeys({ "mod+Enter": () => void submit() }, { inDialog: true });
  // The answer takes the focus: Enter ends it, Tab leads to the order and to the till.
  useEffect(() => { if (placed) setTimeout(() => document.querySelector<HTMLElement>("[data-finish]")?.focus(), 0); }, [placed]);
  const whys = t(`action.whys.${action.business}` as "action.whys.other", { defaultValue: t("action.whys.other") }).split("|");
  return (
    <Drawer
      open onClose={onClose} size={880} autoFocus={false} afterOpenChange={(shown) => { if (shown) box.current?.querySelector<HTMLElement>("input, select, button, textarea")?.focus(); }} closable={{ "aria-label": t("action.close") }} className="actiondrawer"
      title={<span className="row" style={{ gap: 10 }}><b>{titled(action.title)}</b><span className="soft clip" style={{ fontWeight: 400 }}><bdi>{subject.productName ?? subject.customerName}</bdi>{subject.number && <span className="num"> · {phone(subject.number)}</span>}</span></span>}
      footer={placed ? (
        <div className="row" style={{ justifyContent: "flex-end" }}>
          {(placed.dueNowFen ?? 0) > 0 && <Link to="/app/counter" search={{ customer: subject.customerId } as never} className="ant-btn">{t("action.toCounter")}</Link>}
          <Link to="/app/orders/$id" params={{ id: placed.orderId }}>{t("action.track")}</Link>
          <Button type="primary" data-finish onClick={onClose}>{t("action.finish")}</Button>
        </div>
      ) : (
        <div className="row">
          <span className="muted grow">{t("action.keys")}</span>
          <Button onClick={onClose}>{t("kit.cancel")}</Button>
          <Button type="primary" loading={busy} onClick={() => void submit()} disabled={gaps.length === 0 && problems.length > 0} title="Ctrl+Enter">{t("action.submit")}</Button>
        </div>
      )}
    >
      {placed ? <Done placed={placed} /> : (
        <div className="actiongrid" ref={box}>
          <div className="stack">
            {action.fields.map((f, i) => (
              <FieldInput key={f.name} field={f} value={values[f.name]} set={(v) => setValues((all) => ({ ...all, [f.name]: v }))} error={errorOf(f.name)} subject={subject} products={products} autoFocus={i === 0} />
            ))}
            <div className="row wraps" style={{ alignItems: "flex-end", gap: 12 }}>
              <div className="field">
                <span className="label">{t("action.effective")}</span>
                <Segments label={t("action.effective")} at={effective} onPick={setEffective} items={action.effective.map((e) => ({ id: e, title: word("effective", e) }))} />
              </div>
              {effective === "date" && (
                <div data-field="effectiveDate"><Field label={t("action.date")} error={tried && needsDate ? t("action.needed") : null}>{(p) => <input id={p.id} aria-describedby={p["aria-describedby"]} type="date" className="pick" value={date} min={tomorrow()} onChange={(e) => setDate(e.target.value)} />}</Field></div>
              )}
            </div>
            <div data-field="reason">
              <Field label={t("kit.reason")} error={tried && !reason.trim() ? t("action.needed") : null}>
                {(p) => <Input {...p} autoFocus={action.fields.length === 0} maxLength={200} value={reason} onChange={(e) => setReason(e.target.value)} />}
              </Field>
              <div className="row wraps" style={{ gap: 4, marginTop: 6 }}>
                {whys.map((w) => <button key={w} type="button" className={`filterchip${reason === w ? " on" : ""}`} aria-pressed={reason === w} onClick={() => setReason(w)}>{w}</button>)}
              </div>
            </div>
            {(asksName || named.verification) && <NamePanel view={view as never} draft={named as Draft} change={(part) => setNamed((all) => ({ ...all, ...part }))} needed={asksName} />}
            {wanted.map((c) => (
              <label key={c.id} className="tick" data-confirm><input type="checkbox" checked={confirmed.includes(c.id)} onChange={(e) => setConfirmed((all) => (e.target.checked ? [...all, c.id] : all.filter((x) => x !== c.id)))} /> {titled(c.title)}</label>
            ))}
            {error ? <Failure error={error} what={titled(action.title)} /> : null}
          </div>
          <aside aria-label={t("action.preview")} aria-busy={check.isFetching}>
            {gaps.length > 0 || needsDate ? <div className="previewempty">{t("action.fillFirst")}</div>
              : check.error ? <Failure error={check.error} what={t("action.preview")} retry={() => void check.refetch()} />
              : check.data ? <Preview of={check.data} stale={!fresh} /> : <div className="previewempty" role="status">{t("action.checking")}</div>}
          </aside>
        </div>
      )}
    </Drawer>
  );
}

function Done({ placed }: { placed: Placed }) {
  const { t } = useTranslation();
  return (
    <div className="placed" role="status">
      <CheckCircleFilled aria-hidden />
      <div className="strong" style={{ fontSize: 16 }}>{t("action.placed")}</div>
      <dl className="facts two">
        <div><dt>{t("order.no")}</dt><dd className="num strong" data-testid="placed-order">{placed.orderNo}</dd></div>
        <div><dt>{t("order.stateTitle")}</dt><dd><Status group="orderState" code={placed.state} /></dd></div>
        {placed.effectiveAt && <div><dt>{t("action.effectiveAt")}</dt><dd className="num">{dateTime(placed.effectiveAt)}</dd></div>}
        {(placed.dueNowFen ?? 0) > 0 && <div><dt>{t("action.dueNow")}</dt><dd><Money fen={placed.dueNowFen} /></dd></div>}
      </dl>
    </div>
  );
}

function focusFirst(box: HTMLElement | null, name: string) {
  const inside = box?.querySelector<HTMLElement>(`[data-field="${name}"]`);
  (inside?.matches("input") ? inside : inside?.querySelector<HTMLElement>("input, select, button, textarea"))?.focus();
}
const tomorrow = () => new Date(Date.now() + 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10);

/** The value once it has rested for `wait` milliseconds. */
function useSettled<T>(value: T, wait: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => { const timer = setTimeout(() => setSettled(value), wait); return () => clearTimeout(timer); }, [value, wait]);
  return settled;
}
