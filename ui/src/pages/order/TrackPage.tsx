// One order followed to its end: what was ordered, what it became, which task stands where, and what to do when one failed.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useHere } from "../../lib/here";
import { call } from "../../lib/api";
import { HIDDEN, dateTime, plain } from "../../lib/format";
import { titled, word } from "../../lib/i18n";
import { useRefreshRecord } from "../../lib/refresh";
import { useMay } from "../../lib/session";
import { openTab } from "../../lib/tabs";
import type { Track } from "../../lib/types";
import { Facts, Meter, PageHead, Panel } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money, Name } from "../../kit/text";
import { Decomposition, Steps } from "./steps";
import { FalloutBanner } from "./FalloutBanner";
import { TransitVerbs } from "./TransitVerbs";

const OVER = new Set(["completed", "cancelled", "rejected", "failed"]);

export default function TrackPage() {
  const { id } = useHere().params as { id: string };
  const { t } = useTranslation();
  const client = useQueryClient();
  const key = useMemo(() => ["track", id], [id]);
  const track = useQuery({
    queryKey: key, queryFn: () => call<Track>(`/orders/${id}/track`), staleTime: 0,
    // The stream drives this page; the slow poll only covers a browser behind a proxy that holds events back.
    refetchInterval: (q) => (q.state.data && !OVER.has(q.state.data.order.state) ? 15_000 : false),
  });
  const own = useMemo(() => new Set([id, track.data?.saga?.id, track.data?.bill?.id, ...(track.data?.steps.map((s) => s.id) ?? [])].filter(Boolean) as string[]), [id, track.data]);
  useRefreshRecord(client, key, (e) => e.topic === `order:${id}` || (!!e.subjectId && own.has(e.subjectId)), 120);
  useEffect(() => {
    const no = track.data?.order.orderNo;
    if (!no) return;
    openTab({ key: `order:${id}`, href: `/app/orders/${id}`, title: no, kind: "order" });
    document.title = `${no} · 一台`;
  }, [id, track.data?.order.orderNo]);
  return <div className="page"><Loaded of={track} what={t("order.track")} rows={14}>{(data) => <Tracked data={data} reload={() => void client.invalidateQueries({ queryKey: key })} />}</Loaded></div>;
}

function Tracked({ data, reload }: { data: Track; reload: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const { order, saga, bill } = data;
  // What had not begun when the order ended never will.
  const ended = saga?.state === "compensated" || saga?.state === "abandoned";
  const steps = ended ? data.steps.map((s) => (s.state === "pending" ? { ...s, state: "notRun" as const } : s)) : data.steps;
  const done = steps.filter((s) => s.state === "done" || s.state === "skipped").length;
  const failed = steps.filter((s) => s.state === "failed" || s.state === "undoFailed");
  const changed = (fresh?: Track) => {
    if (fresh?.order) client.setQueryData(["track", order.id], fresh);
    else reload();
  };
  return (
    <>
      <PageHead title={<span className="num">{order.orderNo}</span>} sub={<Status group="orderState" code={order.state} />}>
        <TransitVerbs data={data} changed={changed} />
        {order.customerId && <Link to="/app/customers/$id" params={{ id: order.customerId }}>{t("order.toCustomer")}</Link>}
      </PageHead>
      {failed.length > 0 && <FalloutBanner orderId={order.id} step={failed[0]!} reload={reload} />}
      {data.booking && (
        <div className={`banner ${data.booking.waiting?.length ? "" : "info"}`} role="status">
          {data.booking.waiting?.length
            ? <span>{t("transit.waiting")} {data.booking.waiting.map((w) => w.reason).join("；")}</span>
            : <span>{t("transit.bookedFor", { date: dateTime(data.booking.effectiveAt) })}</span>}
        </div>
      )}
      {(order.state === "held" || data.booking?.held) && <div className="banner" role="status">{t("transit.heldNote")}</div>}
      {order.state === "completed" && bill && (
        <div className="banner ok" role="status">
          <span className="grow">{t("order.doneWithBill", { amount: "" })} <Money fen={bill.amountFen} /></span>
          <Link to="/app/bills/$id" params={{ id: bill.id }}>{t("order.toBill")}</Link>
          {bill.remainingFen > 0 && may("payment.take") && order.customerId && <Link to="/app/counter" search={{ customer: order.customerId } as never}>{t("customer.takePayment")}</Link>}
        </div>
      )}
      <section className="panel" aria-label={t("order.progress")}>
        <div className="highlights">
          <div style={{ width: 230 }}>
            <div className="row spread"><span className="muted">{t("order.progress")}</span><span className="num strong" data-testid="progress">{done} / {steps.length}</span></div>
            <Meter done={done} total={steps.length} tone={failed.length ? "bad" : undefined} label={t("order.progress")} />
            {saga && <div style={{ marginTop: 5 }}><Status group="sagaState" code={saga.state} bare /></div>}
          </div>
          <dl>
            <div><dt>{t("order.customer")}</dt><dd><Name>{order.customerName}</Name></dd></div>
            <div style={{ maxWidth: 360 }}><dt>{t("order.summary")}</dt><dd><Name>{order.summary}</Name></dd></div>
            <div><dt>{t("order.createdAt")}</dt><dd className="num">{dateTime(order.createdAt, true)}</dd></div>
            <div><dt>{t("order.operator")}</dt><dd><Name>{order.operator}</Name></dd></div>
            {order.businessTitle && <div><dt>{t("transit.business")}</dt><dd>{titled(order.businessTitle)}</dd></div>}
            {order.developer && <div><dt>{t("transit.developer")}</dt><dd><Name>{order.developer}</Name></dd></div>}
            {!!order.urges && <div><dt>{t("transit.urge")}</dt><dd className="warn">{t("transit.urged", { count: order.urges })}</dd></div>}
            <div><dt>{t("order.amount")}</dt><dd><Money fen={order.amountFen} /></dd></div>
          </dl>
        </div>
      </section>
      <div className="cols21">
        <div className="stack">
          <Panel title={t("order.decomposition")} flush>
            {data.tree.length === 0 ? <Nothing why={t("order.noTree")} /> : <Decomposition tree={data.tree} steps={steps} />}
          </Panel>
          <Panel title={t("order.tasks")} flush><Steps steps={steps} /></Panel>
        </div>
        <div className="stack">
          <Panel title={t("order.items")} flush>
            {order.items.map((item) => (
              <section key={item.id} className="cartline">
                <div className="row spread"><Name className="strong" wrap>{item.offering}</Name>{item.state && <Status group="orderState" code={item.state} />}</div>
                <div className="muted" style={{ fontSize: 12, margin: "2px 0 6px" }}>{word("itemAction", item.action)} · {word("family", item.family)}</div>
                {(item.characteristics ?? []).length > 0 && <Facts two items={item.characteristics!.filter((c) => !HIDDEN.has(c.name)).map((c) => [word("characteristic", c.name), <Name key={c.name} wrap>{c.name === "installSlot" ? dateTime(plain(c.value)) : plain(c.value)}</Name>])} />}
              </section>
            ))}
          </Panel>
          {(bill || (data.collaboration ?? []).length > 0) && (
            <Panel title={t("order.billing")}>
              <div className="stack tight">
                {(data.collaboration ?? []).map((c) => (
                  <div key={c.id} className="row spread"><span>{word("collaboration", c.type)}</span><span className="row"><Status group="collaborationState" code={c.state} />{c.ackAt && <span className="muted num" style={{ fontSize: 12 }}>{dateTime(c.ackAt, true).slice(11)}</span>}</span></div>
                ))}
                {bill && <div className="row spread"><Link to="/app/bills/$id" params={{ id: bill.id }} className="num">{bill.billNo}</Link><span><Money fen={bill.amountFen} />{bill.remainingFen > 0 ? <span className="bad"> · {t("bill.remaining")} <Money fen={bill.remainingFen} /></span> : <span className="ok"> · {t("billState.settled")}</span>}</span></div>}
              </div>
            </Panel>
          )}
          <Panel title={t("order.history")} flush>
            {data.history.length === 0 ? <Nothing why={t("order.noHistory")} /> : (
              <ol className="timeline" style={{ paddingTop: 6 }}>
                {data.history.map((h, i) => <li key={i}><span className="dot" /><div><bdi className="wrap">{h.what}</bdi></div><div className="meta"><At at={h.at} seconds />{h.operator && <bdi>{h.operator}</bdi>}</div></li>)}
              </ol>
            )}
          </Panel>
        </div>
      </div>
    </>
  );
}
