// Attributes of the value and cognitive groups. What was derived carries a mark, and says on hover and focus how it was made.
import { useTranslation } from "react-i18next";
import { count, yuan } from "../../lib/format";
import { comma, language, titled, word } from "../../lib/i18n";
import type { Trait } from "./types";

const TONE: Record<string, string> = { high: "bad", atRisk: "bad", lost: "bad", medium: "warn" };
interface Band { code: string; [language: string]: string }
interface Score { last: number; average: number; scale: number; count: number }

export function TraitValue({ of }: { of: Trait }) {
  const { t } = useTranslation();
  const v = of.value;
  switch (of.kind) {
    case "money": return <span className="num strong">{yuan(v as number)}</span>;
    case "percent": return <span className="num strong">{v as number}%</span>;
    case "months": { const n = v as number; return <span className="num strong">{n >= 12 ? t("v360.years", { years: Math.floor(n / 12), months: n % 12 }) : t("v360.months", { count: n })}</span>; }
    case "band": { const b = v as Band; const tone = of.id === "loyalty" ? "" : (TONE[b.code] ?? ""); return <span className={`strong ${tone}`}>{b[language()] ?? b.code}</span>; }
    case "score": { const s = v as Score; return <span className="num strong">{s.last}<span className="muted" style={{ fontWeight: 400 }}>/{s.scale}</span></span>; }
    case "families": return <span className="strong">{(v as string[]).map((f) => word("family", f)).join(comma())}</span>;
    case "grade": return <span className="strong">{word("grade", String(v))}</span>;
    case "number": return <span className="num strong">{count(v as number)}</span>;
    default: return <span className="strong">{String(v)}</span>;
  }
}

export function Traits({ all, label }: { all: Trait[]; label: string }) {
  const { t } = useTranslation();
  return (
    <dl className="traits" aria-label={label}>
      {all.map((x) => (
        <div key={x.id} className={x.origin} tabIndex={x.how ? 0 : undefined} title={x.how ? titled(x.how) : undefined}>
          <dt>{titled(x.title)}{x.origin === "derived" && <sup className="mark" aria-label={t("v360.derived")}>*</sup>}</dt>
          <dd><TraitValue of={x} /></dd>
          {x.how && <div className="how">{titled(x.how)}</div>}
        </div>
      ))}
    </dl>
  );
}
