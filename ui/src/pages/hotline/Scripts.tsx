// What to say, beside the call: one topic at a time, in the language of the page.
import { useTranslation } from "react-i18next";
import { language } from "../../lib/i18n";
import { Panel } from "../../kit/layout";
import type { Script } from "./types";

export function Scripts({ scripts, at, onPick, agent, name }: { scripts: Script[]; at: string; onPick: (topic: string) => void; agent: string; name: string }) {
  const { t } = useTranslation();
  const english = language() === "en";
  const chosen = scripts.find((s) => s.topic === at) ?? scripts[0];
  const fill = (text: string) => text.replaceAll("{agent}", agent).replaceAll("{name}", name);
  return (
    <Panel title={t("hotline.script")} className="scripts">
      <div className="row wraps" role="group" aria-label={t("hotline.script")} style={{ gap: 4, marginBottom: 10 }}>
        {scripts.map((s) => <button key={s.topic} type="button" className={`filterchip${s.topic === chosen?.topic ? " on" : ""}`} aria-pressed={s.topic === chosen?.topic} onClick={() => onPick(s.topic)}>{english ? s.enTitle : s.zhTitle}</button>)}
      </div>
      {chosen && <div aria-live="polite">{fill(english ? chosen.en : chosen.zh).split("\n").map((line, i) => <p key={i} className="wrap">{line}</p>)}</div>}
    </Panel>
  );
}
