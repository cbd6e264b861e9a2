// One item of the cart in detail: what is picked inside a bundle, how many, and which discounts. The price follows at once.
import { Button, Drawer, Input } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "@tanstack/react-query";
import { call, newKey, post } from "../../lib/api";
import { yuan } from "../../lib/format";
import { language, word } from "../../lib/i18n";
import { useKeys } from "../../lib/keys";
import { useMay } from "../../lib/session";
import { Field } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Failure, Waiting } from "../../kit/states";
import { say } from "../../kit/toast";
import { Money, Name } from "../../kit/text";
import { misfit, quantityOf } from "./draft";
import type { CartItem } from "./draft";
import { useSettled } from "./settled";
import type { Detail, Granted, Option, Picked, Price } from "./types";

export const detailOf = (id: string) => call<Detail>(`/catalog/offerings/${id}`);

export function Configure({ item, customerId, apply, onClose }: { item: CartItem; customerId: string; apply: (part: Partial<CartItem>) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const detail = useQuery({ queryKey: ["offering", item.offering.id, "detail"], queryFn: () => detailOf(item.offering.id), initialData: item.detail });
  return (
    <Drawer open onClose={onClose} size={760} closable={{ "aria-label": t("sale.close") }} title={<Name className="strong">{item.offering.name}</Name>} footer={null}>
      {detail.error ? <Failure error={detail.error} what={item.offering.name} retry={() => void detail.refetch()} />
        : !detail.data ? <Waiting rows={8} /> : <Form item={item} detail={detail.data} customerId={customerId} apply={apply} onClose={onClose} />}
    </Drawer>
  );
}

function Form({ item, detail, customerId, apply, onClose }: { item: CartItem; detail: Detail; customerId: string; apply: (part: Partial<CartItem>) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const start = useMemo(() => ({ ...item, detail }), [item, detail]);
  const [picked, setPicked] = useState<Picked[]>(() => detail.options.map((o) => ({ offeringId: o.offeringId, quantity: quantityOf(start, o.offeringId) })));
  const [quantity, setQuantity] = useState(item.quantity ?? 1);
  const [discounts, setDiscounts] = useState<Granted[]>(item.discounts ?? []);
  const now: CartItem = { ...start, selection: detail.options.length > 0 ? picked : [], quantity, discounts };
  const set = (o: Option, n: number) => setPicked((all) => all.map((p) => (p.offeringId === o.offeringId ? { ...p, quantity: n } : p)));
  const wrong = misfit(now);
  const ask = useSettled(JSON.stringify({ customerId, items: [{ offeringId: item.offering.id, quantity, selection: now.selection, discounts }] }), 250);
  const price = useQuery({ queryKey: ["price-one", ask], queryFn: () => post<Price>("/orders/price", JSON.parse(ask)), enabled: !wrong, placeholderData: (old) => old, retry: false });
  const done = () => {
    if (wrong) { say.warning(t("sale.misfit")); return; }
    apply({ detail, version: detail.version, selection: detail.options.length > 0 ? picked : undefined, quantity, discounts });
    onClose();
  };
  useKeys({ "mod+Enter": done, F8: done }, { inDialog: true });
  const groups = detail.groups ?? [];
  const loose = detail.options.filter((o) => !o.group || !groups.some((g) => g.id === o.group));
  const quote = wrong ? undefined : price.data;
  return (
    <form className="stack" onSubmit={(e) => { e.preventDefault(); done(); }}>
      {loose.length > 0 && (
        <fieldset className="picks">
          <legend>{t("sale.parts")}</legend>
          {loose.map((o) => <OptionRow key={o.offeringId} option={o} n={quantityOf(now, o.offeringId)} set={(n) => set(o, n)} />)}
        </fieldset>
      )}
      {groups.map((g) => {
        const inside = detail.options.filter((o) => o.group === g.id);
        const sum = inside.reduce((s, o) => s + quantityOf(now, o.offeringId), 0);
        const fits = sum >= g.min && sum <= g.max;
        return (
          <fieldset className="picks" key={g.id}>
            <legend>{g.name} <span className={fits ? "ok" : "warn"} role="status">{g.min === g.max ? t("sale.pickExactly", { n: g.min, of: inside.length, have: sum }) : t("sale.pickBetween", { min: g.min, max: g.max, have: sum })}</span></legend>
            {inside.map((o) => <OptionRow key={o.offeringId} option={o} n={quantityOf(now, o.offeringId)} set={(n) => set(o, n)} full={sum >= g.max} />)}
          </fieldset>
        );
      })}
      <div className="row wraps" style={{ gap: 16, alignItems: "flex-end" }}>
        <Field label={t("sale.quantity")}>{(p) => <input {...p} type="number" className="pick num" style={{ width: 90 }} min={1} max={200} value={quantity} autoFocus={detail.options.length === 0} onChange={(e) => setQuantity(Math.max(1, Math.min(200, Number(e.target.value) || 1)))} />}</Field>
        {detail.contract && <span className="soft" style={{ paddingBottom: 6 }}>{t("sale.contractOf", { count: detail.contract.months })}</span>}
      </div>
      <Discounts detail={detail} customerId={customerId} offeringId={item.offering.id} value={discounts} set={setDiscounts} />
      <div className="well stack tight" aria-live="polite">
        {wrong ? <span className="warn">{t("sale.misfit")}</span>
          : price.error ? <Failure error={price.error} what={t("sell.step.price")} retry={() => void price.refetch()} />
          : quote ? (
            <>
              {quote.problems.map((p, i) => <div key={i} className="bad wrap" data-testid="refused"><bdi>{p.reason}</bdi>{p.message && <span className="soft"> · <bdi>{p.message}</bdi></span>}</div>)}
              {(quote.items[0]?.discounts ?? []).map((d) => <div key={d.id} className="row spread"><span className="wrap"><bdi>{d.name}</bdi> <span className="muted">{language() === "en" ? d.noteEn : d.note}</span></span><Money fen={d.amountFen} tone /></div>)}
              {(quote.items[0]?.declined ?? []).map((d) => <div key={d.id} className="muted wrap" style={{ fontSize: 12 }}>{d.name}：{language() === "en" ? d.en : d.zh}</div>)}
              <div className="row spread strong"><span>{t("sell.monthly")} <Money fen={quote.monthlyFen} /></span><span>{t("sell.dueNow")} <Money fen={quote.dueNowFen} /></span></div>
            </>
          ) : <span className="muted">{t("kit.loading")}</span>}
      </div>
      <div className="row" style={{ justifyContent: "flex-end" }}>
        <span className="muted grow"><kbd>Ctrl</kbd> <kbd>Enter</kbd> {t("sale.apply")}</span>
        <Button onClick={onClose}>{t("kit.cancel")}</Button>
        <Button type="primary" htmlType="submit" disabled={wrong}>{t("sale.apply")}</Button>
      </div>
    </form>
  );
}

function OptionRow({ option: o, n, set, full }: { option: Option; n: number; set: (n: number) => void; full?: boolean }) {
  const { t } = useTranslation();
  const fixed = o.min === o.max && !o.group;
  const note = <span className="muted" style={{ fontSize: 12 }}>{word("family", o.family)}{fixed ? ` · ${t("sale.fixed")}` : o.max > 1 ? ` · ${o.min}–${o.max}` : ""}</span>;
  if (o.max <= 1) {
    return (
      <label className={`tick pickrow${fixed ? " soft" : ""}`}>
        <input type="checkbox" checked={n > 0} disabled={fixed || (full && n === 0)} onChange={(e) => set(e.target.checked ? 1 : 0)} />
        <Name wrap>{o.name}</Name> {note}
      </label>
    );
  }
  return (
    <label className="pickrow row">
      <input type="number" className="pick num" style={{ width: 64 }} min={o.min} max={o.max} value={n} disabled={fixed} aria-label={t("sale.quantityOf", { name: o.name })} onChange={(e) => set(Math.max(0, Math.min(o.max, Number(e.target.value) || 0)))} />
      <Name wrap>{o.name}</Name> {note}
    </label>
  );
}

interface Limits { mine?: { maxPercent: number; maxFenMonth: number }; own?: { maxPercent: number; maxFenMonth: number } }

/** Discounts the catalogue leaves to staff, and one by hand; what is above one's own limit is asked for. */
function Discounts({ detail, customerId, offeringId, value, set }: { detail: Detail; customerId: string; offeringId: string; value: Granted[]; set: (all: Granted[]) => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const limits = useQuery({ queryKey: ["discount-authority"], queryFn: () => call<Limits>("/catalog/discount-authority"), retry: false, staleTime: 300_000 });
  const own = limits.data?.mine ?? limits.data?.own;
  const hand = value.find((d) => !d.discountId);
  const [kind, setKind] = useState(hand?.amountFen ? "amount" : "percent");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const others = value.filter((d) => d !== hand);
  const change = (part: Partial<Granted> | null) => set(part === null ? others : [...others, { applies: "recurring", ...hand, ...part }]);
  const byHand = detail.discounts.filter((d) => d.byHand);
  const auto = detail.discounts.filter((d) => !d.byHand);
  const over = hand && own && ((hand.percent ?? 0) > own.maxPercent || (hand.amountFen ?? 0) > own.maxFenMonth);
  const request = async () => {
    if (!hand || busy) return;
    setBusy(true);
    setError(null);
    try {
      await post("/discounts/requests", { offeringId, customerId, percent: hand.percent ?? 0, fenMonth: hand.amountFen ?? 0, months: hand.months ?? 0, reason: hand.reason ?? "" }, { idempotencyKey: newKey() });
      say.success(t("sale.requested"));
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  const granted = useQuery({
    queryKey: ["discount-requests", customerId], queryFn: () => call<{ id: string; offeringId: string; state: string; percent: number; fenMonth: number; months: number; reason: string; askedByName?: string }[]>("/discounts/requests", { query: { customerId, state: "approved" } }), retry: false,
  });
  const usable = (granted.data ?? []).filter((g) => g.offeringId === offeringId);
  return (
    <fieldset className="picks">
      <legend>{t("sale.discounts")}{own && <span className="muted"> {t("sale.myLimit", { percent: own.maxPercent, amount: yuan(own.maxFenMonth) })}</span>}</legend>
      {auto.map((d) => <div key={d.id} className="pickrow ok"><Name wrap>{d.name}</Name> <span className="muted" style={{ fontSize: 12 }}>{t("sale.byItself")}</span></div>)}
      {byHand.map((d) => {
        const on = value.find((v) => v.discountId === d.id);
        return (
          <div key={d.id} className="pickrow row wraps">
            <label className="tick"><input type="checkbox" checked={!!on} onChange={(e) => set(e.target.checked ? [...value, { discountId: d.id, ...(d.percent ? {} : { percent: d.byHand!.maxPercent || undefined }) }] : value.filter((v) => v !== on))} /><Name>{d.name}</Name></label>
            {on && !d.amountFen && <input type="number" className="pick num" style={{ width: 70 }} aria-label={t("sale.percentOf", { name: d.name })} min={1} max={d.byHand!.maxPercent || 100} value={on.percent ?? d.percent ?? 0} onChange={(e) => set(value.map((v) => (v === on ? { ...v, percent: Number(e.target.value) || undefined } : v)))} />}
            <span className="muted" style={{ fontSize: 12 }}>{t("sale.atMost", { percent: d.byHand!.maxPercent, amount: yuan(d.byHand!.maxFen) })}</span>
          </div>
        );
      })}
      {usable.map((g) => (
        <label key={g.id} className="tick pickrow ok">
          <input type="checkbox" checked={value.some((v) => v.requestId === g.id)} onChange={(e) => set(e.target.checked ? [...others, { ...(g.percent ? { percent: g.percent } : { amountFen: g.fenMonth }), ...(g.months ? { months: g.months } : {}), applies: "recurring", reason: g.reason || t("sale.approved"), requestId: g.id }] : value.filter((v) => v.requestId !== g.id))} />
          {t("sale.approvedOf", { what: g.percent ? `${g.percent}%` : yuan(g.fenMonth) })}
        </label>
      ))}
      <div className="row wraps pickrow" style={{ gap: 8, alignItems: "flex-end" }}>
        <label className="tick"><input type="checkbox" checked={!!hand && !hand.requestId} disabled={!!hand?.requestId} onChange={(e) => change(e.target.checked ? { percent: 5, months: 12 } : null)} />{t("sale.byHand")}</label>
        {hand && !hand.requestId && (
          <>
            <Pick width={110} label={t("sale.kind")} value={kind} onPick={(k) => { setKind(k); change(k === "percent" ? { percent: 5, amountFen: undefined } : { percent: undefined, amountFen: 500 }); }} options={[{ value: "percent", label: t("sale.percent") }, { value: "amount", label: t("sale.yuanMonth") }]} />
            <input type="number" className="pick num" style={{ width: 80 }} aria-label={t("sale.howMuch")} min={1} step={kind === "percent" ? 1 : 0.01} max={kind === "percent" ? 100 : undefined}
              value={kind === "percent" ? (hand.percent ?? "") : (hand.amountFen ?? 0) / 100} onChange={(e) => change(kind === "percent" ? { percent: Math.round(Number(e.target.value)) || undefined } : { amountFen: Math.round(Number(e.target.value) * 100) || undefined })} />
            <Pick width={110} label={t("sale.howLong")} value={String(hand.months ?? "")} onPick={(m) => change({ months: m ? Number(m) : undefined })} options={[{ value: "", label: t("sale.always") }, ...[3, 6, 12, 24].map((n) => ({ value: String(n), label: t("offering.months", { count: n }) }))]} />
            <Input style={{ width: 220 }} maxLength={200} placeholder={t("kit.reason")} aria-label={t("kit.reason")} status={hand.reason?.trim() ? undefined : "warning"} value={hand.reason ?? ""} onChange={(e) => change({ reason: e.target.value })} />
            {over && may("discount.request") && <Button size="small" loading={busy} disabled={!hand.reason?.trim()} onClick={() => void request()}>{t("sale.askFor")}</Button>}
          </>
        )}
      </div>
      {error ? <Failure error={error} what={t("sale.askFor")} /> : null}
    </fieldset>
  );
}
