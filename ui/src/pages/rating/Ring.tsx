// How much of an allowance is left, as a ring; the figures stand in it, the colour only repeats them.
import type { ReactNode } from "react";

const R = 42;
const LENGTH = 2 * Math.PI * R;

export function Ring({ used, total, label, children }: { used: number; total: number; label: string; children: ReactNode }) {
  const left = total > 0 ? Math.max(0, Math.min(1, (total - used) / total)) : 0;
  const tone = used > total || left === 0 ? "bad" : left <= 0.2 ? "warn" : "ok";
  return (
    <div className={`ring ${tone}`} role="img" aria-label={label}>
      <svg viewBox="0 0 100 100" aria-hidden>
        <circle cx="50" cy="50" r={R} className="ring-base" />
        {left > 0 && <circle cx="50" cy="50" r={R} className="ring-left" strokeDasharray={`${left * LENGTH} ${LENGTH}`} transform="rotate(-90 50 50)" />}
      </svg>
      <div className="ring-text" aria-hidden>{children}</div>
    </div>
  );
}
