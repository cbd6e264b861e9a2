// The price trial: every line the first bill would hold, and what stands in the way if the sale may not go on.
import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { language, word } from "../../lib/i18n";
import type { Price } from "./types";
import { Failure, Waiting } from "../../kit/states";
import { Money, Name } from "../../kit/text";

export function PriceLines({ price }: { price: Price }) {
  const { t } = useTranslation();
  return (
    <table className="data" aria-label={t("sell.step.price")}>
      <thead><tr><th>{t("sell.line")}</th><th style={{ width: 110 }}>{t("bill.lineType")}</th><th style={{ width: "34%" }}>{t("bill.note")}</th><th className="right" style={{ width: 120 }}>{t("bill.amount")}</th></tr></thead>
      {price.items.map((item, n) => (
        <tbody key={n}>
          <tr><td colSpan={4} style={{ background: "var(--well)" }}><Name className="strong">{item.name}</Name></td></tr>
          {item.contract && <tr><td colSpan={4} className="soft wrapped"><bdi>{t("sale.contractTo", { count: item.contract.months, end: item.contract.ends })} · {language() === "en" ? item.contract.ruleEn : item.contract.rule}{item.contract.earlyTerminationFen > 0 && <> · {t("sale.penaltyNow")} <Money fen={item.contract.earlyTerminationFen} /></>}</bdi></td></tr>}
          {item.lines.map((l, i) => <tr key={i}><td className="wrapped"><bdi>{l.name}</bdi></td><td className="muted">{word("priceType", l.type)}</td><td className="muted wrapped"><bdi>{(language() === "en" ? l.noteEn : null) ?? l.note ?? ""}</bdi></td><td className="right"><Money fen={l.amountFen} tone /></td></tr>)}
          {(item.discounts ?? []).map((d) => <tr key={d.id} className="ok"><td className="wrapped"><bdi>{d.name}</bdi></td><td>{t(d.source === "granted" ? "sale.granted" : "sale.discount")}</td><td className="wrapped"><bdi>{language() === "en" ? d.noteEn : d.note}</bdi></td><td className="right"><Money fen={d.amountFen} tone /></td></tr>)}
          {(item.declined ?? []).map((d) => <tr key={d.id}><td className="muted wrapped"><bdi>{d.name}</bdi></td><td className="muted">{t("sale.declined")}</td><td className="muted wrapped" colSpan={2}><bdi>{language() === "en" ? d.en : d.zh}</bdi></td></tr>)}
        </tbody>
      ))}
    </table>
  );
}

export function PriceStep({ price }: { price: UseQueryResult<Price> }) {
  const { t } = useTranslation();
  if (price.error) return <div style={{ padding: 12 }}><Failure error={price.error} what={t("sell.step.price")} retry={() => void price.refetch()} /></div>;
  if (!price.data || price.isPlaceholderData) return <Waiting rows={8} />;
  const p = price.data;
  return (
    <>
      {p.problems.map((x, i) => <div key={i} className="banner bad" role="alert" style={{ borderRadius: 0, borderWidth: "0 0 1px" }}><span className="mono">{x.code}</span><span className="wrap grow"><bdi>{x.reason}</bdi>{x.message && <span className="soft"> <bdi>{x.message}</bdi></span>}</span></div>)}
      <PriceLines price={p} />
      <div className="kpis" style={{ borderTop: "1px solid var(--line)" }}>
        <div><div className="k">{t("sell.oneTime")}</div><div className="v"><Money fen={p.oneTimeFen} /></div></div>
        <div><div className="k">{t("sell.firstMonth")}</div><div className="v"><Money fen={p.firstMonthFen} /></div><div className="n">{t("sell.firstMonthRule")}</div></div>
        <div><div className="k">{t("sell.monthly")}</div><div className="v"><Money fen={p.monthlyFen} /></div>{p.monthlyAfterFen !== undefined && p.monthlyAfterFen !== p.monthlyFen && <div className="n">{t("sale.afterDiscount")} <Money fen={p.monthlyAfterFen} /></div>}</div>
        <div><div className="k">{t("sell.dueNow")}</div><div className="v" style={{ color: "var(--brand-ink)" }}><Money fen={p.dueNowFen} /></div>{!!p.discountFen && <div className="n ok">{t("sale.saved")} <Money fen={p.discountFen} /></div>}</div>
      </div>
    </>
  );
}
