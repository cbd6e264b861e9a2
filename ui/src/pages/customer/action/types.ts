// What the server says about businesses: GET …/actions, POST /businesses/check, POST /businesses.
export type Titled = Record<string, string>;
export type FieldType =
  | "text" | "number" | "date" | "bool" | "choice" | "offering" | "numberPick" | "simPick" | "devicePick" | "address" | "customer" | "account" | "money" | "products" | "certificate";
export interface ActionField {
  name: string; title: Titled; type: FieldType; required: boolean; choices?: { value: unknown; title: Titled }[] | null;
  current?: unknown; hint?: Titled | null; filter?: Record<string, string> | null;
}
export interface Action {
  business: string; title: Titled; allowed: boolean; whyNot?: { code: string; reason: string; message?: string } | null;
  effective: string[]; fields: ActionField[];
}
export interface CheckProblem { code: string; reason: string; message?: string; field?: string | null }
export interface Charge { name: string; amountFen: number; type: string }
export interface Checked {
  problems: CheckProblem[]; charges: Charge[]; dueNowFen: number; monthlyBeforeFen: number | null; monthlyAfterFen: number | null; earlyTerminationFen: number;
  effectiveAt?: string | null; steps: Titled[]; lockedBy?: { orderId: string; orderNo: string } | null; confirmations?: { id: string; title: Titled }[];
}
export interface Placed { orderId: string; orderNo: string; state: string; effectiveAt?: string | null; dueNowFen?: number }

/** The subject of an action: one product, or the customer as a whole. */
export interface Subject { customerId: string; customerName: string; productId?: string; productName?: string; number?: string; address?: string }
export type Values = Record<string, unknown>;

/** Whether a field holds something the server can take. */
export function filled(field: ActionField, value: unknown): boolean {
  if (field.type === "bool") return true;
  if (value === undefined || value === null || value === "") return false;
  if (Array.isArray(value)) return value.length > 0;
  if (field.type === "certificate") { const c = value as { type?: string; number?: string }; return !!c.type && !!c.number?.trim(); }
  return true;
}
export const missing = (action: Action, values: Values) => action.fields.filter((f) => f.required && !filled(f, values[f.name])).map((f) => f.name);

/** What goes over the wire: a picked number with the token of its lock, empty optional fields left out. */
export function wire(action: Action, values: Values): Values {
  const out: Values = {};
  for (const f of action.fields) {
    const value = values[f.name];
    if (f.type === "numberPick" && value && typeof value === "object") {
      const lock = value as { number: string; lockToken: string };
      out[f.name] = lock.number;
      out.lockToken = lock.lockToken;
    } else if (filled(f, value)) out[f.name] = f.type === "bool" ? !!value : value;
  }
  return out;
}
