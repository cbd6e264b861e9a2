// The cart stays at the right through all steps: what is in it, what it still lacks, what it costs.
import { DeleteOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Popconfirm } from "antd";
import { useTranslation } from "react-i18next";
import { dateTime, phone, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import type { CustomerView, PriceResult } from "../../lib/types";
import { Nothing } from "../../kit/states";
import { Money, Name } from "../../kit/text";
import { MonthlyPrice } from "../catalog/OfferingFacts";
import { gap } from "./draft";
import type { Draft } from "./draft";

export function Cart({ view, draft, price, stale, remove, drop }: {
  view: CustomerView; draft: Draft; price?: PriceResult; stale: boolean; remove: (key: string) => void; drop: () => void;
}) {
  const { t } = useTranslation();
  const c = view.customer;
  const shown = draft.items.length > 0 ? price : undefined;
  return (
    <aside className="panel cart" aria-label={t("sell.cart")}>
      <header>
        <h2>{t("sell.cart")}</h2>
        <div className="acts">{draft.items.length > 0 && <Popconfirm title={t("sell.dropAsk")} okText={t("sell.drop")} cancelText={t("kit.cancel")} onConfirm={drop}><Button size="small" type="text">{t("sell.drop")}</Button></Popconfirm>}</div>
      </header>
      <div className="cartline" style={{ background: "var(--well)" }}>
        <div className="row spread"><Link to="/app/customers/$id" params={{ id: c.id }} className="strong" style={{ minWidth: 0 }}><Name>{c.name}</Name></Link>{c.grade && <span className="chip">{word("grade", c.grade)}</span>}</div>
        <div className="muted num">{phone(c.phone)} · {c.customerNo}</div>
        {view.arrears.totalFen > 0 && <div className="bad num">{t("customer.arrears")} {yuan(view.arrears.totalFen)}</div>}
        {view.inTransit.length > 0 && <div className="warn">{t("sell.inTransit", { count: view.inTransit.length })}</div>}
      </div>
      {draft.items.length === 0 ? <Nothing why={t("sell.emptyCart")} /> : (
        <ul>
          {draft.items.map((i) => {
            const lacks = gap(i);
            return (
              <li key={i.key} className="cartline">
                <div className="row top">
                  <span className="grow"><Name wrap className="strong">{i.offering.name}</Name></span>
                  <Button size="small" type="text" icon={<DeleteOutlined aria-hidden />} aria-label={t("sell.remove", { name: i.offering.name })} onClick={() => remove(i.key)} />
                </div>
                <div className="row spread" style={{ fontSize: 12 }}>
                  <span className="soft num">{i.lock ? phone(i.lock.number) : ""}{i.installSlot ? ` ${dateTime(i.installSlot).slice(5)}` : ""}</span>
                  <MonthlyPrice offering={i.offering} />
                </div>
                {lacks && <div className="warn" style={{ fontSize: 12 }}>{t(`sell.gap.${lacks}`)}</div>}
              </li>
            );
          })}
        </ul>
      )}
      {shown && (
        <div className="totals" style={{ opacity: stale ? 0.55 : 1 }} aria-live="polite">
          <span className="soft">{t("sell.oneTime")}</span><Money fen={shown.oneTimeFen} />
          <span className="soft">{t("sell.firstMonth")}</span><Money fen={shown.firstMonthFen} />
          <span className="soft">{t("sell.monthly")}</span><Money fen={shown.monthlyFen} />
          <span className="strong" style={{ alignSelf: "center" }}>{t("sell.dueNow")}</span><span className="big"><Money fen={shown.dueNowFen} /></span>
          {shown.problems.length > 0 && <span className="bad" style={{ gridColumn: "1 / -1" }}>{t("sell.problems", { count: shown.problems.length })}</span>}
        </div>
      )}
    </aside>
  );
}
