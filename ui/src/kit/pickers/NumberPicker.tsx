// A number from the pool. Picking one locks it for some minutes, so that no colleague takes it meanwhile; picking another one,
// or leaving without using it, gives it back.
import { LockOutlined } from "@ant-design/icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { list, post, send } from "../../lib/api";
import { phone, yuan } from "../../lib/format";
import type { NumberLock, PhoneNumber } from "../../lib/types";
import { Failure } from "../states";
import { Suggest } from "./Suggest";
import type { Control } from "./Suggest";

export type PickedNumber = NumberLock;
const QUICK = ["*AAA", "*AABB", "*ABCD", "*888*", "*66"];
/** What a clerk types as a pattern: bare digits mean "contains". */
export const patternOf = (text: string) => { const s = text.trim().toUpperCase().replace(/[\s-]/g, ""); return !s ? "" : /[*?A-Z]/.test(s) ? s : `*${s}*`; };
export const release = (number: string) => void send(`/numbers/${number}/lock`, { method: "DELETE" }).catch(() => undefined);

export function NumberPicker({ value, filter, onPick, ...control }: Control & { value: PickedNumber | null; filter?: Record<string, string> | null; onPick: (lock: PickedNumber | null) => void }) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const [quick, setQuick] = useState("");
  const pick = async (n: PhoneNumber | null) => {
    setError(null);
    if (value && value.number !== n?.number) release(value.number);
    if (!n) { onPick(null); return; }
    try { onPick(await post<NumberLock>(`/numbers/${n.number}/lock`)); }
    catch (cause) { onPick(null); setError(cause); }
  };
  return (
    <div className="stack tight">
      <Suggest<PhoneNumber>
        {...control} label={t("picker.number")} placeholder={t("sell.pattern")} shown={value ? phone(value.number) : ""} source={`number:${quick}:${JSON.stringify(filter ?? {})}`} columns={3}
        search={async (q, signal) => (await list<PhoneNumber>("/numbers", { ...filter, pattern: patternOf(q) || quick, limit: 30 }, signal)).rows}
        keyOf={(n) => n.number} onPick={(n) => void pick(n)} none={t("picker.numberNone")}
        filters={(
          <div className="row wraps" style={{ gap: 4, padding: "6px 8px 2px" }}>
            {QUICK.map((p) => <button key={p} type="button" tabIndex={-1} className={`filterchip mono${quick === p ? " on" : ""}`} aria-pressed={quick === p} onMouseDown={(e) => e.preventDefault()} onClick={() => setQuick(quick === p ? "" : p)}>{p}</button>)}
          </div>
        )}
        row={(n) => (
          <>
            <div className="num strong">{phone(n.number)}</div>
            <div className="muted clip" style={{ fontSize: 12 }}>{n.class === "normal" ? t("numberClass.normal") : `${t(`numberClass.${n.class}` as "numberClass.good")}${n.minSpendFen ? ` · ${t("sell.minSpend", { amount: yuan(n.minSpendFen).replace(/\.00$/, "") })}` : ""}`}</div>
          </>
        )}
      />
      {value && <span className="ok" style={{ fontSize: 12 }}><LockOutlined aria-hidden /> {t("picker.lockedUntil", { at: new Date(value.lockedUntil).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Shanghai" }) })}</span>}
      {error ? <Failure error={error} what={t("sell.lock")} /> : null}
    </div>
  );
}
