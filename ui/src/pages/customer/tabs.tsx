// The quieter tabs of a customer: overview, orders, money, relations, agreements.
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { address } from "../../lib/api";
import { dateTime, day, phone, plain } from "../../lib/format";
import { language, word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import type { BillRow, PaymentRow } from "../../lib/types";
import type { FullView } from "./types";
import { DataTable } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { Facts } from "../../kit/layout";
import { Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money, Name } from "../../kit/text";
import { orderColumns } from "../order/columns";

type P = { view: FullView };
export const Block = ({ title, children, more }: { title: string; children: React.ReactNode; more?: React.ReactNode }) => (
  <section className="block"><div className="row spread block-head"><h3>{title}</h3>{more}</div>{children}</section>
);

export function OverviewTab({ view, onEdit }: P & { onEdit?: () => void }) {
  const { t } = useTranslation();
  const c = view.customer;
  const given = (c.given ?? []).map((g): [string, React.ReactNode] => [word("given", g.name), <Name key={g.name} wrap>{shownGiven(g.name, g.value)}</Name>]);
  return (
    <>
      <Block title={t("customer.social")} more={onEdit && <button type="button" className="linkish" onClick={onEdit}>{t("v360.edit")}</button>}>
        <Facts items={[
          [t("customer.kind"), word("kind", c.kind)],
          [t("customer.org"), <Name key="o">{c.orgName ?? c.org}</Name>],
          [t("customer.createdAt"), dateTime(c.createdAt)],
          [t("v360.verification"), c.realName ? t("customer.realName") : t("customer.notRealName")],
          [t("customer.address"), <Name key="a" wrap>{c.address}</Name>],
          ...given,
        ]} />
      </Block>
      {(c.contacts ?? []).length > 0 && (
        <Block title={t("customer.contacts")}>
          <table className="data" aria-label={t("customer.contacts")}><tbody>
            {c.contacts!.map((k, i) => <tr key={i}><td><Name>{k.name}</Name></td><td className="muted">{k.role ? word("contactWay", k.role) : "—"}</td><td className="num">{phone(k.phone)}</td><td><Name>{k.email}</Name></td><td className="muted">{k.preferred === true ? t("customer.preferred") : k.preferred ? word("contactWay", String(k.preferred)) : ""}</td></tr>)}
          </tbody></table>
        </Block>
      )}
      {view.relations.length > 0 && (
        <Block title={t("customer.tab.relations")}>
          <div className="row wraps" style={{ padding: "0 14px 12px", gap: 6 }}>
            {view.relations.map((r, i) => <Link key={i} to="/app/customers/$id" params={{ id: r.customerId }} className="chip"><span className="muted">{r.typeName ?? word("relation", r.type)}</span> <bdi>{r.name}</bdi></Link>)}
          </div>
        </Block>
      )}
      {view.tickets.length > 0 && (
        <Block title={t("customer.tickets")}>
          <table className="data" aria-label={t("customer.tickets")}><tbody>
            {view.tickets.map((k) => <tr key={k.id}><td style={{ width: 150 }} className="num">{k.ticketNo ?? k.id}</td><td><Name>{k.name}</Name></td><td style={{ width: 120 }}><Status group="ticketState" code={k.status} /></td><td style={{ width: 140 }}><At at={k.createdAt} /></td></tr>)}
          </tbody></table>
        </Block>
      )}
      {(view.behaviour?.contactsByChannel ?? []).length > 0 && (
        <Block title={t("v360.contactsLately")}>
          <div className="row wraps" style={{ padding: "0 14px 12px", gap: 6 }}>{view.behaviour.contactsByChannel.map((x) => <span key={x.channel} className="chip">{word("contactChannel", x.channel)} <b className="num">{x.count}</b></span>)}</div>
        </Block>
      )}
    </>
  );
}

const shownGiven = (name: string, value: unknown) => (typeof value === "string" && /Date|Since/.test(name) ? day(value) : word(name, plain(value)));

export function OrdersTab({ view }: P) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const ids = new Set(view.inTransit.map((o) => o.id));
  const rows = [...view.inTransit, ...view.orders.filter((o) => !ids.has(o.id))];
  return <DataTable rows={rows} rowKey={(o) => o.id} columns={orderColumns(t, "customer")} label={t("customer.tab.orders")} keys minWidth={680}
    onOpen={(o) => void navigate({ to: "/app/orders/$id", params: { id: o.id } })} empty={<Nothing why={t("customer.noOrders")} />} />;
}

/** A whole month is told by its name; other spans without what both days share. */
function span(from: string, to: string): string {
  const [year, month] = from.split("-").map(Number);
  const last = new Date(Date.UTC(year!, month!, 0)).toISOString().slice(0, 10);
  if (from.endsWith("-01") && to === last) return from.slice(0, 7);
  return `${from} – ${from.slice(0, 4) === to.slice(0, 4) ? to.slice(5) : to}`;
}

export function MoneyTab({ view }: P) {
  const { t } = useTranslation();
  const may = useMay();
  const money = may("payment.read");
  const navigate = useNavigate();
  const bills: Column<BillRow>[] = [
    { key: "no", title: t("bill.no"), width: 236, lead: true, render: (b) => <span className="num">{b.billNo}</span> },
    { key: "period", title: t("bill.period"), render: (b) => <span className="num" title={`${day(b.period.start)} – ${day(b.period.end)}`}>{span(day(b.period.start), day(b.period.end))}</span> },
    { key: "amount", title: t("bill.amount"), width: 100, right: true, render: (b) => <Money fen={b.amountFen} /> },
    { key: "rest", title: t("bill.remaining"), width: 100, right: true, render: (b) => <span className={b.remainingFen > 0 ? "bad" : ""}><Money fen={b.remainingFen} /></span> },
    { key: "due", title: t("bill.due"), width: 100, render: (b) => <span className="num">{day(b.dueDate)}</span> },
    { key: "state", title: t("bill.state"), width: 104, render: (b) => <Status group="billState" code={b.state} /> },
  ];
  const payments: Column<PaymentRow>[] = [
    { key: "no", title: t("payment.receiptNo"), width: 222, render: (p) => <span className="num">{p.receiptNo}</span> },
    { key: "at", title: t("payment.at"), width: 140, render: (p) => <At at={p.at} /> },
    { key: "method", title: t("payment.method"), width: 76, render: (p) => word("payMethod", p.method) },
    { key: "amount", title: t("payment.amount"), width: 110, right: true, render: (p) => <Money fen={p.amountFen} tone /> },
    { key: "by", title: t("payment.operator"), render: (p) => <Name>{p.operator}</Name> },
    { key: "state", title: "", width: 110, render: (p) => (p.reversalOf ? <span className="chip">{t("payment.isReversal")}</span> : p.reversedBy ? <Status group="payState" code="reversed" /> : "") },
  ];
  return (
    <>
      <Block title={t("customer.accounts")}>
        <table className="data" aria-label={t("customer.accounts")}><tbody>
          {view.accounts.map((a) => <tr key={a.id}><td style={{ width: 222 }} className="num">{a.accountNo}</td><td><Name>{a.name}</Name></td><td className="muted">{a.paymentMethod ? word("payMethod", a.paymentMethod) : ""}</td><td className="right"><span className="muted">{t("customer.balance")} </span><Money fen={a.balanceFen} /></td>{may("account.read") && <td className="right" style={{ width: 70 }}><Link to="/app/accounts/$id/books" params={{ id: a.id }}>{t("purse.books")}</Link></td>}</tr>)}
        </tbody></table>
      </Block>
      <Block title={t("customer.bills")} more={may("bill.read") && <span className="row" style={{ gap: 14 }}>{may("adjustment.read") && <Link to="/app/billing/adjustments" search={{ customer: view.customer.id } as never}>{t("purse.adjust")}</Link>}<Link to="/app/statements/$customerId" params={{ customerId: view.customer.id }}>{t("statement.title")}</Link>{view.bills.length > 0 && <a href={address(`/customers/${view.customer.id}/statement.pdf?lang=${language() === "en" ? "en" : "zh"}`)} target="_blank" rel="noopener noreferrer">PDF</a>}</span>}>
        <DataTable rows={view.bills} rowKey={(b) => b.id} columns={bills} label={t("customer.bills")} minWidth={740} keys
          onOpen={(b) => void navigate({ to: "/app/bills/$id", params: { id: b.id } })} empty={<Nothing why={t("customer.noBills")} />} />
      </Block>
      <Block title={t("customer.payments")} more={money && <Link to="/app/counter/refunds" search={{ tab: "deposits", customer: view.customer.id } as never}>{t("purse.deposits")}</Link>}>
        <DataTable rows={view.payments} rowKey={(p) => p.id} columns={payments} label={t("customer.payments")} minWidth={700} empty={<Nothing why={t("customer.noPayments")} />} />
      </Block>
    </>
  );
}

function termsText(terms: unknown): string {
  if (!Array.isArray(terms)) return plain(terms);
  return (terms as { name?: string; description?: string }[]).map((x) => [x.name, x.description].filter(Boolean).join("：")).join("；") || "—";
}

export function AgreementsTab({ view }: P) {
  const { t } = useTranslation();
  if (view.agreements.length === 0) return <Nothing why={t("customer.noAgreements")} />;
  return (
    <table className="data" aria-label={t("customer.tab.agreements")}>
      <thead><tr><th>{t("customer.agreementOffering")}</th><th style={{ width: 110 }}>{t("customer.from")}</th><th style={{ width: 190 }}>{t("customer.to")}</th><th>{t("customer.terms")}</th></tr></thead>
      <tbody>{view.agreements.map((a, i) => <tr key={i}><td className="wrapped"><Name wrap>{a.offering}</Name></td><td className="num">{day(a.start)}</td><td className="num">{day(a.end)}{a.ended ? <span className="muted"> {t("v360.ended")}</span> : a.daysLeft !== undefined && a.daysLeft <= 90 ? <span className="warn"> {t("v360.daysLeft", { count: a.daysLeft })}</span> : null}</td><td className="wrapped"><Name wrap>{termsText(a.terms)}</Name></td></tr>)}</tbody>
    </table>
  );
}
