// What the network pages read from the server.
export type Title = Record<string, string>;
export interface Rule { id: string; target: string; org: string; family: string; adapter: string; priority: number; enabled: boolean; source: string }
export interface Piece {
  id: string; task: string; title: Title; step: string; target: string; cfs: string; rfs: string; rfsId: string; detached: boolean; shared: boolean; system: string; after: string[];
}
export interface RfsSpec { id: string; version: string; name: string; shared: { kind: string; key: string } | null }
export interface RuleProduct {
  offeringId: string; name: string; family: string; specId: string | null; needs: string[]; cfs: { id: string; version: string; name: string; rfs: RfsSpec[] }[]; work: Record<string, Piece[]>;
}
export interface Rules { offering: { id: string; name: string; family: string; version: number }; org: string; products: RuleProduct[] }
export interface TreeStep {
  id: string; name: string; step: string; title: Title; target: string; state: string; after: string[]; attempts: number; startedAt: string | null; endedAt: string | null; on: string | null;
  detached: boolean | null; shared: { kind: string; key: string } | null; system: string | null; message: { id: string; state: string; version: number } | null; error: (Title & { code: string }) | null;
}
export interface TreeItem {
  item: string; productId: string; name: string | null; family: string | null; status: string | null; shared: { kind: string; key: string; users: string[] }[];
  cfs: { name: string; rfs: { name: string; tasks: string[] }[] }[];
}
export interface Tree { order: { id: string; orderNo: string; state: string; customerName: string; description: string }; sagaState?: string; items: TreeItem[]; steps: TreeStep[] }
export interface Message {
  id: string; system: string; orderId: string; orderNo: string; purpose: string; version: number; state: string; wanted: string; due: string | null; attempts: number; externalId: string | null;
  error: string | null; org: string; createdAt: string; updatedAt: string; submittedAt: string | null; ackedAt: string | null; endedAt: string | null; items: number;
}
export interface MessageItem { step: number; target: string; verb: string; task: string; title: Title; productId: string; subscriber: string; state: string; detail: string }
export interface Trace { at: string; direction: string; kind: string; summary: string; body: string }
export type MessageView = Omit<Message, "items"> & { items: MessageItem[]; payload: unknown; trace: Trace[] };
export interface LegacySummary { configured: boolean; simulated: boolean; in: Record<string, number>; out: Record<string, number>; directories: Record<string, number> }
export interface LegacyOut { id: string; seq: number; kind: string; name: string; messageId: string; version: number; state: string; detail: string; createdAt: string; writtenAt: string | null; answeredAt: string | null; orderId: string }
export interface LegacyIn { id: string; kind: string; seq: number; name: string; messageId: string | null; verdict: string; detail: string; at: string; orderId: string | null }
export interface Work {
  id: string; orderId: string; productId: string; org: string; task: string; title: Title; place: string; detached: boolean; state: string; result: string; worker: string | null; createdAt: string; endedAt: string | null;
}
export interface Target { target: string; delayMs: number; failRate: number; failNext: number; loseNext?: number; stuck: boolean }
export interface System { system: string; lateSeconds: number; neverNext: number; twiceNext: number; refuseNext: number; disorderNext: number; damagedNext: number; silent: boolean; stuck: boolean }
