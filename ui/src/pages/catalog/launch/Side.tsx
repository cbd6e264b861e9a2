// Beside the editor: what it will be, and what speaks against it. An objection leads to the place where it is put right.
import { CheckCircleFilled, CloseCircleFilled, ExclamationCircleFilled } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { comma, language, word } from "../../../lib/i18n";
import { yuan } from "../../../lib/format";
import { Panel } from "../../../kit/layout";
import { Money, Name } from "../../../kit/text";
import type { Design, Difference, Finding, Preview, Step } from "./types";

export function PreviewPanel({ design: d, preview }: { design: Design; preview?: Preview }) {
  const { t } = useTranslation();
  return (
    <Panel title={t("launch.preview")} flush>
      <div className="lpreview">
        <div className="row spread"><Name className="strong">{d.name || t("launch.unnamed")}</Name><span className="chip">{word("family", d.family)}</span></div>
        {d.description && <p className="soft wrap">{d.description}</p>}
        <div className="row spread" style={{ alignItems: "baseline" }}><span className="big num">{yuan(preview?.monthlyFen ?? 0)}</span><span className="muted">/ {t("kit.month")}</span></div>
        {preview && preview.oneTimeFen > 0 && <div className="row spread"><span className="muted">{t("launch.oneTime")}</span><Money fen={preview.oneTimeFen} /></div>}
        {preview && preview.separateFen > 0 && <div className="row spread"><span className="muted">{t("launch.separate")}</span><Money fen={preview.separateFen} /></div>}
        {preview && preview.savingFen > 0 && preview.monthlyFen > 0 && <div className="row spread ok strong"><span>{t("launch.saving_money")}</span><Money fen={preview.savingFen} /></div>}
      </div>
      {preview && preview.products.length > 0 && (
        <ul className="lproducts" aria-label={t("launch.products")}>
          {preview.products.map((p, i) => <li key={i} className="row spread"><span className="row" style={{ minWidth: 0 }}><span className="chip">{word("family", p.family)}</span><Name>{p.name}</Name></span><span className="muted num" style={{ fontSize: 12, flex: "none" }}>{t("launch.tasks", { count: p.tasks })}</span></li>)}
        </ul>
      )}
    </Panel>
  );
}

export function Findings({ of, go, checking }: { of: Finding[]; go?: (step: Step) => void; checking?: boolean }) {
  const { t } = useTranslation();
  const en = language() === "en";
  const errors = of.filter((f) => f.severity === "error").length;
  const title = of.length === 0 ? t("launch.problems") : [errors ? t("launch.errors", { count: errors }) : "", of.length - errors ? t("launch.warnings", { count: of.length - errors }) : ""].filter(Boolean).join(" · ");
  return (
    <Panel title={title} flush acts={checking ? <span className="muted" role="status">{t("launch.checking")}</span> : undefined}>
      {of.length === 0 ? <div className="lfine"><CheckCircleFilled aria-hidden /> {t("launch.noProblems")}</div> : (
        <ul className="lfindings" data-testid="findings">{of.map((f, i) => {
          const body = (
            <>
              {f.severity === "error" ? <CloseCircleFilled aria-hidden className="bad" /> : <ExclamationCircleFilled aria-hidden className="warn" />}
              <span className="stack" style={{ gap: 0, minWidth: 0 }}><span className="wrap"><span className="sr">{f.severity} </span><bdi>{en ? f.en : f.zh}</bdi></span><span className="muted wrap" style={{ fontSize: 12 }}><bdi>{en ? f.hintEn : f.hintZh}</bdi></span></span>
            </>
          );
          return <li key={i}>{go ? <button type="button" onClick={() => go(f.step)}>{body}</button> : <div>{body}</div>}</li>;
        })}</ul>
      )}
    </Panel>
  );
}

const plain = (value: unknown): string => (value === null || value === undefined || value === "" ? "—" : Array.isArray(value) ? value.map(String).join(comma()) || "—" : typeof value === "boolean" ? (value ? "✓" : "✗") : String(value));
/** Amounts come in fen; people read yuan. */
const figure = (path: string, value: unknown) => (/Fen$/.test(path) && typeof value === "number" ? yuan(value) : plain(value));

export function Differences({ of, none }: { of: Difference[]; none?: string }) {
  const { t } = useTranslation();
  if (of.length === 0) return <p className="muted" style={{ padding: 14 }}>{none ?? t("launch.noDifferences")}</p>;
  const title = (d: Difference) => {
    const [head, ...rest] = d.path.split(".");
    const tail = rest.map((r) => word("launch.key", r).replace(/[（(].*?(fen|分)[）)]/, "")).join(" · ");
    return [word("launch.field", head), tail].filter(Boolean).join(" · ");
  };
  return (
    <div className="table-wrap"><table className="data" aria-label={t("launch.differences")}>
      <colgroup><col style={{ width: "34%" }} /><col /><col /></colgroup>
      <thead><tr><th>{t("launch.item")}</th><th>{t("launch.before")}</th><th>{t("launch.after")}</th></tr></thead>
      <tbody>{of.map((d) => (
        <tr key={d.path}><td className="wrapped">{title(d)}</td><td className="wrapped"><del className="muted"><bdi>{figure(d.path, d.before)}</bdi></del></td><td className="wrapped strong"><bdi>{figure(d.path, d.after)}</bdi></td></tr>
      ))}</tbody>
    </table></div>
  );
}
