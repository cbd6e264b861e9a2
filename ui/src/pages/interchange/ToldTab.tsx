// What order entry told billing systems, the embedded one and others; resending and closing what failed.
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Drawer } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, list, post } from "../../lib/api";
import { phone } from "../../lib/format";
import { word } from "../../lib/i18n";
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
import { History } from "./BackTab";
import { States, useSystemName, useSystems } from "./parts";
import type { Told } from "./types";

const STATES = ["waiting", "sent", "received", "failed", "manual", "succeeded", "closed"];

export function ToldTab() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { search, set } = useUrl();
  const { page, size, offset, limit } = paging(search);
  const systems = useSystems().data ?? [];
  const name = useSystemName();
  const ask = { state: search.state, system: search.system, customerId: search.customerId, offset, limit };
  const found = useQuery({ queryKey: ["told", ask], queryFn: ({ signal }) => list<Told>("/collaboration", ask, signal), placeholderData: keepPreviousData });
  useLive((event) => { if (event.type === "reset" || event.subjectType === "collaboration") void client.invalidateQueries({ queryKey: ["told"] }); });
  const columns: Column<Told>[] = [
    { key: "type", title: t("interchange.kind"), width: 116, lead: true, render: (c) => <button type="button" className="linkish" onClick={() => set({ open: c.id, page })}>{word("collaborationType", c.type)}</button> },
    { key: "number", title: t("interchange.number"), width: 140, render: (c) => <span className="num">{phone(c.number) || "—"}</span> },
    { key: "order", title: t("interchange.order"), width: 194, render: (c) => (c.sender ? <Name className="num">{c.orderNo}</Name> : <Link to="/app/orders/$id" params={{ id: c.orderId }}><span className="num">{c.orderNo}</span></Link>) },
    { key: "way", title: t("interchange.system"), width: 150, render: (c) => <Name>{c.sender ? t("interchange.from", { who: c.sender }) : name(c.system)}</Name> },
    { key: "state", title: t("interchange.state"), width: 122, render: (c) => <Status group="collaborationState" code={c.state} /> },
    { key: "tries", title: t("interchange.attempts"), width: 66, right: true, render: (c) => <span className="num">{c.attempts}</span> },
    { key: "why", title: t("interchange.outcome"), render: (c) => (c.error && !["succeeded", "closed"].includes(c.state) ? <span className="warn" title={c.error.reason}>{c.error.reason}</span> : <span className="muted">—</span>) },
    { key: "at", title: t("interchange.at"), width: 150, render: (c) => <At at={c.createdAt} /> },
  ];
  return (
    <Panel flush>
      <div className="filters">
        <Pick label={t("interchange.system")} value={search.system ?? ""} onPick={(system) => set({ system: system || undefined })} options={[{ value: "", label: t("interchange.anySystem") }, { value: "embedded", label: t("interchange.embedded") }, ...systems.map((s) => ({ value: s.code, label: name(s.code) }))]} />
        <States all={STATES} group="collaborationState" />
        {search.customerId && <button type="button" className="filterchip on" onClick={() => set({ customerId: undefined })}>{t("interchange.oneCustomer")} ✕</button>}
      </div>
      <Loaded of={found} what={t("interchange.tab.told")}>
        {(data) => (
          <>
            <DataTable rows={data.rows} columns={columns} rowKey={(c) => c.id} label={t("interchange.tab.told")} keys onOpen={(c) => set({ open: c.id, page })} minWidth={1060} empty={<Nothing why={t(search.state || search.system ? "interchange.noneFound" : "interchange.noneTold")} />} />
            {data.rows.length > 0 && <Pager page={page} size={size} total={data.total} shown={data.rows.length} onPage={(p) => set({ page: p }, true)} onSize={(n) => set({ size: n })} />}
          </>
        )}
      </Loaded>
      {search.open && <Detail id={search.open} onClose={() => set({ open: undefined, page })} />}
    </Panel>
  );
}

function Detail({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay()("collaboration.operate");
  const name = useSystemName();
  const [asking, setAsking] = useState<"resend" | "close" | null>(null);
  const one = useQuery({ queryKey: ["told", "one", id], queryFn: () => call<Told>(`/collaboration/${encodeURIComponent(id)}`) });
  const state = one.data?.state ?? "";
  const act = async (verb: "resend" | "close", reason: string) => {
    await post(`/collaboration/${encodeURIComponent(id)}/${verb}`, { reason });
    await client.invalidateQueries({ queryKey: ["told"] });
    say.success(t(verb === "resend" ? "interchange.resent" : "interchange.closed"));
  };
  return (
    <Drawer open size={560} title={one.data ? `${word("collaborationType", one.data.type)} · ${one.data.orderNo}` : t("interchange.tab.told")} onClose={onClose}
      footer={may && ["failed", "manual"].includes(state) ? (
        <div className="row" style={{ justifyContent: "flex-end" }}>
          {state === "manual" && <Button danger onClick={() => setAsking("close")}>{t("interchange.close")}</Button>}
          <Button type="primary" onClick={() => setAsking("resend")}>{t("interchange.resend")}</Button>
        </div>
      ) : undefined}>
      <Loaded of={one} what={t("interchange.tab.told")}>
        {(c) => (
          <div className="stack">
            {c.error && !["succeeded", "closed"].includes(c.state) && <div className="banner" role="status">{c.error.reason}</div>}
            <Facts two items={[
              [t("interchange.state"), <Status key="s" group="collaborationState" code={c.state} />], [t("interchange.system"), c.sender ? t("interchange.from", { who: c.sender }) : name(c.system)],
              [t("interchange.order"), c.sender ? c.orderNo : <Link key="o" to="/app/orders/$id" params={{ id: c.orderId }}><span className="num">{c.orderNo}</span></Link>], [t("interchange.number"), <span key="n" className="num">{phone(c.number) || "—"}</span>],
              [t("interchange.effective"), <At key="e" at={c.effectiveFrom} seconds />], [t("interchange.attempts"), <span key="t" className="num">{c.attempts}</span>],
              [t("interchange.acked"), <At key="a" at={c.ackAt} seconds />], [t("interchange.ackNo"), c.ackNo ? <span key="b" className="mono wrap" style={{ fontSize: 12 }}>{c.ackNo}</span> : "—"],
              [t("interchange.doneAt"), <At key="d" at={c.doneAt} seconds />], [t("interchange.id"), <span key="i" className="mono wrap" style={{ fontSize: 12 }}>{c.id}</span>],
            ]} />
            <History rows={(c.history ?? []).map((h) => ({ ...h, word: word("collaborationState", h.state) }))} />
          </div>
        )}
      </Loaded>
      <ReasonDialog open={asking === "resend"} onClose={() => setAsking(null)} title={t("interchange.resend")} note={t("interchange.resendNote")} confirm={t("interchange.resend")} suggestions={[t("interchange.why1"), t("interchange.why2")]} onConfirm={(reason) => act("resend", reason)} />
      <ReasonDialog open={asking === "close"} onClose={() => setAsking(null)} danger title={t("interchange.close")} note={t("interchange.closeTold")} confirm={t("interchange.close")} suggestions={[t("interchange.why3")]} onConfirm={(reason) => act("close", reason)} />
    </Drawer>
  );
}
