// What the customer holds and held, with every characteristic. What can be done with it stands above, at the desk.
import { DownOutlined, RightOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { HIDDEN, day, phone, plain } from "../../lib/format";
import { word } from "../../lib/i18n";
import { DataTable } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { Facts } from "../../kit/layout";
import { Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Money, Name } from "../../kit/text";
import { useMay } from "../../lib/session";
import { whose } from "./Purse";
import type { FullView, Product } from "./types";

/** This month and the two before it, as people here count them. */
const lately = () => Array.from({ length: 3 }, (_, n) => { const [y, m] = day(new Date().toISOString()).split("-").map(Number); return new Date(Date.UTC(y!, m! - 1 - n, 1)).toISOString().slice(0, 7); });

export function ProductsTab({ view }: { view: FullView }) {
  const { t } = useTranslation();
  const may = useMay();
  const [open, setOpen] = useState<string | null>(null);
  const columns: Column<Product>[] = [
    {
      key: "name", title: t("product.name"), lead: true,
      render: (p) => (
        <span className="row">
          <button type="button" className="linkish" aria-expanded={open === p.id} aria-label={t("product.details", { name: p.name })} onClick={() => setOpen(open === p.id ? null : p.id)}>
            {open === p.id ? <DownOutlined aria-hidden /> : <RightOutlined aria-hidden />}
          </button>
          <Name>{p.name}</Name>
        </span>
      ),
    },
    { key: "family", title: t("product.family"), width: 84, render: (p) => word("family", p.family) },
    { key: "number", title: t("product.number"), width: 130, render: (p) => <span className="num">{phone(p.number)}</span> },
    { key: "fee", title: t("product.fee"), width: 90, right: true, render: (p) => <Money fen={p.monthlyFeeFen} /> },
    { key: "start", title: t("product.start"), width: 96, render: (p) => <span className="num">{day(p.startDate)}</span> },
    { key: "status", title: t("product.status"), width: 108, render: (p) => <Status group={p.barLevel ? `productBar.${p.barLevel}` : "productState"} code={p.status} /> },
  ];
  return (
    <DataTable rows={view.products} rowKey={(p) => p.id} columns={columns} label={t("customer.tab.products")} minWidth={700} empty={<Nothing why={t("customer.noProducts")} />}
      extra={(p) => open !== p.id ? null : (
        <Facts items={[
          ...(p.characteristics ?? []).filter((x) => !HIDDEN.has(x.name)).map((x): [string, React.ReactNode] => [word("characteristic", x.name), <Name key={x.name} wrap>{plain(x.value)}</Name>]),
          ...(whose(p) && may("usage.read") ? [[t("purse.months"), <span key="u" className="row wraps" style={{ gap: "2px 12px" }}>{lately().map((m, n) => <Link key={m} className="num" to="/app/usage" search={{ ...whose(p)!, ...(n > 0 ? { cycle: m } : {}) } as never}>{m}</Link>)}</span>] as [string, React.ReactNode]] : []),
          ...(whose(p) && may("rating.balance") ? [[t("purse.left"), <span key="l" className="row wraps" style={{ gap: "2px 12px" }}>{lately().map((m, n) => <Link key={m} className="num" to="/app/rating" search={{ ...whose(p)!, ...(n > 0 ? { cycle: m } : {}) } as never}>{m}</Link>)}</span>] as [string, React.ReactNode]] : []),
          ...(p.locks?.length ? [[t("interchange.locks"), p.locks.map((l) => `${word("lockReason", l.reason)}（${word("barLevel", l.level)}）`).join("，")] as [string, React.ReactNode]] : []),
          [t("order.no"), p.orderNo ? <Link key="o" to="/app/orders" search={{ q: p.orderNo } as never} className="num">{p.orderNo}</Link> : "—"],
        ]} />
      )} />
  );
}
