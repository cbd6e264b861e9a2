// Numbers on their way out, as the central system asked us.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Drawer } from "antd";
import { useTranslation } from "react-i18next";
import { call, list } from "../../lib/api";
import { phone } from "../../lib/format";
import { useLive } from "../../lib/live";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { Facts, Panel } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money, Name } from "../../kit/text";
import { Filter, Notices, Reasons } from "./parts";
import { either } from "./types";
import type { PortOut } from "./types";

const STATES = ["accepted", "effective", "closing", "closed", "refused", "cancelled"];

export function OutTab() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { search, set } = useUrl();
  const ask = { state: search.state, number: search.number };
  const found = useQuery({ queryKey: ["portOuts", ask], queryFn: ({ signal }) => list<PortOut>("/portability/port-outs", ask, signal) });
  useLive((event) => { if (event.type === "reset" || event.subjectType === "port-outs") void client.invalidateQueries({ queryKey: ["portOuts"] }); });
  const columns: Column<PortOut>[] = [
    { key: "number", title: t("porting.number"), width: 138, lead: true, render: (p) => <button type="button" className="linkish num" onClick={() => set({ open: p.id })}>{phone(p.number)}</button> },
    { key: "who", title: t("porting.customer"), width: 120, render: (p) => (p.customerId ? <Link to="/app/customers/$id" params={{ id: p.customerId }}><Name>{p.customerName}</Name></Link> : <span className="muted">—</span>) },
    { key: "to", title: t("porting.recipient"), width: 110, render: (p) => <Name>{either(p.recipient)}</Name> },
    { key: "state", title: t("porting.state"), width: 150, render: (p) => <Status group="portState" code={p.state} /> },
    { key: "at", title: t("porting.effective"), width: 140, render: (p) => <At at={p.effectiveAt} /> },
    { key: "dues", title: t("porting.dues"), width: 104, right: true, render: (p) => <Money fen={p.duesFen} /> },
    { key: "why", title: t("porting.reasons"), wrap: true, render: (p) => (p.problem ? <span className="warn">{p.problem}</span> : p.reasons.length > 0 ? p.reasons.map(either).join("；") : <span className="muted">—</span>) },
    { key: "order", title: t("porting.order"), width: 70, render: (p) => (p.orderId ? <Link to="/app/orders/$id" params={{ id: p.orderId }}>{t("porting.order")}</Link> : <span className="muted">—</span>) },
  ];
  return (
    <Panel flush>
      <Filter states={STATES} />
      <Loaded of={found} what={t("porting.out")}>
        {(data) => <DataTable rows={data.rows} columns={columns} rowKey={(p) => p.id} label={t("porting.out")} keys onOpen={(p) => set({ open: p.id })} minWidth={1040} empty={<Nothing why={t("porting.noneOut")} />} />}
      </Loaded>
      {search.open && <Detail id={search.open} onClose={() => set({ open: undefined })} />}
    </Panel>
  );
}

function Detail({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const one = useQuery({ queryKey: ["portOuts", id], queryFn: () => call<PortOut>(`/portability/port-outs/${id}`) });
  return (
    <Drawer open size={520} title={one.data ? `${t("porting.out")} ${phone(one.data.number)}` : t("porting.out")} onClose={onClose}>
      <Loaded of={one} what={t("porting.out")}>
        {(p) => (
          <div className="stack">
            <Facts two items={[
              [t("porting.state"), <Status key="s" group="portState" code={p.state} />], [t("porting.recipient"), either(p.recipient)],
              [t("porting.customer"), p.customerId ? <Link key="c" to="/app/customers/$id" params={{ id: p.customerId }}><bdi>{p.customerName}</bdi></Link> : "—"], [t("porting.order"), p.orderId ? <Link key="o" to="/app/orders/$id" params={{ id: p.orderId }}>{t("porting.order")}</Link> : "—"],
              [t("porting.effective"), <At key="e" at={p.effectiveAt} />], [t("porting.dues"), <Money key="d" fen={p.duesFen} />],
            ]} />
            {p.problem && <div className="banner" role="status">{t("porting.problem")}：{p.problem}</div>}
            {p.reasons.length > 0 && <Panel title={t("porting.reasons")}><Reasons all={p.reasons} /></Panel>}
            <Panel flush title={t("porting.notices")}><div style={{ padding: p.notices?.length ? 0 : 12 }}><Notices all={p.notices ?? []} /></div></Panel>
          </div>
        )}
      </Loaded>
    </Drawer>
  );
}
