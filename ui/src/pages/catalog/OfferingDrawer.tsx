// One offering in full: prices, terms, what it decomposes into, and the fields exactly as the operator published them.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Drawer } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { day, plain } from "../../lib/format";
import { language, word } from "../../lib/i18n";
import type { OfferingDetail } from "../../lib/types";
import { Facts } from "../../kit/layout";
import { Loaded } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Money, Name } from "../../kit/text";
import { useMay } from "../../lib/session";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { say } from "../../kit/toast";
import { MonthlyPrice, OfferingFacts } from "./OfferingFacts";
import { OfferingRules, Versions } from "./OfferingRules";
import type { Rules } from "./OfferingRules";

export function OfferingDrawer({ id, onClose }: { id?: string; onClose: () => void }) {
  const { t } = useTranslation();
  const one = useQuery({ queryKey: ["offering", id], queryFn: () => call<OfferingDetail>(`/catalog/offerings/${encodeURIComponent(id!)}`), enabled: !!id });
  return (
    <Drawer open={!!id} onClose={onClose} size={620} destroyOnHidden title={<span className="wrap">{one.data?.name ?? t("offering.detail")}</span>}>
      <Loaded of={one} what={t("offering.detail")} rows={10}>{(o) => <Detail o={o} />}</Loaded>
    </Drawer>
  );
}

function Detail({ o }: { o: OfferingDetail }) {
  const { t } = useTranslation();
  const details = Object.entries(o.details ?? {}).filter(([, v]) => v !== null && v !== undefined && v !== "");
  return (
    <div className="stack" style={{ gap: 18 }} tabIndex={0} role="group" aria-label={o.name}>
      <Acts o={o} />
      <div className="row wraps"><Status group="offeringState" code={o.status} /><OfferingFacts offering={o} /></div>
      {o.sellable === false && o.whyNot && <div className="banner"><bdi className="wrap">{o.whyNot}</bdi></div>}
      <Facts two items={[
        [t("offering.monthly"), <MonthlyPrice key="m" offering={o} />],
        [t("offering.published"), plain(o.priceText)],
        [t("offering.audience"), <Name key="a" wrap>{o.audience}</Name>],
        [t("offering.validity"), `${day(o.validFrom)} – ${day(o.validTo)}`],
        [t("offering.category"), plain(o.category)],
        [t("offering.area"), plain(o.area)],
      ]} />
      {(o.components ?? []).length > 0 && <section className="stack tight"><h3>{t("offering.components")}</h3>{o.components!.map((c) => <div key={c.offeringId} className="row"><span className="chip">{word("family", c.family)}</span><Name>{c.name}</Name></div>)}</section>}
      <OfferingRules of={o as Rules} />
      {(o.prices ?? []).length > 0 && (
        <section className="stack tight">
          <h3>{t("offering.prices")}</h3>
          <table className="data" aria-label={t("offering.prices")}><tbody>{o.prices!.map((p) => <tr key={p.id}><td className="wrapped"><bdi>{p.name}</bdi></td><td style={{ width: 110 }} className="muted">{word("priceType", p.type)}</td><td style={{ width: 140 }} className="right"><Money fen={p.amountFen} />{p.period ? <span className="muted"> / {/^\d+ months$/.test(p.period) ? t("offering.months", { count: parseInt(p.period, 10) }) : word("period", p.period)}</span> : null}</td></tr>)}</tbody></table>
        </section>
      )}
      {(o.terms ?? []).length > 0 && <section className="stack tight"><h3>{t("customer.terms")}</h3><ul className="stack tight">{o.terms!.map((x, i) => <li key={i} className="wrap soft"><bdi>{typeof x === "object" && x && "name" in x ? `${plain((x as { name: unknown }).name)} ${plain((x as { description?: unknown; value?: unknown }).description ?? (x as { value?: unknown }).value)}` : plain(x)}</bdi></li>)}</ul></section>}
      {(o.decomposition ?? []).length > 0 && (
        <section className="stack tight">
          <h3>{t("order.decomposition")}</h3>
          {o.decomposition!.map((d, i) => (
            <ul key={i} className="tree">
              <li><b>{d.spec}</b>
                <ul>{d.cfs.map((c, ci) => <li key={ci}><span className="chip">CFS</span> {c.name}
                  <ul>{c.rfs.map((r, ri) => <li key={ri}><span className="chip">RFS</span> {r.name}
                    <ul>{r.tasks.map((k, ki) => <li key={ki}><span className="muted">{k.title?.[language()] ?? k.name} → {word("target", k.target)}</span></li>)}</ul></li>)}</ul></li>)}</ul></li>
            </ul>
          ))}
        </section>
      )}
      {details.length > 0 && (
        <section className="stack tight">
          <h3>{t("offering.asPublished")}</h3>
          <table className="data" aria-label={t("offering.asPublished")}><tbody>{details.map(([k, v]) => <tr key={k}><td style={{ width: 140 }} className="muted">{word("published", k)}</td><td className="wrapped"><Name wrap>{plain(v)}</Name></td></tr>)}</tbody></table>
        </section>
      )}
      {(o.versions ?? []).length > 0 && <Versions id={o.id} of={o.versions!} />}
    </div>
  );
}

/** Change and copy lead to the editor; taking off sale asks why. */
function Acts({ o }: { o: OfferingDetail }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const designs = may("catalog.launch");
  const design = useQuery({ queryKey: ["changeable", o.id], enabled: designs, queryFn: () => call<{ changeable: boolean }>(`/catalog/offerings/${encodeURIComponent(o.id)}/design`) });
  if (!designs) return null;
  const onSale = o.status === "Active" || o.status === "Launched";
  return (
    <div className="row wraps">
      <Link to={"/app/launches/new" as never} search={{ copy: o.id } as never}><Button size="small">{t("offer.copy")}</Button></Link>
      {design.data?.changeable && <Link to={"/app/launches/new" as never} search={{ change: o.id } as never}><Button size="small" type="primary">{t("offer.change")}</Button></Link>}
      {design.data?.changeable && onSale && may("catalog.write") && <Button size="small" danger onClick={() => setAsking(true)}>{t("offer.retire")}</Button>}
      <ReasonDialog open={asking} title={t("offer.retire")} note={t("offer.retireNote")} confirm={t("offer.retire")} danger onClose={() => setAsking(false)}
        onConfirm={async (reason) => {
          await call(`/tmf-api/productCatalogManagement/v4/productOffering/${encodeURIComponent(o.id)}`, { method: "PATCH", contentType: "application/merge-patch+json", body: { lifecycleStatus: "Retired", statusReason: reason } });
          await Promise.all(["offering", "offerings", "catalogSummary"].map((k) => client.invalidateQueries({ queryKey: [k] })));
          say.success(t("offer.retired"));
        }} />
    </div>
  );
}
