// Answers of the hotline.
import { language } from "../../lib/i18n";

export interface Both { zh: string; en: string }
export const either = (both: Both) => (language() === "en" ? both.en : both.zh);
export interface Action extends Both { code: string; hotkey: string; kind: string; target: string; level: string; allowed: boolean }
export interface Method extends Both { code: string; zhAsk: string; enAsk: string; level: string }
export interface Script { topic: string; version: number; zhTitle: string; enTitle: string; zh: string; en: string }
export interface Caller { id: string; name: string; phone: string; kind: string; masked: boolean; customerNo?: string; grade?: string; certificate?: string; status?: string; manager?: string }
export interface CallRow { id: string; number: string; agentName: string; beganAt: string; endedAt: string | null; level: string; wrapCode: string | null; summary: string; state: string; customerId: string | null }
export interface Call {
  id: string; number: string; state: string; level: string; methods: string[]; failures: number; beganAt: string; customerId: string | null; customer: Caller | null; matches: Caller[];
  actions: Action[]; used: string[]; leaving: boolean; recent: CallRow[];
}
export interface Desk { call: Call | null; methods: Method[]; actions: Action[]; scripts: Script[]; wraps: (Both & { code: string })[] }
export interface Answer { say: Both[]; open?: { customerId: string; business: string } }
