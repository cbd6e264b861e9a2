// The last look together with the customer: who, what, which number, when, how much; then the tick and F9.
import { Input } from "antd";
import { useTranslation } from "react-i18next";
import { dateTime, phone } from "../../lib/format";
import { word } from "../../lib/i18n";
import type { CustomerView, PriceResult } from "../../lib/types";
import { Facts, Field, Panel } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Money, Name } from "../../kit/text";
import { MonthlyPrice } from "../catalog/OfferingFacts";
import type { Draft } from "./draft";
import { PriceLines } from "./PriceStep";

export function ConfirmStep({ view, draft, change, price }: { view: CustomerView; draft: Draft; change: (part: Partial<Draft>) => void; price?: PriceResult }) {
  const { t } = useTranslation();
  const c = view.customer;
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
            ...(i.lock ? [[t("product.number"), <b key="n" className="num">{phone(i.lock.number)}</b>] as [string, React.ReactNode]] : []),
            ...(i.installAddress ? [[t("sell.installAddress"), <Name key="a" wrap>{i.installAddress}</Name>] as [string, React.ReactNode]] : []),
            ...(i.installSlot ? [[t("sell.installSlot"), <span key="s" className="num">{dateTime(i.installSlot)}</span>] as [string, React.ReactNode]] : []),
            [t("product.family"), word("family", i.offering.family)],
            ...(i.offering.contractMonths ? [[t("offering.term"), t("offering.months", { count: i.offering.contractMonths })] as [string, React.ReactNode]] : []),
            ...((i.offering.components ?? []).length ? [[t("offering.components"), i.offering.components!.map((x) => x.name).join("、")] as [string, React.ReactNode]] : []),
          ]} />
        </Panel>
      ))}
      {price && <Panel title={t("sell.step.price")} flush><PriceLines price={price} /></Panel>}
      <Panel>
        <div className="stack">
          {view.accounts.length > 1 && (
            <Field label={t("sell.account")}>{(p) => <Pick id={p.id} value={draft.accountId ?? ""} onPick={(v) => change({ accountId: v || undefined })} options={[{ value: "", label: t("sell.defaultAccount") }, ...view.accounts.map((a) => ({ value: a.id, label: `${a.accountNo} ${a.name ?? ""}` }))]} />}</Field>
          )}
          <Field label={t("sell.note")}>{(p) => <Input {...p} maxLength={500} value={draft.note} onChange={(e) => change({ note: e.target.value })} />}</Field>
          <label className="tick"><input type="checkbox" id="sell-agreed" autoFocus checked={draft.agreed} onChange={(e) => change({ agreed: e.target.checked })} />{t("sell.agreed")}</label>
        </div>
      </Panel>
    </div>
  );
}
