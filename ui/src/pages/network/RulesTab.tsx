// The rules of an offering: product → services → tasks, for setting up, every kind of change, and taking away.
import { ApartmentOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, list } from "../../lib/api";
import { comma, word } from "../../lib/i18n";
import { useUrl } from "../../lib/url";
import { Field, Panel, Segments } from "../../kit/layout";
import { Suggest } from "../../kit/pickers/Suggest";
import { Loaded, Nothing } from "../../kit/states";
import { Name } from "../../kit/text";
import { Flow } from "./Flow";
import type { RuleProduct, Rules } from "./types";

interface Offered { id: string; name: string; family: string }

export function RulesTab() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const [shown, setShown] = useState("");
  const id = search.offering;
  const rules = useQuery({ queryKey: ["networkRules", id], queryFn: () => call<Rules>(`/network/rules/${encodeURIComponent(id!)}`), enabled: !!id, placeholderData: keepPreviousData });
  const title = shown || rules.data?.offering.name || "";
  return (
    <>
      <Panel>
        <div style={{ maxWidth: 520 }}>
          <Field label={t("network.offering")}>
            {(p) => (
              <Suggest<Offered>
                {...p} label={t("network.offering")} placeholder={t("network.offeringHint")} shown={title} source="networkOfferings" keyOf={(o) => o.id} none={t("network.noOffering")}
                search={async (q, signal) => (await list<Offered>("/catalog/offerings", { q, limit: 12 }, signal)).rows}
                row={(o) => <span className="row" style={{ gap: 8 }}><span className="chip">{word("family", o.family)}</span><Name>{o.name}</Name></span>}
                onPick={(o) => { setShown(o?.name ?? ""); set({ offering: o?.id }); }}
              />
            )}
          </Field>
        </div>
      </Panel>
      {id ? (
        <Loaded of={rules} what={t("network.tab.rules")}>
          {(data) => (
            <>
              {data.products.length === 0 && <Panel><Nothing why={t("network.noWork")} /></Panel>}
              {data.products.map((p, i) => <Product key={`${p.offeringId}${i}`} product={p} />)}
            </>
          )}
        </Loaded>
      ) : <Panel><Nothing icon={<ApartmentOutlined aria-hidden />} why={t("network.pickOffering")} /></Panel>}
    </>
  );
}

function Product({ product }: { product: RuleProduct }) {
  const { t } = useTranslation();
  const kinds = Object.keys(product.work);
  const [at, setAt] = useState("add");
  const work = product.work[at] ?? [];
  return (
    <Panel flush title={<span className="row" style={{ gap: 8 }}><span className="chip">{word("family", product.family)}</span>{product.name}</span>}>
      <div className="rulecols">
        <div className="side">
          <ul className="spectree" aria-label={t("network.services")}>
            <li>
              <div className="row"><span className="kind">{t("network.product")}</span><span className="mono">{product.specId ?? "—"}</span></div>
              <ul>
                {product.cfs.map((c) => (
                  <li key={c.id}>
                    <div className="row"><span className="kind">CFS</span><span className="strong">{c.name}</span><span className="muted mono">v{c.version}</span></div>
                    <ul>
                      {c.rfs.map((r) => (
                        <li key={r.id}>
                          <div className="row"><span className="kind">RFS</span><span>{r.name}</span><span className="muted mono">v{r.version}</span>{r.shared && <span className="chip gold" title={t("network.sharedWhat", { kind: r.shared.kind })}>{t("network.shared")}</span>}</div>
                        </li>
                      ))}
                    </ul>
                  </li>
                ))}
              </ul>
            </li>
          </ul>
          {product.needs.length > 0 && <p className="soft" style={{ margin: "10px 0 0" }}>{t("network.needs")}{product.needs.map((n) => word("characteristic", n)).join(comma())}</p>}
        </div>
        <div className="main">
          <div className="bar"><Segments label={t("network.purpose")} at={at} onPick={setAt} items={kinds.map((k) => ({ id: k, title: word("networkChange", k) }))} /></div>
          {work.length === 0
            ? <Nothing why={t("network.noTasks")} />
            : <Flow label={word("networkChange", at)} nodes={work.map((w) => ({ ...w, system: w.system }))} />}
        </div>
      </div>
    </Panel>
  );
}
