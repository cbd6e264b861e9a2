// A small menu behind a button: arrows move, Escape closes and gives the focus back.
import { useEffect, useId, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";

export interface MenuItem { id: string; title: string; run: () => void }
export function Menu({ button, items, note, className }: { button: ReactNode; items: MenuItem[]; note?: string; className?: string }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    box.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const away = (e: MouseEvent) => { if (!box.current?.parentElement?.contains(e.target as Node)) setOpen(false); };
    document.addEventListener("mousedown", away);
    return () => document.removeEventListener("mousedown", away);
  }, [open]);
  const onKey = (e: KeyboardEvent) => {
    const all = [...(box.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const i = all.indexOf(document.activeElement as HTMLElement);
    if (e.key === "ArrowDown") all[(i + 1) % all.length]?.focus();
    else if (e.key === "ArrowUp") all[(i - 1 + all.length) % all.length]?.focus();
    else if (e.key === "Escape" || e.key === "Tab") { setOpen(false); opener.current?.focus(); } else return;
    e.preventDefault();
    e.stopPropagation();
  };
  return (
    <span className="menubox">
      <button ref={opener} type="button" className={className} aria-haspopup="menu" aria-expanded={open} aria-controls={open ? id : undefined} onClick={() => setOpen((on) => !on)}>{button}</button>
      {open && (
        <div className="menu" id={id} role="menu" ref={box} onKeyDown={onKey}>
          {note && <div className="menunote" role="presentation">{note}</div>}
          {items.map((m) => <button key={m.id} type="button" role="menuitem" tabIndex={-1} onClick={() => { setOpen(false); m.run(); }}>{m.title}</button>)}
        </div>
      )}
    </span>
  );
}
