// What the server says of numbers, cards, devices and places.
export interface NumberRow { number: string; display: string; class: string; minSpendFen: number; depositFen: number; state: string; org: string }
export interface PoolRow {
  number: string; state: string; class: string; org: string; until?: string | null; keptUntil?: string | null; customerId?: string | null;
  productId?: string | null; orderId?: string | null; origin?: string | null; note?: string | null;
}
export interface NumberView {
  number: string; display: string; state: string; org: string; class: string; until: string | null; orderId: string | null; keptUntil: string | null;
  origin: string | null; product: { id: string; name: string; status: string } | null; customer: { id: string; name: string } | null;
}
export interface NumberSummary { at: string; total: number; states: Record<string, number>; classes: Record<string, Record<string, number>>; places: Record<string, Record<string, number>> }
export interface NumberClass { class: string; rank: number; patterns: string; depositFen: number; minSpendFen: number; source: string }
export interface Setting { name: string; value: number; source: string }

export interface Warehouse { id: string; org: string; level: number; name: string; parentId: string | null; active: boolean }
export interface Destination { value: string; label: string; level: number; org: string }
export interface LevelLine { kind: string; model: string; states: Record<string, number>; free: number; minimum: number | null; low: boolean }
export interface Level { id: string; name: string; org: string; level: number; lines: LevelLine[] }
export interface Item { serial: string; kind: string; model: string; imsi: string | null; warehouseId: string; org: string; state: string; orderId: string | null; productId: string | null; transferId: string | null }
export interface Moved { at: string; what: string; from: string | null; to: string; warehouseId: string; reason: string; reference: string; by: string }
export interface Transfer {
  id: string; transferNo: string; fromId: string; toId: string; fromName: string; toName: string; kind: string; state: string; sent: number; received: number;
  missing: number; surplus: number; damaged: number; note: string; sentBy: string; sentAt: string; receivedBy: string | null; receivedAt: string | null;
  lines?: { serial: string; result: string | null; settled: string | null }[];
}
export interface Sheet { id: string; countNo: string; warehouseId: string; kind: string; state: string; expected: number; found: number; missing: string[]; surplus: string[]; countedBy: string; countedAt: string; settledBy: string | null; reason: string | null }
export interface Intake {
  id: string; kind: string; file: string; state: string; total: number; done: number; added: number; same: number; refused: number; createdAt: string;
  startedAt: string | null; endedAt: string | null; error: string | null; operator: string;
}

export interface AddressRow { id: string; text: string; city: string; org: string; reachedBy: { technology: string; maxMbps: number }[] }
export interface Coverage { technology: string; device: string; maxMbps: number; blocked: string; freePorts: number | null }
export interface Qualification {
  result: "qualified" | "alternate" | "unqualified" | "unverified"; addressId: string | null; address: string; technology: string | null; maxMbps: number;
  device: string | null; freePorts: number | null; reasons: { code: string; zh: string; en: string }[]; alternatives: { technology: string; maxMbps: number }[];
}
export interface Site { id: string; name: string; code?: string; status: string; place?: { id: string; name?: string } | { id: string; name?: string }[] }

export const KINDS = ["sim", "phone", "onu", "stb", "smartHome"];
export const lines = (text: string) => [...new Set(text.split(/[\s,;，；]+/).filter(Boolean))];
