// The shapes the server answers with under /api/v1. Amounts end in Fen and are integers; times are RFC 3339 UTC.
import type { ActionField } from "../pages/customer/action/types";
export interface Staff { id: string; login: string; name: string; org: string; orgName: string; scope: string; roles?: string[]; status?: string }
export interface Session { staff: Staff; permissions: string[]; roles: string[]; roleTitles?: Record<string, string>[]; csrf: string; expiresAt: string }
export interface Role { name: string; title: Record<string, string>; permissions: string[] }
export interface Organization { path: string; name: string; kind: string }
export interface AuditRow {
  id: string; at: string; actor: string; actorName?: string; action: string;
  subjectType: string; subjectId: string; org?: string; detail?: unknown;
}

export type MatchKind = "phone" | "name" | "pinyin" | "initials" | "certificate" | "account" | "circuit" | "broadband" | "customerNo";
export interface FoundCustomer {
  id: string; customerNo: string; name: string; kind: "individual" | "organization"; phone?: string;
  certificate?: string; grade?: string; status?: string; orgName?: string; createdAt?: string; match?: MatchKind;
}
export interface Found {
  query: string;
  customers: FoundCustomer[];
  orders: { id: string; orderNo: string; state: string; customerName: string }[];
  offerings: { id: string; name: string; priceFen: number | null; status: string }[];
}

export interface Progress { done: number; total: number }
export interface OrderRow {
  id: string; orderNo: string; state: string; customerId?: string; customerName?: string; summary?: string;
  createdAt: string; updatedAt?: string; operator?: string; progress?: Progress; amountFen?: number;
  business?: string | null; businessTitle?: Record<string, string> | null; effectiveAt?: string | null; held?: boolean; urges?: number; developer?: string | null;
}
export interface NameValue { name: string; value: unknown }
export interface HeldProduct {
  id: string; name: string; offeringId?: string; status: string; number?: string; family?: string;
  /** How far it is stopped, and each reason with its own level. */
  barLevel?: "oneWay" | "twoWay" | null; locks?: { reason: string; level: "oneWay" | "twoWay" }[] | null;
  monthlyFeeFen?: number; startDate?: string; orderNo?: string; characteristics?: NameValue[];
}
export interface BillRow {
  id: string; billNo: string; period: { start: string; end: string }; amountFen: number; remainingFen: number;
  state?: string; dueDate?: string;
}
export interface PaymentRow {
  id: string; receiptNo: string; at: string; amountFen: number; method: string; operator?: string;
  reversedBy?: string | null; reversalOf?: string | null; customerId?: string; customerName?: string;
}
export interface AccountRow { id: string; accountNo: string; name?: string; balanceFen: number; paymentMethod?: string }
export interface TimelineRow {
  at: string; kind: "order" | "product" | "bill" | "payment" | "ticket" | "contact" | "note"; title: string; detail?: string;
  ref?: { type: string; id: string } | null; operator?: string;
}
export interface CustomerView {
  dataTime: string;
  customer: {
    id: string; customerNo: string; name: string; kind: "individual" | "organization"; status: string; grade?: string;
    phone?: string; certificateType?: string; certificate?: string; address?: string; org: string; orgName?: string;
    manager?: string; realName?: boolean; createdAt: string; partyId?: string; version?: number | string;
    contacts?: { name: string; role?: string; phone?: string; email?: string; preferred?: string | boolean }[];
  };
  arrears: { totalFen: number; oldestDue?: string | null; billCount: number };
  balanceFen: number;
  products: HeldProduct[];
  inTransit: OrderRow[];
  orders: OrderRow[];
  accounts: AccountRow[];
  bills: BillRow[];
  payments: PaymentRow[];
  agreements: { offering: string; start: string; end?: string | null; terms?: unknown }[];
  relations: { type: string; typeName?: string; customerId: string; name: string }[];
  tickets: { id: string; ticketNo?: string; type?: string; name: string; status: string; createdAt: string }[];
  timeline: TimelineRow[];
}

export interface PhoneNumber {
  number: string; display?: string; class: "normal" | "good" | "premium"; minSpendFen?: number; depositFen?: number; state?: string; org?: string;
}
export interface NumberLock { number: string; lockedUntil: string; lockToken: string }

export interface Allowances { dataMb?: number | null; voiceMin?: number | null; sms?: number | null; broadbandMbps?: number | null }
export interface Offering {
  id: string; name: string; family: string; status: string; priceFen: number | null; priceText?: string; allowances?: Allowances;
  audience?: string; contractMonths?: number | null; area?: string; category?: string; validFrom?: string; validTo?: string;
  isBundle?: boolean; components?: { offeringId: string; name: string; family: string }[]; sellable?: boolean; whyNot?: string | null;
}
export interface OfferingDetail extends Offering {
  details?: Record<string, unknown>;
  prices?: { id: string; name: string; type: string; amountFen: number; period?: string | null }[];
  terms?: unknown[];
  decomposition?: { spec: string; cfs: { name: string; rfs: { name: string; tasks: { name: string; title?: Record<string, string>; target: string }[] }[] }[] }[];
  versions?: { version: number | string; at: string; summary?: string }[];
}
export interface CatalogSummary {
  total: number;
  byFamily: { family: string; count: number }[];
  byStatus?: { status: string; count: number }[];
  byPriceBand: { from: number | null; to: number | null; count: number }[];
  byArea?: { area: string; count: number }[];
}
export interface PriceResult {
  items: { offeringId: string; name: string; lines: { name: string; type: string; amountFen: number; note?: string; noteEn?: string }[] }[];
  oneTimeFen: number; firstMonthFen: number; monthlyFen: number; dueNowFen: number; eligible: boolean;
  problems: { offeringId?: string; code: string; reason: string }[];
}

export type StepState = "pending" | "running" | "done" | "failed" | "waiting" | "undone" | "undoing" | "undoFailed" | "skipped" | "notRun";
export interface Step {
  id: string; seq: number; name: string; title: string; target: string; itemId?: string; after?: string[]; state: StepState;
  attempts: number; startedAt?: string | null; endedAt?: string | null; error?: { code: string; reason: string } | null;
}
export interface Track {
  order: OrderRow & { items: { id: string; action: string; offering: string; family?: string; characteristics?: NameValue[]; state?: string }[] };
  saga: { id: string; state: string; version?: number } | null;
  tree: { item: string; product: string; cfs: { name: string; rfs: { name: string; tasks: string[] }[] }[] }[];
  steps: Step[];
  history: { at: string; what: string; operator?: string }[];
  bill?: { id: string; billNo: string; amountFen: number; remainingFen: number } | null;
  collaboration?: { id: string; type: string; state: string; ackAt?: string | null }[];
  booking?: { effectiveAt: string; waiting?: { code: string; reason: string; message?: string }[]; held?: boolean } | null;
  verbs?: { verb: string; allowed: boolean; whyNot?: { code: string; reason: string } | null }[];
  amendable?: (Omit<ActionField, "required"> & { itemId: string })[];
}
export interface FalloutRow {
  id: string; orderId: string; orderNo: string; customerName: string; step: string; stepTitle: string; target: string;
  error?: { code: string; reason: string } | null; attempts: number; since: string; owner?: string | null; state: string;
}
export interface FalloutSummary { open: number; byTarget: { target: string; count: number }[]; byAge: { age?: string; from?: number; to?: number; count: number }[] }
export interface SimulatorTarget { target: string; delayMs: number; failRate: number; failNext: number; loseNext?: number; stuck: boolean }

export interface ImportRun {
  id: string; file: string; state: "queued" | "running" | "done" | "failed" | "cancelled"; total?: number | null; done: number;
  created: number; updated: number; unchanged: number; refused: number; startedAt?: string; endedAt?: string | null; error?: string | null;
}

export interface Dues {
  customer: { id: string; name: string; phone?: string; customerNo?: string };
  accounts: { id: string; accountNo: string; balanceFen: number; bills: DueBill[]; books?: Book[]; securityFen?: number }[];
  totalDueFen: number;
  lateFeeFen?: number;
  /** What is owed with the late fees of today. */
  toPayFen?: number;
  /** Other customers that what was typed may mean. */
  others?: { id: string; name: string; phone?: string; customerNo?: string }[];
}
/** A balance book (账本) of an account. */
export interface Book {
  id: string; accountId: string; kind: string; name: string; nameEn: string; refundable: boolean; automatic: boolean; state: string; balanceFen: number;
  validFrom: string | null; expires: string | null; scope: { families: string[]; kinds: string[]; products: string[] };
}
export interface CheckedOut { batchId: string; totalFen: number; changeFen: number; payments: PaymentDone[] }
export interface DueBill extends Omit<BillRow, "period"> {
  lateDays?: number;
  lateFeeFen?: number;
  period: { start: string; end: string } | string;
  lines?: { name: string; amountFen: number; product?: string }[];
}
export interface PaymentDone {
  id: string; receiptNo: string; amountFen: number; changeFen?: number; toBalanceFen?: number; balanceFen?: number; at: string; operator?: string;
  applied?: { billId: string; billNo: string; amountFen: number; remainingFen: number; lateFeeFen?: number }[]; method?: string; tenderedFen?: number;
  lateFeeFen?: number; giftFen?: number; settledFen?: number; accountId?: string; customerId?: string; batchId?: string;
}
export interface Shift {
  id: string | null; state: "open" | "closed"; openedAt?: string; closedAt?: string; floatFen?: number;
  byMethod?: { method: string; count: number; amountFen: number }[]; byKind?: { kind: string; count: number; amountFen: number }[];
  expectedCashFen?: number; expectedFen?: Record<string, number>; differenceFen?: number;
}
export interface BillDetail extends BillRow {
  customerId?: string; customerName: string; accountNo?: string;
  printedAt: string | null;
  lines: { seq: number; name: string; product?: string; number?: string; type?: string; amountFen: number; days?: number | null; note?: string; noteEn?: string; detail?: { nameEn?: string } | null }[];
  payments: (Omit<PaymentRow, "id" | "receiptNo" | "at" | "method"> & { id: string | null; source?: string; receiptNo?: string; at?: string; method?: string })[];
}
export interface Workbench {
  today: { orders: number; paymentsFen: number; newCustomers: number; falloutOpen: number };
  ordersByHour: number[];
  recentOrders: OrderRow[];
  recentCustomers: FoundCustomer[];
}
export interface LiveEvent { id?: string; type: string; subjectType?: string; subjectId?: string; version?: number; org?: string; at?: string; topic?: string }
