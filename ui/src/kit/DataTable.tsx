// Lists: fixed columns, J/K or arrows to move, Enter to open, visited rows lose their weight, server paging below.
import { CaretDownOutlined, CaretUpOutlined } from "@ant-design/icons";
import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useKeys } from "../lib/keys";

export interface Column<T> {
  key: string; title: string; render: (row: T) => ReactNode; width?: number | string; right?: boolean; sort?: string; wrap?: boolean; lead?: boolean;
}
interface Props<T> {
  rows: T[]; columns: Column<T>[]; rowKey: (row: T) => string; label: string; onOpen?: (row: T) => void;
  sort?: string; onSort?: (sort: string) => void; empty?: ReactNode; keys?: boolean; minWidth?: number; extra?: (row: T) => ReactNode;
}

const SEEN = "yitai.seen";
const seen = new Set<string>(JSON.parse(sessionStorage.getItem(SEEN) ?? "[]") as string[]);
const remember = (key: string) => {
  seen.add(key);
  sessionStorage.setItem(SEEN, JSON.stringify([...seen].slice(-500)));
};

export function DataTable<T>({ rows, columns, rowKey, label, onOpen, sort, onSort, empty, keys, minWidth, extra }: Props<T>) {
  const [at, setAt] = useState(-1);
  const body = useRef<HTMLTableSectionElement>(null);
  useEffect(() => setAt((n) => Math.min(n, rows.length - 1)), [rows.length]);
  const open = (row: T) => { remember(rowKey(row)); onOpen?.(row); };
  const move = (step: number) => {
    if (rows.length === 0) return;
    const next = Math.max(0, Math.min(rows.length - 1, at + step));
    setAt(next);
    body.current?.querySelectorAll<HTMLElement>("tr.row-main")[next]?.scrollIntoView({ block: "nearest" });
  };
  useKeys({
    j: () => move(1), k: () => move(-1),
    Enter: (e) => {
      const target = e.target as HTMLElement;
      if (at < 0 || !rows[at] || target.closest("button, a, input, textarea, select, [role=combobox]")) return false;
      open(rows[at]!);
    },
  }, { off: !keys || !onOpen });
  if (rows.length === 0 && empty) return <>{empty}</>;
  const sorter = (c: Column<T>) => {
    const asc = sort === c.sort;
    const desc = sort === `-${c.sort}`;
    return (
      <button type="button" onClick={() => onSort?.(asc ? `-${c.sort}` : c.sort!)}>
        {c.title} {asc ? <CaretUpOutlined aria-hidden /> : desc ? <CaretDownOutlined aria-hidden /> : null}
      </button>
    );
  };
  return (
    <div className="table-wrap" tabIndex={-1}>
      <table className="data" aria-label={label} style={{ minWidth }}>
        <colgroup>{columns.map((c) => <col key={c.key} style={{ width: c.width }} />)}</colgroup>
        <thead>
          <tr>
            {columns.map((c) => (
              <th key={c.key} scope="col" className={c.right ? "right" : undefined} title={c.title || undefined}
                aria-sort={c.sort && sort?.replace("-", "") === c.sort ? (sort.startsWith("-") ? "descending" : "ascending") : undefined}>
                {c.sort && onSort ? sorter(c) : c.title || <span className="sr">{label}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row, i) => {
            const key = rowKey(row);
            const more = extra?.(row);
            return [
              <tr key={key} className={`row-main${onOpen ? " opens" : ""}${i === at ? " at" : ""}${onOpen && !seen.has(key) ? " fresh" : ""}`}
                onClick={onOpen ? (e) => { if (!(e.target as HTMLElement).closest("button, a, input") && !getSelection()?.toString()) { setAt(i); open(row); } } : undefined}>
                {columns.map((c) => (
                  <td key={c.key} className={`${c.right ? "right " : ""}${c.wrap ? "wrapped " : ""}${c.lead ? "lead" : ""}`}>{c.render(row)}</td>
                ))}
              </tr>,
              more ? <tr key={`${key}+`}><td colSpan={columns.length} className="wrapped" style={{ background: "var(--well)" }}>{more}</td></tr> : null,
            ];
          })}
        </tbody>
      </table>
    </div>
  );
}

export function Pager({ page, size, total, shown, onPage, onSize }: {
  page: number; size: number; total: number | null; shown: number; onPage: (page: number) => void; onSize?: (size: number) => void;
}) {
  const { t } = useTranslation();
  const from = shown === 0 ? 0 : (page - 1) * size + 1;
  const pages = total === null ? page + (shown === size ? 1 : 0) : Math.max(1, Math.ceil(total / size));
  const near = [...new Set([1, page - 1, page, page + 1, pages])].filter((n) => n >= 1 && n <= pages).sort((a, b) => a - b);
  return (
    <nav className="pager" aria-label={t("kit.paging")}>
      <span>{total === null ? t("kit.rangeOpen", { from, to: from + shown - (shown ? 1 : 0) }) : t("kit.range", { from, to: from + shown - (shown ? 1 : 0), total: total.toLocaleString("en-US") })}</span>
      <span className="mid">
        <button type="button" className="pg" disabled={page <= 1} onClick={() => onPage(page - 1)} aria-label={t("kit.prevPage")}>‹</button>
        {near.map((n, i) => (
          <span key={n}>
            {i > 0 && n - near[i - 1]! > 1 && <span aria-hidden> … </span>}
            <button type="button" className={`pg${n === page ? " on" : ""}`} aria-current={n === page ? "page" : undefined} onClick={() => onPage(n)}>{n}</button>
          </span>
        ))}
        <button type="button" className="pg" disabled={page >= pages} onClick={() => onPage(page + 1)} aria-label={t("kit.nextPage")}>›</button>
        {onSize && (
          <span className="segs" role="group" aria-label={t("kit.perPage")} style={{ marginLeft: 8 }}>
            {[20, 50, 100].map((n) => <button key={n} type="button" aria-pressed={n === size} onClick={() => onSize(n)}>{n}</button>)}
          </span>
        )}
      </span>
    </nav>
  );
}
