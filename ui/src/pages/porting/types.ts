// Answers of the porting desk.
import { language } from "../../lib/i18n";

export interface Reason { code: string; zh: string; en: string; zhHelp?: string; enHelp?: string; source?: string }
export interface Operator { code: string; zh: string; en: string; own?: boolean }
export interface Notice { kind: string; revision: number; outcome: string; at: string }
export interface PortIn {
  id: string; number: string; state: string; donor: Operator; orderId: string; productId: string; customerId: string; customerName: string;
  requestedAt: string | null; effectiveAt: string | null; reasons: Reason[]; createdAt: string; tries: number;
  notices?: Notice[]; may?: { newCode: boolean; return: boolean }; requestId?: string;
}
export interface PortOut {
  id: string; number: string; state: string; recipient: Operator; orderId: string | null; customerId: string; customerName: string;
  effectiveAt: string | null; reasons: Reason[]; problem: string; duesFen: number | null; createdAt: string; notices?: Notice[]; requestId?: string;
}
export interface Standing {
  number: string; eligible: boolean; reasons: Reason[]; risks: { code: string; zh: string; en: string }[]; productName: string | null; customerId: string | null; customerName: string | null;
}
export interface Code { id: string; number: string; state: string; channel: string; confirmedAt: string | null; validUntil: string; createdAt: string; operator: string }
export interface Rules {
  settings: { name: string; value: number; min: number; max: number; zh: string; en: string; source: string }[];
  reasons: (Reason & { source: string })[];
  prohibitions: { code: string; zh: string; en: string; keptBy: string; keptByEn: string; source: string }[];
  operators: Operator[];
}
export interface Behaviour {
  donorSeconds: number; donorSilent: boolean; donorRefuseNext: number; refuseNext: number; loseAnswerNext: number; noticeSeconds: number; noticeLoseNext: number; noticeTwice: boolean; down: boolean;
}
export interface Centre {
  behaviour: Behaviour;
  requests: { request: { requestId: string; number: string; recipient: string; donor: string; state: string; revision: number; effectiveAt: string | null; reasons: Reason[] }; askedAt: string }[];
  numbers: { number: string; home: string; owner: string; network: string; name: string }[];
}
export const either = (both: { zh: string; en: string }) => (language() === "en" ? both.en : both.zh);
export const help = (r: Reason) => (language() === "en" ? r.enHelp : r.zhHelp) ?? "";
/** The part of a source that is an address, to be followed. */
export const link = (source: string) => /https?:\/\/\S+/.exec(source)?.[0];
