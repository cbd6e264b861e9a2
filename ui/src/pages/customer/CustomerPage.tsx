// The unified view of one customer: highlights, orders in transit first, tabs on the left, everything in time order on the right.
import { AccountBookOutlined, BankOutlined, MessageOutlined, ShoppingCartOutlined, UserOutlined, WarningOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { dateTime, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useKeys } from "../../lib/keys";
import { subjectOf, useRefreshRecord } from "../../lib/refresh";
import { useMay } from "../../lib/session";
import { openTab } from "../../lib/tabs";
import type { CustomerView } from "../../lib/types";
import { useUrl } from "../../lib/url";
import { Meter, PageHead, Panel, Tabs } from "../../kit/layout";
import { Loaded } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Masked, Name } from "../../kit/text";
import { AgreementsTab, MoneyTab, OrdersTab, OverviewTab, RelationsTab } from "./tabs";
import { ProductsTab } from "./ProductsTab";
import { Timeline } from "./Timeline";
import { ComplaintDialog, NoteDialog } from "./dialogs";

const MOVES = new Set(["productOrder", "product", "customerBill", "payment", "troubleTicket", "billingAccount", "interaction"]);

export default function CustomerPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const { t } = useTranslation();
  const client = useQueryClient();
  const key = ["customer", id];
  const view = useQuery({ queryKey: key, queryFn: () => call<CustomerView>(`/customers/${id}/view`) });
  const shown = useMemo(() => new Set(view.data ? idsIn(view.data) : []), [view.data]);
  useRefreshRecord(client, key, (e) => e.subjectId === id || e.topic === `customer:${id}` || (!!e.subjectId && shown.has(e.subjectId)) || (/Create/.test(e.type) && MOVES.has(subjectOf(e))), 400);
  useEffect(() => {
    const c = view.data?.customer;
    if (!c) return;
    openTab({ key: `customer:${id}`, href: `/app/customers/${id}`, title: c.name, kind: "customer" });
    document.title = `${c.name} · 一台`;
  }, [id, view.data?.customer]);
  return (
    <div className="page">
      <Loaded of={view} what={t("customer.view")} rows={14}>{(data) => <Unified id={id} view={data} changed={() => void client.invalidateQueries({ queryKey: key })} />}</Loaded>
    </div>
  );
}

function* idsIn(view: CustomerView) {
  for (const group of [view.orders, view.inTransit, view.products, view.bills, view.payments, view.tickets, view.accounts]) for (const row of group ?? []) yield row.id;
}

function Unified({ id, view, changed }: { id: string; view: CustomerView; changed: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay();
  const { search, set } = useUrl();
  const [asking, setAsking] = useState<"note" | "complaint" | null>(null);
  const c = view.customer;
  const sells = may("order.create");
  const takes = may("payment.take");
  const sell = () => void navigate({ to: "/app/sell/$customerId", params: { customerId: id } });
  const pay = () => void navigate({ to: "/app/counter", search: { q: c.customerNo } as never });
  useKeys({ ...(sells ? { F2: sell } : {}), ...(takes ? { F8: pay } : {}), n: () => setAsking("note") });
  const tab = search.tab ?? "overview";
  const items = [
    { id: "overview", title: t("customer.tab.overview") },
    { id: "products", title: t("customer.tab.products"), count: view.products.length },
    { id: "orders", title: t("customer.tab.orders"), count: view.orders.length },
    { id: "money", title: t("customer.tab.money"), count: view.bills.length },
    { id: "relations", title: t("customer.tab.relations"), count: view.relations.length },
    { id: "agreements", title: t("customer.tab.agreements"), count: view.agreements.length },
  ];
  const owes = view.arrears.totalFen > 0;
  return (
    <>
      <PageHead sub={<span>{t("customer.dataTime")} <span className="num">{dateTime(view.dataTime, true)}</span></span>}>
        {sells && <Button type="primary" icon={<ShoppingCartOutlined aria-hidden />} onClick={sell} title="F2">{t("nav.sell")}</Button>}
        {takes && <Button icon={<AccountBookOutlined aria-hidden />} onClick={pay} title="F8">{t("customer.takePayment")}</Button>}
        <Button icon={<MessageOutlined aria-hidden />} onClick={() => setAsking("note")} title="N">{t("customer.note")}</Button>
        {may("ticket.write") && <Button icon={<WarningOutlined aria-hidden />} onClick={() => setAsking("complaint")}>{t("customer.complaint")}</Button>}
      </PageHead>
      <section className="panel" aria-label={t("customer.highlights")}>
        <div className="highlights">
          <div className="who">
            <span className="avatar">{c.kind === "organization" ? <BankOutlined aria-hidden /> : <UserOutlined aria-hidden />}</span>
            <div style={{ minWidth: 0 }}>
              <h1><Name>{c.name}</Name></h1>
              <div className="row" style={{ gap: 6 }}>
                <Status group="customerState" code={c.status} />
                {c.grade && <span className={`chip${/gold|diamond|platinum|vip/i.test(c.grade) ? " gold" : ""}`}>{word("grade", c.grade)}</span>}
                <span className="chip">{c.realName ? t("customer.realName") : t("customer.notRealName")}</span>
              </div>
            </div>
          </div>
          <dl>
            <div><dt>{t("customer.no")}</dt><dd className="num">{c.customerNo}</dd></div>
            <div><dt>{t("customer.phone")}</dt><dd><Masked value={c.phone} customerId={id} field="phone" /></dd></div>
            <div><dt>{c.certificateType ? word("certificateType", c.certificateType) : t("customer.certificate")}</dt><dd><Masked value={c.certificate} customerId={id} field="certificate" /></dd></div>
            <div><dt>{t("customer.balance")}</dt><dd className="num">{yuan(view.balanceFen)}</dd></div>
            <div>
              <dt>{t("customer.arrears")}</dt>
              <dd className={`num ${owes ? "bad" : ""}`}>{yuan(view.arrears.totalFen)}{owes && <span style={{ fontWeight: 400, fontSize: 12 }}> {t("customer.billsOpen", { count: view.arrears.billCount })}</span>}</dd>
            </div>
            {c.manager && <div><dt>{t("customer.manager")}</dt><dd><Name>{c.manager}</Name></dd></div>}
          </dl>
        </div>
        {view.inTransit.length > 0 && (
          <div className="transit" aria-label={t("customer.inTransit")}>
            <span className="strong">{t("customer.inTransit")} <span className="num">{view.inTransit.length}</span></span>
            {view.inTransit.slice(0, 3).map((o) => (
              <Link key={o.id} to="/app/orders/$id" params={{ id: o.id }}>
                <Status group="orderState" code={o.state} />
                <span className="num">{o.orderNo}</span>
                <Name className="muted">{o.summary}</Name>
                {o.progress && <><span style={{ width: 56, flex: "none" }}><Meter done={o.progress.done} total={o.progress.total} label={t("order.progress")} /></span><span className="num muted">{o.progress.done}/{o.progress.total}</span></>}
              </Link>
            ))}
            {view.inTransit.length > 3 && <button type="button" className="linkish" onClick={() => set({ tab: "orders" })}>{t("kit.all")}</button>}
          </div>
        )}
      </section>
      <div className="cols21">
        <section className="panel">
          <Tabs items={items} at={tab} onPick={(next) => set({ tab: next === "overview" ? undefined : next })} label={t("customer.tabs")}>
            {tab === "products" ? <ProductsTab view={view} changed={changed} />
              : tab === "orders" ? <OrdersTab view={view} />
              : tab === "money" ? <MoneyTab view={view} />
              : tab === "relations" ? <RelationsTab view={view} />
              : tab === "agreements" ? <AgreementsTab view={view} />
              : <OverviewTab view={view} sell={sells ? sell : undefined} onTab={(next) => set({ tab: next })} />}
          </Tabs>
        </section>
        <Panel title={t("customer.timeline")} flush>
          <Timeline rows={view.timeline} at={search.kind ?? ""} onPick={(kind) => set({ kind })} />
        </Panel>
      </div>
      <NoteDialog open={asking === "note"} customerId={id} onClose={() => setAsking(null)} done={changed} />
      <ComplaintDialog open={asking === "complaint"} customerId={id} onClose={() => setAsking(null)} done={changed} />
    </>
  );
}
