// The last look together with the customer: who, what, which number, when, how much; then the tick and F9.
import { Input } from "antd";
import { useTranslation } from "react-i18next";
import { dateTime, phone } from "../../lib/format";
import { comma, word } from "../../lib/i18n";
import type { CustomerView } from "../../lib/types";
import { NamePanel, useNameRule } from "./NamePanel";
import { locksOf, quantityOf, startOf } from "./draft";
import type { Price } from "./types";
import { Facts, Field, Panel, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Money, Name } from "../../kit/text";
import { MonthlyPrice } from "../catalog/OfferingFacts";
import type { Draft } from "./draft";
import { PriceLines } from "./PriceStep";

export function ConfirmStep({ view, draft, change, price }: { view: CustomerView; draft: Draft; change: (part: Partial<Draft>) => void; price?: Price }) {
  const { t } = useTranslation();
  const c = view.customer;
  const needed = useNameRule(draft.items.flatMap((i) => [i.offering.family, ...(i.detail?.options ?? []).map((o) => o.family)]));
  const penalty = (price?.items ?? []).filter((i) => i.contract);
  const start = startOf(draft);
  return (
    <div className="stack">
      <Panel title={t("sell.step.confirm")}>
        <Facts items={[
          [t("order.customer"), <Name key="n" className="strong">{c.name}</Name>],
          [t("customer.phone"), <span key="p" className="num">{phone(c.phone)}</span>],
          [c.certificateType ? word("certificateType", c.certificateType) : t("customer.certificate"), <span key="c" className="num">{c.certificate ?? "—"}</span>],
          [t("sell.dueNow"), <b key="d"><Money fen={price?.dueNowFen} /></b>],
        ]} />
      </Panel>
      {draft.items.map((i) => (
        <Panel key={i.key} title={<Name>{i.offering.name}</Name>} acts={<span className="strong"><MonthlyPrice offering={i.offering} /></span>}>
          <Facts items={[
            ...(i.portIn ? [[t("sale.portIn"), <b key="pi" className="num">{phone(i.portIn.number)} · {t(`sale.carrier.${i.portIn.donor as "CMCC"}`)}</b>] as [string, React.ReactNode]] : []),
            ...((i.quantity ?? 1) > 1 ? [[t("sale.quantity"), <b key="q" className="num">{i.quantity}</b>] as [string, React.ReactNode]] : []),
            ...(i.lock ? [[t("product.number"), <b key="n" className="num">{locksOf(i).map((l) => phone(l.number)).join(comma())}</b>] as [string, React.ReactNode]] : []),
            ...(i.installAddress ? [[t("sell.installAddress"), <Name key="a" wrap>{i.installAddress}</Name>] as [string, React.ReactNode]] : []),
            ...(i.installSlot ? [[t("sell.installSlot"), <span key="s" className="num">{dateTime(i.installSlot)}</span>] as [string, React.ReactNode]] : []),
            [t("product.family"), word("family", i.offering.family)],
            ...(i.offering.contractMonths ? [[t("offering.term"), t("offering.months", { count: i.offering.contractMonths })] as [string, React.ReactNode]] : []),
            ...(i.iccid ? [[t("sale.sim"), <span key="sim" className="mono">{i.iccid}</span>] as [string, React.ReactNode]] : []),
            ...(i.serial ? [[t("sale.device"), <span key="dev" className="mono">{i.serial}</span>] as [string, React.ReactNode]] : []),
            ...(i.detail?.options.length ? [[t("offering.components"), i.detail.options.filter((o) => quantityOf(i, o.offeringId) > 0).map((o) => o.name).join(comma())] as [string, React.ReactNode]]
              : (i.offering.components ?? []).length ? [[t("offering.components"), i.offering.components!.map((x) => x.name).join(comma())] as [string, React.ReactNode]] : []),
          ]} />
        </Panel>
      ))}
      {price && <Panel title={t("sell.step.price")} flush><PriceLines price={price} /></Panel>}
      <NamePanel view={view} draft={draft} change={change} needed={needed} />
      <Panel>
        <div className="stack">
          <div className="row wraps" style={{ gap: 16, alignItems: "flex-start" }}>
            <div className="field">
              <span className="label">{t("sale.effective")}</span>
              <Segments label={t("sale.effective")} at={draft.effective} onPick={(effective) => change({ effective })} items={(["immediate", "nextDay", "nextMonth", "date"] as const).map((e) => ({ id: e, title: t(`sale.when.${e}`) }))} />
            </div>
            {draft.effective === "date" && <Field label={t("sale.date")}>{(p) => <input {...p} type="date" className="pick" value={draft.effectiveDate ?? ""} min={tomorrow()} onChange={(e) => change({ effectiveDate: e.target.value })} />}</Field>}
            {start && <span className="soft num" style={{ paddingTop: 27 }}>{t("sale.startsOn", { date: start })}</span>}
            <Field label={t("sale.developer")} hint={t("sale.developerHint")}>{(p) => <Input {...p} style={{ width: 180 }} maxLength={60} value={draft.developer} onChange={(e) => change({ developer: e.target.value })} />}</Field>
          </div>
          {view.accounts.length > 1 && (
            <Field label={t("sell.account")}>{(p) => <Pick id={p.id} value={draft.accountId ?? ""} onPick={(v) => change({ accountId: v || undefined })} options={[{ value: "", label: t("sell.defaultAccount") }, ...view.accounts.map((a) => ({ value: a.id, label: `${a.accountNo} ${a.name ?? ""}` }))]} />}</Field>
          )}
          <Field label={t("sell.note")}>{(p) => <Input {...p} maxLength={500} value={draft.note} onChange={(e) => change({ note: e.target.value })} />}</Field>
          {penalty.map((i, n) => <div key={n} className="soft wrap">{t("sale.boundBy", { name: i.name, count: i.contract!.months, end: i.contract!.ends })}{i.contract!.earlyTerminationFen > 0 && <> · {t("sale.penaltyNow")} <Money fen={i.contract!.earlyTerminationFen} /></>}</div>)}
          <label className="tick"><input type="checkbox" id="sell-agreed" autoFocus checked={draft.agreed} onChange={(e) => change({ agreed: e.target.checked })} />{t("sell.agreed")}</label>
        </div>
      </Panel>
    </div>
  );
}

const tomorrow = () => new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format(new Date(Date.now() + 86_400_000));
