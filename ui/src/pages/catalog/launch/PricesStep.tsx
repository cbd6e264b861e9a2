// Step 3: prices, and discounts that come by themselves or that a person may grant.
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useTranslation } from "react-i18next";
import { call } from "../../../lib/api";
import { Field, Segments } from "../../../kit/layout";
import { Pick } from "../../../kit/Pick";
import { OfferingPicker } from "../../../kit/pickers";
import { Day, Section, Whole, Yuan } from "./fields";
import type { Change, Design, DiscountLine, PriceLine } from "./types";

export function PricesStep({ design: d, change }: { design: Design; change: Change }) {
  const { t } = useTranslation();
  const price = (i: number, patch: Partial<PriceLine>) => change({ prices: d.prices.map((p, n) => (n === i ? { ...p, ...patch } : p)) });
  const discount = (i: number, patch: Partial<DiscountLine>) => change({ discounts: d.discounts.map((p, n) => (n === i ? { ...p, ...patch } : p)) });
  const types = (["recurring", "oneTime", "usage"] as const).map((k) => ({ value: k as string, label: t(`launch.${k}`) }));
  return (
    <div className="stack">
      <Section title={t("launch.price")} acts={<Button size="small" icon={<PlusOutlined aria-hidden />} onClick={() => change({ prices: [...d.prices, { id: null, name: "", type: "oneTime", amountFen: 0, months: 0 }] })}>{t("launch.addPrice")}</Button>}>
        <div className="stack tight">
          {d.prices.map((p, i) => (
            <div key={i} className="row wraps lline">
              <Field label={t("launch.priceName")}>{(f) => <Input {...f} style={{ width: 190 }} maxLength={60} value={p.name} autoFocus={i === 0} onChange={(e) => price(i, { name: e.target.value })} />}</Field>
              <Field label={t("launch.priceType")}>{(f) => <Pick id={f.id} width={112} value={p.type} options={types} onPick={(type) => price(i, { type, months: type === "recurring" ? Math.max(1, p.months) : 0 })} />}</Field>
              <Field label={t("launch.amount")}>{(f) => <Yuan id={f.id} value={p.amountFen} onChange={(fen) => price(i, { amountFen: fen ?? 0 })} />}</Field>
              {p.type === "recurring" && <Field label={t("launch.everyMonths")}>{(f) => <Whole id={f.id} value={p.months} onChange={(n) => price(i, { months: n ?? 1 })} />}</Field>}
              <Button type="text" icon={<DeleteOutlined aria-hidden />} aria-label={t("launch.removePart", { name: p.name })} onClick={() => change({ prices: d.prices.filter((_, n) => n !== i) })} />
            </div>
          ))}
        </div>
      </Section>
      <Section title={t("launch.discounts")} acts={<Button size="small" icon={<PlusOutlined aria-hidden />}
        onClick={() => change({ discounts: [...d.discounts, { id: null, name: "", percent: 10, amountFen: null, months: 12, appliesTo: "recurring", requires: [], stackable: false, validFrom: "", validTo: "", byHand: null }] })}>{t("launch.addDiscount")}</Button>}>
        {d.discounts.length === 0 ? <p className="muted">{t("launch.noDiscounts")}</p> : d.discounts.map((x, i) => (
          <OneDiscount key={i} of={x} set={(patch) => discount(i, patch)} remove={() => change({ discounts: d.discounts.filter((_, n) => n !== i) })} />
        ))}
      </Section>
    </div>
  );
}

function OneDiscount({ of: x, set, remove }: { of: DiscountLine; set: (patch: Partial<DiscountLine>) => void; remove: () => void }) {
  const { t } = useTranslation();
  const hand = x.byHand !== null;
  const amount = !hand && x.amountFen !== null;
  return (
    <div className="lcard">
      <div className="row wraps lline">
        <Field label={t("launch.discountName")}>{(f) => <Input {...f} style={{ width: 220 }} maxLength={60} autoFocus={!x.name} value={x.name} onChange={(e) => set({ name: e.target.value })} />}</Field>
        <div className="field"><span className="label">{t("launch.howMuch")}</span>
          <Segments label={t("launch.howMuch")} at={hand ? "hand" : amount ? "yuan" : "percent"} items={[{ id: "percent", title: t("launch.percentOff") }, { id: "yuan", title: t("launch.yuanOff") }, { id: "hand", title: t("launch.byHand") }]}
            onPick={(k) => set(k === "hand" ? { byHand: { maxPercent: 10, maxFen: 2000 }, percent: null, amountFen: null, months: null } : k === "yuan" ? { byHand: null, percent: null, amountFen: 1000 } : { byHand: null, percent: 10, amountFen: null })} />
        </div>
        {hand ? (
          <>
            <Field label={t("launch.maxPercent")}>{(f) => <Whole id={f.id} value={x.byHand!.maxPercent} suffix="%" onChange={(n) => set({ byHand: { ...x.byHand!, maxPercent: n ?? 0 } })} />}</Field>
            <Field label={t("launch.maxYuan")}>{(f) => <Yuan id={f.id} value={x.byHand!.maxFen} onChange={(n) => set({ byHand: { ...x.byHand!, maxFen: n ?? 0 } })} />}</Field>
          </>
        ) : amount
          ? <Field label={t("launch.amount")}>{(f) => <Yuan id={f.id} value={x.amountFen} onChange={(n) => set({ amountFen: n ?? 0 })} />}</Field>
          : <Field label="%">{(f) => <Whole id={f.id} label={t("launch.percentOff")} value={x.percent} suffix="%" onChange={(n) => set({ percent: n ?? 0 })} />}</Field>}
        <Button type="text" icon={<DeleteOutlined aria-hidden />} aria-label={t("launch.removePart", { name: x.name })} onClick={remove} />
      </div>
      <div className="row wraps lline">
        <Field label={t("launch.appliesTo")}>{(f) => <Pick id={f.id} width={112} value={x.appliesTo} onPick={(appliesTo) => set({ appliesTo })} options={[{ value: "recurring", label: t("launch.recurring") }, { value: "oneTime", label: t("launch.oneTime") }]} />}</Field>
        <Field label={t("launch.forMonths")}>{(f) => <Whole id={f.id} value={x.months} placeholder={t("launch.always")} onChange={(months) => set({ months })} />}</Field>
        <Field label={t("launch.from")}>{(f) => <Day id={f.id} value={x.validFrom} onChange={(validFrom) => set({ validFrom })} />}</Field>
        <Field label={t("launch.to")}>{(f) => <Day id={f.id} value={x.validTo} onChange={(validTo) => set({ validTo })} />}</Field>
        <label className="tick" style={{ alignSelf: "end", minHeight: 30 }}><input type="checkbox" checked={x.stackable} onChange={(e) => set({ stackable: e.target.checked })} />{t("launch.stackable")}</label>
      </div>
      {!hand && (
        <div className="field"><span className="label">{t("launch.requires")}</span>
          <div className="row wraps">
            {x.requires.map((id) => <Required key={id} id={id} remove={() => set({ requires: x.requires.filter((r) => r !== id) })} />)}
            <div style={{ width: 260 }}><OfferingPicker key={x.requires.length} value={null} onPick={(o) => { if (o && !x.requires.includes(o.id)) set({ requires: [...x.requires, o.id] }); }} /></div>
          </div>
        </div>
      )}
      {hand && <p className="muted" style={{ fontSize: 12 }}>{t("launch.byHandHint")}</p>}
    </div>
  );
}

export function Required({ id, remove }: { id: string; remove?: () => void }) {
  const { t } = useTranslation();
  const one = useQuery({ queryKey: ["offeringName", id], queryFn: () => call<{ name: string }>(`/catalog/offerings/${encodeURIComponent(id)}`), staleTime: 300_000, retry: false });
  const name = one.data?.name ?? id;
  return <span className="chip"><bdi className="clip" style={{ maxWidth: 220 }}>{name}</bdi>{remove && <button type="button" className="chipx" aria-label={t("launch.removePart", { name })} onClick={remove}>×</button>}</span>;
}
