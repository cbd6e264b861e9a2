// What the server answers about usage, and how amounts are written.
export type Kind = "call" | "sms" | "mms" | "data" | "content";
export interface Tmf { unit: string; value: number }
export interface UsageRow {
  id: string; at: string; kind: Kind; direction: "out" | "in"; amount: number; unit: string; peer: string; place: string; fee: Tmf; late: boolean;
  charged: Tmf | null; rule: Record<string, string> | null; note: string | null;
}
export interface SumRow { kind: Kind; direction: "out" | "in"; records: number; amount: number; unit: string; charged: Tmf }
export interface Detail {
  service: { key: number; productId: string; customerId: string; accountId: string; number: string; from: string; to: string | null };
  cycle: { label: string; first: string; last: string; closedAt: string | null };
  cycles: { label: string; first: string; last: string }[];
  holders: { service: number; customerId: string; from: string; to: string | null }[];
  total: number; late: number; rated: boolean; totals: SumRow[]; days: { day: string; amounts: Partial<Record<Kind, number>> }[]; records: UsageRow[];
}
export interface FileRow {
  id: string; name: string; state: string; bytes: number; position: number; line: number; taken: number; late: number; duplicates: number; suspended: number; refused: number;
  error: string | null; operator: string; startedAt: string; endedAt: string | null;
}
export interface PoolRow {
  id: string; number: string; recordId: string; kind: Kind; at: string; code: string; title: Record<string, string>; origin: string; line: number; amount: number; peer: string;
  state: string; attempts: number; createdAt: string; endedAt: string | null; endedBy: string | null; note: string | null;
}
export interface Pool { records: PoolRow[]; open: { code: string; title: Record<string, string>; count: number }[] }
export interface SettingRow { name: string; value: number; minimum: number; maximum: number; title: Record<string, string>; source: string }
export interface CycleRow { label: string; first: string; last: string; closedAt: string | null; runs: number; records: number; bytes: number }

export const fen = (m: Tmf | null | undefined) => (m ? Math.round(m.value * 100) : null);
export const whole = (n: number) => n.toLocaleString("en-US");
/** 3725 s → 1:02:05, 1536 B → 1.5 KB, messages as they are. */
export function amount(kind: Kind, n: number): string {
  if (kind === "call") {
    const two = (x: number) => String(x).padStart(2, "0");
    const h = Math.floor(n / 3600);
    return h ? `${h}:${two(Math.floor(n / 60) % 60)}:${two(n % 60)}` : `${Math.floor(n / 60)}:${two(n % 60)}`;
  }
  return kind === "data" ? bytes(n) : whole(n);
}
export function bytes(n: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let at = 0;
  let rest = n;
  while (rest >= 1024 && at < units.length - 1) { rest /= 1024; at++; }
  return `${at === 0 || rest >= 100 ? Math.round(rest) : rest.toFixed(1)} ${units[at]}`;
}
