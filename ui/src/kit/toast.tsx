// Short messages at the top of the page; read out politely. Ours, because antd's brings the whole dialog kit into the shell.
import { CheckCircleFilled, ExclamationCircleFilled, InfoCircleFilled } from "@ant-design/icons";
import { useSyncExternalStore } from "react";

type Tone = "success" | "info" | "warning";
interface Toast { id: number; tone: Tone; text: string }
let toasts: Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();
const write = (all: Toast[]) => { toasts = all; listeners.forEach((f) => f()); };
const show = (tone: Tone) => (text: string) => {
  const id = next++;
  write([...toasts.filter((t) => t.text !== text), { id, tone, text }].slice(-3));
  setTimeout(() => write(toasts.filter((t) => t.id !== id)), 4000);
};
export const say = { success: show("success"), info: show("info"), warning: show("warning"), clear: () => write([]) };

const ICON = { success: CheckCircleFilled, info: InfoCircleFilled, warning: ExclamationCircleFilled };
export function Toasts() {
  const all = useSyncExternalStore((f) => { listeners.add(f); return () => listeners.delete(f); }, () => toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {all.map((t) => { const Icon = ICON[t.tone]; return <div key={t.id} className={`toast ${t.tone}`}><Icon aria-hidden /><bdi className="wrap">{t.text}</bdi></div>; })}
    </div>
  );
}
