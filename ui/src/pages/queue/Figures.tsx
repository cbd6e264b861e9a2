// Waiting times: by hall, kind and hour.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { LazyChart } from "../../charts/LazyChart";
import { call } from "../../lib/api";
import { today } from "../../lib/format";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { Facts, Panel } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Name } from "../../kit/text";
import { either, span } from "./words";
import type { Figures as Data, Offer, Sums } from "./words";

export function Figures() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const from = search.from || today();
  const to = search.to || today();
  const found = useQuery({ queryKey: ["queueFigures", from, to], queryFn: () => call<Data>("/queue/statistics", { query: { from, to } }), placeholderData: keepPreviousData });
  const offer = useQuery({ queryKey: ["queueKinds"], queryFn: () => call<Offer>("/queue/kinds"), retry: false });
  const hours = useMemo(() => (found.data?.hours ?? []).map((h) => ({ label: `${h.hour}:00`, value: Math.round(((h.waitAverage ?? 0) / 60) * 10) / 10 })), [found.data]);
  const kindName = (code: string) => { const k = offer.data?.kinds.find((x) => x.code === code); return k ? either(k) : code; };
  function columns<T extends Sums>(name: (row: T) => string, title: string): Column<T>[] {
    return [
      { key: "name", title, lead: true, render: (r) => <Name>{name(r)}</Name> },
      { key: "n", title: t("queue.tickets"), width: 72, right: true, render: (r) => <span className="num">{r.tickets}</span> },
      { key: "served", title: t("queue.served"), width: 72, right: true, render: (r) => <span className="num">{r.served}</span> },
      { key: "missed", title: t("queue.missed"), width: 72, right: true, render: (r) => <span className="num">{r.missed}</span> },
      { key: "avg", title: t("queue.waitAverage"), width: 96, right: true, render: (r) => <span className="num">{span(r.waitAverage)}</span> },
      { key: "p90", title: t("queue.wait90"), width: 110, right: true, render: (r) => <span className="num">{span(r.wait90)}</span> },
      { key: "in", title: "%", width: 60, right: true, render: (r) => <span className="num">{r.inTimePercent === null ? "—" : `${r.inTimePercent}%`}</span> },
    ];
  }
  return (
    <div className="stack">
      <Panel>
        <div className="row wraps">
          <label className="row">{t("queue.from")}<input type="date" className="pick" value={from} max={to} onChange={(e) => set({ from: e.target.value })} /></label>
          <label className="row">{t("queue.until")}<input type="date" className="pick" value={to} min={from} max={today()} onChange={(e) => set({ to: e.target.value })} /></label>
        </div>
      </Panel>
      <Loaded of={found} what={t("queue.figures")}>
        {(d) => d.total.tickets === 0 ? <Panel><Nothing why={t("queue.noFigures")} /></Panel> : (
          <>
            <Panel>
              <Facts items={[
                [t("queue.tickets"), <b key="n" className="num">{d.total.tickets}</b>], [t("queue.served"), <span key="s" className="num">{d.total.served}</span>], [t("queue.missed"), <span key="m" className="num">{d.total.missed}</span>], [t("queue.gone"), <span key="g" className="num">{d.total.left}</span>],
                [t("queue.waitAverage"), <b key="w" className="num">{span(d.total.waitAverage)}</b>], [t("queue.wait90"), <span key="9" className="num">{span(d.total.wait90)}</span>], [t("queue.waitMost"), <span key="x" className="num">{span(d.total.waitMost)}</span>], [t("queue.serviceAverage"), <span key="a" className="num">{span(d.total.serviceAverage)}</span>],
                [t("queue.inTime", { minutes: d.targetSeconds / 60 }), <b key="i" className="num">{d.total.inTimePercent === null ? "—" : `${d.total.inTimePercent}%`}</b>],
              ]} />
            </Panel>
            <Panel><LazyChart title={t("queue.byHour")} unit={t("queue.minutes")} data={hours} kind="column" height={180} /></Panel>
            <Panel flush title={t("queue.byKind")}><DataTable rows={d.kinds} columns={columns<Data["kinds"][number]>((r) => kindName(r.kind), t("queue.kinds"))} rowKey={(r) => r.kind} label={t("queue.byKind")} /></Panel>
            <Panel flush title={t("queue.byHall")}><DataTable rows={d.halls} columns={columns<Data["halls"][number]>((r) => r.name, t("queue.hall"))} rowKey={(r) => r.org} label={t("queue.byHall")} /></Panel>
          </>
        )}
      </Loaded>
    </div>
  );
}
