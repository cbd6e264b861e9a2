// What customers have paid in advance: its course by day or month, what it consists of, where it lies.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { LazyChart } from "../../charts/LazyChart";
import { call } from "../../lib/api";
import { dateTime, today, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import { Panel, Segments } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Money, Name } from "../../kit/text";
import type { Balances } from "./types";
import { Crumbs, Tile, scaled, useDefinitions } from "./words";

export function BalancesTab({ org, pick }: { org: string | undefined; pick: (org: string | undefined) => void }) {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const means = useDefinitions();
  const unit = search.unit === "month" ? "month" : "day";
  const from = search.from || undefined;
  const to = search.to || today();
  const found = useQuery({ queryKey: ["balancesCourse", org, unit, from, to], queryFn: () => call<Balances>("/figures/balances", { query: { org, unit, from, to } }), placeholderData: keepPreviousData });
  const drawn = useMemo(() => {
    const all = found.data?.course ?? [];
    const s = scaled(all.map((c) => c.balanceFen));
    return { unit: s.unit, data: all.map((c) => ({ label: c.label.slice(unit === "day" ? 5 : 2), value: s.of(c.balanceFen) })) };
  }, [found.data, unit]);
  const books = useMemo(() => {
    const all = (found.data?.books ?? []).filter((b) => b.fen !== 0);
    const s = scaled(all.map((b) => b.fen));
    return { unit: s.unit, data: all.map((b) => ({ label: word("figBook", b.book), value: s.of(b.fen) })) };
  }, [found.data]);
  return (
    <Loaded of={found} what={t("figs.balances")} rows={10}>{(d) => {
      const grew = d.course.reduce((n, c) => n + c.inFen, 0);
      const used = d.course.reduce((n, c) => n + c.outFen, 0);
      const moved = d.course.filter((c) => c.inFen !== 0 || c.outFen !== 0).reverse();
      return (
        <div className="stack">
          <div className="row spread wraps">
            <Crumbs org={d.org} name={d.name} root={org === undefined} pick={pick} />
            <span className="row wraps">
              <Segments<"day" | "month"> label={t("figs.trend")} at={unit} onPick={(u) => set({ unit: u === "day" ? undefined : u, from: undefined })} items={[{ id: "day", title: t("figs.day") }, { id: "month", title: t("figs.byMonth") }]} />
              <label className="row">{t("figs.from")}<input type="date" className="pick" value={from ?? ""} max={to} onChange={(e) => set({ from: e.target.value })} /></label>
              <label className="row">{t("figs.to")}<input type="date" className="pick" value={to} max={today()} onChange={(e) => set({ to: e.target.value })} /></label>
              <span className="muted">{d.asOf ? t("figs.asOf", { at: dateTime(d.asOf) }) : t("figs.never")}</span>
            </span>
          </div>
          <dl className="tiles">
            <Tile title={t("figs.opening")} meaning={means("balance")} value={yuan(d.openingFen)} />
            <Tile title={t("figs.in")} value={yuan(grew)} />
            <Tile title={t("figs.out")} value={yuan(used)} />
            <Tile title={t("figs.closing")} meaning={means("balance")} value={yuan(d.closingFen)} />
          </dl>
          <div className="charts2">
            <Panel><LazyChart title={t("figs.courseOf")} unit={t(drawn.unit)} data={drawn.data} kind="column" height={220} format={(v) => v.toLocaleString("en-US")} /></Panel>
            <Panel>{books.data.length ? <LazyChart title={t("figs.books")} unit={t(books.unit)} data={books.data} kind="bar" height={220} format={(v) => v.toLocaleString("en-US")} /> : <Nothing why={t("figs.noBalances")} />}</Panel>
          </div>
          <div className="cols2">
            <Panel flush title={t("figs.courseOf")}>
              <DataTable rows={moved} rowKey={(r) => r.label} label={t("figs.courseOf")} empty={<Nothing why={t("figs.noBalances")} />} columns={[
                { key: "label", title: t("figs.label"), lead: true, render: (r) => <span className="num">{r.label}</span> },
                { key: "in", title: t("figs.in"), width: 120, right: true, render: (r) => <Money fen={r.inFen} /> },
                { key: "out", title: t("figs.out"), width: 120, right: true, render: (r) => <Money fen={r.outFen} /> },
                { key: "balance", title: t("figs.balance"), width: 130, right: true, render: (r) => <Money fen={r.balanceFen} /> },
              ]} />
            </Panel>
            <Panel flush title={t("figs.where")}>
              <DataTable rows={[...d.places].sort((a, b) => b.fen - a.fen)} rowKey={(r) => r.org} label={t("figs.where")} empty={<Nothing why={t("figs.noPlaces")} />} onOpen={(r) => pick(r.org)} columns={[
                { key: "name", title: t("figs.place"), lead: true, render: (r) => <button type="button" className="linkish" onClick={() => pick(r.org)}><Name>{r.name}</Name></button> },
                { key: "fen", title: t("figs.balance"), width: 140, right: true, render: (r) => <Money fen={r.fen} /> },
              ]} />
            </Panel>
          </div>
        </div>
      );
    }}</Loaded>
  );
}
