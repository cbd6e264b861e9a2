// What decides about a sale of an offering, and its versions side by side.
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { dateTime, yuan } from "../../lib/format";
import { comma, word } from "../../lib/i18n";
import { Facts } from "../../kit/layout";
import { Loaded } from "../../kit/states";
import { Name } from "../../kit/text";
import { usePlaces } from "./launch/AudienceStep";
import { Required } from "./launch/PricesStep";
import { Differences } from "./launch/Side";
import type { Audience, Difference, Part } from "./launch/types";

export interface Rules {
  options?: Part[]; groups?: { id: string; name: string; min: number; max: number }[];
  relations?: { kind: string; offeringId: string; name: string; alternative: string | null }[];
  eligibility?: Audience; contract?: { months: number; remainingPercent?: number; fixedFen?: number } | null;
  trial?: { days: number; convertsTo: string | null } | null; sharedAllowance?: boolean;
  discounts?: { id: string; name: string; percent: number | null; amountFen: number | null; months: number | null; requires: string[]; byHand: { maxPercent: number; maxFen: number } | null }[];
}

const range = (min: number, max: number) => (min === max ? String(min) : `${min}–${max}`);

export function OfferingRules({ of: o }: { of: Rules }) {
  const { t } = useTranslation();
  const places = usePlaces();
  const e = o.eligibility;
  const few = (list: string[] | undefined, name: (x: string) => string) => (list?.length ? list.map(name).join(comma()) : t("offer.everyone"));
  const restricted = e && (e.kinds.length || e.grades.length || e.channels.length || e.areas.length || e.needsFamily.length || e.minAge !== null || e.maxAge !== null || e.maxPerCustomer !== null || e.hours);
  const extras = (o.options ?? []).filter((p) => p.group === null && p.min !== p.max);
  return (
    <>
      {((o.groups ?? []).length > 0 || extras.length > 0) && (
        <section className="stack tight">
          <h3>{t("offer.options")}</h3>
          {(o.groups ?? []).map((g) => (
            <div key={g.id} className="stack tight lcard"><b>{t("offer.choose", { name: g.name, range: range(g.min, g.max) })}</b>
              <div className="row wraps">{o.options!.filter((p) => p.group === g.id).map((p) => <span key={p.offeringId} className={`chip${p.default > 0 ? " gold" : ""}`}>{p.name}</span>)}</div>
            </div>
          ))}
          {extras.map((p) => <div key={p.offeringId} className="row spread"><span className="row"><span className="chip">{word("family", p.family)}</span><Name>{p.name}</Name></span><span className="muted">{p.min === 0 ? t("offer.optionalUpTo", { max: p.max }) : range(p.min, p.max)}</span></div>)}
        </section>
      )}
      {(restricted || (o.relations ?? []).length > 0) && (
        <section className="stack tight">
          <h3>{t("offer.whoMayBuy")}</h3>
          <Facts two items={[
            ...(e?.kinds.length ? [[t("launch.kinds"), few(e.kinds, (k) => word("launch", k))] as [string, string]] : []),
            ...(e?.grades.length ? [[t("launch.grades"), few(e.grades, (g) => word("launch.grade", g))] as [string, string]] : []),
            ...(e?.channels.length ? [[t("launch.channels"), few(e.channels, (c) => word("launch.channel", c))] as [string, string]] : []),
            ...(e?.areas.length ? [[t("launch.areas"), few(e.areas, places.name)] as [string, string]] : []),
            ...(e && (e.minAge !== null || e.maxAge !== null) ? [[t("launch.age"), t("offer.ages", { from: e.minAge ?? "", to: e.maxAge ?? "" })] as [string, string]] : []),
            ...(e?.maxPerCustomer != null ? [[t("launch.perCustomer"), String(e.maxPerCustomer)] as [string, string]] : []),
            ...(e?.needsFamily.length ? [[t("launch.needsFamily"), few(e.needsFamily, (f) => word("family", f))] as [string, string]] : []),
            ...(e?.hours ? [[t("launch.hours"), `${e.hours.from}:00–${e.hours.to}:00`] as [string, string]] : []),
            ...((o.relations ?? []).length ? [[t("offer.relations"), <span key="r" className="row wraps">{o.relations!.map((r) => <span key={`${r.kind}${r.offeringId}`} className="chip">{r.kind === "excludes" ? t("launch.excludes") : t("launch.requiresOne")} <bdi>{r.name}</bdi></span>)}</span>] as [string, React.ReactNode]] : []),
          ]} />
        </section>
      )}
      {(o.discounts ?? []).length > 0 && (
        <section className="stack tight">
          <h3>{t("offer.discounts")}</h3>
          {o.discounts!.map((d) => (
            <div key={d.id} className="row spread"><span className="row wraps"><Name>{d.name}</Name>{d.requires.map((id) => <Required key={id} id={id} />)}</span>
              <span className="num strong ok" style={{ flex: "none" }}>{d.byHand ? t("offer.byHand", { percent: d.byHand.maxPercent, amount: yuan(d.byHand.maxFen) }) : `${d.percent !== null ? `−${d.percent}%` : `−${yuan(d.amountFen)}`}${d.months ? ` · ${t("offering.months", { count: d.months })}` : ""}`}</span></div>
          ))}
        </section>
      )}
      {(o.contract || o.trial || o.sharedAllowance) && (
        <section className="stack tight">
          <h3>{t("offer.contractTerms")}</h3>
          {o.contract && <div>{t("offering.contract", { count: o.contract.months })} · {o.contract.fixedFen !== undefined ? t("offer.penaltyFixed", { amount: yuan(o.contract.fixedFen) }) : t("offer.penaltyPercent", { percent: o.contract.remainingPercent ?? 0 })}</div>}
          {o.trial && <div>{t("offer.trialDays", { count: o.trial.days })}</div>}
          {o.sharedAllowance && <div>{t("offer.shared")}</div>}
        </section>
      )}
    </>
  );
}

export function Versions({ id, of }: { id: string; of: { version: number | string; at: string; summary?: string }[] }) {
  const { t } = useTranslation();
  const [from, setFrom] = useState<number | null>(null);
  const diff = useQuery({ queryKey: ["compare", id, from], enabled: from !== null, queryFn: () => call<Difference[]>(`/catalog/offerings/${encodeURIComponent(id)}/compare`, { query: { from: from! } }) });
  return (
    <section className="stack tight">
      <h3>{t("offer.versions")}</h3>
      {of.map((v, i) => (
        <div key={String(v.version)} className="row">
          <span className={`chip${i === 0 ? " gold" : ""}`}>v{v.version}{i === 0 ? ` · ${t("offer.current")}` : ""}</span><span className="num muted">{dateTime(v.at)}</span>
          {i > 0 && <Button size="small" type="link" aria-expanded={from === Number(v.version)} onClick={() => setFrom(from === Number(v.version) ? null : Number(v.version))}>{t("offer.compareWith")}</Button>}
        </div>
      ))}
      {from !== null && <div className="panel"><Loaded of={diff} what={t("offer.compare")} rows={3}>{(d) => <Differences of={d} none={t("launch.noDifferences")} />}</Loaded></div>}
    </section>
  );
}
