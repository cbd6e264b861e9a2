// Amount, method, tendered, change. "+" switches the method, so the keypad is enough.
import { Input } from "antd";
import type { InputRef } from "antd";
import type { KeyboardEvent, RefObject } from "react";
import { useTranslation } from "react-i18next";
import { toFen, yuan } from "../../lib/format";
import { Field, Panel, Segments } from "../../kit/layout";
import type { Pay } from "./CounterPage";

interface Props {
  pay: Pay; edit: (part: Partial<Pay>) => void; dueFen?: number; off: boolean; change: number; ready: boolean; busy: boolean; take: () => void;
  amount: RefObject<InputRef | null>; tendered: RefObject<InputRef | null>;
}

export function PayPanel({ pay, edit, dueFen, off, change, ready, busy, take, amount, tendered }: Props) {
  const { t } = useTranslation();
  const cash = pay.method === "cash";
  const due = toFen(pay.amount);
  const wrongAmount = pay.amount !== "" && due === null;
  const wrongTendered = pay.tendered !== "" && toFen(pay.tendered) === null;
  const onKey = (last: boolean) => (e: KeyboardEvent) => {
    if (e.key === "+") { e.preventDefault(); edit({ method: cash ? "transfer" : "cash" }); }
    if (e.key !== "Enter" || e.nativeEvent.isComposing) return;
    e.preventDefault();
    if (last) { if (ready) take(); } else tendered.current?.focus({ cursor: "all" });
  };
  const over = due !== null && dueFen !== undefined && due > dueFen ? due - dueFen : 0;
  return (
    <Panel title={t("counter.take")}>
      <div className="stack" aria-busy={busy}>
        <div className="row spread"><span>{t("counter.method")}</span>
          <Segments label={t("counter.method")} at={pay.method} onPick={(method) => edit({ method })} items={[{ id: "cash", title: t("payMethod.cash") }, { id: "transfer", title: t("payMethod.transfer") }]} />
        </div>
        <div className="amount"><Field label={t("counter.amount")} error={wrongAmount ? t("counter.notAmount") : null} hint={over > 0 ? t("counter.toBalance", { amount: yuan(over) }) : undefined}>
          {(p) => <Input {...p} ref={amount} prefix="¥" disabled={off} inputMode="decimal" autoComplete="off" maxLength={14} value={pay.amount} onChange={(e) => edit({ amount: e.target.value.replace("+", "") })} onKeyDown={onKey(false)} data-testid="amount" />}
        </Field></div>
        {cash ? (
          <>
            <div className="amount"><Field label={t("counter.tendered")} error={wrongTendered ? t("counter.notAmount") : change < 0 ? t("counter.tooLittle", { amount: yuan(-change) }) : null} hint={t("counter.tenderedHint")}>
              {(p) => <Input {...p} ref={tendered} prefix="¥" disabled={off} inputMode="decimal" autoComplete="off" maxLength={14} value={pay.tendered} onChange={(e) => edit({ tendered: e.target.value.replace("+", "") })} onKeyDown={onKey(true)} data-testid="tendered" />}
            </Field></div>
            <div className="change"><span>{t("counter.change")}</span><b data-testid="change">{yuan(Math.max(0, change))}</b></div>
          </>
        ) : (
          <Field label={t("counter.reference")} hint={t("counter.referenceHint")}>
            {(p) => <Input {...p} ref={tendered} disabled={off} autoComplete="off" maxLength={64} value={pay.reference} onChange={(e) => edit({ reference: e.target.value })} onKeyDown={onKey(true)} />}
          </Field>
        )}
        <div className="muted" style={{ fontSize: 12 }}>{t("counter.keypad")}</div>
      </div>
    </Panel>
  );
}
