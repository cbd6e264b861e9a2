// Counting a drawer: every way of paying against what the system expects; notes are counted by value where that helps.
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toFen, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { Field } from "../../kit/layout";
import { Failure } from "../../kit/states";
import { Money } from "../../kit/text";
import type { DrawerMethod } from "./types";

const NOTES = [10000, 5000, 2000, 1000, 500, 100, 50, 10];
const plain = (fen: number) => yuan(fen, false).replaceAll(",", "").replace("−", "-");

export function CountForm({ methods, floatFen, busy, error, reasonAlways, submit, onCount }: {
  methods: DrawerMethod[]; floatFen: number; busy: boolean; error: unknown; reasonAlways?: boolean; submit: string; onCount: (counted: Record<string, number>, reason: string, difference: number) => void;
}) {
  const { t } = useTranslation();
  const shown = methods.filter((m) => m.used || m.method === "cash");
  const [typed, setTyped] = useState<Record<string, string>>(() => Object.fromEntries(shown.filter((m) => m.method !== "cash").map((m) => [m.method, plain(m.expectedFen)])));
  const [notes, setNotes] = useState(false);
  const [pieces, setPieces] = useState<Record<number, string>>({});
  const [reason, setReason] = useState("");
  const fen = (m: DrawerMethod): number | null => {
    if (!m.counted) return m.expectedFen;
    const text = typed[m.method] ?? "";
    return text.startsWith("-") ? null : toFen(text);
  };
  const values = shown.map((m) => ({ m, fen: fen(m) }));
  const ready = values.every((v) => v.fen !== null);
  const difference = ready ? values.reduce((n, v) => n + v.fen! - v.m.expectedFen, 0) : null;
  const off = ready && values.some((v) => v.fen !== v.m.expectedFen);
  const noteTotal = NOTES.reduce((n, value) => n + value * (Number.parseInt(pieces[value] ?? "", 10) || 0), 0);
  const takeNotes = (next: Record<number, string>) => {
    setPieces(next);
    const total = NOTES.reduce((n, value) => n + value * (Number.parseInt(next[value] ?? "", 10) || 0), 0);
    setTyped((old) => ({ ...old, cash: plain(total) }));
  };
  const can = ready && ((!off && !reasonAlways) || reason.trim() !== "") && !busy;
  const go = () => {
    if (!can) return;
    onCount(Object.fromEntries(values.filter((v) => v.m.counted).map((v) => [v.m.method, v.fen!])), reason.trim(), difference ?? 0);
  };
  return (
    <form className="stack" onSubmit={(e) => { e.preventDefault(); go(); }}>
      <div className="table-wrap">
        <table className="data" aria-label={t("drawer.count")} style={{ minWidth: 420 }}>
          <colgroup><col /><col style={{ width: 116 }} /><col style={{ width: 140 }} /><col style={{ width: 104 }} /></colgroup>
          <thead><tr><th>{t("takings.method")}</th><th className="right">{t("drawer.system")}</th><th className="right">{t("drawer.counted")}</th><th className="right">{t("drawer.difference")}</th></tr></thead>
          <tbody>
            {values.map(({ m, fen: counted }) => (
              <tr key={m.method}>
                <td>{word("payMethod", m.method)}{m.method === "cash" && floatFen > 0 && <div className="muted" style={{ fontSize: 12 }}>{t("drawer.withFloat", { amount: yuan(floatFen) })}</div>}</td>
                <td className="right"><Money fen={m.expectedFen} tone /></td>
                <td className="right">
                  {m.counted
                    ? <Input aria-label={`${t("drawer.counted")} ${word("payMethod", m.method)}`} className="num" autoFocus={m.method === "cash"} inputMode="decimal" value={typed[m.method] ?? ""} maxLength={14} style={{ textAlign: "right" }} onChange={(e) => { setTyped({ ...typed, [m.method]: e.target.value }); if (m.method === "cash") setPieces({}); }} />
                    : <span className="muted" style={{ fontSize: 12 }}>{t("drawer.systemOnly")}</span>}
                </td>
                <td className="right">{counted === null ? <span className="muted">—</span> : <span className={`num ${counted === m.expectedFen ? "ok" : "bad"}`}>{counted === m.expectedFen ? "0.00" : `${counted > m.expectedFen ? "+" : ""}${yuan(counted - m.expectedFen, false)}`}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div>
        <button type="button" className="linkish" aria-expanded={notes} onClick={() => setNotes((on) => !on)}>{t("drawer.notes")} {notes ? "▴" : "▾"}</button>
        {notes && (
          <div className="notes">
            {NOTES.map((value) => (
              <label key={value} className="row" style={{ gap: 6 }}>
                <span className="num" style={{ width: 62, textAlign: "right" }}>{t("drawer.note", { value: value / 100 })}</span>
                <Input size="small" aria-label={`${t("drawer.note", { value: value / 100 })} ${t("drawer.pieces")}`} inputMode="numeric" maxLength={5} value={pieces[value] ?? ""} onChange={(e) => takeNotes({ ...pieces, [value]: e.target.value.replace(/\D/g, "") })} />
              </label>
            ))}
            <div className="row spread" style={{ gridColumn: "1 / -1" }}><span className="soft">{t("drawer.noteTotal")}</span><b className="num">{yuan(noteTotal)}</b></div>
          </div>
        )}
      </div>
      {difference !== null && (
        <div className={`banner ${off ? "bad" : "ok"}`} role="status">
          <span className="grow">{!off ? t("drawer.even") : difference === 0 ? t("drawer.difference") : t(difference > 0 ? "drawer.over" : "drawer.short", { amount: yuan(Math.abs(difference)) })}</span>
        </div>
      )}
      {(off || reasonAlways) && <Field label={t("drawer.reason")} hint={t("drawer.reasonHint")}>{(p) => <Input.TextArea {...p} rows={2} maxLength={300} value={reason} onChange={(e) => setReason(e.target.value)} />}</Field>}
      {error ? <Failure error={error} what={submit} /> : null}
      <div className="row spread wraps">
        <span className="muted" style={{ fontSize: 12 }}>{t("drawer.closeHint")}</span>
        <Button type="primary" htmlType="submit" loading={busy} disabled={!can}>{submit}</Button>
      </div>
    </form>
  );
}
