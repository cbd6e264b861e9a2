// The field all pickers are made of: type, a list comes below, arrows move, Enter picks, Escape closes the list first.
// What was picked stands in the field as text; typing over it takes the choice back.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Input } from "antd";
import type { InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "../states";
import { useOptions } from "../useOptions";

/** What a form field hands to its control (see kit/layout `Field`). */
export interface Control { id?: string; "aria-describedby"?: string; status?: "error"; autoFocus?: boolean; disabled?: boolean }

interface Props<T> extends Control {
  /** Says what is being picked; also the accessible name where no label stands before the field. */
  label: string;
  placeholder?: string;
  /** What stands in the field: the picked thing as text, or empty. */
  shown: string;
  source: string;
  search: (q: string, signal: AbortSignal) => Promise<T[]>;
  keyOf: (row: T) => string;
  row: (row: T, active: boolean) => ReactNode;
  /** Why a row cannot be picked; such a row stays readable and says so. */
  whyNot?: (row: T) => string | null;
  onPick: (row: T | null) => void;
  /** Called with what was typed where free text is as good as a row of the list (addresses). */
  onText?: (text: string) => void;
  /** Letters needed before anything is asked; 0 offers a list at once. */
  min?: number;
  none?: string;
  columns?: number;
  /** Above the list: filters of the picker. */
  filters?: ReactNode;
}

export function Suggest<T>({ label, placeholder, shown, source, search, keyOf, row, whyNot, onPick, onText, min = 0, none, columns = 1, filters, autoFocus, disabled, ...control }: Props<T>) {
  const { t } = useTranslation();
  const [text, setText] = useState(shown);
  const [asked, setAsked] = useState("");
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<InputRef>(null);
  useEffect(() => setText(shown), [shown]);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text === shown ? "" : text.trim()), 160);
    return () => clearTimeout(timer);
  }, [text, shown]);
  const ready = open && asked.length >= min;
  const found = useQuery({
    queryKey: ["pick", source, asked], queryFn: ({ signal }) => search(asked, signal), enabled: ready, staleTime: 5000, placeholderData: keepPreviousData, retry: false,
  });
  const rows = ready ? (found.data ?? []) : [];
  const pick = (i: number) => {
    const chosen = rows[i];
    if (!chosen || whyNot?.(chosen)) return;
    onPick(chosen);
    setOpen(false);
  };
  const options = useOptions(rows.length, pick, columns);
  const typed = (next: string) => {
    setText(next);
    setOpen(true);
    options.reset();
    if (onText) onText(next);
    else if (shown && next !== shown) onPick(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && open) { event.preventDefault(); event.stopPropagation(); event.nativeEvent.stopImmediatePropagation(); setOpen(false); return; }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return;
    if (!open && (event.key === "ArrowDown" || (event.key === "Enter" && !shown && !onText))) { event.preventDefault(); setOpen(true); return; }
    if (!open || (onText && event.key === "Enter" && rows.length === 0)) return;
    options.input.onKeyDown(event);
  };
  const leave = (next: EventTarget | null) => {
    if (next instanceof Node && box.current?.contains(next)) return;
    setOpen(false);
    if (!onText && !shown) setText("");
    if (!onText && shown) setText(shown);
  };
  return (
    <div className={`suggest${open ? " open" : ""}`} ref={box} onBlur={(e) => leave(e.relatedTarget)}>
      <Input
        {...control} {...options.input} ref={input} aria-label={control.id ? undefined : label} autoFocus={autoFocus} disabled={disabled} value={text} placeholder={placeholder} maxLength={200}
        autoComplete="off" aria-expanded={open && rows.length > 0} allowClear={{ clearIcon: <span role="img" aria-label={t("sell.drop")}>×</span> }}
        onFocus={() => { if (!shown) setOpen(true); }} onClick={() => setOpen(true)} onChange={(e) => typed(e.target.value)} onKeyDown={onKeyDown}
      />
      {open && (
        <div className="suggest-list">
          {filters}
          {found.error ? <div style={{ padding: 8 }}><Failure error={found.error} what={label} retry={() => void found.refetch()} /></div>
            : !ready ? <div className="suggest-none">{t("picker.typeMore")}</div>
            : found.isPending ? <div className="suggest-none" role="status">{t("kit.loading")}</div>
            : rows.length === 0 ? <div className="suggest-none" role="status">{none ?? t("picker.none")}</div>
            : (
              <div {...options.list} aria-label={label} className={columns > 1 ? "suggest-grid" : undefined} style={columns > 1 ? { gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` } : undefined}>
                {rows.map((r, i) => {
                  const why = whyNot?.(r) ?? null;
                  return (
                    <div
                      key={keyOf(r)} {...options.option(i)} aria-disabled={why ? true : undefined} className={`suggest-row${i === options.at ? " at" : ""}${why ? " off" : ""}`}
                      onMouseDown={(e) => e.preventDefault()} onClick={() => pick(i)}
                    >
                      {row(r, i === options.at)}
                      {why && <div className="warn" style={{ fontSize: 12 }}>{why}</div>}
                    </div>
                  );
                })}
              </div>
            )}
        </div>
      )}
    </div>
  );
}
