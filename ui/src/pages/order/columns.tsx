// Columns of order lists, shared by the workbench, the order list and the customer page.
import type { TFunction } from "i18next";
import type { Column } from "../../kit/DataTable";
import { Meter } from "../../kit/layout";
import { Status } from "../../kit/Status";
import { Ago, At, Money, Name } from "../../kit/text";
import { dateTime } from "../../lib/format";
import type { OrderRow } from "../../lib/types";

export function orderColumns(t: TFunction, width: "brief" | "customer" | "full"): Column<OrderRow>[] {
  const no: Column<OrderRow> = { key: "no", title: t("order.no"), width: 204, lead: true, render: (o) => <span className="num">{o.orderNo}</span> };
  const state: Column<OrderRow> = { key: "state", title: t("order.stateTitle"), width: 118, render: (o) => <Status group="orderState" code={o.held ? "held" : o.state} /> };
  const who: Column<OrderRow> = { key: "who", title: t("order.customer"), width: 130, render: (o) => <Name>{o.customerName}</Name> };
  const what: Column<OrderRow> = { key: "what", title: t("order.summary"), render: (o) => <><Name>{o.summary}</Name>{o.effectiveAt && !["completed", "cancelled"].includes(o.state) && <span className="chip" title={t("transit.effective")}>{dateTime(o.effectiveAt).slice(0, 10)}</span>}{!!o.urges && <span className="chip warn">{t("transit.urged", { count: o.urges })}</span>}</> };
  const progress: Column<OrderRow> = {
    key: "progress", title: t("order.progress"), width: 120,
    render: (o) => o.progress ? <span className="row"><Meter done={o.progress.done} total={o.progress.total} label={t("order.progress")} /><span className="num muted">{o.progress.done}/{o.progress.total}</span></span> : "—",
  };
  const amount: Column<OrderRow> = { key: "amount", title: t("order.amount"), width: 96, right: true, render: (o) => <Money fen={o.amountFen} /> };
  const when: Column<OrderRow> = { key: "when", title: t("order.createdAt"), width: 108, render: (o) => <Ago at={o.createdAt} /> };
  const at: Column<OrderRow> = { key: "at", title: t("order.createdAt"), width: 138, sort: "createdAt", render: (o) => <At at={o.createdAt} /> };
  const by: Column<OrderRow> = { key: "by", title: t("order.operator"), width: 100, render: (o) => <Name>{o.operator}</Name> };
  if (width === "brief") return [no, who, what, state, when];
  if (width === "customer") return [no, what, state, progress, at];
  return [no, who, what, state, progress, amount, at, by];
}
