// The few figures a clerk compares plans by, in one line.
import { useTranslation } from "react-i18next";
import { traffic, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import type { Offering } from "../../lib/types";

export function OfferingFacts({ offering: o }: { offering: Offering }) {
  const { t } = useTranslation();
  const a = o.allowances ?? {};
  const bits = [
    word("family", o.family),
    a.dataMb ? `${t("offering.data")} ${traffic(a.dataMb)}` : "",
    a.voiceMin ? t("offering.minutes", { count: a.voiceMin }) : "",
    a.sms ? t("offering.sms", { count: a.sms }) : "",
    a.broadbandMbps ? `${a.broadbandMbps} Mbps` : "",
    o.contractMonths ? t("offering.contract", { count: o.contractMonths }) : "",
    o.area ?? "",
  ].filter(Boolean);
  return <span className="facts-line">{bits.map((b, i) => <bdi key={i} className="num">{b}</bdi>)}</span>;
}

/** The monthly fee; what is charged otherwise (once, by the quarter, by the year) is shown as it was published. */
export function MonthlyPrice({ offering: o, bare }: { offering: Offering; bare?: boolean }) {
  const { t } = useTranslation();
  if (o.priceFen === null) return o.priceText ? <bdi className="num clip" title={o.priceText}>{o.priceText}</bdi> : <span className="muted">—</span>;
  return <span className="num">{yuan(o.priceFen)}{bare ? null : <span className="muted per"> / {t("kit.month")}</span>}</span>;
}
