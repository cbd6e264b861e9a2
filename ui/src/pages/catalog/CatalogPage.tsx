// The catalogue: what is on sale by family and price, a filtered list, and everything about one offering in a drawer.
import { SearchOutlined, UploadOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { LazyChart } from "../../charts/LazyChart";
import { call, list } from "../../lib/api";
import { count, toFen, traffic, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import type { CatalogSummary, Offering } from "../../lib/types";
import { paging, useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { PageHead, Panel, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Name } from "../../kit/text";
import { OfferingDrawer } from "./OfferingDrawer";
import { MonthlyPrice } from "./OfferingFacts";

export const FAMILIES = ["mobile", "broadband", "iptv", "bundle", "option", "fixedVoice", "voip", "data", "leasedLine", "content", "device", "smartHome", "group", "consulting"] as const;
/** The lines most often looked for stand side by side, the others in a list. */
const USUAL = 6;
const whole = (fen: number) => yuan(fen).replace(/\.00$/, "");

export default function CatalogPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay();
  const { search, set } = useUrl();
  const { page, size, offset, limit } = paging(search);
  const [text, setText] = useState(search.q ?? "");
  useEffect(() => setText(search.q ?? ""), [search.q]);
  useEffect(() => {
    const timer = setTimeout(() => { if (text.trim() !== (search.q ?? "")) set({ q: text.trim() }); }, 250);
    return () => clearTimeout(timer);
  }, [text, search.q, set]);
  const ask = { q: search.q, family: search.family, status: search.status, area: search.area, minPrice: search.min, maxPrice: search.max, sort: search.sort, offset, limit };
  const found = useQuery({ queryKey: ["offerings", ask], queryFn: ({ signal }) => list<Offering>("/catalog/offerings", ask, signal), placeholderData: keepPreviousData });
  const summary = useQuery({ queryKey: ["catalogSummary"], queryFn: () => call<CatalogSummary>("/catalog/summary"), staleTime: 60_000 });
  const families = useMemo(() => (summary.data?.byFamily ?? []).map((b) => ({ label: word("family", b.family), value: b.count, key: b.family })), [summary.data]);
  const bands = useMemo(() => (summary.data?.byPriceBand ?? []).map((b, i) => ({ label: b.to === null ? `≥${whole(b.from ?? 0)}` : `${whole(b.from ?? 0)}–${whole(b.to)}`, value: b.count, key: String(i) })), [summary.data]);
  const imports = may("catalog.import");
  const filtered = search.q || search.family || search.status || search.area || search.min || search.max;
  const clear = () => { setText(""); set({ q: "", family: "", status: "", area: "", min: "", max: "" }); };
  const price = (name: "min" | "max", label: string) => (
    <Input key={`${name}${search[name] ?? ""}`} style={{ width: 86 }} defaultValue={search[name] ? String(Number(search[name]) / 100) : ""} placeholder={label} aria-label={label} inputMode="decimal"
      onBlur={(e) => { const fen = toFen(e.target.value); set({ [name]: e.target.value.trim() && fen !== null ? fen : "" }); }} onPressEnter={(e) => e.currentTarget.blur()} />
  );
  const columns: Column<Offering>[] = [
    { key: "name", title: t("offering.name"), lead: true, sort: "name", render: (o) => <Name>{o.name}</Name> },
    { key: "family", title: t("product.family"), width: 104, render: (o) => word("family", o.family) },
    { key: "price", title: t("offering.monthly"), width: 104, right: true, sort: "price", render: (o) => <MonthlyPrice offering={o} bare /> },
    { key: "data", title: t("offering.data"), width: 92, right: true, render: (o) => <span className="num">{o.allowances?.dataMb ? traffic(o.allowances.dataMb) : "—"}</span> },
    { key: "voice", title: t("offering.voice"), width: 84, right: true, render: (o) => <span className="num">{o.allowances?.voiceMin || "—"}</span> },
    { key: "speed", title: t("offering.speed"), width: 84, right: true, render: (o) => <span className="num">{o.allowances?.broadbandMbps || "—"}</span> },
    { key: "area", title: t("offering.area"), width: 100, render: (o) => <Name>{o.area}</Name> },
    { key: "term", title: t("offering.term"), width: 84, right: true, render: (o) => <span className="num">{o.contractMonths ? t("offering.months", { count: o.contractMonths }) : "—"}</span> },
    { key: "status", title: t("product.status"), width: 116, render: (o) => <Status group="offeringState" code={o.status} /> },
  ];
  return (
    <div className="page">
      <PageHead title={t("nav.catalog")} sub={summary.data ? t("offering.total", { count: summary.data.total, shown: count(summary.data.total) }) : undefined}>
        {imports && <Button icon={<UploadOutlined aria-hidden />} onClick={() => void navigate({ to: "/app/catalog/import" })}>{t("nav.import")}</Button>}
      </PageHead>
      {summary.data && summary.data.total > 0 && (
        <section className="panel chartcols" aria-label={t("offering.summary")}>
          <LazyChart title={t("offering.byFamily")} unit={t("offering.unit")} data={families} kind="bar" height={230} format={count} onPick={(d) => set({ family: d.key })} />
          <LazyChart title={t("offering.byPrice")} unit={t("offering.unit")} data={bands} kind="column" height={230} format={count}
            onPick={(d) => { const b = summary.data!.byPriceBand[Number(d.key)]; set({ min: b?.from ?? "", max: b?.to === null || b?.to === undefined ? "" : b.to - 1 }); }} />
        </section>
      )}
      <Panel flush>
        <div className="filters" role="search">
          <Input style={{ width: 200 }} prefix={<SearchOutlined aria-hidden />} allowClear value={text} maxLength={120} aria-label={t("offering.search")} placeholder={t("offering.search")} onChange={(e) => setText(e.target.value)} />
          <Segments label={t("product.family")} at={search.family ?? ""} onPick={(family) => set({ family })} items={[{ id: "", title: t("kit.any") }, ...FAMILIES.slice(0, USUAL).map((f) => ({ id: f as string, title: t(`family.${f}`) }))]} />
          <Pick width={118} label={t("offer.moreFamilies")} value={FAMILIES.indexOf(search.family as never) >= USUAL ? search.family! : ""} onPick={(family) => set({ family })}
            options={[{ value: "", label: t("offer.moreFamilies") }, ...FAMILIES.slice(USUAL).map((f) => ({ value: f as string, label: t(`family.${f}`) }))]} />
          {price("min", t("offering.min"))}<span aria-hidden>–</span>{price("max", t("offering.max"))}
          <Pick width={124} label={t("product.status")} value={search.status ?? ""} onPick={(status) => set({ status })}
            options={[{ value: "", label: t("offering.anyState") }, ...(summary.data?.byStatus ?? [{ status: "Active" }, { status: "Retired" }]).map((s) => ({ value: s.status, label: word("offeringState", s.status) }))]} />
          {(summary.data?.byArea ?? []).length > 0 && (
            <Pick width={124} label={t("offering.area")} value={search.area ?? ""} onPick={(area) => set({ area })}
              options={[{ value: "", label: t("offering.anyArea") }, ...summary.data!.byArea!.slice(0, 60).map((a) => ({ value: a.area, label: a.area }))]} />
          )}
          {filtered && <Button size="small" type="link" onClick={clear}>{t("kit.clearFilters")}</Button>}
        </div>
        <Loaded of={found} what={t("nav.catalog")} rows={12}>
          {(data) => (
            <>
              <DataTable rows={data.rows} columns={columns} rowKey={(o) => o.id} label={t("nav.catalog")} keys minWidth={1040} sort={search.sort} onSort={(sort) => set({ sort })} onOpen={(o) => set({ id: o.id, page }, true)}
                empty={filtered ? <Nothing why={t("offering.noneFound")} action={<Button onClick={clear}>{t("kit.clearFilters")}</Button>} /> : <Nothing why={t("offering.noneYet")} action={imports ? <Link to="/app/catalog/import">{t("nav.import")}</Link> : undefined} />} />
              <Pager page={page} size={size} total={data.total} shown={data.rows.length} onPage={(p) => set({ page: p }, true)} onSize={(n) => set({ size: n })} />
            </>
          )}
        </Loaded>
      </Panel>
      <OfferingDrawer id={search.id} onClose={() => set({ id: undefined, page })} />
    </div>
  );
}
