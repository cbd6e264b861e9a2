// The cart of one sale: kept in this browser tab until it is submitted or thrown away.
import { useCallback, useEffect, useState } from "react";
import { newKey } from "../../lib/api";
import type { NumberLock, Offering } from "../../lib/types";

export interface CartItem { key: string; offering: Offering; lock?: NumberLock; installAddress?: string; installSlot?: string }
export interface Draft { step: number; items: CartItem[]; accountId?: string; note: string; agreed: boolean; idempotencyKey: string }

const store = (customerId: string) => `yitai.sell.${customerId}`;
const fresh = (): Draft => ({ step: 0, items: [], note: "", agreed: false, idempotencyKey: newKey() });

export function readDraft(customerId: string): Draft {
  try {
    const text = sessionStorage.getItem(store(customerId));
    return text ? { ...fresh(), ...(JSON.parse(text) as Draft) } : fresh();
  } catch { return fresh(); }
}
export const dropDraft = (customerId: string) => sessionStorage.removeItem(store(customerId));

/** Any change of what would be ordered makes a new idempotency key; moving between the steps does not. */
export function useDraft(customerId: string) {
  const [draft, setDraft] = useState(() => readDraft(customerId));
  useEffect(() => setDraft(readDraft(customerId)), [customerId]);
  useEffect(() => {
    if (draft.items.length > 0 || draft.note) sessionStorage.setItem(store(customerId), JSON.stringify(draft));
    else dropDraft(customerId);
  }, [draft, customerId]);
  const change = useCallback((part: Partial<Draft>) => setDraft((d) => {
    const content = "items" in part || "note" in part || "accountId" in part;
    return { ...d, ...part, ...(content ? { idempotencyKey: newKey(), agreed: part.agreed ?? false } : {}) };
  }), []);
  const item = useCallback((key: string, part: Partial<CartItem>) => setDraft((d) => ({ ...d, idempotencyKey: newKey(), agreed: false, items: d.items.map((i) => (i.key === key ? { ...i, ...part } : i)) })), []);
  return { draft, change, item, reset: () => setDraft(fresh()) };
}

export function needs(offering: Offering): { number: boolean; install: boolean } {
  const parts = offering.components ?? [];
  const families = parts.length > 0 ? parts.map((c) => c.family) : [offering.family];
  if (offering.family === "bundle" && parts.length === 0) {
    const a = offering.allowances ?? {};
    return { number: !!(a.dataMb || a.voiceMin), install: !!a.broadbandMbps };
  }
  return { number: families.includes("mobile"), install: families.some((f) => f === "broadband" || f === "iptv") };
}

export type Gap = "number" | "lockExpired" | "address" | "slot";
export function gap(item: CartItem, now = Date.now()): Gap | null {
  const need = needs(item.offering);
  if (need.number && !item.lock) return "number";
  if (need.number && new Date(item.lock!.lockedUntil).getTime() <= now) return "lockExpired";
  if (need.install && (item.installAddress ?? "").trim().length < 4) return "address";
  if (need.install && !item.installSlot) return "slot";
  return null;
}

/** The TMF622 document of this cart. */
export function orderOf(customerId: string, draft: Draft) {
  const given = (item: CartItem) => [
    ...(item.lock ? [{ name: "number", value: item.lock.number }, { name: "lockToken", value: item.lock.lockToken }] : []),
    ...(item.installAddress ? [{ name: "installAddress", value: item.installAddress.trim() }] : []),
    ...(item.installSlot ? [{ name: "installSlot", value: item.installSlot }] : []),
  ];
  return {
    ...(draft.note.trim() ? { description: draft.note.trim() } : {}),
    relatedParty: [{ id: customerId, role: "customer", "@referredType": "Customer" }],
    ...(draft.accountId ? { billingAccount: { id: draft.accountId } } : {}),
    productOrderItem: draft.items.map((item, i) => ({
      id: String(i + 1), action: "add", quantity: 1, productOffering: { id: item.offering.id },
      product: { productCharacteristic: given(item) },
    })),
  };
}

/** Two-hour visits over the coming week, as times in the operator's zone. */
export function slots(now = new Date()): { day: string; label: string; times: { value: string; label: string }[] }[] {
  const zone = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit" });
  return Array.from({ length: 7 }, (_, i) => {
    const day = zone.format(new Date(now.getTime() + (i + 1) * 86_400_000));
    return { day, label: day.slice(5), times: ["09", "11", "14", "16"].map((h) => ({ value: `${day}T${h}:00:00+08:00`, label: `${h}:00` })) };
  });
}
