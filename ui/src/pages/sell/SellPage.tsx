// The sale of one customer: offerings → number and installation → price trial → confirm. F2 find, F4 number, F8 next, F9 submit.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useHere } from "../../lib/here";
import { comma } from "../../lib/i18n";
import { ApiError, call, newKey, post } from "../../lib/api";
import { useKeys } from "../../lib/keys";
import { useMay } from "../../lib/session";
import { closeTab, openTab } from "../../lib/tabs";
import type { CustomerView, Offering } from "../../lib/types";
import { Button } from "antd";
import { PageHead, Panel } from "../../kit/layout";
import { Failure, Loaded } from "../../kit/states";
import { Cart } from "./Cart";
import { ConfirmStep } from "./ConfirmStep";
import { Configure, detailOf } from "./Configure";
import { release } from "../../kit/pickers/NumberPicker";
import { deleteDraft, dropDraft, gap, locksOf, pricedItems, resumeDraft, startOf, useDraft } from "./draft";
import type { CartItem } from "./draft";
import type { CartRow, Price } from "./types";
import { OfferStep } from "./OfferStep";
import { PriceStep } from "./PriceStep";
import { ResourceStep } from "./ResourceStep";
import { Ago } from "../../kit/text";
import { say } from "../../kit/toast";

const STEPS = ["offer", "resource", "price", "confirm"] as const;

export default function SellPage() {
  const { customerId } = useHere().params as { customerId: string };
  const { t } = useTranslation();
  const view = useQuery({ queryKey: ["customer", customerId], queryFn: () => call<CustomerView>(`/customers/${customerId}/view`) });
  useEffect(() => {
    if (!view.data) return;
    openTab({ key: `sell:${customerId}`, href: `/app/sell/${customerId}`, title: `${t("nav.sell")} ${view.data.customer.name}`, kind: "sell" });
  }, [customerId, view.data, t]);
  return <div className="page"><Loaded of={view} what={t("customer.view")} rows={12}>{(data) => <Sale view={data} key={customerId} />}</Loaded></div>;
}

function Sale({ view }: { view: CustomerView }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const customerId = view.customer.id;
  const { draft, change, item, reset, saving, held, save } = useDraft(customerId);
  const [configuring, setConfiguring] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [focus, setFocus] = useState(0);
  const step = draft.step;
  const offerings = pricedItems(draft);
  const start = startOf(draft);
  const price = useQuery({
    queryKey: ["price", customerId, offerings, start],
    queryFn: () => post<Price>("/orders/price", { customerId, ...(start ? { effectiveDate: start } : {}), items: offerings }),
    enabled: offerings.length > 0, staleTime: 60_000, placeholderData: (old) => old,
  });
  const open = draft.items.map((i) => ({ item: i, gap: gap(i) })).filter((x) => x.gap);
  const reach = draft.items.length === 0 ? 0 : open.length > 0 ? 1 : !price.data || price.isPlaceholderData || !price.data.eligible ? 2 : 3;
  const go = (to: number) => { setError(null); change({ step: Math.max(0, Math.min(to, reach)) }); setFocus((n) => n + 1); };
  const next = () => {
    if (step === 0 && draft.items.length === 0) { say.info(t("sell.needOffer")); return; }
    if (step === 1 && open.length > 0) { say.info(t(`sell.gap.${open[0]!.gap!}`)); setFocus((n) => n + 1); return; }
    if (step === 2 && price.data && !price.data.eligible) { say.warning(t("sell.notEligible")); return; }
    if (step < 3) go(step + 1);
  };
  const add = (offering: Offering) => {
    const fresh: CartItem = { key: newKey(), offering };
    change({ items: [...draft.items, fresh] });
    say.success(t("sell.added", { name: offering.name }));
    // A bundle that leaves a choice asks for it at once.
    void client.fetchQuery({ queryKey: ["offering", offering.id, "detail"], queryFn: () => detailOf(offering.id), staleTime: 60_000 })
      .then((detail) => { if ((detail.groups ?? []).length > 0) setConfiguring(fresh.key); }).catch(() => undefined);
  };
  const remove = (key: string) => {
    const gone = draft.items.find((i) => i.key === key);
    for (const l of gone ? locksOf(gone) : []) release(l.number);
    change({ items: draft.items.filter((i) => i.key !== key), step: draft.items.length === 1 ? 0 : step });
  };
  const ready = step === 3 && reach === 3 && draft.agreed;
  const submit = async () => {
    if (busy) return;
    if (step < 3) { next(); return; }
    if (!draft.agreed) { say.info(t("sell.needAgreed")); document.getElementById("sell-agreed")?.focus(); return; }
    if (open.length > 0) { say.warning(t(`sell.gap.${open[0]!.gap!}`)); go(1); return; }
    setBusy(true);
    setError(null);
    try {
      const cart = (await save()) ?? draft.cartId;
      if (!cart) throw held ?? new Error(t("sale.notSaved"));
      const made = await post<{ id: string }>(`/carts/${cart}/submit`, { ...(price.data && !price.isPlaceholderData && !start ? { expectedDueNowFen: price.data.dueNowFen } : {}) }, { idempotencyKey: draft.idempotencyKey });
      dropDraft(customerId);
      reset();
      say.clear(); // what was still missing a moment ago is of no interest any more
      await navigate({ to: "/app/orders/$id", params: { id: made.id } });
      closeTab(`sell:${customerId}`);
      void client.invalidateQueries({ queryKey: ["customer", customerId] });
    } catch (cause) {
      setError(cause);
      if (cause instanceof ApiError && (cause.code === "order.version_moved" || cause.code === "cart.price_changed")) {
        // The catalogue has moved on: the cart follows it, and the price is looked at again.
        await client.invalidateQueries({ queryKey: ["offering"] });
        change({ step: 2, items: draft.items.map((i) => ({ ...i, detail: undefined, version: undefined })) });
        void client.invalidateQueries({ queryKey: ["price"] });
      }
      if (cause instanceof ApiError && cause.code.startsWith("number.")) {
        // The server no longer holds the number for this sale: neither does the draft.
        const lost = draft.items.filter((i) => locksOf(i).some((l) => cause.reason.includes(l.number)));
        const gone = lost.length > 0 ? lost : draft.items;
        change({ step: 1, items: draft.items.map((i) => (gone.includes(i) ? { ...i, lock: undefined, others: undefined } : i)) });
        setFocus((n) => n + 1);
        void client.invalidateQueries({ queryKey: ["numbers"] });
      }
    } finally { setBusy(false); }
  };
  const drop = () => {
    for (const i of draft.items) for (const l of locksOf(i)) release(l.number);
    if (draft.cartId && !held) void deleteDraft(draft.cartId).catch(() => undefined);
    reset();
    dropDraft(customerId);
  };
  const park = async () => {
    if (await save()) { say.success(t("sale.parked")); void client.invalidateQueries({ queryKey: ["carts"] }); }
  };
  const takeBack = async () => {
    if (!draft.cartId) return;
    try { await resumeDraft(draft.cartId, customerId); location.reload(); } catch (cause) { setError(cause); }
  };
  const configured = draft.items.find((i) => i.key === configuring);
  // A draft that comes from elsewhere knows its choices by id only: names and limits come from the catalogue.
  const bare = draft.items.filter((i) => !i.detail).map((i) => i.key).join();
  useEffect(() => {
    for (const i of draft.items) {
      if (i.detail) continue;
      void client.fetchQuery({ queryKey: ["offering", i.offering.id, "detail"], queryFn: () => detailOf(i.offering.id), staleTime: 60_000 })
        .then((detail) => item(i.key, { detail, version: i.version ?? detail.version })).catch(() => undefined);
    }
    // Once for each item that has none.
  }, [bare]);
  useKeys({
    F2: () => { change({ step: 0 }); setFocus((n) => n + 1); },
    F4: () => { if (draft.items.length > 0) { change({ step: 1 }); setFocus((n) => n + 1); } },
    F3: () => { const last = draft.items.find((i) => gap(i) === "selection") ?? draft.items.at(-1); if (last) setConfiguring(last.key); },
    F6: () => void park(),
    F8: next,
    F9: () => void submit(),
    Escape: () => { if (step > 0) go(step - 1); else return false; },
  });
  return (
    <>
      <PageHead title={t("nav.sell")}>
        <div className="fkeys" role="group" aria-label={t("sell.keys")}>
          <button type="button" onClick={() => { change({ step: 0 }); setFocus((n) => n + 1); }}><kbd>F2</kbd>{t("help.sellFind")}</button>
          <button type="button" disabled={draft.items.length === 0} onClick={() => { change({ step: 1 }); setFocus((n) => n + 1); }}><kbd>F4</kbd>{t("help.sellNumber")}</button>
          <button type="button" disabled={draft.items.length === 0} onClick={() => setConfiguring((draft.items.find((i) => gap(i) === "selection") ?? draft.items.at(-1))!.key)}><kbd>F3</kbd>{t("sale.configure")}</button>
          <button type="button" disabled={draft.items.length === 0} onClick={() => void park()}><kbd>F6</kbd>{t("sale.park")}</button>
          <button type="button" disabled={step === 3} onClick={next}><kbd>F8</kbd>{t("help.sellNext")}</button>
          <button type="button" className="main" disabled={!ready || busy} aria-busy={busy} onClick={() => void submit()}><kbd>F9</kbd>{busy ? t("sell.submitting") : t("help.sellSubmit")}</button>
        </div>
      </PageHead>
      <ol className="panel stepper" aria-label={t("sell.steps")}>
        {STEPS.map((s, i) => (
          <li key={s} className={i === step ? "on" : i < step ? "past" : ""} aria-current={i === step ? "step" : undefined}>
            <button type="button" disabled={i > reach} onClick={() => go(i)}><b>{i + 1}</b><span className="clip">{t(`sell.step.${s}`)}</span></button>
          </li>
        ))}
      </ol>
      {error ? <Failure error={error} what={t("sell.submit")} /> : null}
      {held && (
        <div className="banner warn" role="alert">
          <bdi className="grow wrap">{held.reason} {held.advice}</bdi>
          {held.code === "cart.held" ? <Button size="small" onClick={() => void takeBack()}>{t("sale.takeOver")}</Button> : <Button size="small" onClick={() => { reset(); dropDraft(customerId); }}>{t("sale.startAnew")}</Button>}
        </div>
      )}
      {draft.items.length === 0 && <Waiting customerId={customerId} />}
      <div className="sell">
        {step === 0 ? <OfferStep add={add} cart={draft.items} focus={focus} customerId={customerId} />
          : step === 1 ? <ResourceStep items={draft.items} item={item} address={view.customer.address} focus={focus} next={next} configure={setConfiguring} />
          : step === 2 ? <Panel title={t("sell.step.price")} flush><PriceStep price={price} /></Panel>
          : <ConfirmStep view={view} draft={draft} change={change} price={price.data} />}
        <Cart view={view} draft={draft} price={price.data} stale={price.isPlaceholderData || price.isFetching} remove={remove} drop={drop} saving={saving} configure={setConfiguring} />
      </div>
      {configured && <Configure key={configured.key} item={configured} customerId={customerId} apply={(part) => item(configured.key, part)} onClose={() => { setConfiguring(null); setFocus((n) => n + 1); }} />}
    </>
  );
}

/** A sale for this customer that was begun and left, here or at another desk. */
function Waiting({ customerId }: { customerId: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const [error, setError] = useState<unknown>(null);
  const found = useQuery({ queryKey: ["carts", "of", customerId], queryFn: () => call<CartRow[]>("/carts", { query: { customerId, limit: 5 } }), enabled: may("cart.read"), staleTime: 0, retry: false });
  const row = found.data?.find((r) => r.itemCount > 0);
  if (!row) return null;
  const go = async () => {
    try { await resumeDraft(row.id, customerId); location.reload(); } catch (cause) { setError(cause); }
  };
  return (
    <div className="banner" role="status" data-testid="waiting-draft">
      <span className="grow wrap"><b>{t("sale.drafts")}</b> <bdi>{row.items?.length ? row.items.join(comma()) : row.label}</bdi> · {row.mine ? t("sale.mine") : <bdi>{row.operator}</bdi>} · <Ago at={row.updatedAt} />{error instanceof ApiError && <span className="bad"> {error.reason}</span>}</span>
      <Button size="small" type="primary" onClick={() => void go()}>{row.mine ? t("sale.resume") : t("sale.takeOver")}</Button>
    </div>
  );
}
