// Revenue by month, family and place, with ARPU, ARPA and the collection rate.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { LazyChart } from "../../charts/LazyChart";
import { call } from "../../lib/api";
import { count, dateTime, today, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import { Panel, Segments } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Money, Name } from "../../kit/text";
import type { Revenue } from "./types";
import { Crumbs, Tile, scaled, useDefinitions } from "./words";

const percent = (bp: number | null) => (bp === null ? "—" : `${(bp / 100).toFixed(1)}%`);
const back = (n: number) => { const d = new Date(`${today()}T00:00:00Z`); d.setUTCDate(1); d.setUTCMonth(d.getUTCMonth() - n); return d.toISOString().slice(0, 7); };
type Curve = "billed" | "arpu" | "arpa";

export function RevenueTab({ org, pick }: { org: string | undefined; pick: (org: string | undefined) => void }) {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const means = useDefinitions();
  const from = search.from || back(11);
  const to = search.to || back(0);
  const curve = (search.curve ?? "billed") as Curve;
  const found = useQuery({ queryKey: ["revenue", org, from, to], queryFn: () => call<Revenue>("/figures/revenue", { query: { org, from, to } }), placeholderData: keepPreviousData });
  const drawn = useMemo(() => {
    const months = found.data?.months ?? [];
    const value = (m: (typeof months)[number]) => (curve === "billed" ? m.billedFen : curve === "arpu" ? m.arpuFen : m.arpaFen) ?? 0;
    const s = scaled(months.map(value));
    return { unit: s.unit, data: months.map((m) => ({ label: m.month.slice(2), value: s.of(value(m)) })) };
  }, [found.data, curve]);
  const families = useMemo(() => {
    const all = [...(found.data?.families ?? [])].sort((a, b) => b.fen - a.fen);
    const s = scaled(all.map((f) => f.fen));
    return { unit: s.unit, data: all.map((f) => ({ label: word("family", f.family), value: s.of(f.fen) })) };
  }, [found.data]);
  return (
    <Loaded of={found} what={t("figs.revenue")} rows={10}>{(d) => {
      const last = d.months[d.months.length - 1];
      const whole = d.months.filter((m) => !m.running);
      const shown = whole[whole.length - 1] ?? last;
      const billed = d.months.reduce((n, m) => n + m.billedFen, 0);
      const unpaid = d.months.reduce((n, m) => n + m.outstandingFen, 0);
      return (
        <div className="stack">
          <div className="row spread wraps">
            <Crumbs org={d.org} name={d.name} root={org === undefined} pick={pick} />
            <span className="row wraps">
              <label className="row">{t("figs.from")}<input type="month" className="pick" value={from} max={to} onChange={(e) => set({ from: e.target.value })} /></label>
              <label className="row">{t("figs.to")}<input type="month" className="pick" value={to} min={from} max={back(0)} onChange={(e) => set({ to: e.target.value })} /></label>
              <span className="muted">{d.asOf ? t("figs.asOf", { at: dateTime(d.asOf) }) : t("figs.never")}</span>
            </span>
          </div>
          <dl className="tiles">
            <Tile title={t("figs.billed")} meaning={means("billed")} value={yuan(billed)} note={`${d.from} – ${d.to}`} />
            <Tile title={t("figs.arpu")} meaning={means("arpu")} value={yuan(shown?.arpuFen)} note={shown?.month} />
            <Tile title={t("figs.arpa")} meaning={means("arpa")} value={yuan(shown?.arpaFen)} note={shown?.month} />
            <Tile title={t("figs.rate")} meaning={means("collectionRate")} value={billed > 0 ? percent(Math.round((1 - unpaid / billed) * 10_000)) : "—"} />
            <Tile title={t("figs.outstanding")} meaning={means("outstanding")} value={yuan(unpaid)} tone={unpaid > 0 ? "bad" : undefined} />
            <Tile title={t("figs.users")} meaning={means("users")} value={count(last?.usersEnd)} note={last?.running ? t("figs.running") : last?.month} />
          </dl>
          {d.months.every((m) => m.bills === 0) ? <Panel><Nothing why={t("figs.none")} /></Panel> : (
            <>
              <div className="charts2">
                <Panel>
                  <Segments<Curve> label={t("figs.trend")} at={curve} onPick={(c) => set({ curve: c === "billed" ? undefined : c })} items={[{ id: "billed", title: t("figs.billed") }, { id: "arpu", title: t("figs.arpu") }, { id: "arpa", title: t("figs.arpa") }]} />
                  <LazyChart title={t(curve === "billed" ? "figs.chartRevenue" : curve === "arpu" ? "figs.chartArpu" : "figs.chartArpa")} unit={t(drawn.unit)} data={drawn.data} kind="column" height={220} format={(v) => v.toLocaleString("en-US")} />
                </Panel>
                <Panel><LazyChart title={t("figs.families")} unit={t(families.unit)} data={families.data} kind="bar" height={246} format={(v) => v.toLocaleString("en-US")} /></Panel>
              </div>
              <Panel flush title={t("figs.revenue")}>
                <DataTable rows={[...d.months].reverse()} rowKey={(r) => r.month} label={t("figs.revenue")} minWidth={1200}
                  columns={[
                    { key: "month", title: t("figs.month"), width: 180, lead: true, render: (r) => <span className="num">{r.month}{r.running && <span className="muted" style={{ fontSize: 12 }}> {t("figs.running")}</span>}</span> },
                    { key: "bills", title: t("figs.bills"), width: 80, right: true, render: (r) => <span className="num">{count(r.bills)}</span> },
                    { key: "billed", title: t("figs.billed"), width: 130, right: true, render: (r) => <Money fen={r.billedFen} /> },
                    { key: "credited", title: t("figs.credited"), width: 100, right: true, render: (r) => (r.creditedFen ? <Money fen={-r.creditedFen} tone /> : <span className="muted">—</span>) },
                    { key: "users", title: t("figs.users"), width: 110, right: true, render: (r) => <span className="num">{count(r.usersEnd)}</span> },
                    { key: "arpu", title: t("figs.arpu"), width: 100, right: true, render: (r) => <Money fen={r.arpuFen} /> },
                    { key: "accounts", title: t("figs.accounts"), width: 110, right: true, render: (r) => <span className="num">{count(r.accountsEnd)}</span> },
                    { key: "arpa", title: t("figs.arpa"), width: 100, right: true, render: (r) => <Money fen={r.arpaFen} /> },
                    { key: "collected", title: t("figs.collected"), width: 120, right: true, render: (r) => <Money fen={r.collectedFen} /> },
                    { key: "outstanding", title: t("figs.outstanding"), width: 120, right: true, render: (r) => <span className={r.outstandingFen > 0 ? "bad" : "muted"}><Money fen={r.outstandingFen} /></span> },
                    { key: "rate", title: t("figs.rate"), width: 124, right: true, render: (r) => <span className="num">{percent(r.collectionRateBp)}</span> },
                  ]} />
              </Panel>
              {d.places.length > 0 && (
                <Panel flush title={t("figs.places")}>
                  <DataTable rows={[...d.places].sort((a, b) => b.billedFen - a.billedFen)} rowKey={(r) => r.org} label={t("figs.places")} minWidth={700} onOpen={(r) => pick(r.org)} columns={[
                    { key: "name", title: t("figs.place"), lead: true, render: (r) => <button type="button" className="linkish" onClick={() => pick(r.org)}><Name>{r.name}</Name></button> },
                    { key: "billed", title: t("figs.billed"), width: 150, right: true, render: (r) => <Money fen={r.billedFen} /> },
                    { key: "share", title: t("figs.share"), width: 90, right: true, render: (r) => <span className="num">{billed > 0 ? `${((r.billedFen / billed) * 100).toFixed(1)}%` : "—"}</span> },
                    { key: "last", title: t("figs.last"), width: 130, right: true, render: (r) => <Money fen={r.lastFen} /> },
                    { key: "users", title: t("figs.users"), width: 120, right: true, render: (r) => <span className="num">{count(r.users)}</span> },
                    { key: "arpu", title: t("figs.arpu"), width: 110, right: true, render: (r) => <Money fen={r.arpuFen} /> },
                  ]} />
                </Panel>
              )}
            </>
          )}
        </div>
      );
    }}</Loaded>
  );
}
