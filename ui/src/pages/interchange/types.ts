// What the interchange with billing systems answers.
export type Two = Record<string, string>;
export interface Told {
  id: string; type: string; typeName: string; state: string; orderId: string; orderNo: string; customerId: string; productId: string; offeringId: string; number: string;
  effectiveFrom: string; attempts: number; ackAt: string | null; ackNo: string | null; doneAt: string | null; error: { code: string; reason: string } | null; createdAt: string;
  system: string; sender: string; history?: { state: string; at: string; operator: string; note: string }[];
}
export interface Target {
  seq: number; productId: string; number: string; state: string; attempts: number; orderId: string | null; orderNo: string | null;
  error: { code: string; reason: Two } | null; outcome: string; nextAt: string;
}
export interface Back {
  id: string; source: string; ownId: string; kind: string; kindName: Two; productId: string | null; accountId: string | null; customerId: string; customerName: string; reason: string; reasonName: Two;
  note: string; detail: Record<string, unknown> | null; askedAt: string; state: string; told: string; tellAttempts: number; createdAt: string; doneAt: string | null; targets: Target[];
  history?: { state: string; at: string; operator: string; note: string; seq: number | null }[];
}
export interface System { code: string; name: string; nameEn: string; url: string; hasToken: boolean; speaker: string; answerUrl: string; enabled: boolean; version: number; updatedAt: string; open: number }
export interface Route { id: string; org: string; family: string; system: string; systemName: string | null; systemNameEn: string | null; updatedAt: string }
export interface Run { system: string; day: string; state: string; ours: number; theirs: number; differing: number; error: Two | null; operator: string; endedAt: string }
export interface Side { orderNo?: string; type?: string; productId?: string; offeringId?: string; number?: string; effectiveFrom?: string; state?: string }
export interface Difference {
  system: string; day: string; orderId: string; what: "missingHere" | "missingThere" | "different"; ours: Side | null; theirs: Side | null; state: string; reason: string; operator: string; foundAt: string; handledAt: string | null;
}
