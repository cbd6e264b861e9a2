// What is unpaid: by age, by the month of the bill, by place, and how it went.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { LazyChart } from "../../charts/LazyChart";
import { call } from "../../lib/api";
import { count, dateTime, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { DataTable } from "../../kit/DataTable";
import { Panel } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Money, Name } from "../../kit/text";
import type { Arrears } from "./types";
import { Crumbs, Tile, scaled, useDefinitions } from "./words";

export function ArrearsTab({ org, pick }: { org: string | undefined; pick: (org: string | undefined) => void }) {
  const { t } = useTranslation();
  const means = useDefinitions();
  const found = useQuery({ queryKey: ["figureArrears", org], queryFn: () => call<Arrears>("/figures/arrears", { query: { org } }), placeholderData: keepPreviousData });
  const ages = useMemo(() => {
    const all = found.data?.buckets ?? [];
    const s = scaled(all.map((b) => b.fen));
    return { unit: s.unit, data: all.map((b) => ({ label: word("figAge", b.age), value: s.of(b.fen) })) };
  }, [found.data]);
  const course = useMemo(() => {
    const all = found.data?.course ?? [];
    const s = scaled(all.map((b) => b.overdueFen));
    return { unit: s.unit, data: all.map((b) => ({ label: b.day.slice(5), value: s.of(b.overdueFen) })) };
  }, [found.data]);
  return (
    <Loaded of={found} what={t("figs.arrears")} rows={10}>{(d) => (
      <div className="stack">
        <div className="row spread wraps"><Crumbs org={d.org} name={d.name} root={org === undefined} pick={pick} /><span className="muted">{d.asOf ? t("figs.asOf", { at: dateTime(d.asOf) }) : t("figs.never")}</span></div>
        <dl className="tiles">
          <Tile title={t("figs.total")} meaning={means("outstanding")} value={yuan(d.totalFen)} />
          <Tile title={t("figs.overdue")} meaning={means("age")} value={yuan(d.overdueFen)} tone={d.overdueFen > 0 ? "bad" : undefined} note={d.totalFen > 0 ? `${((d.overdueFen / d.totalFen) * 100).toFixed(1)}%` : undefined} />
          <Tile title={t("figs.debtors")} meaning={means("debtors")} value={count(d.debtors)} />
        </dl>
        {d.totalFen === 0 ? <Panel><Nothing why={t("figs.noArrears")} /></Panel> : (
          <>
            <div className="charts2">
              <Panel><LazyChart title={t("figs.ages")} unit={t(ages.unit)} data={ages.data} kind="column" height={230} format={(v) => v.toLocaleString("en-US")} /></Panel>
              <Panel flush title={t("figs.ages")}>
                <DataTable rows={d.buckets} rowKey={(r) => r.age} label={t("figs.ages")} columns={[
                  { key: "age", title: t("figs.age"), lead: true, render: (r) => word("figAge", r.age) },
                  { key: "bills", title: t("figs.count"), width: 80, right: true, render: (r) => <span className="num">{count(r.bills)}</span> },
                  { key: "fen", title: t("figs.arrears"), width: 130, right: true, render: (r) => <Money fen={r.fen} /> },
                  { key: "share", title: t("figs.share"), width: 80, right: true, render: (r) => <span className="num">{((r.fen / d.totalFen) * 100).toFixed(1)}%</span> },
                ]} />
              </Panel>
            </div>
            {d.course.length > 1 && <Panel><LazyChart title={t("figs.course")} unit={t(course.unit)} data={course.data} kind="column" height={160} format={(v) => v.toLocaleString("en-US")} /></Panel>}
            <div className="cols2">
              <Panel flush title={t("figs.months")}>
                <DataTable rows={[...d.months].reverse()} rowKey={(r) => r.month} label={t("figs.months")} columns={[
                  { key: "month", title: t("figs.month"), lead: true, render: (r) => <span className="num">{r.month}</span> },
                  { key: "bills", title: t("figs.count"), width: 90, right: true, render: (r) => <span className="num">{count(r.bills)}</span> },
                  { key: "fen", title: t("figs.arrears"), width: 140, right: true, render: (r) => <Money fen={r.fen} /> },
                ]} />
              </Panel>
              <Panel flush title={t("figs.places")}>
                <DataTable rows={[...d.places].sort((a, b) => b.fen - a.fen)} rowKey={(r) => r.org} label={t("figs.places")} empty={<Nothing why={t("figs.noPlaces")} />} onOpen={(r) => pick(r.org)} columns={[
                  { key: "name", title: t("figs.place"), lead: true, render: (r) => <button type="button" className="linkish" onClick={() => pick(r.org)}><Name>{r.name}</Name></button> },
                  { key: "bills", title: t("figs.count"), width: 80, right: true, render: (r) => <span className="num">{count(r.bills)}</span> },
                  { key: "fen", title: t("figs.arrears"), width: 120, right: true, render: (r) => <Money fen={r.fen} /> },
                  { key: "late", title: t("figs.overdue"), width: 120, right: true, render: (r) => <span className={r.overdueFen > 0 ? "bad" : "muted"}><Money fen={r.overdueFen} /></span> },
                ]} />
              </Panel>
            </div>
          </>
        )}
      </div>
    )}</Loaded>
  );
}
