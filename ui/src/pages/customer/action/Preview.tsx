// What a business would mean, before it is done: obstacles first, then money, then what will happen.
import { ArrowRightOutlined, ExclamationCircleFilled, LockOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { dateTime } from "../../../lib/format";
import { titled, word } from "../../../lib/i18n";
import { Money, Name } from "../../../kit/text";
import type { Checked } from "./types";

export function Preview({ of, stale }: { of: Checked; stale: boolean }) {
  const { t } = useTranslation();
  const before = of.monthlyBeforeFen;
  const after = of.monthlyAfterFen;
  const change = before !== null && after !== null && before !== undefined && after !== undefined ? after - before : null;
  return (
    <div className={`preview${stale ? " stale" : ""}`}>
      {of.lockedBy && (
        <div className="banner" style={{ alignItems: "flex-start" }}>
          <LockOutlined aria-hidden style={{ marginTop: 3 }} />
          <span>{t("action.lockedBy")} <Link to="/app/orders/$id" params={{ id: of.lockedBy.orderId }} className="num">{of.lockedBy.orderNo}</Link></span>
        </div>
      )}
      {of.problems.length > 0 && (
        <ul className="problems" aria-label={t("action.problems")}>
          {of.problems.map((p, i) => (
            <li key={i} tabIndex={-1} data-problem data-code={p.code}>
              <ExclamationCircleFilled aria-hidden />
              <div><div className="strong"><bdi>{p.reason}</bdi></div>{p.message && p.message !== p.reason && <div className="soft"><bdi>{p.message}</bdi></div>}</div>
            </li>
          ))}
        </ul>
      )}
      {change !== null && (before! > 0 || after! > 0) && (
        <div className="monthly">
          <span className="muted">{t("action.monthly")}</span>
          <span className="num">{<Money fen={before} />} <ArrowRightOutlined aria-label={t("action.becomes")} /> <b><Money fen={after} /></b></span>
          {change !== 0 && <span className={`num ${change > 0 ? "warn" : "ok"}`}>{change > 0 ? "+" : ""}<Money fen={change} />{t("action.perMonth")}</span>}
        </div>
      )}
      <dl className="previewmoney">
        {of.charges.map((c, i) => <div key={i}><dt><Name>{c.name}</Name><span className="muted">{word("priceType", c.type)}</span></dt><dd><Money fen={c.amountFen} /></dd></div>)}
        {of.earlyTerminationFen > 0 && <div><dt>{t("action.penalty")}</dt><dd className="bad"><Money fen={of.earlyTerminationFen} /></dd></div>}
        <div className="sum"><dt>{t("action.dueNow")}</dt><dd><Money fen={of.dueNowFen} /></dd></div>
      </dl>
      {of.effectiveAt && <div className="row spread"><span className="muted">{t("action.effectiveAt")}</span><span className="num strong">{dateTime(of.effectiveAt)}</span></div>}
      {of.steps.length > 0 && (
        <div>
          <div className="muted" style={{ marginBottom: 4 }}>{t("action.steps")}</div>
          <ol className="stepslist">{of.steps.map((s, i) => <li key={i}><bdi>{titled(s)}</bdi></li>)}</ol>
        </div>
      )}
      <span className="sr" role="status">{of.problems.length > 0 ? t("action.saysProblems", { count: of.problems.length }) : t("action.saysReady")}</span>
    </div>
  );
}
