// Money from fen, times in the operator's zone, telephone numbers in groups of 3-4-4.
import { language } from "./i18n";

const ZONE = "Asia/Shanghai";

export function yuan(fen: number | null | undefined, sign = true): string {
  if (fen === null || fen === undefined || Number.isNaN(fen)) return "—";
  const minus = fen < 0 ? "−" : "";
  const whole = Math.trunc(Math.abs(fen) / 100).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  const rest = String(Math.abs(fen) % 100).padStart(2, "0");
  return `${minus}${sign ? "¥" : ""}${whole}.${rest}`;
}

/** What a clerk types in an amount field, as fen; null when it is not an amount. */
export function toFen(text: string): number | null {
  const clean = text.replace(/[,，¥￥\s]/g, "");
  const m = /^(\d{1,11})(?:\.(\d{0,2}))?$/.exec(clean);
  if (!m) return null;
  return Number(m[1]) * 100 + Number((m[2] ?? "").padEnd(2, "0"));
}

const parts = new Intl.DateTimeFormat("en-CA", {
  timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
function split(text: string) {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return null;
  const p = Object.fromEntries(parts.formatToParts(at).map((x) => [x.type, x.value]));
  return { date: `${p.year}-${p.month}-${p.day}`, minute: `${p.hour}:${p.minute}`, second: `${p.hour}:${p.minute}:${p.second}` };
}
const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text);

export function dateTime(text: string | null | undefined, seconds = false): string {
  if (!text) return "—";
  if (isDay(text)) return text;
  const p = split(text);
  return p ? `${p.date} ${seconds ? p.second : p.minute}` : text;
}
export function clock(text: string | null | undefined): string {
  const p = text ? split(text) : null;
  return p ? p.second : "—";
}
export function day(text: string | null | undefined): string {
  if (!text) return "—";
  if (isDay(text)) return text;
  return split(text)?.date ?? text;
}
export const today = (now = new Date()) => day(now.toISOString());

export function ago(text: string, now = Date.now()): string {
  const seconds = Math.round((new Date(text).getTime() - now) / 1000);
  const relative = new Intl.RelativeTimeFormat(language(), { numeric: "auto", style: "short" });
  const size = Math.abs(seconds);
  if (size < 60) return relative.format(Math.min(0, seconds), "second");
  if (size < 3600) return relative.format(Math.round(seconds / 60), "minute");
  if (size < 86400) return relative.format(Math.round(seconds / 3600), "hour");
  return relative.format(Math.round(seconds / 86400), "day");
}

export function seconds(from?: string | null, to?: string | null): string {
  if (!from || !to) return "—";
  const ms = new Date(to).getTime() - new Date(from).getTime();
  if (ms < 1000) return `${Math.max(0, ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

export function phone(text: string | null | undefined): string {
  if (!text) return "—";
  const plain = text.replace(/^\+?86(?=1)/, "");
  return /^1[\d*]{10}$/.test(plain) ? `${plain.slice(0, 3)} ${plain.slice(3, 7)} ${plain.slice(7)}` : text;
}

/** A phone typed by hand: spaces and dashes off, a country code off. */
export const plainPhone = (text: string) => text.replace(/[\s\-()（）]/g, "").replace(/^(\+?86|0086)(?=1\d{10}$)/, "");

export function traffic(mb: number | null | undefined): string {
  if (mb === null || mb === undefined) return "—";
  return mb >= 1024 ? `${+(mb / 1024).toFixed(1)} GB` : `${mb} MB`;
}

export const count = (n: number | null | undefined) => (n === null || n === undefined ? "—" : n.toLocaleString("en-US"));

/** Characteristics that serve the machinery and tell a clerk nothing, or are secret. */
export const HIDDEN = new Set(["lockToken", "accessSecret"]);

/** Anything the server puts in a characteristic, as one line of text. */
export function plain(value: unknown): string {
  if (value === null || value === undefined || value === "") return "—";
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return JSON.stringify(value);
}
