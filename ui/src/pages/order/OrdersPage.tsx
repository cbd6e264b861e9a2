// All orders in my scope. Values change in place as events arrive; new rows wait until asked for.
import { SearchOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { list } from "../../lib/api";
import { useSteadyRows } from "../../lib/refresh";
import { useMay } from "../../lib/session";
import type { OrderRow } from "../../lib/types";
import { paging, useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import { PageHead, Panel, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Loaded, Nothing } from "../../kit/states";
import { orderColumns } from "./columns";

const STATES = ["acknowledged", "inProgress", "pending", "held", "partial", "completed", "failed", "cancelled", "rejected", "pendingCancellation", "assessingCancellation"] as const;

export default function OrdersPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay();
  const { search, set } = useUrl();
  const { page, size, offset, limit } = paging(search);
  const [text, setText] = useState(search.q ?? "");
  useEffect(() => setText(search.q ?? ""), [search.q]);
  useEffect(() => {
    const timer = setTimeout(() => { if (text.trim() !== (search.q ?? "")) set({ q: text.trim() }); }, 250);
    return () => clearTimeout(timer);
  }, [text, search.q, set]);
  const ask = { state: search.state, customerId: search.customerId, q: search.q, booked: search.booked, sort: search.sort, offset, limit };
  const found = useQuery({ queryKey: ["orders", ask], queryFn: ({ signal }) => list<OrderRow>("/orders", ask, signal), placeholderData: keepPreviousData });
  const steady = useSteadyRows(found.isPlaceholderData ? undefined : found.data?.rows, JSON.stringify(ask));
  const columns = useMemo(() => orderColumns(t, "full"), [t]);
  return (
    <div className="page">
      <PageHead title={t("nav.orders")}>
        {steady.waiting > 0 && <button type="button" className="pill" onClick={steady.accept}>{t("kit.updates", { count: steady.waiting })}</button>}
        {may("order.create") && <Link to="/app/sell">{t("palette.newOrder")}</Link>}
      </PageHead>
      <Panel flush>
        <div className="filters" role="search">
          <Input style={{ width: 320 }} prefix={<SearchOutlined aria-hidden />} allowClear value={text} maxLength={120} aria-label={t("order.search")} placeholder={t("order.search")} onChange={(e) => setText(e.target.value)} />
          <Pick width={150} label={t("order.stateTitle")} value={search.state ?? ""} onPick={(state) => set({ state })}
            options={[{ value: "", label: t("order.anyState") }, ...STATES.map((s) => ({ value: s, label: t(`orderState.${s}`) }))]} />
          <Segments label={t("transit.booked")} at={search.booked ?? ""} onPick={(booked) => set({ booked })} items={[{ id: "", title: t("transit.all") }, { id: "true", title: t("transit.booked") }]} />
          {search.customerId && <Button size="small" onClick={() => set({ customerId: "" })}>{t("order.oneCustomer")} ×</Button>}
        </div>
        <Loaded of={found} what={t("nav.orders")} rows={12}>
          {(data) => (
            <>
              <DataTable rows={steady.rows ?? data.rows} columns={columns} rowKey={(o) => o.id} label={t("nav.orders")} keys minWidth={1100} sort={search.sort} onSort={(sort) => set({ sort })}
                onOpen={(o) => void navigate({ to: "/app/orders/$id", params: { id: o.id } })}
                empty={search.q || search.state || search.customerId || search.booked
                  ? <Nothing why={t("order.noneFound")} action={<Button onClick={() => { setText(""); set({ q: "", state: "", customerId: "", booked: "" }); }}>{t("kit.clearFilters")}</Button>} />
                  : <Nothing why={t("home.noOrders")} action={<Link to="/app/sell">{t("home.firstOrder")}</Link>} />} />
              <Pager page={page} size={size} total={data.total} shown={data.rows.length} onPage={(p) => set({ page: p }, true)} onSize={(n) => set({ size: n })} />
            </>
          )}
        </Loaded>
      </Panel>
    </div>
  );
}
