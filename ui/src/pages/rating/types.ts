// What rating answers, and how its figures are written.
import i18next from "i18next";

export interface When { kinds?: string[]; direction?: string; destinations?: string[]; zones?: string[]; bands?: string[]; peers?: string[] }
export type Part = "full" | "daily" | "none";
export interface Allowance { id: string; name: string; nameEn: string; when: When; unitSize: number; amount: number; shared: boolean; carryOver: number; first: Part; last: Part; mayGoNegative: boolean; priority: number }
export interface Tier { from: number; priceMilliFen: number }
export interface Rule { id: string; name: string; nameEn: string; when: When; mode: "metered" | "free" | "passed"; unitSize: number; round: "record" | "day" | "cycle"; zeroFree: boolean; useAllowances: boolean; tiers: Tier[]; tax: string }
export interface Discount { id: string; name: string; nameEn: string; rules: string[]; percent: number; amountFen: number }
export interface Cap { id: string; name: string; nameEn: string; rules: string[]; amountFen: number }
export interface Plan {
  name: string; nameEn: string; currency: string; role: "base" | "option"; allowances: Allowance[]; rules: Rule[]; discounts: Discount[]; caps: Cap[];
  minimum: { amountFen: number; part: Part } | null; feeRounding: "line" | "record";
}
export interface PlanRow { id: string; version: number; state: string; origin: string; name: string; nameEn: string; validFrom: string; changedAt: string; changedByName: string }
export interface Version extends PlanRow { rowVersion: number; note: string; plan: Plan; changedBy: string; activatedAt: string | null; activatedByName: string | null; products: number }
export interface PlanWhole { id: string; name: string; nameEn: string; versions: Version[]; offerings: { id: string; name: string }[] }
export interface Used { name: string; nameEn: string; amount: number; leftAfter: number; carried: boolean; shared: boolean }
export interface Step {
  record: { at: string; kind: string; direction: string; amount: number; peer: string; place: string; late: boolean } | null;
  at: string; planId: string; planVersion: number; ruleId: string; ruleName: string; ruleNameEn: string; counted: number; used: Used[];
  tiers: { from: number; units: number; priceMilliFen: number }[]; amountMilliFen: number; note: string; noteEn: string;
}
export interface Line { productId: string; number: string; planId: string; planVersion: number; ruleId: string; name: string; nameEn: string; records: number; quantity: number; unit: string; chargedUnits: number; amountFen: number; taxCategory: string; note: string; noteEn: string }
export interface AllowanceState {
  id: string; name: string; nameEn: string; planId: string; kinds: string[]; unitSize: number; total: number; used: number; left: number; carried: number; shared: boolean; usedByMe: number;
  members: { productId: string; number: string; used: number }[]; from: string; until: string; ended: boolean;
}
export interface Balance {
  productId: string; number: string; accountId: string; customerId: string; cycle: string; from: string; to: string; at: string; open: boolean; closed: boolean;
  plans: { id: string; version: number; name: string; nameEn: string; role: string; from: string; to: string | null; currency: string }[];
  allowances: AllowanceState[]; lines: Line[]; totalFen: number;
}
export interface Bench { cycle: string; totalFen: number; members: { member: string; lines: Line[]; steps: Step[]; allowances: AllowanceState[]; totalFen: number }[] }
export interface Tables { destination: TableRow[]; free: TableRow[]; band: TableRow[]; zone: TableRow[]; tax: TableRow[]; taxFamily: TableRow[]; default: TableRow[] }
export interface TableRow { key: string; class?: string; name?: string; nameEn?: string; source: string; days?: number; fromMinute?: number; toMinute?: number; permille?: number; validFrom?: string; value?: number; seq?: number }

const english = () => i18next.language.startsWith("en");
/** The text in the reader's language. */
export const either = (zh: string, en: string) => (english() && en ? en : zh);

export const MB = 1048576;
export const GB = 1073741824;

/** Seconds, bytes or messages as people say them. */
export function quantity(unit: string, n: number): string {
  const t = i18next.t;
  const sign = n < 0 ? "−" : "";
  const a = Math.abs(n);
  if (unit === "s") return a % 60 === 0 ? `${sign}${whole(a / 60)} ${t("rating.min")}` : `${sign}${whole(Math.floor(a / 60))} ${t("rating.min")} ${a % 60} ${t("rating.sec")}`;
  if (unit === "B") return a >= GB ? `${sign}${trim(a / GB)} GB` : `${sign}${trim(a / MB)} MB`;
  return `${sign}${whole(a)}${unit === "1" ? ` ${t("rating.pieces")}` : ""}`;
}
const trim = (n: number) => n.toLocaleString("en", { maximumFractionDigits: 2 });
export const whole = (n: number) => n.toLocaleString("en");

/** What kinds of usage count in. */
export const unitOf = (kinds: string[] | undefined) => (kinds?.[0] === "call" ? "s" : kinds?.[0] === "data" ? "B" : "1");
/** The sizes that a unit may have, by the kind. */
export function unitSizes(kinds: string[] | undefined): { value: string; label: string }[] {
  const t = i18next.t;
  if (unitOf(kinds) === "s") return [[1, t("rating.second")], [6, t("rating.six")], [60, t("rating.minute")]].map(([v, l]) => ({ value: String(v), label: String(l) }));
  if (unitOf(kinds) === "B") return [[1024, "KB"], [MB, "MB"], [GB, "GB"]].map(([v, l]) => ({ value: String(v), label: String(l) }));
  return [{ value: "1", label: t("rating.piece") }];
}
export function unitName(size: number, kinds: string[] | undefined): string {
  return unitSizes(kinds).find((u) => u.value === String(size))?.label ?? String(size);
}

/** Thousandths of a fen as yuan, all digits. */
export function price(milli: number): string {
  const digits = String(Math.abs(milli)).padStart(6, "0");
  const text = `${digits.slice(0, -5)}.${digits.slice(-5)}`.replace(/0+$/, "").replace(/\.$/, "");
  return milli < 0 ? `−${text}` : text;
}
/** Yuan with at most five decimals, in thousandths of a fen; null where it is none. */
export function milliFen(text: string): number | null {
  const found = /^(\d{1,5})(?:\.(\d{1,5}))?$/.exec(text.trim());
  return found ? Number(found[1]) * 100000 + Number((found[2] ?? "").padEnd(5, "0")) : null;
}
/** Yuan with at most two decimals, in fen. */
export function fenOf(text: string): number | null {
  const found = /^(\d{1,7})(?:\.(\d{1,2}))?$/.exec(text.trim());
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
}
export const yuanOf = (fen: number) => price(fen * 1000);

export const blankRule = (id: string): Rule => ({ id, name: "", nameEn: "", when: { kinds: ["call"], direction: "out" }, mode: "metered", unitSize: 60, round: "record", zeroFree: true, useAllowances: true, tiers: [{ from: 0, priceMilliFen: 15000 }], tax: "basic" });
export const blankAllowance = (id: string): Allowance => ({ id, name: "", nameEn: "", when: { kinds: ["data"] }, unitSize: GB, amount: 20, shared: false, carryOver: 0, first: "daily", last: "full", mayGoNegative: false, priority: 0 });
export const blankPlan = (): Plan => ({ name: "", nameEn: "", currency: "CNY", role: "base", allowances: [], rules: [blankRule("call")], discounts: [], caps: [], minimum: null, feeRounding: "line" });
