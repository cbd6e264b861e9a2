// Who stands at the desk, in one line: name, state, grade, how to reach them, what they owe, what they are worth to us.
import { BankOutlined, UserOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { titled, word } from "../../lib/i18n";
import { yuan } from "../../lib/format";
import { Meter } from "../../kit/layout";
import { Status } from "../../kit/Status";
import { Masked, Name } from "../../kit/text";
import { TraitValue } from "./Traits";
import type { FullView } from "./types";
import { trait } from "./types";

export function Highlights({ id, view, onManager, onMoney }: { id: string; view: FullView; onManager?: () => void; onMoney: () => void }) {
  const { t } = useTranslation();
  const c = view.customer;
  const owes = view.arrears.totalFen > 0;
  const notable = ["arpa", "tenure", "score", "churn", "overall"].map((x) => trait(view, x)).filter((x) => x !== undefined);
  return (
    <>
      <div className="highlights">
        <div className="who">
          <span className="avatar">{c.kind === "organization" ? <BankOutlined aria-hidden /> : <UserOutlined aria-hidden />}</span>
          <div style={{ minWidth: 0 }}>
            <h1><Name>{c.name}</Name></h1>
            <div className="row" style={{ gap: 6 }}>
              <Status group="customerState" code={c.status} />
              {c.grade && <span className={`chip${/gold|diamond|platinum|vip|key/i.test(c.grade) ? " gold" : ""}`}>{word("grade", c.grade)}</span>}
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
            <dd className={`num ${owes ? "bad" : ""}`}>
              {owes ? <button type="button" className="linkish bad" onClick={onMoney}>{yuan(view.arrears.totalFen)}</button> : yuan(0)}
              {owes && <span style={{ fontWeight: 400, fontSize: 12 }}> {t("customer.billsOpen", { count: view.arrears.billCount })}</span>}
            </dd>
          </div>
          <div>
            <dt>{t("customer.manager")}</dt>
            <dd className="row" style={{ gap: 6 }}><Name>{c.manager || t("v360.noManager")}</Name>{onManager && <button type="button" className="linkish" style={{ fontSize: 12, fontWeight: 400, flex: "none" }} onClick={onManager}>{t("v360.change")}</button>}</dd>
          </div>
        </dl>
      </div>
      {notable.length > 0 && (
        <div className="worth" role="group" aria-label={t("v360.value")}>
          {notable.map((x) => <span key={x.id} className="worth-item" title={x.how ? titled(x.how) : undefined}><span className="muted">{titled(x.title)}</span> <TraitValue of={x} />{x.origin === "derived" && <sup className="mark" aria-label={t("v360.derived")}>*</sup>}</span>)}
        </div>
      )}
    </>
  );
}

export function Transit({ view, onAll, onWithdraw }: { view: FullView; onAll: () => void; onWithdraw?: (order: { id: string; orderNo: string }) => void }) {
  const { t } = useTranslation();
  if (view.inTransit.length === 0) return null;
  return (
    <div className="transit" aria-label={t("customer.inTransit")} role="group">
      <span className="strong">{t("customer.inTransit")} <span className="num">{view.inTransit.length}</span></span>
      {view.inTransit.slice(0, 3).map((o) => (
        <span key={o.id} className="transit-item">
          <Link to="/app/orders/$id" params={{ id: o.id }}>
            <Status group="orderState" code={o.state} />
            <span className="num">{o.orderNo}</span>
            <Name className="muted">{o.summary}</Name>
            {o.progress && o.progress.total > 0 && <><span style={{ width: 56, flex: "none" }}><Meter done={o.progress.done} total={o.progress.total} label={t("order.progress")} /></span><span className="num muted">{o.progress.done}/{o.progress.total}</span></>}
          </Link>
          {onWithdraw && <button type="button" className="linkish" data-withdraw={o.orderNo} onClick={() => onWithdraw(o)}>{t("action.withdraw")}</button>}
        </span>
      ))}
      {view.inTransit.length > 3 && <button type="button" className="linkish" onClick={onAll}>{t("kit.all")}</button>}
    </div>
  );
}

/** What stands before everything else: a blacklist mark, a mark of caution, or an audience that sees less. */
export function Notices({ view }: { view: FullView }) {
  const { t } = useTranslation();
  const marks = view.customer.standings ?? [];
  const unverified = view.audience?.name === "hotlineUnverified";
  return (
    <>
      {marks.map((s) => (
        <div key={s.id} className={`banner ${s.kind === "blacklist" ? "bad" : ""}`} role="alert">
          <span><b>{s.kind === "blacklist" ? t("v360.blacklisted") : t("v360.abnormal")}</b>　<bdi>{s.reason}</bdi>{s.until && <span className="num">　{t("v360.until", { day: s.until.slice(0, 10) })}</span>}</span>
        </div>
      ))}
      {unverified && <div className="banner info" role="status">{t("v360.unverified")}</div>}
    </>
  );
}
