// The design of an offering as the server keeps it, and what it says to it.
export interface Part { offeringId: string; name: string; family: string; min: number; max: number; default: number; group: string | null }
export interface Group { id: string; name: string; min: number; max: number }
export interface PriceLine { id: string | null; name: string; type: string; amountFen: number; months: number }
export interface DiscountLine {
  id: string | null; name: string; percent: number | null; amountFen: number | null; months: number | null; appliesTo: string; requires: string[];
  stackable: boolean; validFrom: string; validTo: string; byHand: { maxPercent: number; maxFen: number } | null;
}
export interface RelationLine { kind: string; offeringId: string; name: string; alternative: string | null }
export interface Audience {
  kinds: string[]; grades: string[]; channels: string[]; areas: string[]; minAge: number | null; maxAge: number | null; maxPerCustomer: number | null;
  needsFamily: string[]; hours: { from: number; to: number } | null;
}
export interface Design {
  name: string; description: string; family: string; specification: string; soldAlone: boolean | null; parts: Part[]; groups: Group[]; sharedAllowance: boolean;
  allowances: { dataMb: number | null; voiceMin: number | null; sms: number | null; broadbandMbps: number | null };
  prices: PriceLine[]; discounts: DiscountLine[]; audience: Audience; relations: RelationLine[];
  contract: { months: number; remainingPercent: number | null; fixedFen: number | null } | null; trial: { days: number; convertsTo: string | null } | null;
  terms: string; validFrom: string; validTo: string; effectiveDate: string;
}
export interface Finding {
  step: Step; field: string; severity: "error" | "warning"; code: string; zh: string; en: string; hintZh: string; hintEn: string;
}
export interface Preview { monthlyFen: number; oneTimeFen: number; separateFen: number; savingFen: number; products: { name: string; family: string; needs: string[]; tasks: number }[] }
export interface Difference { path: string; label: string; before: unknown; after: unknown }
export interface LaunchRow {
  id: string; version: number; org: string; state: string; name: string; family: string; offeringId: string | null; isChange: boolean; createdBy: string;
  createdByName: string; createdAt: string; updatedAt: string; submittedAt: string | null; decidedByName: string | null; decidedAt: string | null;
  effectiveAt: string | null; note: string; problem: Record<string, { reason: string; message: string }> | null; monthlyFen: number;
}
export interface Launch extends LaunchRow { design: Design; problems: Finding[]; preview: Preview; differences: Difference[] }

export const STEPS = ["what", "parts", "prices", "audience", "contract", "check"] as const;
export type Step = (typeof STEPS)[number];
export type Change = (patch: Partial<Design>) => void;

/** Everything that can be sold by itself; bundles are a kind of their own. */
export const SINGLES = ["mobile", "broadband", "iptv", "fixedVoice", "voip", "data", "leasedLine", "content", "smartHome", "device", "option", "group", "consulting"] as const;
export const FAMILIES = ["bundle", ...SINGLES] as const;
export const KINDS = ["individual", "organization"] as const;
export const GRADES = ["key", "diamond", "platinum", "gold", "silver", "standard"] as const;
export const CHANNELS = ["hall", "hotline", "online", "manager", "agent", "api"] as const;

export const blank = (family: string): Design => ({
  name: "", description: "", family, specification: "", soldAlone: true, parts: [], groups: [], sharedAllowance: false,
  allowances: { dataMb: null, voiceMin: null, sms: null, broadbandMbps: null },
  prices: [{ id: null, name: "月费", type: "recurring", amountFen: 0, months: 1 }], discounts: [],
  audience: { kinds: [], grades: [], channels: [], areas: [], minAge: null, maxAge: null, maxPerCustomer: null, needsFamily: [], hours: null },
  relations: [], contract: null, trial: null, terms: "", validFrom: "", validTo: "", effectiveDate: "",
});
