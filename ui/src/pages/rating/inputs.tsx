// Figures in a form: what is typed stands until it can be read.
import { Input } from "antd";
import { useState } from "react";

interface Base { id?: string; label?: string; disabled?: boolean }

export function Whole({ value, onValue, id, label, disabled }: Base & { value: number; onValue: (n: number) => void }) {
  return <Input id={id} aria-label={label} className="num" inputMode="numeric" style={{ width: 110 }} disabled={disabled} maxLength={10} value={String(value)} onChange={(e) => onValue(Number(e.target.value.replace(/\D/g, "") || "0"))} />;
}

export function Decimal({ value, parse, onValue, id, label, disabled }: Base & { value: string; parse: (text: string) => number | null; onValue: (n: number) => void }) {
  const [text, setText] = useState(value);
  const [kept, setKept] = useState(value);
  if (value !== kept) {
    setKept(value);
    if (parse(text) !== parse(value)) setText(value);
  }
  const bad = parse(text) === null;
  return <Input id={id} aria-label={label} className="num" inputMode="decimal" style={{ width: 110 }} disabled={disabled} maxLength={12} value={text} status={bad ? "error" : undefined} onChange={(e) => { setText(e.target.value); const n = parse(e.target.value); if (n !== null) onValue(n); }} onBlur={() => { if (bad) setText(value); }} />;
}
