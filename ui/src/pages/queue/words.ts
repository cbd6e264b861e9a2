// What the queue's pages share: shapes of the answers, and texts that come from the server in both languages.
import { language } from "../../lib/i18n";

export interface Both { zh: string; en: string }
export const either = (both: Both) => (language() === "en" ? both.en : both.zh);

export interface Kind extends Both { code: string; letter: string }
export interface Board {
  hall: string; hallName: string; at: string; waiting: number;
  called: { label: string; counter: string; state: string; calledAt: string | null; calls: number }[];
  kinds: { kind: Kind; waiting: number; expectedMinutes: number; next: string[] }[];
  counters: { counter: string; state: string }[];
}
export interface Ticket {
  id: string; label: string; kind: string; priority: string; state: string; takenAt: string; counter: string | null; calls: number;
  calledAt: string | null; servedAt: string | null; customerId: string | null; wantedCounter: string | null;
}
export interface CounterView {
  counter: { counter: string; kinds: string[]; state: string; staffName: string } | null;
  current?: Ticket | null; customer?: { id: string; name: string; grade: string } | null;
  waiting?: Pick<Ticket, "id" | "label" | "kind" | "priority" | "takenAt" | "wantedCounter">[]; missed?: Ticket[];
}
export interface Offer { hall: string; hallName: string; kinds: Kind[]; priorities: (Both & { code: string })[] }
export interface Sums { tickets: number; served: number; missed: number; left: number; waitAverage: number | null; wait90: number | null; waitMost: number | null; serviceAverage: number | null; inTimePercent: number | null }
export interface Figures {
  from: string; to: string; targetSeconds: number; total: Sums;
  halls: (Sums & { org: string; name: string })[]; kinds: (Sums & { kind: string })[]; hours: (Sums & { hour: number })[];
}
/** Minutes and seconds, as waiting is told. */
export const span = (seconds: number | null | undefined) => (seconds === null || seconds === undefined ? "—" : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
