// The record-tab strip: which records are open in this browser tab, newest kept, at most twelve; survives a reload.
import { useSyncExternalStore } from "react";

export interface RecordTab { key: string; href: string; title: string; kind: "customer" | "order" | "bill" | "sell" | "offering" }
const STORE = "yitai.tabs";
const MAX = 12;
let tabs: RecordTab[] = read();
const listeners = new Set<() => void>();

function read(): RecordTab[] {
  try { return JSON.parse(sessionStorage.getItem(STORE) ?? "[]") as RecordTab[]; } catch { return []; }
}
function write(next: RecordTab[]) {
  tabs = next;
  sessionStorage.setItem(STORE, JSON.stringify(next));
  listeners.forEach((f) => f());
}

export function openTab(tab: RecordTab) {
  const old = tabs.find((t) => t.key === tab.key);
  if (old) {
    if (old.href === tab.href && old.title === tab.title) return;
    write(tabs.map((t) => (t.key === tab.key ? { ...tab, title: tab.title || t.title } : t)));
    return;
  }
  const next = [...tabs, tab];
  if (next.length > MAX) next.splice(Math.max(0, next.findIndex((t) => t.kind !== "sell")), 1);
  write(next);
}
export const closeTab = (key: string) => write(tabs.filter((t) => t.key !== key));
export const closeAllTabs = () => write([]);
export function useTabs(): RecordTab[] {
  return useSyncExternalStore((f) => { listeners.add(f); return () => listeners.delete(f); }, () => tabs);
}

// Where each open record was left, with its query string: its tab leads back to just there.
const places = new Map<string, string>();
export const leftAt = (path: string, href: string) => void places.set(path, href);
export const wayTo = (tab: RecordTab) => places.get(tab.href.split("?")[0]!) ?? tab.href;
