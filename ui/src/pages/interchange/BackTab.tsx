// What billing asks of us: bars, their ends, terminations, news; where each stands, and what a person can do.
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Drawer, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, list, post } from "../../lib/api";
import { phone } from "../../lib/format";
import { titled, word } from "../../lib/i18n";
import { useLive } from "../../lib/live";
import { useMay } from "../../lib/session";
import { paging, useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { Facts, Panel } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { States, useSystemName } from "./parts";
import type { Back, Target } from "./types";

const STATES = ["waiting", "working", "failed", "manual", "done", "closed"];
const KINDS = ["barOutgoing", "barAll", "unbar", "terminate", "highCharge", "credit"];

/** The number where there is one product, otherwise how many. */
const subject = (b: Back, many: (count: number) => string) => (b.targets.length === 1 ? phone(b.targets[0]!.number) || "—" : many(b.targets.length));

export function BackTab() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { search, set } = useUrl();
  const { page, size, offset, limit } = paging(search);
  const [q, setQ] = useState(search.q ?? "");
  const name = useSystemName();
  const ask = { state: search.state, kind: search.kind, q: search.q, customerId: search.customerId, offset, limit };
  const found = useQuery({ queryKey: ["backOrders", ask], queryFn: ({ signal }) => list<Back>("/interchange/orders", ask, signal), placeholderData: keepPreviousData });
  useLive((event) => { if (event.type === "reset" || event.subjectType === "backOrder") void client.invalidateQueries({ queryKey: ["backOrders"] }); });
  const columns: Column<Back>[] = [
    { key: "kind", title: t("interchange.kind"), width: 112, lead: true, render: (b) => <button type="button" className="linkish" onClick={() => set({ open: b.id, page })}>{titled(b.kindName)}</button> },
    { key: "reason", title: t("interchange.reason"), width: 108, render: (b) => (b.kind === "highCharge" || b.kind === "credit" ? <span className="muted">—</span> : titled(b.reasonName)) },
    { key: "number", title: t("interchange.subject"), width: 140, render: (b) => <span className="num">{subject(b, (count) => t("interchange.products", { count }))}</span> },
    { key: "customer", title: t("interchange.customer"), width: 120, render: (b) => (b.customerName ? <Link to="/app/customers/$id" params={{ id: b.customerId }}><Name>{b.customerName}</Name></Link> : <span className="muted">—</span>) },
    { key: "source", title: t("interchange.source"), width: 120, render: (b) => <Name>{name(b.source)}</Name> },
    { key: "state", title: t("interchange.state"), width: 132, render: (b) => <Status group="backState" code={b.state} /> },
    { key: "why", title: t("interchange.outcome"), render: (b) => <Outcome target={b.targets.find((x) => x.error) ?? b.targets[0]} /> },
    { key: "at", title: t("interchange.asked"), width: 150, render: (b) => <At at={b.askedAt} /> },
  ];
  return (
    <Panel flush>
      <div className="filters">
        <Input.Search allowClear style={{ width: 210 }} value={q} maxLength={120} placeholder={t("interchange.findBack")} aria-label={t("interchange.findBack")} onChange={(e) => setQ(e.target.value)} onSearch={(v) => set({ q: v.trim() || undefined })} />
        <Pick label={t("interchange.kind")} value={search.kind ?? ""} onPick={(kind) => set({ kind: kind || undefined })} options={[{ value: "", label: t("interchange.anyKind") }, ...KINDS.map((k) => ({ value: k, label: word("backKind", k) }))]} />
        <States all={STATES} group="backState" />
        {search.customerId && <button type="button" className="filterchip on" onClick={() => set({ customerId: undefined })}>{t("interchange.oneCustomer")} ✕</button>}
      </div>
      <Loaded of={found} what={t("interchange.tab.back")}>
        {(data) => (
          <>
            <DataTable rows={data.rows} columns={columns} rowKey={(b) => b.id} label={t("interchange.tab.back")} keys onOpen={(b) => set({ open: b.id, page })} minWidth={1020} empty={<Nothing why={t(search.state || search.kind || search.q ? "interchange.noneFound" : "interchange.noneBack")} />} />
            {data.rows.length > 0 && <Pager page={page} size={size} total={data.total} shown={data.rows.length} onPage={(p) => set({ page: p }, true)} onSize={(n) => set({ size: n })} />}
          </>
        )}
      </Loaded>
      {search.open && <Detail id={search.open} onClose={() => set({ open: undefined, page })} />}
    </Panel>
  );
}

function Outcome({ target }: { target?: Target }) {
  if (!target) return <span className="muted">—</span>;
  if (target.error) return <span className="warn" title={titled(target.error.reason)}>{titled(target.error.reason)}</span>;
  if (target.orderId) return <Link to="/app/orders/$id" params={{ id: target.orderId }}><span className="num">{target.orderNo}</span></Link>;
  return target.outcome ? <span className="soft">{word("backOutcome", target.outcome)}</span> : <span className="muted">—</span>;
}

function Detail({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay()("interchange.operate");
  const name = useSystemName();
  const [asking, setAsking] = useState<"retry" | "close" | null>(null);
  const one = useQuery({ queryKey: ["backOrders", "one", id], queryFn: () => call<Back>(`/interchange/orders/${encodeURIComponent(id)}`) });
  const any = (...states: string[]) => one.data?.targets.some((x) => states.includes(x.state)) ?? false;
  const act = async (verb: "retry" | "close", reason: string) => {
    await post(`/interchange/orders/${encodeURIComponent(id)}/${verb}`, { reason });
    await client.invalidateQueries({ queryKey: ["backOrders"] });
    say.success(t(verb === "retry" ? "interchange.retried" : "interchange.closed"));
  };
  return (
    <Drawer open size={560} title={one.data ? `${titled(one.data.kindName)} · ${one.data.ownId}` : t("interchange.tab.back")} onClose={onClose}
      footer={may && one.data && (any("failed", "manual") || any("waiting")) ? (
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button danger disabled={!any("waiting", "failed", "manual")} onClick={() => setAsking("close")}>{t("interchange.close")}</Button>
          <Button type="primary" disabled={!any("failed", "manual")} onClick={() => setAsking("retry")}>{t("interchange.retry")}</Button>
        </div>
      ) : undefined}>
      <Loaded of={one} what={t("interchange.tab.back")}>
        {(b) => (
          <div className="stack">
            <Facts two items={[
              [t("interchange.state"), <Status key="s" group="backState" code={b.state} />], [t("interchange.source"), name(b.source)],
              [t("interchange.customer"), b.customerName ? <Link key="c" to="/app/customers/$id" params={{ id: b.customerId }}><bdi>{b.customerName}</bdi></Link> : "—"], [t("interchange.reason"), b.kind === "highCharge" || b.kind === "credit" ? "—" : titled(b.reasonName)],
              [t("interchange.asked"), <At key="a" at={b.askedAt} seconds />], [t("interchange.doneAt"), <At key="d" at={b.doneAt} seconds />],
              [t("interchange.note"), b.note ? <span key="n" className="wrap">{b.note}</span> : "—"], [t("interchange.answered"), b.told ? word("backState", b.told) : b.tellAttempts > 0 ? t("interchange.telling", { count: b.tellAttempts }) : "—"],
            ]} />
            {b.detail && Object.keys(b.detail).length > 0 && <Facts two items={Object.entries(b.detail).map(([k, v]) => [word("backDetail", k), typeof v === "number" && k.endsWith("Fen") ? `¥${(v / 100).toFixed(2)}` : String(v)])} />}
            <Panel flush title={t("interchange.targets")}>
              <DataTable rows={b.targets} rowKey={(x) => String(x.seq)} label={t("interchange.targets")} columns={[
                { key: "number", title: t("interchange.number"), width: 140, lead: true, render: (x) => <span className="num">{phone(x.number) || "—"}</span> },
                { key: "state", title: t("interchange.state"), width: 130, render: (x) => <Status group="backState" code={x.state} /> },
                { key: "out", title: t("interchange.outcome"), wrap: true, render: (x) => <Outcome target={x} /> },
              ]} />
            </Panel>
            <History rows={(b.history ?? []).map((h) => ({ ...h, word: word("backState", h.state) }))} />
          </div>
        )}
      </Loaded>
      <ReasonDialog open={asking === "retry"} onClose={() => setAsking(null)} title={t("interchange.retry")} note={t("interchange.retryNote")} confirm={t("interchange.retry")} suggestions={[t("interchange.why1"), t("interchange.why2")]} onConfirm={(reason) => act("retry", reason)} />
      <ReasonDialog open={asking === "close"} onClose={() => setAsking(null)} danger title={t("interchange.close")} note={t("interchange.closeNote")} confirm={t("interchange.close")} suggestions={[t("interchange.why3"), t("interchange.why4")]} onConfirm={(reason) => act("close", reason)} />
    </Drawer>
  );
}

export function History({ rows }: { rows: { at: string; operator: string; note: string; word: string }[] }) {
  const { t } = useTranslation();
  return (
    <Panel flush title={t("interchange.history")}>
      <DataTable rows={rows.map((r, i) => ({ ...r, i }))} rowKey={(r) => String(r.i)} label={t("interchange.history")} columns={[
        { key: "at", title: t("interchange.at"), width: 160, render: (r) => <At at={r.at} seconds /> },
        { key: "state", title: t("interchange.state"), width: 110, render: (r) => r.word },
        { key: "who", title: t("interchange.operator"), width: 90, render: (r) => <Name>{r.operator}</Name> },
        { key: "note", title: t("interchange.note"), wrap: true, render: (r) => <Name wrap>{r.note}</Name> },
      ]} empty={<Nothing why={t("interchange.noneFound")} />} />
    </Panel>
  );
}
