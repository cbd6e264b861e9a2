// Work by hand that orders ask for: done, or not possible and why.
import { ToolOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { list, post } from "../../lib/api";
import { titled } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { paging, useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { Panel, Segments } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Ago, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import type { Work } from "./types";

export function WorkTab() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const { search, set } = useUrl();
  const { page, size, offset, limit } = paging(search);
  const [asking, setAsking] = useState<{ work: Work; how: "done" | "failed" } | null>(null);
  const state = ["done", "failed", "withdrawn"].includes(search.state ?? "") ? search.state! : "open";
  const ask = { state, offset, limit };
  const found = useQuery({ queryKey: ["networkWork", ask], queryFn: ({ signal }) => list<Work>("/network/work", ask, signal), placeholderData: keepPreviousData, refetchInterval: 10_000 });
  const report = async (result: string) => {
    await post(`/network/work/${asking!.work.id}/${asking!.how}`, { result });
    await client.invalidateQueries({ queryKey: ["networkWork"] });
    say.success(t("kit.saved"));
  };
  const acts = state === "open" && may("network.work");
  const columns: Column<Work>[] = [
    { key: "title", title: t("network.task"), lead: true, width: 220, render: (w) => <span className="strong"><Name>{titled(w.title)}</Name></span> },
    { key: "place", title: t("network.address"), wrap: true, render: (w) => <Name wrap>{w.place}</Name> },
    { key: "order", title: t("network.order"), width: 110, render: (w) => <Link to="/app/orders/$id" params={{ id: w.orderId }}>{t("network.open")}</Link> },
    { key: "wait", title: t("network.waits"), width: 130, render: (w) => (w.detached ? <span className="soft">{t("network.detached")}</span> : t("network.orderWaits")) },
    { key: "since", title: t("network.created"), width: 110, render: (w) => <Ago at={w.createdAt} /> },
    { key: "state", title: t("network.state"), width: 110, render: (w) => <Status group="workState" code={w.state} /> },
    acts
      ? { key: "do", title: t("kit.actions"), width: 170, render: (w) => <span className="row" style={{ gap: 4 }}><Button size="small" type="primary" onClick={() => setAsking({ work: w, how: "done" })}>{t("network.done")}</Button><Button size="small" onClick={() => setAsking({ work: w, how: "failed" })}>{t("network.cannot")}</Button></span> }
      : { key: "result", title: t("network.result"), wrap: true, render: (w) => <Name wrap>{w.result}</Name> },
  ];
  return (
    <Panel flush>
      <div className="filters">
        <Segments label={t("network.state")} at={state} onPick={(s) => set({ state: s === "open" ? undefined : s })} items={["open", "done", "failed", "withdrawn"].map((id) => ({ id, title: t(`workState.${id as "open"}`) }))} />
      </div>
      <Loaded of={found} what={t("network.tab.work")}>
        {(data) => (
          <>
            <DataTable rows={data.rows} columns={columns} rowKey={(w) => w.id} label={t("network.tab.work")} minWidth={940} empty={<Nothing icon={<ToolOutlined aria-hidden />} why={t(state === "open" ? "network.noWorkOpen" : "network.noWorkHere")} />} />
            <Pager page={page} size={size} total={data.total} shown={data.rows.length} onPage={(p) => set({ page: p }, true)} onSize={(n) => set({ size: n })} />
          </>
        )}
      </Loaded>
      <ReasonDialog open={asking !== null} title={asking ? `${titled(asking.work.title)} · ${t(asking.how === "done" ? "network.done" : "network.cannot")}` : ""} note={asking?.work.place} confirm={t(asking?.how === "failed" ? "network.cannot" : "network.done")} danger={asking?.how === "failed"}
        suggestions={asking?.how === "failed" ? [t("network.cannot1"), t("network.cannot2")] : [t("network.done1"), t("network.done2")]} onClose={() => setAsking(null)} onConfirm={report} />
    </Panel>
  );
}
