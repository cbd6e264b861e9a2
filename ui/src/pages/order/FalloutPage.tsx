// The queue of steps that failed: what broke, how long ago, and the four verbs.
import { CheckCircleOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { LazyChart } from "../../charts/LazyChart";
import { call, list } from "../../lib/api";
import { word } from "../../lib/i18n";
import { useSteadyRows } from "../../lib/refresh";
import { useMay } from "../../lib/session";
import type { FalloutRow, FalloutSummary } from "../../lib/types";
import { paging, useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { PageHead, Panel, Segments } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Ago, Name } from "../../kit/text";
import { Verbs } from "./Verbs";
import { say } from "../../kit/toast";

export default function FalloutPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const { search, set } = useUrl();
  const { page, size, offset, limit } = paging(search);
  const state = search.state === "closed" ? "closed" : "open";
  const ask = { state, target: search.target, offset, limit };
  const found = useQuery({ queryKey: ["fallout", ask], queryFn: ({ signal }) => list<FalloutRow>("/fallout", ask, signal), placeholderData: keepPreviousData });
  const summary = useQuery({ queryKey: ["falloutSummary"], queryFn: () => call<FalloutSummary>("/fallout/summary") });
  const steady = useSteadyRows(found.isPlaceholderData ? undefined : found.data?.rows, JSON.stringify(ask));
  const acts = state === "open" && may("fallout.act");
  const done = async () => {
    say.success(t("fallout.done"));
    await Promise.all([client.invalidateQueries({ queryKey: ["fallout"] }), client.invalidateQueries({ queryKey: ["falloutSummary"] })]);
    steady.accept();
  };
  const targets = useMemo(() => (summary.data?.byTarget ?? []).map((b) => ({ label: word("target", b.target), value: b.count, key: b.target })), [summary.data]);
  const ages = useMemo(() => (summary.data?.byAge ?? []).map((b) => ({ label: b.age ? word("age", b.age) : `${b.from ?? 0}–${b.to ?? "∞"}`, value: b.count })), [summary.data]);
  const columns: Column<FalloutRow>[] = [
    { key: "no", title: t("order.no"), width: 200, lead: true, render: (f) => <Link to="/app/orders/$id" params={{ id: f.orderId }} className="num">{f.orderNo}</Link> },
    { key: "who", title: t("order.customer"), width: 110, render: (f) => <Name>{f.customerName}</Name> },
    { key: "step", title: t("fallout.step"), width: 160, render: (f) => <Name className="strong">{f.stepTitle}</Name> },
    { key: "target", title: t("order.target"), width: 96, render: (f) => word("target", f.target) },
    { key: "why", title: t("fallout.reason"), wrap: true, render: (f) => (f.error ? <><span className="mono bad">{f.error.code}</span> <bdi>{f.error.reason}</bdi></> : "—") },
    { key: "n", title: t("order.attempts"), width: 60, right: true, render: (f) => <span className="num">{f.attempts}</span> },
    { key: "since", title: t("fallout.since"), width: 104, render: (f) => <Ago at={f.since} /> },
    acts ? { key: "do", title: t("kit.actions"), width: 236, render: (f) => <Verbs item={f} done={() => void done()} /> } : { key: "owner", title: t("fallout.owner"), width: 110, render: (f) => <Name>{f.owner}</Name> },
  ];
  return (
    <div className="page">
      <PageHead title={t("nav.fallout")} sub={summary.data ? t("fallout.open", { count: summary.data.open }) : undefined}>
        {steady.waiting > 0 && <button type="button" className="pill" onClick={steady.accept}>{t("kit.updates", { count: steady.waiting })}</button>}
      </PageHead>
      {summary.data && summary.data.open > 0 && (
        <section className="panel chartcols" aria-label={t("fallout.summary")}>
          <LazyChart title={t("fallout.byTarget")} unit={t("fallout.unit")} data={targets} kind="bar" height={120} onPick={(d) => set({ target: d.key })} />
          <LazyChart title={t("fallout.byAge")} unit={t("fallout.unit")} data={ages} kind="column" height={120} />
        </section>
      )}
      <Panel flush>
        <div className="filters">
          <Segments label={t("order.stateTitle")} at={state} onPick={(s) => set({ state: s === "open" ? undefined : s })} items={[{ id: "open", title: t("falloutState.open") }, { id: "closed", title: t("falloutState.closed") }]} />
          <span className="row wraps" role="group" aria-label={t("order.target")} style={{ gap: 4 }}>
            {["", ...(summary.data?.byTarget ?? []).map((b) => b.target)].map((x) => <button key={x} type="button" className={`filterchip${(search.target ?? "") === x ? " on" : ""}`} aria-pressed={(search.target ?? "") === x} onClick={() => set({ target: x })}>{x ? word("target", x) : t("kit.any")}</button>)}
          </span>
        </div>
        <Loaded of={found} what={t("nav.fallout")}>
          {(data) => {
            const rows = (steady.rows ?? data.rows).filter((f) => !search.target || f.target === search.target);
            return (
              <>
                <DataTable rows={rows} columns={columns} rowKey={(f) => f.id} label={t("nav.fallout")} minWidth={1160}
                  empty={<Nothing icon={<CheckCircleOutlined aria-hidden />} why={t(state === "open" ? "fallout.none" : "fallout.noneClosed")} action={<Link to="/app/orders">{t("nav.orders")}</Link>} />} />
                <Pager page={page} size={size} total={data.total} shown={data.rows.length} onPage={(p) => set({ page: p }, true)} onSize={(n) => set({ size: n })} />
              </>
            );
          }}
        </Loaded>
      </Panel>
    </div>
  );
}
