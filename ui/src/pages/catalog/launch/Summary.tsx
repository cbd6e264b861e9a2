// The whole design on one page, as the one who approves reads it.
import { useTranslation } from "react-i18next";
import { day, traffic, yuan } from "../../../lib/format";
import { comma, word } from "../../../lib/i18n";
import { Facts } from "../../../kit/layout";
import { Money, Name } from "../../../kit/text";
import { usePlaces } from "./AudienceStep";
import { Required } from "./PricesStep";
import { Section } from "./fields";
import type { Design } from "./types";

export function Summary({ design: d }: { design: Design }) {
  const { t } = useTranslation();
  const places = usePlaces();
  const a = d.audience;
  const few = (list: string[], name: (x: string) => string) => (list.length ? list.map(name).join(comma()) : t("offer.everyone"));
  const figures = [
    d.allowances.dataMb ? traffic(d.allowances.dataMb) : "", d.allowances.voiceMin ? t("offering.minutes", { count: d.allowances.voiceMin }) : "",
    d.allowances.sms ? t("offering.sms", { count: d.allowances.sms }) : "", d.allowances.broadbandMbps ? `${d.allowances.broadbandMbps} Mbps` : "", d.sharedAllowance ? t("offer.shared") : "",
  ].filter(Boolean).join(" · ");
  const groupOf = (id: string | null) => d.groups.find((g) => g.id === id);
  const range = (min: number, max: number) => (min === max ? String(min) : `${min}–${max}`);
  const how = (p: Design["parts"][number]) => {
    const g = groupOf(p.group);
    if (g) return t("offer.choose", { name: g.name, range: range(g.min, g.max) });
    return p.min > 0 ? `${t("offer.always")} × ${range(p.min, p.max)}` : t("offer.optionalUpTo", { max: p.max });
  };
  return (
    <div className="stack">
      <Section title={t("launch.step.what")}>
        <Facts two items={[
          [t("launch.name"), <Name key="n" wrap>{d.name}</Name>],
          [t("launch.family"), word("family", d.family)],
          [t("launch.description"), d.description ? <bdi key="d" className="wrap">{d.description}</bdi> : "—"],
          [t("launch.allowances"), figures || "—"],
          [t("launch.validFrom"), d.validFrom || d.validTo ? `${day(d.validFrom)} – ${day(d.validTo)}` : t("launch.always")],
        ]} />
      </Section>
      {d.parts.length > 0 && (
        <Section title={t("launch.step.parts")}>
          <table className="data" aria-label={t("launch.step.parts")}><tbody>{d.parts.map((p) => (
            <tr key={p.offeringId}><td><span className="row"><span className="chip">{word("family", p.family)}</span><Name>{p.name || p.offeringId}</Name></span></td><td className="muted wrapped" style={{ width: "44%" }}>{how(p)}{p.group && p.default > 0 ? ` · ${t("launch.proposed")}` : ""}</td></tr>
          ))}</tbody></table>
        </Section>
      )}
      <Section title={t("launch.step.prices")}>
        <table className="data" aria-label={t("launch.step.prices")}><tbody>
          {d.prices.map((p, i) => <tr key={`p${i}`}><td><Name>{p.name}</Name></td><td className="muted" style={{ width: 150 }}>{word("launch", p.type)}{p.type === "recurring" && p.months > 1 ? ` · ${t("offering.months", { count: p.months })}` : ""}</td><td className="right strong" style={{ width: 130 }}><Money fen={p.amountFen} /></td></tr>)}
          {d.discounts.map((x, i) => (
            <tr key={`d${i}`}><td><Name>{x.name}</Name></td><td className="muted wrapped" style={{ width: 150 }}>{x.byHand ? t("launch.byHand") : x.months ? t("offering.months", { count: x.months }) : t("launch.always")}{x.requires.map((id) => <span key={id}> <Required id={id} /></span>)}</td>
              <td className="right strong ok" style={{ width: 130 }}>{x.byHand ? `≤ ${x.byHand.maxPercent}% / ${yuan(x.byHand.maxFen)}` : x.percent !== null ? `−${x.percent}%` : `−${yuan(x.amountFen)}`}</td></tr>
          ))}
        </tbody></table>
      </Section>
      <Section title={t("launch.step.audience")}>
        <Facts two items={[
          [t("launch.kinds"), few(a.kinds, (k) => word("launch", k))],
          [t("launch.grades"), few(a.grades, (g) => word("launch.grade", g))],
          [t("launch.channels"), few(a.channels, (c) => word("launch.channel", c))],
          [t("launch.areas"), few(a.areas, places.name)],
          [t("launch.age"), a.minAge !== null || a.maxAge !== null ? t("offer.ages", { from: a.minAge ?? "", to: a.maxAge ?? "" }) : t("offer.everyone")],
          [t("launch.perCustomer"), a.maxPerCustomer === null ? t("offer.everyone") : t("offer.atMost", { count: a.maxPerCustomer })],
          [t("launch.needsFamily"), few(a.needsFamily, (f) => word("family", f))],
          [t("launch.hours"), a.hours ? `${a.hours.from}:00–${a.hours.to}:00` : t("launch.allDay")],
          [t("launch.relations"), d.relations.length ? <span key="r" className="row wraps">{d.relations.map((r) => <span key={r.offeringId} className="chip">{r.kind === "excludes" ? t("launch.excludes") : t("launch.requiresOne")} {r.name || r.offeringId}</span>)}</span> : "—"],
        ]} />
      </Section>
      <Section title={t("launch.step.contract")}>
        <Facts two items={[
          [t("launch.contract"), d.contract ? `${t("offering.months", { count: d.contract.months })} · ${d.contract.fixedFen !== null ? t("offer.penaltyFixed", { amount: yuan(d.contract.fixedFen) }) : t("offer.penaltyPercent", { percent: d.contract.remainingPercent ?? 0 })}` : t("launch.noContract")],
          [t("launch.trial"), d.trial ? t("offer.trialDays", { count: d.trial.days }) : t("launch.noTrial")],
          [t("launch.terms"), d.terms ? <bdi key="t" className="wrap" style={{ whiteSpace: "pre-line" }}>{d.terms}</bdi> : "—"],
          ...(d.effectiveDate ? [[t("launch.effectiveDate"), d.effectiveDate] as [string, string]] : []),
        ]} />
      </Section>
    </div>
  );
}
