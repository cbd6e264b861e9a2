// Turns live events into refetches of what is on screen, bundled so that a burst of events costs one request.
import type { QueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useLive } from "./live";
import type { LiveEvent } from "./types";

const TOUCHES: Record<string, string[]> = {
  productOrder: ["orders", "workbench", "fallout", "falloutSummary"],
  serviceOrder: ["fallout", "falloutSummary"],
  fallout: ["fallout", "falloutSummary", "workbench"],
  saga: ["fallout", "falloutSummary", "orders"],
  payment: ["payments", "shift", "workbench", "dues"],
  customerBill: ["dues"],
  customer: ["customers", "workbench"],
  productOffering: ["offerings", "catalogSummary"],
  tariffImport: ["imports"],
  networkSimulator: ["simulator"],
};
const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** productOrder from either the subject type or, when it is missing, the name of the event. */
export const subjectOf = (event: LiveEvent) =>
  lower(event.subjectType ?? event.type.replace(/(Create|StateChange|AttributeValueChange|Delete|InformationRequired|Milestone)+Event$/, ""));

export function useRefresh(client: QueryClient) {
  const roots = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useLive((event) => {
    if (event.type === "reset") { void client.invalidateQueries({ predicate: (q) => q.queryKey[0] !== "session" }); return; }
    for (const root of TOUCHES[subjectOf(event)] ?? []) roots.current.add(root);
    if (event.type.toLowerCase().includes("fallout") || event.type.toLowerCase().includes("step")) {
      roots.current.add("fallout").add("falloutSummary");
    }
    if (roots.current.size === 0 || timer.current) return;
    timer.current = setTimeout(() => {
      timer.current = null;
      const due = [...roots.current];
      roots.current.clear();
      void client.invalidateQueries({ predicate: (q) => due.includes(String(q.queryKey[0])) });
    }, 500);
  });
  useEffect(() => () => { if (timer.current) clearTimeout(timer.current); }, []);
}

/** Refetches one record when an event concerns it; `also` are ids of things shown on it. */
export function useRefreshRecord(client: QueryClient, key: unknown[], isMine: (event: LiveEvent) => boolean, wait = 250) {
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useLive((event) => {
    if (event.type === "reset" || !isMine(event) || timer.current) return;
    timer.current = setTimeout(() => { timer.current = null; void client.invalidateQueries({ queryKey: key }); }, wait);
  });
  useEffect(() => () => { if (timer.current) clearTimeout(timer.current); }, []);
}

/**
 * Rows do not move under the cursor: values change in place, while rows that came or went wait behind
 * "n updates · refresh" until the clerk asks for them. `view` is the identity of filters and page.
 */
export function useSteadyRows<T extends { id: string }>(rows: T[] | undefined, view: string) {
  const [kept, setKept] = useState<{ view: string; ids: string[]; old: Map<string, T> } | null>(null);
  useEffect(() => {
    if (rows && kept?.view !== view) setKept({ view, ids: rows.map((r) => r.id), old: new Map(rows.map((r) => [r.id, r])) });
  }, [rows, view, kept]);
  return useMemo(() => {
    const accept = () => setKept(null); // the effect above then takes whatever rows are newest
    if (!rows || !kept || kept.view !== view) return { rows, waiting: 0, accept };
    const fresh = new Map(rows.map((r) => [r.id, r]));
    const shown = kept.ids.map((id) => fresh.get(id) ?? kept.old.get(id)!);
    const came = rows.filter((r) => !kept.ids.includes(r.id)).length;
    const went = kept.ids.filter((id) => !fresh.has(id)).length;
    return { rows: shown, waiting: Math.max(came, went), accept };
  }, [rows, kept, view]);
}
