// Small inputs of the editor: amounts in yuan kept as fen, whole numbers that may be empty, sets of choices.
import { Input } from "antd";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { toFen } from "../../../lib/format";

const shown = (fen: number | null) => (fen === null ? "" : (fen / 100).toFixed(2).replace(/\.00$/, ""));

/** An amount: typed in yuan, kept in fen; what is no amount stays in the field and is marked. */
export function Yuan({ value, onChange, label, id, width = 110 }: { value: number | null; onChange: (fen: number | null) => void; label?: string; id?: string; width?: number }) {
  const [text, setText] = useState(shown(value));
  useEffect(() => { setText((now) => (toFen(now) === value ? now : shown(value))); }, [value]);
  const wrong = text.trim() !== "" && toFen(text) === null;
  return (
    <Input id={id} className="num" style={{ width }} value={text} aria-label={label} inputMode="decimal" prefix="¥" status={wrong ? "error" : undefined} aria-invalid={wrong}
      onFocus={(e) => e.target.select()} onChange={(e) => { setText(e.target.value); const fen = toFen(e.target.value); if (fen !== null) onChange(fen); else if (!e.target.value.trim()) onChange(null); }} />
  );
}

export function Whole({ value, onChange, label, id, width = 84, suffix, placeholder }: { value: number | null; onChange: (n: number | null) => void; label?: string; id?: string; width?: number; suffix?: ReactNode; placeholder?: string }) {
  const [text, setText] = useState(value === null ? "" : String(value));
  useEffect(() => { setText((now) => (now.trim() !== "" && Number(now) === value ? now : value === null ? "" : String(value))); }, [value]);
  const wrong = text.trim() !== "" && !/^\d{1,7}$/.test(text.trim());
  return (
    <Input id={id} className="num" style={{ width }} value={text} aria-label={label} inputMode="numeric" suffix={suffix} placeholder={placeholder} status={wrong ? "error" : undefined} aria-invalid={wrong}
      onFocus={(e) => e.target.select()} onChange={(e) => { setText(e.target.value); if (!e.target.value.trim()) onChange(null); else if (/^\d{1,7}$/.test(e.target.value.trim())) onChange(Number(e.target.value.trim())); }} />
  );
}

export function Day({ value, onChange, id, label }: { value: string; onChange: (day: string) => void; id?: string; label?: string }) {
  return <input type="date" className="pick" id={id} aria-label={label} value={value} min="2000-01-01" max="2099-12-31" onChange={(e) => onChange(e.target.value)} />;
}

/** Several of a few: ticks in a row. */
export function Ticks({ items, at, onChange, label }: { items: { id: string; title: string }[]; at: string[]; onChange: (ids: string[]) => void; label: string }) {
  return (
    <div className="row wraps" role="group" aria-label={label} style={{ gap: "6px 16px" }}>
      {items.map((i) => (
        <label key={i.id} className="tick">
          <input type="checkbox" checked={at.includes(i.id)} onChange={(e) => onChange(e.target.checked ? [...at, i.id] : at.filter((x) => x !== i.id))} />{i.title}
        </label>
      ))}
    </div>
  );
}

/** A titled part of a step. */
export function Section({ title, hint, acts, children }: { title: string; hint?: string; acts?: ReactNode; children: ReactNode }) {
  return (
    <section className="lsec">
      <header><h3>{title}</h3>{hint && <span className="muted">{hint}</span>}{acts && <div className="acts">{acts}</div>}</header>
      {children}
    </section>
  );
}
