// The unified view of one customer and the desk for everything they want: who they are, what is in transit, what they hold and what
// can be done with it, and below it all there is to know, in tabs; everything that happened on the right.
import { AccountBookOutlined, MessageOutlined, ShoppingCartOutlined, SmileOutlined, WarningOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { Suspense, lazy, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { useCommands } from "../../lib/commands";
import { dateTime } from "../../lib/format";
import { useHere } from "../../lib/here";
import { titled } from "../../lib/i18n";
import { useKeys } from "../../lib/keys";
import { subjectOf, useRefreshRecord } from "../../lib/refresh";
import { useMay } from "../../lib/session";
import { openTab } from "../../lib/tabs";
import { useUrl } from "../../lib/url";
import { PageHead, Panel, Tabs } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Loaded, Waiting } from "../../kit/states";
import { say } from "../../kit/toast";
import { Desk } from "./Desk";
import { ComplaintDialog, NoteDialog } from "./dialogs";
import { EditForm, EntryForm, ManagerForm, SurveyForm } from "./forms";
import { GraphTab } from "./GraphTab";
import { Highlights, Notices, Transit } from "./Highlights";
import { JournalTab } from "./JournalTab";
import { Offers } from "./Offers";
import { ProductsTab } from "./ProductsTab";
import { AgreementsTab, MoneyTab, OrdersTab, OverviewTab } from "./tabs";
import { Timeline } from "./Timeline";
import type { Row } from "./Timeline";
import type { FullView } from "./types";
import { PointsTab } from "../loyalty/PointsTab";
import { ValueTab } from "./ValueTab";

// Forms and drawers that few look at come when they are looked at.
const NoticesTab = lazy(() => import("./NoticesTab").then((m) => ({ default: m.NoticesTab })));
const MOVES = new Set(["productOrder", "product", "customerBill", "payment", "troubleTicket", "billingAccount", "interaction"]);
type Asking = "note" | "complaint" | "manager" | "survey" | "need" | "interaction" | "edit" | null;

export default function CustomerPage() {
  const { id } = useHere().params as { id: string };
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const key = ["customer", id, i18n.language];
  const view = useQuery({ queryKey: key, queryFn: () => call<FullView>(`/customers/${id}/view`) });
  const shown = useMemo(() => new Set(view.data ? idsIn(view.data) : []), [view.data]);
  useRefreshRecord(client, ["customer", id], (e) => e.subjectId === id || e.topic === `customer:${id}` || (!!e.subjectId && shown.has(e.subjectId)) || (/Create/.test(e.type) && MOVES.has(subjectOf(e))), 400);
  useRefreshRecord(client, ["actions"], (e) => !!e.subjectId && (e.subjectId === id || shown.has(e.subjectId)), 600);
  useEffect(() => {
    const c = view.data?.customer;
    if (!c) return;
    openTab({ key: `customer:${id}`, href: `/app/customers/${id}`, title: c.name, kind: "customer" });
    document.title = `${c.name} · 一台`;
  }, [id, view.data?.customer]);
  const changed = () => {
    void client.invalidateQueries({ queryKey: ["customer", id] });
    void client.invalidateQueries({ queryKey: ["actions"] });
    void client.invalidateQueries({ queryKey: ["recommendations", id] });
  };
  return (
    <div className="page">
      <Loaded of={view} what={t("customer.view")} rows={14}>{(data) => <Unified id={id} view={data} changed={changed} />}</Loaded>
    </div>
  );
}

function* idsIn(view: FullView) {
  for (const group of [view.orders, view.inTransit, view.products, view.bills, view.payments, view.tickets, view.accounts]) for (const row of group ?? []) yield row.id;
}

function Unified({ id, view, changed }: { id: string; view: FullView; changed: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay();
  const { search, set } = useUrl();
  const [asking, setAsking] = useState<Asking>(null);
  const [withdrawing, setWithdrawing] = useState<{ id: string; orderNo: string } | null>(null);
  const sells = may("order.create");
  const takes = may("payment.take");
  const writes = may("customer.write");
  const cancels = may("order.cancel");
  const tickets = may("ticket.write");
  const assigns = may("customer.assign");
  const sell = () => void navigate({ to: "/app/sell/$customerId", params: { customerId: id } });
  const pay = () => void navigate({ to: "/app/counter", search: { customer: id } as never });
  const close = () => setAsking(null);
  const withdrawFirst = () => {
    const [first] = view.inTransit;
    if (cancels && first) setWithdrawing(first);
    else return false;
  };
  useKeys({ ...(sells ? { F2: sell } : {}), ...(takes ? { F8: pay } : {}), n: () => { if (writes) setAsking("note"); else return false; }, w: withdrawFirst });
  useCommands([
    ...(writes ? [{ id: "note", title: t("customer.note"), keys: "N", run: () => setAsking("note") }, { id: "need", title: t("v360.addEntry"), run: () => setAsking("need") }, { id: "edit", title: t("v360.editTitle"), run: () => setAsking("edit") }] : []),
    ...(tickets ? [{ id: "complaint", title: t("customer.complaint"), run: () => setAsking("complaint") }, { id: "survey", title: t("v360.addAnswer"), run: () => setAsking("survey") }] : []),
    ...(assigns ? [{ id: "manager", title: t("v360.managerTitle"), run: () => setAsking("manager") }] : []),
  ]);
  const tab = search.tab ?? "overview";
  const items = [
    { id: "overview", title: t("customer.tab.overview") },
    { id: "products", title: t("customer.tab.products"), count: view.products.length },
    { id: "orders", title: t("customer.tab.orders"), count: view.orders.length },
    { id: "money", title: t("customer.tab.money"), count: view.bills.length },
    { id: "value", title: t("v360.tabValue") },
    ...(may("loyalty.read") ? [{ id: "points", title: t("points.tab") }] : []),
    ...(may("dunning.read", "message.read") ? [{ id: "notices", title: t("purse.tab") }] : []),
    { id: "relations", title: t("customer.tab.relations"), count: view.relations.length },
    { id: "agreements", title: t("customer.tab.agreements"), count: view.agreements.length },
    { id: "journal", title: t("v360.tabJournal"), count: (view.behaviour.journal ?? []).filter((e) => e.status === "open").length || null },
  ];
  const pick = (next: string) => set({ tab: next === "overview" ? undefined : next });
  return (
    <>
      <PageHead sub={<span>{t("customer.dataTime")} <span className="num">{dateTime(view.dataTime, true)}</span>{view.audience.name !== "counter" && <span> · {titled(view.audience.title)}</span>}</span>}>
        {sells && <Button type="primary" icon={<ShoppingCartOutlined aria-hidden />} onClick={sell} title="F2">{t("nav.sell")} <kbd className="onbrand">F2</kbd></Button>}
        {takes && <Button icon={<AccountBookOutlined aria-hidden />} onClick={pay} title="F8">{t("customer.takePayment")} <kbd>F8</kbd></Button>}
        {writes && <Button icon={<MessageOutlined aria-hidden />} onClick={() => setAsking("note")} title="N">{t("customer.note")} <kbd>N</kbd></Button>}
        {tickets && <Button icon={<WarningOutlined aria-hidden />} onClick={() => setAsking("complaint")}>{t("customer.complaint")}</Button>}
        {tickets && <Button icon={<SmileOutlined aria-hidden />} onClick={() => setAsking("survey")} aria-label={t("v360.addAnswer")} title={t("v360.addAnswer")} />}
      </PageHead>
      <Notices view={view} />
      <section className="panel" aria-label={t("customer.highlights")}>
        <Highlights id={id} view={view} onManager={assigns ? () => setAsking("manager") : undefined} onMoney={() => pick("money")} />
        <Transit view={view} onAll={() => pick("orders")} onWithdraw={cancels ? setWithdrawing : undefined} />
      </section>
      <div className="cols21">
        <div className="stack">
          <Desk id={id} view={view} preferred={search.n} wanted={search.do} done={changed} sell={sells ? sell : undefined} />
          <section className="panel">
            <Tabs items={items} at={tab} onPick={pick} label={t("customer.tabs")}>
              {tab === "products" ? <ProductsTab view={view} />
                : tab === "orders" ? <OrdersTab view={view} />
                : tab === "money" ? <MoneyTab view={view} />
                : tab === "value" ? <ValueTab id={id} view={view} onSurvey={tickets ? () => setAsking("survey") : undefined} />
                : tab === "points" ? <PointsTab id={id} />
                : tab === "notices" ? <Suspense fallback={<Waiting rows={6} />}><NoticesTab id={id} view={view} /></Suspense>
                : tab === "relations" ? <GraphTab id={id} />
                : tab === "agreements" ? <AgreementsTab view={view} />
                : tab === "journal" ? <JournalTab id={id} view={view} onAdd={writes ? setAsking : undefined} changed={changed} />
                : <OverviewTab view={view} onEdit={writes ? () => setAsking("edit") : undefined} />}
            </Tabs>
          </section>
        </div>
        <div className="stack">
          <Offers id={id} sells={sells} />
          <Panel title={t("customer.timeline")} flush>
            <Timeline id={id} rows={view.timeline as Row[]} more={view.timelineMore ?? false} dataTime={view.dataTime} at={search.kind ?? ""} onPick={(kind) => set({ kind })} />
          </Panel>
        </div>
      </div>
      <NoteDialog open={asking === "note"} customerId={id} onClose={close} done={changed} />
      <ComplaintDialog open={asking === "complaint"} customerId={id} onClose={close} done={changed} />
      {asking === "manager" && <ManagerForm customerId={id} view={view} onClose={close} done={changed} />}
      {asking === "survey" && <SurveyForm customerId={id} onClose={close} done={changed} />}
      {(asking === "need" || asking === "interaction") && <EntryForm customerId={id} kind={asking} onClose={close} done={changed} />}
      {asking === "edit" && <EditForm customerId={id} view={view} onClose={close} done={changed} />}
      <Withdraw order={withdrawing} onClose={() => setWithdrawing(null)} done={changed} />
    </>
  );
}

/** Taking an order in transit back; a booked business is withdrawn the same way. */
function Withdraw({ order, onClose, done }: { order: { id: string; orderNo: string } | null; onClose: () => void; done: () => void }) {
  const { t } = useTranslation();
  const key = useMemo(() => newKey(), [order?.id]);
  const go = async (reason: string) => {
    if (!order) return;
    await post(`/orders/${order.id}/cancel`, { reason }, { idempotencyKey: key });
    say.success(t("action.withdrawn", { no: order.orderNo }));
    done();
  };
  return <ReasonDialog open={order !== null} onClose={onClose} onConfirm={go} danger title={t("action.withdrawTitle", { no: order?.orderNo ?? "" })} note={t("action.withdrawNote")} confirm={t("action.withdraw")} suggestions={[t("action.whyWithdraw1"), t("action.whyWithdraw2"), t("action.whyWithdraw3")]} />;
}
