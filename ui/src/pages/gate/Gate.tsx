// The doorway: what the house is on the left, the form on the right.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGES, language, setLanguage } from "../../lib/i18n";

export function Gate({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <main className="gate">
      <div className="cover">
        <div className="word">一台 <span style={{ letterSpacing: 1, fontWeight: 400, fontSize: 20, opacity: 0.8 }}>Yitai</span></div>
        <div style={{ margin: "auto 0" }}>
          <p style={{ fontSize: 26, lineHeight: "40px", color: "#fff", marginBottom: 14 }}>{t("gate.motto")}</p>
          <p>{t("gate.promise")}</p>
          <ol className="steps">
            {([1, 2, 3, 4, 5, 6] as const).map((n) => <li key={n}>{t(`gate.step${n}`)}</li>)}
          </ol>
        </div>
        <span style={{ color: "#b9c8dc", fontSize: 12 }}>{t("gate.tagline")}</span>
      </div>
      <div className="desk">
        {children}
        <div className="foot">
          {LANGUAGES.map((l) => (
            <button key={l.id} type="button" className="linkish" disabled={l.id === language()} aria-pressed={l.id === language()} onClick={() => void setLanguage(l.id)}>{l.title}</button>
          ))}
        </div>
      </div>
    </main>
  );
}
