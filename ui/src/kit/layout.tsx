// Page frame pieces: heading, panel, facts, tabs, segments, fields, meter.
import { useId, useRef } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { useEffect } from "react";

export function PageHead({ title, sub, children }: { title?: ReactNode; sub?: ReactNode; children?: ReactNode }) {
  const text = typeof title === "string" ? title : undefined;
  useEffect(() => { if (text) document.title = `${text} · 一台`; }, [text]);
  return (
    <div className="pagehead">
      {title && <h1>{title}</h1>}
      {sub && <span className="sub">{sub}</span>}
      {children && <div className="acts">{children}</div>}
    </div>
  );
}

export function Panel({ title, acts, children, flush, className, id }: {
  title?: ReactNode; acts?: ReactNode; children: ReactNode; flush?: boolean; className?: string; id?: string;
}) {
  return (
    <section className={`panel ${className ?? ""}`} id={id}>
      {(title || acts) && <header><h2>{title}</h2>{acts && <div className="acts">{acts}</div>}</header>}
      <div className={flush ? "flush" : "body"}>{children}</div>
    </section>
  );
}

export function Facts({ items, two }: { items: [string, ReactNode][]; two?: boolean }) {
  return <dl className={`facts${two ? " two" : ""}`}>{items.map(([k, v]) => <div key={k}><dt>{k}</dt><dd>{v}</dd></div>)}</dl>;
}

export interface TabItem { id: string; title: string; count?: number | null }
/** Own tabs: antd's fail axe in some modes. Arrows move, the panel is labelled by its tab. */
export function Tabs({ items, at, onPick, label, children }: {
  items: TabItem[]; at: string; onPick: (id: string) => void; label: string; children: ReactNode;
}) {
  const base = useId();
  const strip = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const i = items.findIndex((t) => t.id === at);
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const next = items[(i + step + items.length) % items.length]!;
    onPick(next.id);
    strip.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <>
      <div className="tabs" role="tablist" aria-label={label} ref={strip} onKeyDown={move}>
        {items.map((item) => (
          <button
            key={item.id} type="button" role="tab" id={`${base}-${item.id}`} data-tab={item.id} aria-selected={item.id === at}
            aria-controls={item.id === at ? `${base}-panel` : undefined} tabIndex={item.id === at ? 0 : -1} onClick={() => onPick(item.id)}
          >
            {item.title}{item.count !== undefined && item.count !== null && <span className="n">{item.count}</span>}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${base}-panel`} aria-labelledby={`${base}-${at}`}>{children}</div>
    </>
  );
}

export function Segments<T extends string>({ items, at, onPick, label }: { items: { id: T; title: ReactNode }[]; at: T; onPick: (id: T) => void; label: string }) {
  return (
    <div className="segs" role="group" aria-label={label}>
      {items.map((i) => <button key={i.id} type="button" aria-pressed={i.id === at} onClick={() => onPick(i.id)}>{i.title}</button>)}
    </div>
  );
}

export function Field({ label, error, hint, full, children }: {
  label: string; error?: string | null; hint?: ReactNode; full?: boolean; children: (props: { id: string; "aria-describedby"?: string; status?: "error" }) => ReactNode;
}) {
  const id = useId();
  const note = error || hint ? `${id}-note` : undefined;
  return (
    <div className={`field${full ? " full" : ""}`}>
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-describedby": note, status: error ? "error" : undefined })}
      {error ? <div className="err" id={note} role="alert">{error}</div> : hint ? <div className="hint" id={note}>{hint}</div> : null}
    </div>
  );
}

export function Meter({ done, total, tone, label }: { done: number; total: number; tone?: "ok" | "bad"; label: string }) {
  const share = total > 0 ? Math.min(100, (done / total) * 100) : 0;
  return (
    <div className={`meter ${tone ?? (total > 0 && done >= total ? "ok" : "")}`} role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={Math.max(total, 1)} aria-valuenow={Math.min(done, Math.max(total, 1))}>
      <i style={{ width: `${share}%` }} />
    </div>
  );
}
