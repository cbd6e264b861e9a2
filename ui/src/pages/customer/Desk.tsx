// The desk of the page: what the customer holds on the left, what can be done with the chosen product on the right. Digits do the
// ten most frequent, J and K choose the product, A lists everything.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { useCommands } from "../../lib/commands";
import { phone, yuan } from "../../lib/format";
import { titled, word } from "../../lib/i18n";
import { useKeys } from "../../lib/keys";
import { useMay } from "../../lib/session";
import { Failure, Nothing, Waiting } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { ActionDrawer } from "./action/ActionDrawer";
import { AllActions } from "./action/AllActions";
import type { Action, Placed, Subject } from "./action/types";
import { Purse } from "./Purse";
import type { FullView, Product } from "./types";

const LIVE = new Set(["active", "suspended", "pendingActive", "pendingTerminate", "created"]);
const DIGITS = "1234567890";

export function Desk({ id, view, preferred, wanted, done, sell }: { id: string; view: FullView; preferred?: string; wanted?: string; done: (placed: Placed) => void; sell?: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const live = useMemo(() => view.products.filter((p) => LIVE.has(p.status)), [view.products]);
  const start = live.find((p) => preferred && (p.id === preferred || p.number === preferred)) ?? live.find((p) => p.status === "active" && p.family !== "option") ?? live[0];
  const [at, setAt] = useState<string | null>(start?.id ?? null);
  const product = live.find((p) => p.id === at) ?? start;
  const [open, setOpen] = useState<{ action: Action; subject: Subject } | null>(null);
  const [all, setAll] = useState(false);
  const acts = may("order.create");
  const own = useQuery({ queryKey: ["actions", "customer", id], enabled: acts, staleTime: 10_000, queryFn: () => call<Action[]>(`/customers/${id}/actions`) });
  const of = useQuery({ queryKey: ["actions", "product", product?.id], enabled: acts && !!product, staleTime: 10_000, queryFn: () => call<Action[]>(`/products/${product!.id}/actions`) });
  const c = view.customer;
  const subjectOf = (p?: Product): Subject => ({
    customerId: id, customerName: c.name, address: c.address, ...(p ? { productId: p.id, productName: p.name, number: p.number ?? undefined } : {}),
  });
  const run = (action: Action, p?: Product) => {
    if (!action.allowed) { say.warning([action.whyNot?.reason, action.whyNot?.message].filter(Boolean).join("　") || t("action.cannot")); return; }
    setOpen({ action, subject: subjectOf(p) });
  };
  // Led here for one business (from the hotline): its drawer opens once it is known what may be done.
  const led = useRef("");
  useEffect(() => {
    if (!wanted || led.current === wanted || !of.data) return;
    led.current = wanted;
    const action = of.data.find((a) => a.business === wanted);
    if (action) run(action, product);
  });
  const mine = (of.data ?? []).slice(0, 10);
  const move = (step: number) => {
    const i = live.findIndex((p) => p.id === product?.id);
    const next = live[Math.max(0, Math.min(live.length - 1, i + step))];
    if (next) { setAt(next.id); document.querySelector(`[data-product="${next.id}"]`)?.scrollIntoView({ block: "nearest" }); }
  };
  useKeys({
    j: () => move(1), k: () => move(-1), a: () => { if (acts) setAll(true); else return false; },
    ...Object.fromEntries(mine.map((a, i) => [DIGITS[i]!, () => run(a, product)])),
  });
  useCommands([
    ...(of.data ?? []).map((a, i) => ({ id: `p:${a.business}`, title: `${titled(a.title)} · ${product?.name ?? ""}`, keys: DIGITS[i], run: () => run(a, product) })),
    ...(own.data ?? []).map((a) => ({ id: `c:${a.business}`, title: titled(a.title), run: () => run(a) })),
  ]);
  // A product that left the list must not stay chosen.
  useEffect(() => { if (at && !live.some((p) => p.id === at)) setAt(null); }, [at, live]);
  return (
    <section className="panel desk" aria-label={t("action.title")}>
      <div className="desk-products">
        <header><h2>{t("customer.heldProducts")}</h2><span className="muted num">{live.length}</span></header>
        {live.length === 0 ? <Nothing why={t("customer.noProducts")} action={sell && <button type="button" className="linkish" onClick={sell}>{t("customer.firstSale")} F2</button>} /> : (
          <ul role="listbox" aria-label={t("action.pick")} tabIndex={0} onKeyDown={(e) => { if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); move(e.key === "ArrowDown" ? 1 : -1); } }} aria-activedescendant={product ? `desk-${product.id}` : undefined}>
            {live.map((p) => (
              <li key={p.id} id={`desk-${p.id}`} role="option" aria-selected={p.id === product?.id} data-product={p.id} onClick={() => setAt(p.id)}>
                <span className="fam">{word("family", p.family)}</span>
                <span className="what"><Name>{p.name}</Name><span className="num muted">{p.number ? phone(p.number) : yuan(p.monthlyFeeFen)}</span></span>
                <Status group={p.barLevel ? `productBar.${p.barLevel}` : "productState"} code={p.status} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className="desk-actions">
        <header>
          <h2 className="clip">{product ? t("action.forProduct", { name: product.name }) : t("action.title")}</h2>
          {acts && <button type="button" className="linkish" onClick={() => setAll(true)}>{t("action.all")} <kbd>A</kbd></button>}
        </header>
        {!acts ? <div className="muted" style={{ padding: "4px 14px 14px" }}>{t("action.none")}</div>
          : of.error && product ? <div style={{ padding: "0 14px 12px" }}><Failure error={of.error} what={t("action.title")} retry={() => void of.refetch()} /></div>
          : product && of.isPending ? <Waiting rows={3} />
          : (
            <div className="actgrid">
              {mine.map((a, i) => <ActButton key={a.business} action={a} digit={DIGITS[i]!} onRun={() => run(a, product)} />)}
            </div>
          )}
        {acts && (own.data ?? []).length > 0 && (
          <div className="actrow" role="group" aria-label={t("action.forCustomer")}>
            <span className="muted">{t("action.forCustomer")}</span>
            {own.data!.slice(0, 6).map((a) => <button key={a.business} type="button" className="linkish" aria-disabled={!a.allowed || undefined} title={a.whyNot?.reason} onClick={() => run(a)}>{titled(a.title)}</button>)}
          </div>
        )}
        <Purse view={view} product={product} />
      </div>
      {all && <AllActions product={product} forProduct={of.data ?? []} forCustomer={own.data ?? []} onClose={() => setAll(false)} onPick={(a, onProduct) => { setAll(false); run(a, onProduct ? product : undefined); }} />}
      {open && <ActionDrawer key={`${open.action.business}${open.subject.productId ?? ""}`} action={open.action} subject={open.subject} view={view} onClose={() => setOpen(null)} done={done} />}
    </section>
  );
}

function ActButton({ action, digit, onRun }: { action: Action; digit: string; onRun: () => void }) {
  const title = titled(action.title);
  const why = action.allowed ? undefined : [action.whyNot?.reason, action.whyNot?.message].filter(Boolean).join("\n");
  return (
    <button type="button" className={action.allowed ? "" : "off"} data-business={action.business} aria-disabled={action.allowed ? undefined : true} aria-keyshortcuts={digit} title={why ?? title} onClick={onRun}>
      <kbd aria-hidden>{digit}</kbd><span className="clip">{title}</span>
      {why && <span className="sr">{why}</span>}
    </button>
  );
}
