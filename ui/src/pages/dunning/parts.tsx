// Small pieces that several lists of credit control show.
import { useTranslation } from "react-i18next";
import { word } from "../../lib/i18n";
import type { CaseRow } from "./types";

/** How far the lines are barred; what order entry has not carried out yet is told as such. */
export function Level({ of }: { of: CaseRow }) {
  const { t } = useTranslation();
  if (of.state !== "open") return <span className="muted">{word("dunClosed", of.closeReason)}</span>;
  if (of.hold && of.holdLifts && of.level !== "none") return <span>{t("dunning.lifted")}</span>;
  return <span className={of.level === "none" ? "muted" : of.level === "oneWay" ? "dunwarn" : "danger"}>{word("dunLevel", of.level)}</span>;
}

/** What comes next, when, and what holds it back. */
export function NextStep({ of }: { of: CaseRow }) {
  const { t } = useTranslation();
  if (of.state !== "open") return <span className="muted">{of.restoreBy && !of.restoredAt ? t("dunning.restoringNow") : "—"}</span>;
  if (of.hold) return <span>{word("dunHold", of.hold)} <span className="num">{t("dunning.until", { day: of.holdUntil })}</span></span>;
  if (!of.next) return <span className="muted">{t("dunning.noNext")}</span>;
  const never = of.next.on.startsWith("9999");
  return <span>{word("dunStep", of.next.step)} {!never && <span className="num">{of.next.on}</span>}{of.next.waitsFor !== "days" && <span className="muted"> · {word("dunWaits", of.next.waitsFor)}</span>}</span>;
}
