// A state is shown by icon and word; colour only repeats it. All tones pass AA on their own ground.
import {
  CheckCircleFilled, ClockCircleOutlined, CloseCircleFilled, ExclamationCircleFilled, LoadingOutlined, MinusCircleOutlined,
  PauseCircleFilled, RollbackOutlined, StepForwardOutlined, StopOutlined,
} from "@ant-design/icons";
import type { ComponentType } from "react";
import { word } from "../lib/i18n";

type Tone = "neutral" | "info" | "ok" | "warn" | "bad" | "odd";
type Icon = ComponentType<{ className?: string; "aria-hidden"?: boolean }>;
const LOOK: Record<string, [Tone, Icon]> = {
  acknowledged: ["info", ClockCircleOutlined], inProgress: ["info", LoadingOutlined], running: ["info", LoadingOutlined],
  pending: ["neutral", ClockCircleOutlined], queued: ["neutral", ClockCircleOutlined], waiting: ["warn", ClockCircleOutlined],
  held: ["warn", PauseCircleFilled], suspended: ["warn", PauseCircleFilled], stuck: ["bad", ExclamationCircleFilled],
  completed: ["ok", CheckCircleFilled], done: ["ok", CheckCircleFilled], active: ["ok", CheckCircleFilled], Active: ["ok", CheckCircleFilled], Launched: ["ok", CheckCircleFilled],
  succeeded: ["ok", CheckCircleFilled], received: ["info", ClockCircleOutlined], manual: ["warn", ExclamationCircleFilled],
  settled: ["ok", CheckCircleFilled], closed: ["neutral", CheckCircleFilled], resolved: ["ok", CheckCircleFilled], sent: ["info", ClockCircleOutlined],
  approved: ["ok", CheckCircleFilled], acked: ["ok", CheckCircleFilled], open: ["warn", ExclamationCircleFilled],
  partial: ["warn", ExclamationCircleFilled], partiallyPaid: ["warn", ExclamationCircleFilled], new: ["warn", ClockCircleOutlined],
  failed: ["bad", CloseCircleFilled], rejected: ["bad", CloseCircleFilled], undoFailed: ["bad", CloseCircleFilled], overdue: ["bad", ExclamationCircleFilled],
  cancelled: ["neutral", StopOutlined], terminated: ["neutral", StopOutlined], aborted: ["neutral", StopOutlined], abandoned: ["neutral", StopOutlined],
  disabled: ["neutral", StopOutlined], Retired: ["neutral", StopOutlined], retired: ["neutral", StopOutlined], Obsolete: ["neutral", StopOutlined],
  created: ["neutral", ClockCircleOutlined], pendingActive: ["info", ClockCircleOutlined], pendingTerminate: ["warn", ClockCircleOutlined],
  assessingCancellation: ["odd", RollbackOutlined], pendingCancellation: ["odd", RollbackOutlined], compensating: ["odd", RollbackOutlined],
  undoing: ["odd", RollbackOutlined], undone: ["odd", RollbackOutlined], compensated: ["odd", RollbackOutlined], reversed: ["odd", RollbackOutlined],
  draft: ["neutral", ClockCircleOutlined], submitted: ["info", ClockCircleOutlined], live: ["ok", CheckCircleFilled], refused: ["bad", CloseCircleFilled], blocked: ["bad", ExclamationCircleFilled], used: ["neutral", CheckCircleFilled],
  available: ["ok", CheckCircleFilled], inStock: ["ok", CheckCircleFilled], matching: ["ok", CheckCircleFilled], inUse: ["info", CheckCircleFilled], bound: ["info", CheckCircleFilled],
  reserved: ["odd", ClockCircleOutlined], quarantine: ["warn", ClockCircleOutlined], portedOut: ["neutral", StepForwardOutlined], returned: ["neutral", RollbackOutlined],
  dispatched: ["info", ClockCircleOutlined], inTransit: ["info", ClockCircleOutlined], differing: ["bad", ExclamationCircleFilled], damaged: ["bad", ExclamationCircleFilled], lost: ["bad", CloseCircleFilled], scrapped: ["neutral", StopOutlined],
  stopped: ["warn", PauseCircleFilled], applied: ["ok", CheckCircleFilled], requested: ["info", ClockCircleOutlined], handled: ["ok", CheckCircleFilled],
  proposed: ["info", ClockCircleOutlined], void: ["neutral", MinusCircleOutlined], written: ["neutral", StopOutlined], recovered: ["ok", RollbackOutlined],
  sending: ["info", LoadingOutlined], delivered: ["ok", CheckCircleFilled], undelivered: ["bad", CloseCircleFilled], expired: ["neutral", ClockCircleOutlined],
  skipped: ["neutral", StepForwardOutlined], notRun: ["neutral", MinusCircleOutlined],
};

export function Status({ group, code, bare, icon }: { group: string; code: string | null | undefined; bare?: boolean; icon?: boolean }) {
  if (!code) return <span className="muted">—</span>;
  const [tone, Mark] = LOOK[code] ?? ["neutral", MinusCircleOutlined];
  const text = word(group, code);
  const spins = code === "running" || code === "inProgress";
  return (
    <span className={`status ${tone}${bare ? " bare" : ""}`} data-state={code} title={text}>
      <Mark aria-hidden className={spins ? "spin" : undefined} />
      {icon ? <span className="sr">{text}</span> : <span className="clip">{text}</span>}
    </span>
  );
}
