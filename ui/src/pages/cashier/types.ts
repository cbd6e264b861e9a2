// What the server says about drawers, sheets, bank files, cards and differences.
export interface Cell { kind: string; method: string; count: number; amountFen: number }
export interface DrawerMethod { method: string; expectedFen: number; counted: boolean; used: boolean }
export interface ShiftView {
  id: string | null; state: "open" | "closed"; day?: string; hall?: string; operator?: string; operatorId?: string; openedAt?: string; closedAt?: string; floatFen?: number;
  matrix: Cell[]; methods: DrawerMethod[]; expectedFen?: Record<string, number>; differenceFen?: number | null; reason?: string; closedBy?: string | null;
  counted?: { method: string; systemFen: number; countedFen: number; differenceFen: number }[];
}
export interface HandOver { id: string; day: string; from: string; to: string | null; cashFen: number; state: string; note: string; offeredAt: string; answeredAt: string | null; mine: boolean }

export interface Check { level: number; ok: boolean; note: string; by: string; at: string }
export interface SheetRow { id: string; org: string; hall: string; day: string; state: string; auditCode: string; round: number; shifts: number; takenFen: number; differenceFen: number; due: string | null; overdue: boolean }
export interface SheetDrawer {
  shiftId: string; operator: string; open: boolean; floatFen: number; openedAt: string; closedAt: string | null; closedBy: string | null; differenceFen: number | null; reason: string;
  counts: { method: string; systemFen: number; countedFen: number; differenceFen: number }[]; matrix: Cell[]; checks: Check[];
}
export interface SlipRow { id: string; method: string; kind: string; bank: string; number: string; amountFen: number; slipDay: string; carriedBy: string; witness: string; state: string; reason: string; enteredBy: string; enteredAt: string; checks: Check[] }
export interface Hindrance { code: string; zh: string; en: string; zhHelp: string; enHelp: string }
export interface Sheet extends SheetRow {
  drawers: SheetDrawer[]; slips: SlipRow[]; methods: { method: string; paper: string; takenFen: number; dueFen: number; slipsFen: number; missingFen: number }[];
  mayAct: boolean; whyNot: Hindrance[]; steps: { level: number; action: string; by: string; note: string; at: string }[];
  levels: { level: number; zh: string; en: string; source: string; from: string; due: string }[];
}
export interface Watch { sheets: SheetRow[]; openShifts: { org: string; hall: string; day: string; openShifts: number }[]; overdue: number; since: string }
export interface CashRow { org: string; hall: string; takingsFen: number; onHandFen: number; limitFen: number; overFen: number; source: string }
export interface MoneyRow { org: string; hall: string; method: string; count: number; documentsFen: number; ledgerFen: number; systemFen: number | null; countedFen: number | null; heldFen: number; slipsFen: number; openShifts: number }
export interface Difference { id: string; org: string; hall: string; day: string; kind: string; method: string; leftFen: number; rightFen: number; differenceFen: number; state: string; reason: string; by: string | null; foundAt: string; updatedAt: string }

export interface Bank { code: string; zh: string; en: string }
export interface Agreement { id: string; agreementNo: string; accountId: string; accountNo: string; customerId: string; customer: string; bankCode: string; payerName: string; bankAccount: string; limitFen: number | null; state: string; validFrom: string; endReason: string; by: string; createdAt: string }
export interface Batch { id: string; batchNo: string; bankCode: string; bankZh: string; bankEn: string; state: string; items: number; totalFen: number; by: string; createdAt: string; sentAt: string | null; late: boolean; sums: { state: string; count: number; amountFen: number; collectedFen: number }[] }
export interface BatchItem { seq: number; agreementNo: string; payerName: string; bankAccount: string; amountFen: number; state: string; collectedFen: number; code: string; codeZh: string | null; codeEn: string | null; paymentId: string | null; customerId: string }
export interface BankResult { id: string; batchId: string; serial: string; kind: string; reverses: string | null; state: string; lines: number; totalFen: number; by: string; at: string; booked: number; bookedFen: number; failed: number; returned: number; reversed: number; refused: number; refusedFen: number; waiting: number }

export interface CardBatch { id: string; batchNo: string; source: string; faceFen: number; cards: number; validTo: string; state: string; made: number; pinsFetchedAt: string | null; pinsFetchedBy: string | null; by: string; createdAt: string; counts: Record<string, number>; pinsThere: boolean }
export interface Card { serial: string; batchId: string; faceFen: number; validTo: string; state: string; wrong: number; usedAt: string | null; usedBy: string | null; accountId: string | null; paymentId: string | null }
