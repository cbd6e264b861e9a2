// A cashier's shift: opened with a float, closed against counted money; a difference needs a reason.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, post } from "../../lib/api";
import { dateTime, toFen, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import type { Shift } from "../../lib/types";
import { Facts, Field, PageHead, Panel } from "../../kit/layout";
import { Failure, Loaded } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Money } from "../../kit/text";
import { say } from "../../kit/toast";

export default function ShiftPage() {
  const { t } = useTranslation();
  const shift = useQuery({ queryKey: ["shift"], queryFn: () => call<Shift>("/counter/shift") });
  return (
    <div className="page" style={{ maxWidth: 1080 }}>
      <PageHead title={t("nav.shift")} sub={shift.data && <Status group="shiftState" code={shift.data.state} />}><Link to="/app/counter">{t("nav.counter")}</Link><Link to="/app/counter/payments">{t("nav.payments")}</Link></PageHead>
      <Loaded of={shift} what={t("nav.shift")}>{(s) => (s.state === "open" ? <Close shift={s} /> : <Open last={s} />)}</Loaded>
    </div>
  );
}

function useDo() {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async (path: string, body: unknown) => {
    setBusy(true);
    setError(null);
    try {
      const answer = await post<Shift>(path, body);
      await client.invalidateQueries({ queryKey: ["shift"] });
      return answer;
    } catch (cause) { setError(cause); return null; } finally { setBusy(false); }
  };
  return { busy, error, run };
}

function Open({ last }: { last: Shift }) {
  const { t } = useTranslation();
  const [float, setFloat] = useState("300.00");
  const { busy, error, run } = useDo();
  const fen = toFen(float);
  return (
    <Panel title={t("shift.open")}>
      <form className="stack" style={{ maxWidth: 360 }} onSubmit={(e) => { e.preventDefault(); if (fen !== null && !busy) void run("/counter/shift/open", { floatFen: fen }); }}>
        {last.differenceFen !== undefined && last.closedAt && <div className={`banner ${last.differenceFen === 0 ? "ok" : ""}`}>{t("shift.lastClosed", { at: dateTime(last.closedAt), amount: yuan(last.differenceFen) })}</div>}
        <Field label={t("shift.float")} hint={t("shift.floatRule")} error={fen === null ? t("counter.notAmount") : null}>{(p) => <Input {...p} autoFocus prefix="¥" inputMode="decimal" value={float} maxLength={12} onChange={(e) => setFloat(e.target.value)} />}</Field>
        {error ? <Failure error={error} what={t("shift.open")} /> : null}
        <Button type="primary" htmlType="submit" loading={busy} disabled={fen === null}>{t("shift.open")}</Button>
      </form>
    </Panel>
  );
}

function Close({ shift }: { shift: Shift }) {
  const { t } = useTranslation();
  const { busy, error, run } = useDo();
  const system = (m: string) => shift.expectedFen?.[m] ?? shift.byMethod?.find((x) => x.method === m)?.amountFen ?? 0;
  const expectedCash = shift.expectedCashFen ?? (shift.floatFen ?? 0) + (shift.byMethod?.find((x) => x.method === "cash")?.amountFen ?? 0);
  const [cash, setCash] = useState("");
  const [transfer, setTransfer] = useState(() => yuan(system("transfer"), false).replaceAll(",", ""));
  const [reason, setReason] = useState("");
  const counted = { cash: toFen(cash), transfer: toFen(transfer) };
  const difference = counted.cash === null || counted.transfer === null ? null : counted.cash - expectedCash + (counted.transfer - system("transfer"));
  const ready = difference !== null && (difference === 0 || reason.trim() !== "");
  const go = async () => {
    if (!ready || busy) return;
    const answer = await run("/counter/shift/close", { countedFen: counted, ...(reason.trim() ? { reason: reason.trim() } : {}) });
    if (answer) say.success(t("shift.closed", { amount: yuan(answer.differenceFen ?? difference) }));
  };
  const table = (label: string, rows: { name: string; count: number; amountFen: number }[]) => (
    <table className="data" aria-label={label}>
      <thead><tr><th>{label}</th><th className="right" style={{ width: 80 }}>{t("shift.count")}</th><th className="right" style={{ width: 130 }}>{t("bill.amount")}</th></tr></thead>
      <tbody>{rows.length === 0 ? <tr><td colSpan={3} className="muted">{t("shift.nothing")}</td></tr> : rows.map((r) => <tr key={r.name}><td>{r.name}</td><td className="right">{r.count}</td><td className="right"><Money fen={r.amountFen} tone /></td></tr>)}</tbody>
    </table>
  );
  return (
    <div className="cols2">
      <div className="stack">
        <Panel><Facts two items={[[t("shift.openedAt"), dateTime(shift.openedAt, true)], [t("shift.float"), <Money key="f" fen={shift.floatFen} />]]} /></Panel>
        <Panel flush>{table(t("shift.byMethod"), (shift.byMethod ?? []).map((m) => ({ name: word("payMethod", m.method), ...m })))}</Panel>
        <Panel flush>{table(t("shift.byKind"), (shift.byKind ?? []).map((m) => ({ name: word("payKind", m.kind), ...m })))}</Panel>
      </div>
      <Panel title={t("shift.close")}>
        <form className="stack" onSubmit={(e) => { e.preventDefault(); void go(); }}>
          <div className="row spread"><span className="soft">{t("shift.expectedCash")}</span><span className="strong" style={{ fontSize: 18 }}><Money fen={expectedCash} /></span></div>
          <Field label={t("shift.countedCash")}>{(p) => <Input {...p} autoFocus prefix="¥" inputMode="decimal" value={cash} maxLength={14} onChange={(e) => setCash(e.target.value)} />}</Field>
          <Field label={t("shift.countedTransfer")}>{(p) => <Input {...p} prefix="¥" inputMode="decimal" value={transfer} maxLength={14} onChange={(e) => setTransfer(e.target.value)} />}</Field>
          {difference !== null && <div className={`banner ${difference === 0 ? "ok" : "bad"}`} role="status"><span className="grow">{difference === 0 ? t("shift.even") : t(difference > 0 ? "shift.overBy" : "shift.shortBy")}</span>{difference !== 0 && <b className="num">{yuan(Math.abs(difference))}</b>}</div>}
          {difference !== null && difference !== 0 && <Field label={t("shift.reason")}>{(p) => <Input.TextArea {...p} rows={2} maxLength={300} value={reason} onChange={(e) => setReason(e.target.value)} />}</Field>}
          {error ? <Failure error={error} what={t("shift.close")} /> : null}
          <Button type="primary" htmlType="submit" loading={busy} disabled={!ready}>{t("shift.close")}</Button>
        </form>
      </Panel>
    </div>
  );
}
