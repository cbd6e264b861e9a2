// What the server tells of unit accounts.
export interface UnitRow {
  id: string; unitNo: string; customerId: string; accountId: string; name: string; state: "active" | "frozen" | "closed"; contactName: string; contactPhone: string; contactEmail: string; address: string;
  note: string; warnFen: number; hasPassword: boolean; passwordAt?: string | null; lockedUntil?: string | null; createdAt: string; version: number; balanceFen: number; low: boolean;
}
export interface UnitHome extends UnitRow {
  customerName: string; accountNo: string; places: { unitFen: number; reserveFen: number; loadedFen: number }; members: { active: number; lost: number; suspended: number }; differences: number; points: number | null;
}
export interface Member {
  id: string; version: number; kind: "number" | "customer" | "card"; identifier: string; name: string; groupId?: string | null; driverId?: string | null; customerId: string; accountId: string;
  state: "active" | "suspended" | "lost" | "replaced" | "left"; reserveFen: number; loadedFen: number; onceFen?: number | null; dayFen?: number | null; monthFen?: number | null; quotaFen?: number | null;
  paysBills: boolean; lostAt?: string | null; cardFen?: number | null; cardSeq: number; cardAt?: string | null; spentDayFen?: number; spentMonthFen?: number;
}
export interface Group { id: string; version: number; parentId?: string | null; kind: string; name: string; members: number }
export interface Driver { id: string; version: number; groupId?: string | null; name: string; staffNo: string; phone: string; state: string }
export interface Movement {
  id: string; at: string; kind: string; memberId?: string | null; identifier?: string | null; memberName?: string | null; groupName?: string | null; amountFen: number; unitAfterFen: number; memberAfterFen: number;
  reference: string; batchId?: string | null; place: string; note: string; operator: string;
}
export interface Consumption { id: string; memberId: string; identifier: string; name: string; reference: string; amountFen: number; fromLoadedFen: number; kind: string; place: string; at: string; state: string; points: number; reason: string }
export interface Refusal { line: number; content: string; code: string; "zh-CN": string; en: string }
export interface Moved { id: string; kind: string; rows: number; done: number; nothing: number; amountFen: number; balanceFen: number; refused: Refusal[] }
export interface BatchRow { id: string; kind: string; source: string; rows: number; done: number; refused: number; amountFen: number; note: string; operator: string; at: string }
export interface Rule { id: string; name: string; groupId?: string | null; how: "fixed" | "toLimit"; amountFen: number; dayOfMonth: number; collectFirst: boolean; state: string; nextOn: string }
export interface InCard {
  memberId: string; state: string; reserveFen: number; loadedFen: number; pendingFen: number; cardFen?: number | null; cardSeq: number; cardAt?: string | null; agrees?: boolean | null;
  loads: { id: string; amountFen: number; state: string; at: string; updatedAt: string }[];
}
export interface Difference { id: string; memberId: string; identifier: string; name: string; houseFen: number; cardFen: number; state: string; remedy: string; reason: string; operator: string; at: string; doneAt?: string | null }
export interface Ledger { from: string; until: string; openingFen: number; closingFen: number; lines: { txnId: string; at: string; kind: string; subjectType: string; subjectId: string; operator: string; amountFen: number; balanceFen: number; identifier?: string; memberName?: string }[] }
export interface Figures {
  from: string; until: string; months: { month: string; kind: string; count: number; amountFen: number }[]; days: { day: string; amountFen: number }[];
  members: { memberId: string; identifier: string; name: string; amountFen: number; count: number }[]; groups: { groupId?: string | null; name?: string | null; amountFen: number; count: number }[];
}
