export interface Next { step: string; index: number; on: string; waitsFor: string }
export interface Step { kind: string; days: number; minFen?: number; channels: string[]; template?: string; approval?: boolean }
export interface Credit { accountId: string; kind: string; limitFen: number; temporaryFen: number; temporaryUntil: string | null; reason: string; updatedBy: string }
export interface CaseRow {
  id: string; org: string; accountId: string; accountNo: string | null; customerId: string; customerName: string | null; customerNo: string | null; grade: string | null;
  state: string; stepsDone: number; step: string; stepOn: string; oldestDue: string; overdueFen: number; daysOverdue: number; level: string; toldLevel: string;
  hold: string; holdUntil: string | null; holdLifts: boolean; holdReason: string; restoreBy: string | null; restoredAt: string | null; openedAt: string; closedAt: string | null; closeReason: string; next: Next | null;
}
export interface Task {
  id: string; caseId: string; customerId: string; customerName: string | null; grade: string | null; overdueFen: number | null; step: string; managerName: string; state: string; proposal: string; deferUntil: string | null;
  reason: string; proposedName: string; decidedName: string; decision: string; dueOn: string; createdAt: string; mayDecide: boolean;
}
export interface WholeCase extends CaseRow {
  policy: { name: string; nameEn: string; version: number; steps: Step[]; keyAccount: boolean };
  history: { at: string; what: string; step: string; overdueFen: number; note: string; actor: string }[];
  tasks: Task[]; credit: Credit; creditChanges: { at: string; kind: string; limitFen: number; temporaryFen: number; temporaryUntil: string | null; reason: string; actor: string }[];
}
export interface Board {
  columns: { step: string; count: number; amountFen: number; held: number }[]; ages: { age: string; count: number; amountFen: number }[]; tasks: number; restoring: number; restoringLate: number;
}
export interface Sweep { id: string; day: string; state: string; looked: number; opened: number; stepped: number; closed: number; tasks: number; told: number; startedBy: string; startedAt: string; endedAt: string | null }
export interface PolicyBody { match: { kinds: string[]; grades: string[]; families: string[] }; minFen: number; keyAccount: boolean; steps: Step[] }
export interface PolicyRow { id: string; version: number; org: string; name: string; nameEn: string; priority: number; state: string; updatedAt: string; updatedBy: string; policy: PolicyBody }
export interface LawRow { name: string; org: string; value: number; zh: string; en: string; source: string }
export interface WriteOff { id: string; customerId: string; customerName: string | null; amountFen: number; recoveredFen: number; state: string; reason: string; askedBy: string; approvedBy: string; at: string }
export const STEPS = ["remind", "barOutgoing", "barAll", "preCancel", "terminate", "writeOff"] as const;
export const COLUMNS = ["none", ...STEPS] as const;
