// What the catalogue and the price say beyond the list row: options of a bundle, discounts, contracts.
export interface Picked { offeringId: string; quantity: number; version?: number }
export interface Option { offeringId: string; name: string; family: string; min: number; max: number; default: number; group?: string | null }
export interface Group { id: string; name: string; min: number; max: number }
export interface Published {
  id: string; name: string; percent?: number | null; amountFen?: number | null; months?: number | null; appliesTo?: string; requires?: string[]; stackable?: boolean;
  byHand?: { maxPercent: number; maxFen: number } | null;
}
export interface Detail {
  id: string; version?: number; options: Option[]; groups: Group[]; discounts: Published[];
  contract?: { months: number; remainingPercent?: number; fixedFen?: number } | null; trial?: { days: number; convertsTo?: string | null } | null;
}
export interface Granted { discountId?: string; name?: string; percent?: number; amountFen?: number; months?: number; applies?: "recurring" | "oneTime"; reason?: string; requestId?: string }
export interface Problem { offeringId?: string; code: string; reason: string; message?: string; field?: string; mayGrant?: string[] | null }
export interface DiscountLine {
  id: string; name: string; type: string; amountFen: number; monthlyFen: number; months?: number | null; until?: string | null; source: string; note: string; noteEn: string;
}
export interface Bound { months: number; starts: string; ends: string; earlyTerminationFen: number; rule: string; ruleEn: string }
export interface Priced {
  offeringId: string; version?: number; name: string; quantity?: number; lines: { name: string; type: string; amountFen: number; note?: string; noteEn?: string }[];
  discounts?: DiscountLine[]; declined?: { id: string; name: string; zh: string; en: string }[]; contract?: Bound | null;
}
export interface Price {
  items: Priced[]; oneTimeFen: number; firstMonthFen: number; monthlyFen: number; monthlyAfterFen?: number; dueNowFen: number; discountFen?: number; outside?: boolean;
  eligible: boolean; problems: Problem[];
}
export interface CartRow {
  id: string; label: string; customerId: string; customerName: string; operator: string; mine?: boolean; orgName?: string; updatedAt: string;
  itemCount: number; items?: string[]; totalFen: number | null; step?: number; stale: { offeringId: string; reason: string }[];
}
