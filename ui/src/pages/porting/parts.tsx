// Pieces that both directions show: reasons with what to do, messages of the central system, the filter above the lists.
import { Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { word } from "../../lib/i18n";
import { useUrl } from "../../lib/url";
import { At } from "../../kit/text";
import { either, help, link } from "./types";
import type { Notice, Reason } from "./types";

export function Reasons({ all }: { all: Reason[] }) {
  const { t } = useTranslation();
  return (
    <ol className="stack tight" style={{ margin: 0, paddingInlineStart: 20 }}>
      {all.map((r) => (
        <li key={r.code}>
          <span className="strong wrap">{either(r)}</span>
          {help(r) && <div className="soft wrap">{help(r)}</div>}
          {r.source && <div className="muted" style={{ fontSize: 12 }}><Source text={r.source} label={t("porting.source")} /></div>}
        </li>
      ))}
    </ol>
  );
}

export function Source({ text, label }: { text: string; label?: string }) {
  const href = link(text);
  const plain = text.replace(href ?? "", "").trim();
  return <span className="wrap">{label ? `${label}：` : ""}{href ? <a href={href} target="_blank" rel="noreferrer" title={href}>{plain || href}</a> : plain}</span>;
}

export function Notices({ all }: { all: Notice[] }) {
  const { t } = useTranslation();
  if (all.length === 0) return <span className="muted">{t("porting.noNotices")}</span>;
  return (
    <table className="data" aria-label={t("porting.notices")}>
      <thead><tr><th scope="col">{t("porting.at")}</th><th scope="col">{t("porting.notice")}</th><th scope="col" className="right">{t("porting.revision")}</th><th scope="col">{t("porting.outcome")}</th></tr></thead>
      <tbody>{all.map((n, i) => <tr key={i}><td><At at={n.at} seconds /></td><td>{word("portState", n.kind)}</td><td className="right num">{n.revision}</td><td>{word("portOutcome", n.outcome)}</td></tr>)}</tbody>
    </table>
  );
}

export function Filter({ states }: { states: string[] }) {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const [number, setNumber] = useState(search.number ?? "");
  return (
    <div className="filters">
      <Input.Search allowClear style={{ width: 210 }} value={number} maxLength={20} placeholder={t("porting.find")} aria-label={t("porting.find")} onChange={(e) => setNumber(e.target.value)} onSearch={(v) => set({ number: v.trim() || undefined })} />
      <span className="row wraps" role="group" aria-label={t("porting.state")} style={{ gap: 4 }}>
        {["", ...states].map((s) => <button key={s} type="button" className={`filterchip${(search.state ?? "") === s ? " on" : ""}`} aria-pressed={(search.state ?? "") === s} onClick={() => set({ state: s || undefined })}>{s ? word("portState", s) : t("porting.anyState")}</button>)}
      </span>
    </div>
  );
}
