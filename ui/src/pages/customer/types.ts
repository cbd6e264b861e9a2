// The unified view in full: the four attribute groups beside what lists and money pages already know.
import type { CustomerView, HeldProduct } from "../../lib/types";

export type Both = Record<string, string>;
/** An attribute of the value or cognitive group; a derived one says how it was made. */
export interface Trait {
  id: string; title: Both; kind: "money" | "number" | "percent" | "text" | "band" | "months" | "score" | "families" | "grade";
  value: unknown; origin: "given" | "derived"; how?: Both | null; source: string;
}
export interface JournalEntry {
  id: string; kind: "interaction" | "followUp" | "need" | "preference" | "grade" | "manager"; at: string; channel: string; direction: string; topic: string; text: string;
  result: string; status: "" | "open" | "met" | "dropped"; due?: string | null; operator?: string | null; detail?: Record<string, unknown>;
}
export interface Standing { id: string; kind: string; category?: string; reason: string; source?: string; until?: string | null; madeBy?: string }
export interface Answer { id: string; survey: string; title: Both; score: number; scale: number; at: string; comment?: string | null; operator?: string }
export interface Product extends HeldProduct { accountId?: string | null; soldIn?: { offeringId?: string } | null }
export interface FullView extends Omit<CustomerView, "customer" | "products" | "agreements"> {
  customer: CustomerView["customer"] & { managerId?: string; given?: { name: string; value: unknown }[]; standings?: Standing[] };
  products: Product[];
  agreements: { offering: string; start: string; end?: string | null; months?: number; daysLeft?: number; ended?: boolean; terms?: unknown }[];
  audience: { name: string; title: Both; hidden: { path: string; why: Both }[] };
  behaviour: {
    journal: JournalEntry[]; contactsByChannel: { channel: string; count: number }[]; consumption: { month: string; amountFen: number }[];
    arrearsByAge: { age: string; amountFen: number; billCount: number }[]; events: { inTransit: number; complaints: number; complaintsOpen: number; suspended: number };
  };
  value: { attributes: Trait[]; grades: { at: string; from?: string; to?: string; operator?: string }[] };
  cognitive: { attributes: Trait[]; satisfaction: Answer[] };
  timelineMore?: boolean;
}
export const trait = (view: FullView, id: string): Trait | undefined => [...(view.value?.attributes ?? []), ...(view.cognitive?.attributes ?? [])].find((t) => t.id === id);
