// A bank slip, typed from the bank's paper: the method that still misses money comes first.
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toFen, today, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { Field, Panel } from "../../kit/layout";
import { Failure } from "../../kit/states";
import { say } from "../../kit/toast";
import type { Sheet } from "./types";
import { useDo } from "./useDo";

const METHODS = ["cash", "card", "cheque", "transfer", "qr"];
const plain = (fen: number) => yuan(fen, false).replaceAll(",", "");

export function SlipForm({ sheet, fresh }: { sheet: Sheet; fresh: (s: Sheet) => void }) {
  const { t } = useTranslation();
  const missing = (m: string) => Math.max(0, sheet.methods.find((x) => x.method === m)?.missingFen ?? 0);
  const first = METHODS.find((m) => missing(m) > 0) ?? "cash";
  const [form, setForm] = useState({ method: first, bank: "", number: "", amount: plain(missing(first)), slipDay: sheet.day, auditCode: "", carriedBy: "", witness: "" });
  const { busy, error, run } = useDo(["sheets", "cash"]);
  const put = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const fen = toFen(form.amount);
  const go = async () => {
    if (!fen || busy) return;
    const { amount: _, ...rest } = form;
    const s = await run<Sheet>(`/cashier/sheets/${sheet.id}/slips`, { ...rest, amountFen: fen });
    if (!s) return;
    fresh(s);
    say.success(t("takings.entered"));
    const next = METHODS.find((m) => (s.methods.find((x) => x.method === m)?.missingFen ?? 0) > 0);
    setForm({ ...form, number: "", auditCode: "", ...(next ? { method: next, amount: plain(s.methods.find((x) => x.method === next)!.missingFen) } : { amount: "" }) });
  };
  const cash = form.method === "cash";
  return (
    <Panel title={t("takings.enter")}>
      <form className="form" onSubmit={(e) => { e.preventDefault(); void go(); }}>
        <Field label={t("takings.method")}>{(p) => <select id={p.id} className="pick" value={form.method} onChange={(e) => put({ method: e.target.value, amount: missing(e.target.value) ? plain(missing(e.target.value)) : form.amount })}>{METHODS.map((m) => <option key={m} value={m}>{word("payMethod", m)}</option>)}</select>}</Field>
        <Field label={t("takings.bank")}>{(p) => <Input {...p} value={form.bank} maxLength={60} onChange={(e) => put({ bank: e.target.value })} />}</Field>
        <Field label={t("takings.number")}>{(p) => <Input {...p} value={form.number} maxLength={40} onChange={(e) => put({ number: e.target.value })} />}</Field>
        <Field label={t("takings.amount")}>{(p) => <Input {...p} prefix="¥" inputMode="decimal" value={form.amount} maxLength={14} onChange={(e) => put({ amount: e.target.value })} />}</Field>
        <Field label={t("takings.slipDay")}>{(p) => <input id={p.id} type="date" className="pick" min={sheet.day} max={today()} value={form.slipDay} onChange={(e) => put({ slipDay: e.target.value })} />}</Field>
        {cash && <Field label={t("takings.code")}>{(p) => <Input {...p} className="mono" value={form.auditCode} maxLength={40} onChange={(e) => put({ auditCode: e.target.value })} />}</Field>}
        {cash && <Field label={t("takings.carriedBy")} hint={t("takings.twoPersons")}>{(p) => <Input {...p} value={form.carriedBy} maxLength={40} onChange={(e) => put({ carriedBy: e.target.value })} />}</Field>}
        {cash && <Field label={t("takings.witness")}>{(p) => <Input {...p} value={form.witness} maxLength={40} onChange={(e) => put({ witness: e.target.value })} />}</Field>}
        <div className="full stack">
          {error ? <Failure error={error} what={t("takings.enter")} /> : null}
          <div className="row" style={{ justifyContent: "flex-end" }}><Button type="primary" htmlType="submit" loading={busy} disabled={!fen || !form.bank.trim() || !form.number.trim()}>{t("takings.add")}</Button></div>
        </div>
      </form>
    </Panel>
  );
}
