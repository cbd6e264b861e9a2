// The workbench: today in four numbers, orders by hour, what was touched last.
import { ShoppingCartOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useMemo } from "react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LazyChart } from "../../charts/LazyChart";
import { call } from "../../lib/api";
import { count, phone, today, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay, useSession } from "../../lib/session";
import type { Workbench } from "../../lib/types";
import { DataTable } from "../../kit/DataTable";
import { PageHead, Panel } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Ago, Name } from "../../kit/text";
import { orderColumns } from "../order/columns";

/** A figure leads to its list for those who may read it. */
const Leads = ({ to, children }: { to: string | null; children: ReactNode }) => (to ? <Link to={to}>{children}</Link> : <div>{children}</div>);

export default function HomePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay();
  const { staff } = useSession();
  const desk = useQuery({ queryKey: ["workbench"], queryFn: () => call<Workbench>("/workbench") });
  const hours = useMemo(() => (desk.data?.ordersByHour ?? []).map((value, h) => ({ label: `${String(h).padStart(2, "0")}`, value })), [desk.data?.ordersByHour]);
  return (
    <div className="page">
      <PageHead title={t("home.title")} sub={<><bdi>{staff.name}</bdi> · {staff.orgName} · <span className="num">{today()}</span></>}>
        {may("order.create") && <Button type="primary" icon={<ShoppingCartOutlined aria-hidden />} onClick={() => void navigate({ to: "/app/sell" })}>{t("nav.sell")}</Button>}
      </PageHead>
      <Loaded of={desk} what={t("home.title")} rows={12}>
        {(d) => (
          <>
            <section className="panel kpis" aria-label={t("home.today")}>
              <Link to="/app/orders"><div className="k">{t("home.orders")}</div><div className="v">{count(d.today.orders)}</div></Link>
              <Leads to={may("payment.read") ? "/app/counter/payments" : null}><div className="k">{t("home.payments")}</div><div className="v">{yuan(d.today.paymentsFen)}</div></Leads>
              <Link to="/app/customers"><div className="k">{t("home.customers")}</div><div className="v">{count(d.today.newCustomers)}</div></Link>
              <Leads to={may("fallout.read") ? "/app/fallout" : null}><div className="k">{t("home.fallout")}</div><div className={`v${d.today.falloutOpen > 0 ? " bad" : ""}`}>{count(d.today.falloutOpen)}</div></Leads>
            </section>
            <div className="cols21">
              <div className="stack">
                <Panel><LazyChart title={t("home.byHour")} unit={t("home.byHourUnit")} data={hours} kind="column" height={190} /></Panel>
                <Panel title={t("home.recentOrders")} flush acts={<Link to="/app/orders">{t("kit.all")}</Link>}>
                  <DataTable
                    rows={d.recentOrders} rowKey={(o) => o.id} label={t("home.recentOrders")} keys columns={orderColumns(t, "brief")} minWidth={690}
                    onOpen={(o) => void navigate({ to: "/app/orders/$id", params: { id: o.id } })}
                    empty={<Nothing why={t("home.noOrders")} action={may("order.create") ? <Link to="/app/sell">{t("home.firstOrder")}</Link> : undefined} />}
                  />
                </Panel>
              </div>
              <Panel title={t("home.recentCustomers")} flush acts={<Link to="/app/customers">{t("kit.all")}</Link>}>
                {d.recentCustomers.length === 0 ? <Nothing why={t("home.noCustomers")} action={<Link to="/app/customers" search={{ new: "1" } as never}>{t("palette.newCustomer")}</Link>} /> : (
                  <ul>
                    {d.recentCustomers.map((c) => (
                      <li key={c.id}>
                        <Link to="/app/customers/$id" params={{ id: c.id }} className="row recent">
                          <span className="grow"><Name className="strong">{c.name}</Name><span className="muted num">{phone(c.phone)} · {c.customerNo}</span></span>
                          <span className="right muted" style={{ fontSize: 12 }}>{c.grade ? word("grade", c.grade) : ""}<br />{c.createdAt ? <Ago at={c.createdAt} /> : null}</span>
                        </Link>
                      </li>
                    ))}
                  </ul>
                )}
              </Panel>
            </div>
          </>
        )}
      </Loaded>
    </div>
  );
}
