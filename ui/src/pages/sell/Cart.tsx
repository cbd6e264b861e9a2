// The cart stays at the right through all steps: what is in it, what it still lacks, what it costs.
import { DeleteOutlined, SettingOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Popconfirm } from "antd";
import { useTranslation } from "react-i18next";
import { dateTime, phone, yuan } from "../../lib/format";
import { comma, word } from "../../lib/i18n";
import type { CustomerView } from "../../lib/types";
import { Nothing } from "../../kit/states";
import { Money, Name } from "../../kit/text";
import { MonthlyPrice } from "../catalog/OfferingFacts";
import { gap, locksOf, quantityOf } from "./draft";
import type { CartItem, Draft, Saving } from "./draft";
import type { Price } from "./types";

export function Cart({ view, draft, price, stale, saving, remove, configure, drop }: {
  view: CustomerView; draft: Draft; price?: Price; stale: boolean; saving: Saving; remove: (key: string) => void; configure: (key: string) => void; drop: () => void;
}) {
  const { t } = useTranslation();
  const c = view.customer;
  const shown = draft.items.length > 0 ? price : undefined;
  const after = shown?.monthlyAfterFen !== undefined && shown.monthlyAfterFen !== shown.monthlyFen ? shown.monthlyAfterFen : null;
  return (
    <aside className="panel cart" aria-label={t("sell.cart")}>
      <header>
        <h2>{t("sell.cart")}</h2>
        {draft.items.length > 0 && saving !== "idle" && <span className={saving === "failed" ? "warn" : "muted"} style={{ fontSize: 12, marginLeft: 8 }} role="status">{t(`sale.draft.${saving}`)}</span>}
        <div className="acts">{draft.items.length > 0 && <Popconfirm title={t("sell.dropAsk")} okText={t("sell.drop")} cancelText={t("kit.cancel")} onConfirm={drop}><Button size="small" type="text">{t("sell.drop")}</Button></Popconfirm>}</div>
      </header>
      <div className="cartline" style={{ background: "var(--well)" }}>
        <div className="row spread"><Link to="/app/customers/$id" params={{ id: c.id }} className="strong" style={{ minWidth: 0 }}><Name>{c.name}</Name></Link>{c.grade && <span className="chip">{word("grade", c.grade)}</span>}</div>
        <div className="muted num">{phone(c.phone)} · {c.customerNo}</div>
        {view.arrears.totalFen > 0 && <div className="bad num">{t("customer.arrears")} {yuan(view.arrears.totalFen)}</div>}
        {view.inTransit.length > 0 && <div className="warn">{t("sell.inTransit", { count: view.inTransit.length })}</div>}
      </div>
      {draft.items.length === 0 ? <Nothing why={t("sell.emptyCart")} /> : (
        <ul className="cartlist">
          {draft.items.map((i, n) => {
            const lacks = gap(i);
            const against = (shown?.problems ?? []).filter((p) => p.offeringId === i.offering.id);
            const priced = shown && !stale ? shown.items[n] : undefined;
            return (
              <li key={i.key} className="cartline">
                <div className="row top">
                  <span className="grow"><Name wrap className="strong">{i.offering.name}</Name>{(i.quantity ?? 1) > 1 && <span className="num"> × {i.quantity}</span>}</span>
                  <Button size="small" type="text" icon={<SettingOutlined aria-hidden />} aria-label={t("sale.configureOf", { name: i.offering.name })} title={`${t("sale.configure")} F3`} onClick={() => configure(i.key)} />
                  <Button size="small" type="text" icon={<DeleteOutlined aria-hidden />} aria-label={t("sell.remove", { name: i.offering.name })} onClick={() => remove(i.key)} />
                </div>
                <div className="row spread" style={{ fontSize: 12 }}>
                  <span className="soft num">{i.portIn ? `${t("sale.portIn")} ${phone(i.portIn.number)}` : locksOf(i).length > 0 ? locksOf(i).map((l) => phone(l.number)).join(comma()) : ""}{i.installSlot ? ` ${dateTime(i.installSlot).slice(5)}` : ""}</span>
                  <MonthlyPrice offering={i.offering} />
                </div>
                <Picks item={i} />
                {(priced?.discounts ?? []).map((d) => <div key={d.id} className="row spread ok" style={{ fontSize: 12 }}><Name>{d.name}</Name><Money fen={d.amountFen} /></div>)}
                {priced?.contract && <div className="muted" style={{ fontSize: 12 }}>{t("sale.contractTo", { count: priced.contract.months, end: priced.contract.ends })}</div>}
                {lacks && <div className="warn" style={{ fontSize: 12 }}>{t(`sell.gap.${lacks}`)}</div>}
                {against.map((p, k) => <div key={k} className="bad wrap" style={{ fontSize: 12 }} title={p.message}><bdi>{p.reason}</bdi></div>)}
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
          {after !== null && <><span className="muted">{t("sale.afterDiscount")}</span><span className="muted"><Money fen={after} /></span></>}
          {!!shown.discountFen && <><span className="ok">{t("sale.saved")}</span><span className="ok"><Money fen={-shown.discountFen} /></span></>}
          <span className="strong" style={{ alignSelf: "center" }}>{t("sell.dueNow")}</span><span className="big"><Money fen={shown.dueNowFen} /></span>
          {shown.problems.length > 0 && <span className="bad" style={{ gridColumn: "1 / -1" }}>{t("sell.problems", { count: shown.problems.length })}</span>}
          {shown.outside && <span className="muted" style={{ gridColumn: "1 / -1", fontSize: 12 }}>{t("sale.outside")}</span>}
        </div>
      )}
    </aside>
  );
}

/** What was picked inside a bundle, in one line. */
function Picks({ item }: { item: CartItem }) {
  const options = (item.detail?.options ?? []).filter((o) => (o.group || o.min !== o.max) && quantityOf(item, o.offeringId) > 0);
  if (options.length === 0) return null;
  return <div className="muted wrap" style={{ fontSize: 12 }}>{options.map((o) => `${o.name}${quantityOf(item, o.offeringId) > 1 ? ` × ${quantityOf(item, o.offeringId)}` : ""}`).join(comma())}</div>;
}
