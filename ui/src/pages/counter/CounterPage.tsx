// The till, usable from the keypad alone: F4 find, Enter through amount and tendered, F6 one more to pay for, + the method,
// F7 a second method, F8 take, F9 print, F2 next, Esc back.
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Input } from "antd";
import type { InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, call, newKey, post } from "../../lib/api";
import { phone, plainPhone, toFen, yuan } from "../../lib/format";
import { useKeys } from "../../lib/keys";
import type { CheckedOut, Dues, Shift } from "../../lib/types";
import { useUrl } from "../../lib/url";
import { PageHead, Panel } from "../../kit/layout";
import { Failure, Nothing, Waiting } from "../../kit/states";
import { Basket } from "./Basket";
import type { Item } from "./Basket";
import { DueList } from "./DueList";
import { PayPanel } from "./PayPanel";
import type { Campaign } from "./PayPanel";
import { Receipt } from "./Receipt";

export type Method = "cash" | "card" | "qr" | "cheque" | "transfer";
export const METHODS: Method[] = ["cash", "card", "qr", "cheque", "transfer"];
export interface Pay { amount: string; tendered: string; method: Method; reference: string; accountId?: string; campaignId?: string; second?: { method: Method; amount: string; reference: string } }
export const EMPTY: Pay = { amount: "", tendered: "", method: "cash", reference: "" };
const plainYuan = (fen: number) => (fen > 0 ? yuan(fen, false).replaceAll(",", "") : "");
export const dueOf = (d: Dues, accountId?: string) => (accountId
  ? (d.accounts.find((a) => a.id === accountId)?.bills.reduce((n, b) => n + b.remainingFen + (b.lateFeeFen ?? 0), 0) ?? 0)
  : (d.toPayFen ?? d.totalDueFen));

export default function CounterPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { search, set } = useUrl();
  const finder = useRef<InputRef>(null);
  const amount = useRef<InputRef>(null);
  const tendered = useRef<InputRef>(null);
  const second = useRef<InputRef>(null);
  const [text, setText] = useState(search.q ?? "");
  const [pay, setPay] = useState<Pay>(EMPTY);
  const [items, setItems] = useState<Item[]>([]);
  const [done, setDone] = useState<CheckedOut | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const key = useRef(newKey());
  const printer = useRef<() => void>(() => undefined);
  const q = search.q ?? "";

  // From an order, or from several matches, one arrives with the customer's id instead of something typed.
  const who = search.customer ?? "";
  const asked = q !== "" || who !== "";
  const dues = useQuery({ queryKey: ["dues", q, who], queryFn: () => call<Dues>("/counter/dues", { query: who ? { customerId: who } : { q } }), enabled: asked, retry: false, placeholderData: done ? keepPreviousData : undefined });
  const shift = useQuery({ queryKey: ["shift"], queryFn: () => call<Shift>("/counter/shift") });
  const campaigns = useQuery({ queryKey: ["campaigns"], queryFn: () => call<Campaign[]>("/counter/campaigns") });
  const d = asked ? dues.data : undefined;
  const loaded = d ? d.customer.id : "";
  useEffect(() => {
    if (!d || done) return;
    setPay((p) => ({ ...EMPTY, method: items.length > 0 ? p.method : "cash", amount: plainYuan(dueOf(d)) }));
    key.current = newKey();
    setTimeout(() => amount.current?.focus({ cursor: "all" }), 30);
    // Refetches of the same customer must not overwrite what is being typed.
  }, [loaded, done]);

  const mine = d ? toFen(pay.amount) : null;
  const parked = items.reduce((n, i) => n + i.amountFen, 0);
  const current = mine ?? 0;
  const total = parked + current;
  const other = pay.second ? (toFen(pay.second.amount) ?? 0) : 0;
  const first = total - other;
  const given = pay.tendered.trim() === "" ? first : toFen(pay.tendered);
  const change = given !== null && pay.method === "cash" ? given - first : 0;
  const needsReference = (m: Method) => m === "transfer" || m === "cheque";
  const amountFits = d ? (mine !== null && mine > 0) || (parked > 0 && pay.amount.trim() === "") : parked > 0;
  const ready = !done && amountFits && total > 0 && first > 0
    && (pay.method !== "cash" || (given !== null && change >= 0)) && (!needsReference(pay.method) || pay.reference.trim() !== "")
    && (!pay.second || (other > 0 && (!needsReference(pay.second.method) || pay.second.reference.trim() !== "")));
  const edit = (part: Partial<Pay>) => { setPay((p) => ({ ...p, ...part })); key.current = newKey(); setError(null); };
  const find = () => { setDone(null); setError(null); const typed = text.trim(); const wanted = /[A-Za-z\u4e00-\u9fff]/.test(typed) ? typed : plainPhone(typed); if (wanted === q) void dues.refetch(); set({ q: wanted, customer: undefined }); };
  const clear = () => { setError(null); setText(""); set({ q: undefined, customer: undefined }); setTimeout(() => finder.current?.focus(), 30); };
  const fresh = () => { setDone(null); setItems([]); setPay(EMPTY); clear(); };
  const asItem = (dd: Dues, fen: number): Item => ({
    key: `${dd.customer.id}:${pay.accountId ?? ""}`, customerId: dd.customer.id, name: dd.customer.name, phone: dd.customer.phone, accountId: pay.accountId,
    accountNo: dd.accounts.find((a) => a.id === pay.accountId)?.accountNo, amountFen: fen, campaignId: pay.campaignId,
  });
  const more = () => {
    if (!d || done || mine === null || mine <= 0) return;
    const item = asItem(d, mine);
    setItems((all) => [...all.filter((i) => i.key !== item.key), item]);
    key.current = newKey();
    setPay((p) => ({ ...EMPTY, method: p.method }));
    clear();
  };
  const take = async () => {
    if (!ready || busy) return;
    setBusy(true);
    setError(null);
    try {
      const all = d && current > 0 ? [...items.filter((i) => i.key !== asItem(d, current).key), asItem(d, current)] : items;
      const sum = all.reduce((n, i) => n + i.amountFen, 0);
      const tenders = [
        { method: pay.method, amountFen: sum - other, ...(pay.method === "cash" && given !== null ? { tenderedFen: sum - other + change } : {}), reference: pay.reference.trim() },
        ...(pay.second ? [{ method: pay.second.method, amountFen: other, reference: pay.second.reference.trim() }] : []),
      ];
      const body = { items: all.map((i) => ({ customerId: i.customerId, accountId: i.accountId, amountFen: i.amountFen, campaignId: i.campaignId })), tenders };
      const made = await post<CheckedOut>("/counter/checkouts", body, { idempotencyKey: key.current });
      setItems(all);
      setDone(made);
      for (const root of ["dues", "shift", "payments", "workbench", "bill", "receipt-log", "books", "customer"]) void client.invalidateQueries({ queryKey: [root] });
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  const split = () => {
    if (done || total <= 0) return;
    if (pay.second) { edit({ second: undefined }); return; }
    edit({ second: { method: pay.method === "cash" ? "card" : "cash", amount: "", reference: "" } });
    setTimeout(() => second.current?.focus(), 30);
  };
  const turn = () => edit({ method: METHODS[(METHODS.indexOf(pay.method) + 1) % METHODS.length]!, tendered: "", reference: "" });
  useKeys({
    F2: fresh,
    F4: () => finder.current?.focus({ cursor: "all" }),
    F6: more,
    F7: split,
    F8: () => void take(),
    F9: () => printer.current(),
    Escape: () => { if (done) { fresh(); return; } if (pay.second) { edit({ second: undefined }); return; } if (asked) { clear(); setPay(EMPTY); return; } if (items.length > 0) { fresh(); return; } return false; },
  });
  const missing = dues.error instanceof ApiError && dues.error.status === 404;
  const names = Object.fromEntries(items.map((i) => [i.customerId, { id: i.customerId, name: i.name, phone: i.phone }]));
  return (
    <div className="page">
      <PageHead title={t("nav.counter")} sub={<span className="row"><Link to="/app/counter/payments">{t("nav.payments")}</Link> · <Link to="/app/counter/receipts">{t("nav.receipts")}</Link> · <Link to="/app/counter/refunds">{t("nav.refunds")}</Link> · <Link to="/app/counter/shift">{t("nav.shift")}</Link></span>}>
        <div className="fkeys" role="group" aria-label={t("help.counter")}>
          <button type="button" onClick={fresh}><kbd>F2</kbd>{t("help.counterNew")}</button>
          <button type="button" onClick={() => finder.current?.focus({ cursor: "all" })}><kbd>F4</kbd>{t("help.counterFind")}</button>
          <button type="button" disabled={!d || !!done || !mine} onClick={more}><kbd>F6</kbd>{t("till.more")}</button>
          <button type="button" disabled={!!done || total <= 0} aria-pressed={!!pay.second} onClick={split}><kbd>F7</kbd>{t("till.split")}</button>
          <button type="button" className="main" disabled={!ready || busy} aria-busy={busy} onClick={() => void take()}><kbd>F8</kbd>{busy ? t("counter.taking") : t("help.counterTake")}</button>
          <button type="button" disabled={!done} onClick={() => printer.current()}><kbd>F9</kbd>{t("help.counterPrint")}</button>
        </div>
      </PageHead>
      {shift.data?.state === "closed" && <div className="banner" role="status"><span className="grow">{t("counter.noShift")}</span><Link to="/app/counter/shift">{t("shift.open")}</Link></div>}
      <div className="till">
        <div className="stack">
          <Panel>
            <Input.Search ref={finder} autoFocus size="large" value={text} maxLength={60} placeholder={t("counter.find")} aria-label={t("counter.find")} enterButton={t("help.counterFind")}
              onChange={(e) => setText(e.target.value)} onSearch={() => { if (text.trim()) find(); else if (items.length > 0) tendered.current?.focus({ cursor: "all" }); }} loading={dues.isFetching && !d} />
          </Panel>
          {!asked ? (done ? null : <Panel><Nothing why={items.length > 0 ? t("till.another") : t("counter.start")} /></Panel>)
            : dues.error && !d ? (missing ? <Panel><Nothing why={t("counter.notFound", { q })} action={<Link to="/app/customers" search={{ q } as never}>{t("counter.searchCustomers")}</Link>} /></Panel> : <Failure error={dues.error} what={t("counter.dues")} retry={() => void dues.refetch()} />)
            : !d ? <Panel><Waiting rows={6} /></Panel>
            : <>
              {(d.others ?? []).length > 0 && (
                <div className="banner info wraps" role="status"><span>{t("counter.others")}</span>{d.others!.map((o) => <button key={o.id} type="button" className="filterchip" onClick={() => set({ customer: o.id })}><bdi>{o.name}</bdi> <span className="num">{phone(o.phone)}</span></button>)}</div>
              )}
              <DueList dues={d} at={pay.accountId} onPick={(accountId) => edit({ accountId, amount: plainYuan(dueOf(d, accountId)) })} />
            </>}
        </div>
        <div className="stack">
          {!done && items.length > 0 && <Basket items={items} current={d && current > 0 ? { name: d.customer.name, amountFen: current } : undefined} totalFen={total} drop={(k) => { setItems((all) => all.filter((i) => i.key !== k)); key.current = newKey(); }} />}
          {done ? <Receipt done={done} names={d ? { ...names, [d.customer.id]: d.customer } : names} next={fresh} printer={printer} />
            : <PayPanel pay={pay} edit={edit} turn={turn} dueFen={d ? dueOf(d, pay.accountId) : undefined} off={!d} payable={!!d || items.length > 0} totalFen={total} firstFen={first} change={change} ready={ready} busy={busy}
              take={() => void take()} amount={amount} tendered={tendered} second={second} campaigns={campaigns.data ?? []} />}
          {error ? <Failure error={error} what={t("help.counterTake")} /> : null}
        </div>
      </div>
    </div>
  );
}
