// The cart of one sale. It is kept in this browser tab at once and on the server a moment later, so that another desk can go on.
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError, call, newKey, post } from "../../lib/api";
import type { NumberLock, Offering } from "../../lib/types";
import type { Detail, Granted, Picked } from "./types";

export interface PortIn { number: string; code: string; donor: string }
export interface CartItem {
  key: string; offering: Offering; version?: number; quantity?: number; selection?: Picked[]; discounts?: Granted[]; detail?: Detail;
  lock?: NumberLock; portIn?: PortIn;
  /** Numbers of the further lines of a bundle, or of several of the same. */
  others?: (NumberLock | undefined)[]; iccid?: string; serial?: string; installAddress?: string; installSlot?: string;
  /** Further characteristics an offering of this family needs (a circuit's two ends, its rate). */
  more?: Record<string, string>;
}
export interface Draft {
  step: number; items: CartItem[]; accountId?: string; note: string; agreed: boolean; idempotencyKey: string;
  effective: "immediate" | "nextDay" | "nextMonth" | "date"; effectiveDate?: string; developer: string;
  verification?: Verified; proxy?: Verified; cartId?: string; label?: string;
}
export interface Verified { id: string; name: string; masked?: string; expiresAt: string; result: string }

const CARTS = "/tmf-api/shoppingCart/v4/shoppingCart";
const store = (customerId: string) => `yitai.sell.${customerId}`;
const fresh = (): Draft => ({ step: 0, items: [], note: "", agreed: false, idempotencyKey: newKey(), effective: "immediate", developer: "" });
const CONTENT = ["items", "note", "accountId", "effective", "effectiveDate", "developer", "verification", "proxy"] as const;

export function readDraft(customerId: string): Draft {
  try {
    const text = sessionStorage.getItem(store(customerId));
    return text ? { ...fresh(), ...(JSON.parse(text) as Draft) } : fresh();
  } catch { return fresh(); }
}
export const dropDraft = (customerId: string) => sessionStorage.removeItem(store(customerId));
export const keepDraft = (customerId: string, draft: Draft) => sessionStorage.setItem(store(customerId), JSON.stringify(draft));

export type Saving = "idle" | "saving" | "saved" | "failed";

/** Any change of what would be ordered makes a new idempotency key; moving between the steps does not. */
export function useDraft(customerId: string) {
  const [draft, setDraft] = useState(() => readDraft(customerId));
  useEffect(() => setDraft(readDraft(customerId)), [customerId]);
  useEffect(() => {
    if (draft.items.length > 0 || draft.note) keepDraft(customerId, draft);
    else dropDraft(customerId);
  }, [draft, customerId]);
  const change = useCallback((part: Partial<Draft>) => setDraft((d) => {
    const content = CONTENT.some((name) => name in part);
    return { ...d, ...part, ...(content ? { idempotencyKey: newKey(), agreed: part.agreed ?? false } : {}) };
  }), []);
  const item = useCallback((key: string, part: Partial<CartItem>) => setDraft((d) => {
    // What the catalogue says of an item is no change of what would be ordered.
    const content = Object.keys(part).some((name) => name !== "detail" && !(name === "version" && d.items.find((i) => i.key === key)?.version === undefined));
    return { ...d, ...(content ? { idempotencyKey: newKey(), agreed: false } : {}), items: d.items.map((i) => (i.key === key ? { ...i, ...part } : i)) };
  }), []);
  const reset = useCallback(() => setDraft(fresh()), []);
  return { draft, change, item, reset, ...useServerDraft(customerId, draft, setDraft) };
}

/** The copy on the server, written when the desk pauses. Whoever was taken over is told with the next save. */
function useServerDraft(customerId: string, draft: Draft, setDraft: (change: (d: Draft) => Draft) => void) {
  const [saving, setSaving] = useState<Saving>("idle");
  const [held, setHeld] = useState<ApiError | null>(null);
  const written = useRef("");
  const busy = useRef<Promise<string | undefined> | null>(null);
  const latest = useRef(draft);
  latest.current = draft;
  const save = useCallback(async (): Promise<string | undefined> => {
    if (busy.current) { await busy.current; }
    const d = latest.current;
    if (d.items.length === 0) return d.cartId;
    const body = cartOf(customerId, d);
    const text = JSON.stringify(body);
    if (text === written.current && d.cartId) return d.cartId;
    setSaving("saving");
    const work = (async () => {
      try {
        let id = d.cartId;
        if (id) {
          try { await call(`${CARTS}/${id}`, { method: "PATCH", body }); }
          catch (cause) {
            // It was thrown away or has run out: this desk still has it, so it is kept anew.
            if (cause instanceof ApiError && (cause.status === 404 || cause.code === "cart.expired")) id = undefined;
            else throw cause;
          }
        }
        id ??= (await post<{ id: string }>(CARTS, body, { idempotencyKey: newKey() })).id;
        written.current = text;
        if (id !== d.cartId) setDraft((now) => ({ ...now, cartId: id }));
        setSaving("saved");
        setHeld(null);
        return id;
      } catch (cause) {
        setSaving("failed");
        if (cause instanceof ApiError && (cause.code === "cart.held" || cause.code === "cart.closed")) setHeld(cause);
        return undefined;
      } finally { busy.current = null; }
    })();
    busy.current = work;
    return work;
  }, [customerId, setDraft]);
  useEffect(() => {
    if (draft.items.length === 0) { setSaving("idle"); return; }
    const timer = setTimeout(() => void save(), 1200);
    return () => clearTimeout(timer);
  }, [draft, save]);
  return { saving, held, save };
}

/** What an offering needs to be told, by the families it is made of. */
export function needs(offering: Offering, item?: CartItem): { number: boolean; install: boolean; device: boolean; circuit: boolean } {
  const options = item?.detail?.options ?? [];
  const chosen = item?.selection?.length ? options.filter((o) => item.selection!.some((p) => p.offeringId === o.offeringId && p.quantity > 0) || o.min > 0) : options.filter((o) => o.default > 0 || o.min > 0);
  const parts = chosen.length > 0 ? chosen : (offering.components ?? []);
  const families = parts.length > 0 ? parts.map((c) => c.family) : [offering.family];
  const has = (...wanted: string[]) => families.some((f) => wanted.includes(f));
  if (offering.family === "bundle" && parts.length === 0) {
    const a = offering.allowances ?? {};
    return { number: !!(a.dataMb || a.voiceMin), install: !!a.broadbandMbps, device: false, circuit: false };
  }
  return { number: has("mobile", "fixedVoice", "voip"), install: has("broadband", "iptv", "fixedVoice", "voip", "smartHome"), device: has("device"), circuit: has("leasedLine") };
}

/** How many numbers an item takes: one for each line with a number in it. */
export function numbersOf(item: CartItem): number {
  const numbered = (family: string) => family === "mobile" || family === "fixedVoice" || family === "voip";
  const options = item.detail?.options ?? [];
  const one = options.length > 0
    ? options.filter((o) => numbered(o.family)).reduce((sum, o) => sum + quantityOf(item, o.offeringId), 0)
    : needs(item.offering, item).number ? 1 : 0;
  return one * (item.quantity ?? 1);
}
/** All numbers locked for an item. */
export const locksOf = (item: CartItem): NumberLock[] => [item.lock, ...(item.others ?? [])].filter((l): l is NumberLock => !!l);

export type Gap = "number" | "lockExpired" | "address" | "slot" | "portIn" | "circuit" | "selection";
export function gap(item: CartItem, now = Date.now()): Gap | null {
  const need = needs(item.offering, item);
  if (misfit(item)) return "selection";
  if (need.number && item.portIn) {
    if (!/^1\d{10}$/.test(item.portIn.number) || !/^\w{4,12}$/.test(item.portIn.code) || !item.portIn.donor) return "portIn";
  } else {
    if (need.number && !item.lock) return "number";
    if (need.number && new Date(item.lock!.lockedUntil).getTime() <= now) return "lockExpired";
  }
  for (let n = 1; n < numbersOf(item); n++) {
    const other = item.others?.[n - 1];
    if (!other) return "number";
    if (new Date(other.lockedUntil).getTime() <= now) return "lockExpired";
  }
  if (need.circuit && (!(item.more?.aEndAddress ?? "").trim() || !(item.more?.zEndAddress ?? "").trim())) return "circuit";
  if (need.install && (item.installAddress ?? "").trim().length < 4) return "address";
  if (need.install && !item.installSlot) return "slot";
  return null;
}

/** A choice inside a bundle that does not fit its numbers. */
export function misfit(item: CartItem): boolean {
  const detail = item.detail;
  if (!detail || (detail.options ?? []).length === 0) return false;
  const n = (id: string) => quantityOf(item, id);
  return detail.options.some((o) => { const q = n(o.offeringId); return q > o.max || (q < o.min && !(o.group && q === 0)); })
    || (detail.groups ?? []).some((g) => { const sum = detail.options.filter((o) => o.group === g.id).reduce((s, o) => s + n(o.offeringId), 0); return sum < g.min || sum > g.max; });
}

/** How many of a part are chosen: what was said, else what the bundle proposes. */
export function quantityOf(item: CartItem, offeringId: string): number {
  const option = item.detail?.options.find((o) => o.offeringId === offeringId);
  if (!item.selection?.length) return option?.default ?? 0;
  const said = item.selection.filter((p) => p.offeringId === offeringId);
  return said.length > 0 ? said.reduce((s, p) => s + p.quantity, 0) : (option?.min ?? 0);
}

/** The items as the price is asked for them. */
export const pricedItems = (draft: Draft) => draft.items.map((i) => ({
  offeringId: i.offering.id, version: i.version, quantity: i.quantity ?? 1, selection: i.selection ?? [], discounts: i.discounts ?? [],
}));

/** The day of the effective mode, in the operator's zone; nothing for now. */
export function startOf(draft: Draft, now = new Date()): string | undefined {
  if (draft.effective === "immediate") return undefined;
  if (draft.effective === "date") return draft.effectiveDate || undefined;
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit" });
  if (draft.effective === "nextDay") return day.format(new Date(now.getTime() + 86_400_000));
  const [y, m] = day.format(now).split("-").map(Number) as [number, number];
  return m === 12 ? `${y + 1}-01-01` : `${y}-${String(m + 1).padStart(2, "0")}-01`;
}

function itemOf(item: CartItem, i: number) {
  const given = [
    ...(item.portIn
      ? [{ name: "number", value: item.portIn.number }, { name: "portInCode", value: item.portIn.code }, { name: "donor", value: item.portIn.donor }]
      : item.lock ? [{ name: "number", value: item.lock.number }, { name: "lockToken", value: item.lock.lockToken }] : []),
    ...(item.others ?? []).slice(0, Math.max(0, numbersOf(item) - 1)).flatMap((l) => (l ? [{ name: "number", value: l.number }, { name: "lockToken", value: l.lockToken }] : [])),
    ...(item.iccid ? [{ name: "iccid", value: item.iccid }] : []),
    ...(item.serial ? [{ name: "serialNumber", value: item.serial }] : []),
    ...(item.installAddress ? [{ name: "installAddress", value: item.installAddress.trim() }] : []),
    ...(item.installSlot ? [{ name: "installSlot", value: item.installSlot }] : []),
    ...Object.entries(item.more ?? {}).filter(([, v]) => v.trim()).map(([name, value]) => ({ name, value: value.trim() })),
  ];
  return {
    id: String(i + 1), action: "add", quantity: item.quantity ?? 1,
    productOffering: { id: item.offering.id, name: item.offering.name, ...(item.version ? { version: item.version } : {}) },
    ...(item.selection?.length ? { selection: item.selection } : {}), ...(item.discounts?.length ? { discounts: item.discounts } : {}),
    ...(item.portIn ? { business: "portIn" } : {}),
    product: { productCharacteristic: given },
  };
}

/** What order and cart have in common. */
function terms(customerId: string, draft: Draft) {
  const start = startOf(draft);
  return {
    relatedParty: [{ id: customerId, role: "customer", "@referredType": "Customer" }],
    ...(draft.note.trim() ? { description: draft.note.trim() } : {}),
    ...(draft.accountId ? { billingAccount: { id: draft.accountId } } : {}),
    ...(draft.developer.trim() ? { developer: draft.developer.trim() } : {}),
    ...(draft.verification ? { verificationId: draft.verification.id } : {}),
    ...(draft.proxy ? { proxyVerificationId: draft.proxy.id } : {}),
    effective: draft.effective, ...(start ? { effectiveDate: start, requestedStartDate: `${start}T00:00:00+08:00` } : {}),
  };
}

/** The TMF622 document of this cart. */
export const orderOf = (customerId: string, draft: Draft) => ({ ...terms(customerId, draft), productOrderItem: draft.items.map(itemOf) });

/** The TMF663 document; `desk` is how this page goes on with it. */
function cartOf(customerId: string, draft: Draft) {
  const { idempotencyKey: _key, agreed: _agreed, cartId: _id, ...desk } = draft;
  const slim = { ...desk, items: desk.items.map(({ detail: _detail, ...item }) => item) };
  return { ...terms(customerId, draft), cartItem: draft.items.map(itemOf), step: draft.step, label: draft.items.map((i) => i.offering.name).join("、").slice(0, 120), desk: slim };
}

interface StoredCart { id: string; cart: { id: string; desk?: Partial<Draft>; status?: string }; problems: { code: string; reason: string }[] }
/** Takes a draft over and puts it into this browser tab; the sell page then opens with it. */
export async function resumeDraft(cartId: string, customerId: string): Promise<StoredCart["problems"]> {
  const got = await post<StoredCart>(`/carts/${cartId}/take`);
  const desk = got.cart.desk ?? {};
  keepDraft(customerId, { ...fresh(), ...desk, agreed: false, cartId, idempotencyKey: newKey() });
  return got.problems ?? [];
}
export const deleteDraft = (cartId: string) => call(`${CARTS}/${cartId}`, { method: "DELETE" });

/** Two-hour visits over the coming week, as times in the operator's zone. */
export function slots(now = new Date()): { day: string; label: string; times: { value: string; label: string }[] }[] {
  const zone = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit" });
  return Array.from({ length: 7 }, (_, i) => {
    const day = zone.format(new Date(now.getTime() + (i + 1) * 86_400_000));
    return { day, label: day.slice(5), times: ["09", "11", "14", "16"].map((h) => ({ value: `${day}T${h}:00:00+08:00`, label: `${h}:00` })) };
  });
}
