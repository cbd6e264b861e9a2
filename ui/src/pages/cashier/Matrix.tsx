// What a drawer took: a row for each kind of business, a column for each way of paying.
import { useTranslation } from "react-i18next";
import { word } from "../../lib/i18n";
import { Money } from "../../kit/text";
import type { Cell } from "./types";

const ORDER = ["cash", "card", "cheque", "transfer", "qr", "collection", "rechargeCard", "points"];

export function Matrix({ cells, label }: { cells: Cell[]; label: string }) {
  const { t } = useTranslation();
  const methods = ORDER.filter((m) => cells.some((c) => c.method === m));
  const kinds = [...new Set(cells.map((c) => c.kind))];
  const sum = (fits: (c: Cell) => boolean) => cells.filter(fits).reduce((n, c) => n + c.amountFen, 0);
  if (cells.length === 0) return <p className="muted" style={{ padding: "12px 14px", margin: 0 }}>{t("drawer.nothing")}</p>;
  return (
    <div className="table-wrap" tabIndex={0} role="group" aria-label={label}>
      <table className="data" aria-label={label} style={{ minWidth: 260 + methods.length * 104 }}>
        <thead><tr><th>{t("drawer.business")}</th>{methods.map((m) => <th key={m} className="right">{word("payMethod", m)}</th>)}<th className="right">{t("drawer.sum")}</th></tr></thead>
        <tbody>
          {kinds.map((k) => (
            <tr key={k}>
              <td>{word("takingKind", k)} <span className="muted num">{cells.filter((c) => c.kind === k).reduce((n, c) => n + c.count, 0)}</span></td>
              {methods.map((m) => { const at = cells.find((c) => c.kind === k && c.method === m); return <td key={m} className="right">{at ? <Money fen={at.amountFen} tone /> : <span className="muted">—</span>}</td>; })}
              <td className="right"><Money fen={sum((c) => c.kind === k)} tone /></td>
            </tr>
          ))}
          <tr><td className="strong">{t("drawer.sum")}</td>{methods.map((m) => <td key={m} className="right strong"><Money fen={sum((c) => c.method === m)} tone /></td>)}<td className="right strong"><Money fen={sum(() => true)} tone /></td></tr>
        </tbody>
      </table>
    </div>
  );
}
