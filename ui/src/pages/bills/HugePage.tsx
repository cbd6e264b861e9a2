// Huge charges: what exceeds five times the mean of three months, and what was done about it.
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Checkbox } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, post } from "../../lib/api";
import { word } from "../../lib/i18n";
import { subjectOf, useRefreshRecord } from "../../lib/refresh";
import { useMay } from "../../lib/session";
import { paging, useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import { PageHead, Panel, Segments } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";

interface Huge { id: string; accountId: string; customerId: string; customerName: string | null; managerName: string | null; cycle: string; source: string; billId: string | null; amountFen: number; meanFen: number; state: string; note: string; handledBy: string; createdAt: string }
interface Found { items: Huge[]; factor: number; months: number; leastFen: number }

export default function HugePage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const { search, set } = useUrl();
  const { page, size, offset, limit } = paging(search);
  const [at, setAt] = useState<Huge | null>(null);
  const state = search.state ?? "open";
  const mine = search.mine === "1";
  const ask = { state: state === "all" ? undefined : state, mine: mine ? "true" : undefined, offset, limit };
  const found = useQuery({ queryKey: ["hugeCharges", ask], queryFn: () => call<Found>("/billing/huge-charges", { query: ask }), placeholderData: keepPreviousData });
  useRefreshRecord(client, ["hugeCharges"], (e) => subjectOf(e) === "hugeCharge");
  return (
    <div className="page">
      <PageHead title={t("huge.title")} sub={t("huge.what", { factor: found.data?.factor ?? 5, months: found.data?.months ?? 3 })}><Link to="/app/billing/runs">{t("runs.title")}</Link></PageHead>
      <Panel flush>
        <div className="filters"><Segments label={t("huge.state")} at={state} onPick={(s) => set({ state: s })} items={[{ id: "open", title: t("huge.open") }, { id: "handled", title: t("huge.done") }, { id: "all", title: t("huge.any") }]} /><Checkbox checked={mine} onChange={(e) => set({ mine: e.target.checked ? "1" : undefined })}>{t("huge.mine")}</Checkbox></div>
        <Loaded of={found} what={t("huge.title")}>{(data) => (
          <>
            <DataTable rows={data.items} rowKey={(h) => h.id} label={t("huge.title")} minWidth={1110} empty={<Nothing why={state === "open" ? t("huge.noneOpen") : t("huge.none")} />} columns={[
              { key: "who", title: t("huge.customer"), width: 150, lead: true, render: (h) => (h.customerId ? <Link to="/app/statements/$customerId" params={{ customerId: h.customerId }} search={{ cycle: h.cycle.slice(0, 7) } as never}><Name>{h.customerName}</Name></Link> : <Name>{null}</Name>) },
              { key: "manager", title: t("huge.manager"), width: 110, render: (h) => (h.managerName ? <Name>{h.managerName}</Name> : <span className="muted">—</span>) },
              { key: "cycle", title: t("huge.cycle"), width: 100, render: (h) => <span className="num">{h.cycle}</span> },
              { key: "amount", title: t("huge.amount"), width: 130, right: true, render: (h) => <span className="strong bad"><Money fen={h.amountFen} /></span> },
              { key: "mean", title: t("huge.mean"), width: 120, right: true, render: (h) => <Money fen={h.meanFen} /> },
              { key: "times", title: t("huge.times"), width: 80, right: true, render: (h) => <span className="num">{h.meanFen > 0 ? `${(h.amountFen / h.meanFen).toFixed(1)}×` : "∞"}</span> },
              { key: "source", title: t("huge.source"), width: 100, render: (h) => <span className="muted">{word("hugeSource", h.source)}</span> },
              { key: "state", title: t("huge.state"), width: 104, render: (h) => <Status group="hugeState" code={h.state} /> },
              { key: "note", title: t("huge.note"), wrap: true, render: (h) => (h.note ? <span className="wrap"><bdi>{h.note}</bdi> <span className="muted">{h.handledBy}</span></span> : <span className="muted">—</span>) },
              { key: "at", title: t("huge.at"), width: 136, render: (h) => <At at={h.createdAt} /> },
              { key: "do", title: t("kit.actions"), width: 84, right: true, render: (h) => (h.state === "open" && may("huge_charge.handle") ? <Button size="small" onClick={() => setAt(h)}>{t("huge.handle")}</Button> : null) },
            ]} />
            {(data.items.length === limit || page > 1) && <Pager page={page} size={size} total={null} shown={data.items.length} onPage={(n) => set({ page: n }, true)} />}
          </>
        )}</Loaded>
      </Panel>
      <ReasonDialog open={!!at} onClose={() => setAt(null)} title={at ? t("huge.handleTitle", { name: at.customerName ?? "" }) : ""} note={t("huge.handleNote")} confirm={t("huge.handle")} suggestions={[t("huge.s1"), t("huge.s2"), t("huge.s3")]}
        onConfirm={async (note) => { await post(`/billing/huge-charges/${at!.id}/handle`, { note }); await client.invalidateQueries({ queryKey: ["hugeCharges"] }); say.success(t("huge.handled")); }} />
    </div>
  );
}
