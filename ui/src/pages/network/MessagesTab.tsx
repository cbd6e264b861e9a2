// Messages to the activation systems, the newest first.
import { SendOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { list } from "../../lib/api";
import { word } from "../../lib/i18n";
import { paging, useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { Panel, Segments } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Ago, At } from "../../kit/text";
import { MessageDrawer } from "./MessageDrawer";
import type { Message } from "./types";

export function MessagesTab() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const { page, size, offset, limit } = paging(search);
  const ask = { system: search.system, state: search.state, offset, limit };
  const found = useQuery({ queryKey: ["networkMessages", ask], queryFn: ({ signal }) => list<Message>("/network/messages", ask, signal), placeholderData: keepPreviousData, refetchInterval: 5000 });
  const columns: Column<Message>[] = [
    { key: "at", title: t("network.created"), width: 150, render: (m) => <At at={m.createdAt} seconds /> },
    { key: "order", title: t("order.no"), width: 200, lead: true, render: (m) => <Link to="/app/orders/$id" params={{ id: m.orderId }} className="num">{m.orderNo || m.orderId}</Link> },
    { key: "system", title: t("network.system"), width: 176, render: (m) => word("networkSystem", m.system) },
    { key: "purpose", title: t("network.purpose"), width: 80, render: (m) => word("messagePurpose", m.purpose) },
    { key: "state", title: t("network.state"), width: 130, render: (m) => <Status group="messageState" code={m.state} /> },
    { key: "items", title: t("network.itemCount"), width: 60, right: true, render: (m) => <span className="num">{m.items}</span> },
    { key: "v", title: t("network.version"), width: 84, right: true, render: (m) => <span className="num">{m.version}</span> },
    { key: "why", title: t("network.next"), render: (m) => (m.error ? <span className="bad">{word("messageError", m.error)}</span> : m.wanted && m.due ? <span className="soft">{word("messageWanted", m.wanted)} · <At at={m.due} seconds /></span> : <span className="muted">—</span>) },
    { key: "ended", title: t("network.ended"), width: 110, render: (m) => <Ago at={m.endedAt} /> },
  ];
  return (
    <Panel flush>
      <div className="filters">
        <Segments label={t("network.system")} at={search.system ?? "all"} onPick={(s) => set({ system: s === "all" ? undefined : s })} items={["all", "tmf641", "legacy97"].map((id) => ({ id, title: id === "all" ? t("kit.any") : word("networkSystem", id) }))} />
        <Segments label={t("network.state")} at={search.state ?? "all"} onPick={(s) => set({ state: s === "all" ? undefined : s })} items={["all", "open", "failed", "completed", "cancelled"].map((id) => ({ id, title: id === "all" ? t("kit.any") : word("messageState", id) }))} />
      </div>
      <Loaded of={found} what={t("network.tab.messages")}>
        {(data) => (
          <>
            <DataTable rows={data.rows} columns={columns} rowKey={(m) => m.id} label={t("network.tab.messages")} minWidth={1080} keys onOpen={(m) => set({ message: m.id, page: search.page })}
              empty={<Nothing icon={<SendOutlined aria-hidden />} why={t("network.noMessages")} />} />
            <Pager page={page} size={size} total={data.total} shown={data.rows.length} onPage={(p) => set({ page: p }, true)} onSize={(n) => set({ size: n })} />
          </>
        )}
      </Loaded>
      <MessageDrawer id={search.message} onClose={() => set({ message: undefined, page: search.page })} />
    </Panel>
  );
}
