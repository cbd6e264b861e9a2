// Step 5: what binds the customer: a contract and what leaving early costs, a free trial, the terms in words.
import { Input } from "antd";
import { useTranslation } from "react-i18next";
import { Field, Segments } from "../../../kit/layout";
import { OfferingPicker } from "../../../kit/pickers";
import { Day, Section, Whole, Yuan } from "./fields";
import { Required } from "./PricesStep";
import type { Change, Design } from "./types";

export function ContractStep({ design: d, change, isChange }: { design: Design; change: Change; isChange: boolean }) {
  const { t } = useTranslation();
  const c = d.contract;
  return (
    <div className="stack">
      <Section title={t("launch.contract")}>
        <div className="row wraps" style={{ gap: 16, alignItems: "end" }}>
          <Segments label={t("launch.contract")} at={c ? "yes" : "no"} items={[{ id: "no", title: t("launch.noContract") }, { id: "yes", title: t("launch.withContract") }]} onPick={(k) => change({ contract: k === "yes" ? c ?? { months: 24, remainingPercent: 30, fixedFen: null } : null })} />
          {c && (
            <>
              <Field label={t("launch.months")}>{(f) => <Whole id={f.id} value={c.months} onChange={(n) => change({ contract: { ...c, months: n ?? 0 } })} />}</Field>
              <div className="field"><span className="label">{t("launch.penalty")}</span>
                <Segments label={t("launch.penalty")} at={c.fixedFen !== null ? "fixed" : "share"} items={[{ id: "share", title: t("launch.remaining") }, { id: "fixed", title: t("launch.fixedPenalty") }]}
                  onPick={(k) => change({ contract: k === "fixed" ? { ...c, fixedFen: 20000, remainingPercent: null } : { ...c, fixedFen: null, remainingPercent: 30 } })} />
              </div>
              {c.fixedFen !== null
                ? <Yuan label={t("launch.fixedPenalty")} value={c.fixedFen} onChange={(n) => change({ contract: { ...c, fixedFen: n ?? 0 } })} />
                : <Whole label={t("launch.remaining")} value={c.remainingPercent} suffix="%" onChange={(n) => change({ contract: { ...c, remainingPercent: n ?? 0 } })} />}
            </>
          )}
        </div>
      </Section>
      <Section title={t("launch.trial")} hint={t("launch.trialLaw")}>
        <div className="row wraps" style={{ gap: 16, alignItems: "end" }}>
          <Segments label={t("launch.trial")} at={d.trial ? "yes" : "no"} items={[{ id: "no", title: t("launch.noTrial") }, { id: "yes", title: t("launch.withTrial") }]} onPick={(k) => change({ trial: k === "yes" ? d.trial ?? { days: 30, convertsTo: null } : null })} />
          {d.trial && (
            <>
              <Field label={t("launch.trialDays")}>{(f) => <Whole id={f.id} value={d.trial!.days} onChange={(n) => change({ trial: { ...d.trial!, days: n ?? 0 } })} />}</Field>
              <div className="field" style={{ width: 300 }}><span className="label">{t("launch.convertsTo")}</span>
                {d.trial.convertsTo ? <span><Required id={d.trial.convertsTo} remove={() => change({ trial: { ...d.trial!, convertsTo: null } })} /></span> : <OfferingPicker value={null} onPick={(o) => { if (o) change({ trial: { ...d.trial!, convertsTo: o.id } }); }} />}
              </div>
            </>
          )}
        </div>
      </Section>
      <Section title={t("launch.terms")}>
        <Input.TextArea aria-label={t("launch.terms")} rows={5} maxLength={8000} value={d.terms} onChange={(e) => change({ terms: e.target.value })} />
      </Section>
      {isChange && (
        <Section title={t("launch.effectiveDate")} hint={t("launch.effectiveHint")}>
          <Day label={t("launch.effectiveDate")} value={d.effectiveDate} onChange={(effectiveDate) => change({ effectiveDate })} />
        </Section>
      )}
    </div>
  );
}
