// The till, usable from the keypad alone: F4 find, Enter through amount and tendered, F8 take, F9 print, F2 next, Esc back.
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Input } from "antd";
import type { InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, call, newKey, post } from "../../lib/api";
import { phone, plainPhone, toFen, yuan } from "../../lib/format";
import { useKeys } from "../../lib/keys";
import type { Dues, PaymentDone, Shift } from "../../lib/types";
import { useUrl } from "../../lib/url";
import { PageHead, Panel } from "../../kit/layout";
import { Failure, Nothing, Waiting } from "../../kit/states";
import { DueList } from "./DueList";
import { PayPanel } from "./PayPanel";
import { Receipt } from "./Receipt";

export type Method = "cash" | "transfer";
export interface Pay { amount: string; tendered: string; method: Method; reference: string; accountId?: string }
const plainYuan = (fen: number) => (fen > 0 ? yuan(fen, false).replaceAll(",", "") : "");

export default function CounterPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { search, set } = useUrl();
  const finder = useRef<InputRef>(null);
  const amount = useRef<InputRef>(null);
  const tendered = useRef<InputRef>(null);
  const [text, setText] = useState(search.q ?? "");
  const [pay, setPay] = useState<Pay>({ amount: "", tendered: "", method: "cash", reference: "" });
  const [done, setDone] = useState<PaymentDone | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const key = useRef(newKey());
  const q = search.q ?? "";

  // From an order, or from several matches, one arrives with the customer's id instead of something typed.
  const who = search.customer ?? "";
  const asked = q !== "" || who !== "";
  const dues = useQuery({ queryKey: ["dues", q, who], queryFn: () => call<Dues>("/counter/dues", { query: who ? { customerId: who } : { q } }), enabled: asked, retry: false, placeholderData: done ? keepPreviousData : undefined });
  const shift = useQuery({ queryKey: ["shift"], queryFn: () => call<Shift>("/counter/shift") });
  const d = asked ? dues.data : undefined;
  const loaded = d ? d.customer.id : "";
  useEffect(() => {
    if (!d || done) return;
    setPay({ amount: plainYuan(d.totalDueFen), tendered: "", method: "cash", reference: "" });
    key.current = newKey();
    setTimeout(() => amount.current?.focus({ cursor: "all" }), 30);
    // Refetches of the same customer must not overwrite what is being typed.
  }, [loaded, done]);

  const due = toFen(pay.amount);
  const given = pay.tendered.trim() === "" ? due : toFen(pay.tendered);
  const change = due !== null && given !== null && pay.method === "cash" ? given - due : 0;
  const ready = !!d && !done && due !== null && due > 0 && (pay.method !== "cash" || (given !== null && change >= 0)) && (pay.method !== "transfer" || pay.reference.trim() !== "");
  const edit = (part: Partial<Pay>) => { setPay((p) => ({ ...p, ...part })); key.current = newKey(); setError(null); };
  const find = () => { setDone(null); setError(null); const wanted = plainPhone(text.trim()); if (wanted === q) void dues.refetch(); set({ q: wanted, customer: undefined }); };
  const fresh = () => { setDone(null); setError(null); setText(""); set({ q: undefined, customer: undefined }); setTimeout(() => finder.current?.focus(), 30); };
  const take = async () => {
    if (!ready || busy || !d) return;
    setBusy(true);
    setError(null);
    try {
      const body = { customerId: d.customer.id, accountId: pay.accountId, amountFen: due, method: pay.method, ...(pay.method === "cash" && given !== null ? { tenderedFen: given } : { reference: pay.reference.trim() }) };
      const made = await post<PaymentDone>("/counter/payments", body, { idempotencyKey: key.current });
      setDone({ method: pay.method, tenderedFen: pay.method === "cash" ? (given ?? undefined) : undefined, ...made });
      for (const root of ["dues", "shift", "payments", "workbench", "bill"]) void client.invalidateQueries({ queryKey: [root] });
      void client.invalidateQueries({ queryKey: ["customer", d.customer.id] });
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  const print = () => { if (done) window.print(); };
  useKeys({
    F2: fresh,
    F4: () => finder.current?.focus({ cursor: "all" }),
    F8: () => void take(),
    F9: print,
    Escape: () => { if (done || asked) { fresh(); return; } return false; },
  });
  const missing = dues.error instanceof ApiError && dues.error.status === 404;
  return (
    <div className="page">
      <PageHead title={t("nav.counter")} sub={<span className="row"><Link to="/app/counter/payments">{t("nav.payments")}</Link> · <Link to="/app/counter/shift">{t("nav.shift")}</Link></span>}>
        <div className="fkeys" role="group" aria-label={t("help.counter")}>
          <button type="button" onClick={fresh}><kbd>F2</kbd>{t("help.counterNew")}</button>
          <button type="button" onClick={() => finder.current?.focus({ cursor: "all" })}><kbd>F4</kbd>{t("help.counterFind")}</button>
          <button type="button" className="main" disabled={!ready || busy} aria-busy={busy} onClick={() => void take()}><kbd>F8</kbd>{busy ? t("counter.taking") : t("help.counterTake")}</button>
          <button type="button" disabled={!done} onClick={print}><kbd>F9</kbd>{t("help.counterPrint")}</button>
        </div>
      </PageHead>
      {shift.data?.state === "closed" && <div className="banner" role="status"><span className="grow">{t("counter.noShift")}</span><Link to="/app/counter/shift">{t("shift.open")}</Link></div>}
      <div className="till">
        <div className="stack">
          <Panel>
            <Input.Search ref={finder} autoFocus size="large" value={text} maxLength={60} placeholder={t("counter.find")} aria-label={t("counter.find")} enterButton={t("help.counterFind")}
              onChange={(e) => setText(e.target.value)} onSearch={() => { if (text.trim()) find(); }} loading={dues.isFetching && !d} />
          </Panel>
          {!asked ? <Panel><Nothing why={t("counter.start")} /></Panel>
            : dues.error && !d ? (missing ? <Panel><Nothing why={t("counter.notFound", { q })} action={<Link to="/app/customers" search={{ q } as never}>{t("counter.searchCustomers")}</Link>} /></Panel> : <Failure error={dues.error} what={t("counter.dues")} retry={() => void dues.refetch()} />)
            : !d ? <Panel><Waiting rows={6} /></Panel>
            : <>
              {(d.others ?? []).length > 0 && (
                <div className="banner info wraps" role="status"><span>{t("counter.others")}</span>{d.others!.map((o) => <button key={o.id} type="button" className="filterchip" onClick={() => set({ customer: o.id })}><bdi>{o.name}</bdi> <span className="num">{phone(o.phone)}</span></button>)}</div>
              )}
              <DueList dues={d} at={pay.accountId} onPick={(accountId) => edit({ accountId, amount: plainYuan(accountId ? (d.accounts.find((a) => a.id === accountId)?.bills.reduce((n, b) => n + b.remainingFen, 0) ?? 0) : d.totalDueFen) })} />
            </>}
        </div>
        <div className="stack">
          {done ? <Receipt done={done} customer={d?.customer} next={fresh} print={print} />
            : <PayPanel pay={pay} edit={edit} dueFen={d?.totalDueFen} off={!d} change={change} ready={ready} busy={busy} take={() => void take()} amount={amount} tendered={tendered} />}
          {error ? <Failure error={error} what={t("help.counterTake")} /> : null}
        </div>
      </div>
    </div>
  );
}
