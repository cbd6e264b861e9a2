// Amount, method, tendered, change. "+" switches the method, so the keypad is enough.
import { Input } from "antd";
import type { InputRef } from "antd";
import type { KeyboardEvent, RefObject } from "react";
import { useTranslation } from "react-i18next";
import { toFen, yuan } from "../../lib/format";
import { language, word } from "../../lib/i18n";
import { Field, Panel, Segments } from "../../kit/layout";
import { METHODS } from "./CounterPage";
import type { Method, Pay } from "./CounterPage";

export interface Campaign { id: string; name: string; nameEn: string; minFen: number; giftFen: number; giftMonths: number }
interface Props {
  pay: Pay; edit: (part: Partial<Pay>) => void; turn: () => void; dueFen?: number; off: boolean; payable: boolean; totalFen: number; firstFen: number; change: number;
  ready: boolean; busy: boolean; take: () => void; amount: RefObject<InputRef | null>; tendered: RefObject<InputRef | null>; second: RefObject<InputRef | null>; campaigns: Campaign[];
}

export function PayPanel({ pay, edit, turn, dueFen, off, payable, totalFen, firstFen, change, ready, busy, take, amount, tendered, second, campaigns }: Props) {
  const { t } = useTranslation();
  const cash = pay.method === "cash";
  const mine = toFen(pay.amount);
  const wrongAmount = pay.amount !== "" && mine === null;
  const wrongTendered = pay.tendered !== "" && toFen(pay.tendered) === null;
  const onKey = (last: boolean) => (e: KeyboardEvent) => {
    if (e.key === "+") { e.preventDefault(); turn(); }
    if (e.key !== "Enter" || e.nativeEvent.isComposing) return;
    e.preventDefault();
    if (last) { if (ready) take(); } else tendered.current?.focus({ cursor: "all" });
  };
  const over = mine !== null && dueFen !== undefined && mine > dueFen ? mine - dueFen : 0;
  const short = mine !== null && dueFen !== undefined && mine > 0 && mine < dueFen ? dueFen - mine : 0;
  const fitting = campaigns.filter((c) => over >= c.minFen);
  const items = METHODS.map((id) => ({ id, title: word("payMethod", id) }));
  return (
    <Panel title={t("counter.take")}>
      <div className="stack" aria-busy={busy}>
        <div className="amount"><Field label={t("counter.amount")} error={wrongAmount ? t("counter.notAmount") : null} hint={over > 0 ? t("counter.toBalance", { amount: yuan(over) }) : short > 0 ? t("till.partly", { amount: yuan(short) }) : undefined}>
          {(p) => <Input {...p} ref={amount} prefix="¥" disabled={off} inputMode="decimal" autoComplete="off" maxLength={14} value={pay.amount} onChange={(e) => edit({ amount: e.target.value.replace("+", "") })} onKeyDown={onKey(false)} data-testid="amount" />}
        </Field></div>
        {fitting.length > 0 && (
          <div className="stack" style={{ gap: 4 }}>
            <span className="muted">{t("till.campaign")}</span>
            <div className="row wraps">{fitting.map((c) => (
              <button key={c.id} type="button" className={`filterchip${pay.campaignId === c.id ? " on" : ""}`} aria-pressed={pay.campaignId === c.id} onClick={() => edit({ campaignId: pay.campaignId === c.id ? undefined : c.id })}>
                <bdi>{language() === "en" && c.nameEn ? c.nameEn : c.name}</bdi> {t("till.gift", { amount: yuan(c.giftFen) })}
              </button>))}</div>
          </div>
        )}
        <div className="stack" style={{ gap: 4 }}><span className="muted">{t("counter.method")} <kbd>+</kbd></span>
          <Segments label={t("counter.method")} at={pay.method} onPick={(method) => edit({ method, tendered: "", reference: "" })} items={items} />
        </div>
        {pay.second && (
          <fieldset className="stack" style={{ border: 0, padding: 0, margin: 0 }}>
            <legend className="muted" style={{ padding: 0, marginBottom: 4 }}>{t("till.secondMethod")} <kbd>F7</kbd></legend>
            <Segments<Method> label={t("till.secondMethod")} at={pay.second.method} onPick={(method) => edit({ second: { ...pay.second!, method } })} items={items} />
            <Field label={t("till.secondAmount")} error={pay.second.amount !== "" && (toFen(pay.second.amount) ?? 0) >= totalFen ? t("till.secondTooMuch") : null} hint={t("till.firstPart", { method: word("payMethod", pay.method), amount: yuan(Math.max(0, firstFen)) })}>
              {(p) => <Input {...p} ref={second} prefix="¥" inputMode="decimal" autoComplete="off" maxLength={14} value={pay.second!.amount} data-testid="second-amount"
                onChange={(e) => edit({ second: { ...pay.second!, amount: e.target.value.replace("+", "") } })}
                onKeyDown={(e) => { if (e.key === "+") { e.preventDefault(); edit({ second: { ...pay.second!, method: METHODS[(METHODS.indexOf(pay.second!.method) + 1) % METHODS.length]! } }); } if (e.key === "Enter" && !e.nativeEvent.isComposing) { e.preventDefault(); tendered.current?.focus({ cursor: "all" }); } }} />}
            </Field>
            {(pay.second.method === "transfer" || pay.second.method === "cheque") && (
              <Field label={t(pay.second.method === "cheque" ? "till.chequeNo" : "counter.reference")}>
                {(p) => <Input {...p} autoComplete="off" maxLength={64} value={pay.second!.reference} onChange={(e) => edit({ second: { ...pay.second!, reference: e.target.value } })} />}
              </Field>
            )}
          </fieldset>
        )}
        {cash ? (
          <>
            <div className="amount"><Field label={t("counter.tendered")} error={wrongTendered ? t("counter.notAmount") : change < 0 ? t("counter.tooLittle", { amount: yuan(-change) }) : null} hint={t("counter.tenderedHint")}>
              {(p) => <Input {...p} ref={tendered} prefix="¥" disabled={!payable} inputMode="decimal" autoComplete="off" maxLength={14} value={pay.tendered} onChange={(e) => edit({ tendered: e.target.value.replace("+", "") })} onKeyDown={onKey(true)} data-testid="tendered" />}
            </Field></div>
            <div className="change"><span>{t("counter.change")}</span><b data-testid="change">{yuan(Math.max(0, change))}</b></div>
          </>
        ) : (
          <Field label={t(pay.method === "cheque" ? "till.chequeNo" : pay.method === "transfer" ? "counter.reference" : "till.slipNo")} hint={t(pay.method === "cheque" ? "till.chequeHint" : pay.method === "transfer" ? "counter.referenceHint" : "till.slipHint")}>
            {(p) => <Input {...p} ref={tendered} disabled={!payable} autoComplete="off" maxLength={64} value={pay.reference} onChange={(e) => edit({ reference: e.target.value.replace("+", "") })} onKeyDown={onKey(true)} data-testid="reference" />}
          </Field>
        )}
        <div className="muted" style={{ fontSize: 12 }}>{t("till.keypad")}</div>
      </div>
    </Panel>
  );
}
