// What the customer holds; suspend and resume make an order, which one then follows.
import { DownOutlined, PauseOutlined, PlayCircleOutlined, RightOutlined } from "@ant-design/icons";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey, post } from "../../lib/api";
import { HIDDEN, day, phone, plain } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import type { CustomerView, HeldProduct } from "../../lib/types";
import { DataTable } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { Facts } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Money, Name } from "../../kit/text";

export function ProductsTab({ view, changed }: { view: CustomerView; changed: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay();
  const [open, setOpen] = useState<string | null>(null);
  const [asked, setAsked] = useState<{ product: HeldProduct; verb: "suspend" | "resume"; key: string } | null>(null);
  const changes = may("product.suspend");
  const columns: Column<HeldProduct>[] = [
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
    { key: "status", title: t("product.status"), width: 104, render: (p) => <Status group="productState" code={p.status} /> },
    {
      key: "do", title: t("kit.actions"), width: 88,
      render: (p) => !changes ? null
        : p.status === "active" ? <Button size="small" icon={<PauseOutlined aria-hidden />} onClick={() => setAsked({ product: p, verb: "suspend", key: newKey() })}>{t("product.suspend")}</Button>
        : p.status === "suspended" ? <Button size="small" icon={<PlayCircleOutlined aria-hidden />} onClick={() => setAsked({ product: p, verb: "resume", key: newKey() })}>{t("product.resume")}</Button> : null,
    },
  ];
  const act = async (reason: string) => {
    if (!asked) return;
    const made = await post<{ orderId?: string }>(`/products/${asked.product.id}/${asked.verb}`, { reason }, { idempotencyKey: asked.key });
    changed();
    if (made?.orderId) void navigate({ to: "/app/orders/$id", params: { id: made.orderId } });
  };
  return (
    <>
      <DataTable rows={view.products} rowKey={(p) => p.id} columns={columns} label={t("customer.tab.products")} minWidth={760} empty={<Nothing why={t("customer.noProducts")} />}
        extra={(p) => open !== p.id ? null : (
          <Facts items={[
            ...(p.characteristics ?? []).filter((x) => !HIDDEN.has(x.name)).map((x): [string, React.ReactNode] => [word("characteristic", x.name), <Name key={x.name} wrap>{plain(x.value)}</Name>]),
            [t("order.no"), p.orderNo ? <Link key="o" to="/app/orders" search={{ q: p.orderNo } as never} className="num">{p.orderNo}</Link> : "—"],
          ]} />
        )} />
      <ReasonDialog
        open={asked !== null} onClose={() => setAsked(null)} onConfirm={act} danger={asked?.verb === "suspend"}
        title={asked ? t(asked.verb === "suspend" ? "product.suspendTitle" : "product.resumeTitle", { name: asked.product.name }) : ""}
        confirm={t(asked?.verb === "resume" ? "product.resume" : "product.suspend")} note={t("product.makesOrder")}
        suggestions={asked?.verb === "resume" ? [t("product.whyResume1"), t("product.whyResume2")] : [t("product.whySuspend1"), t("product.whySuspend2"), t("product.whySuspend3")]}
      />
    </>
  );
}
