// One field of a business, by its type. Every control is reachable and usable with the keyboard alone.
import { Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { phone, toFen, yuan } from "../../../lib/format";
import { titled, word } from "../../../lib/i18n";
import type { HeldProduct } from "../../../lib/types";
import { Field, Segments } from "../../../kit/layout";
import { Pick } from "../../../kit/Pick";
import { AccountPicker, AddressPicker, CustomerPicker, DevicePicker, NumberPicker, OfferingPicker, SimPicker } from "../../../kit/pickers";
import type { Control, PickedNumber } from "../../../kit/pickers";
import type { ActionField, Subject } from "./types";

interface Props { field: ActionField; value: unknown; set: (value: unknown) => void; error?: string | null; subject: Subject; products: HeldProduct[]; autoFocus?: boolean }
const CERTIFICATES = ["idCard", "passport", "hkMacaoPermit", "taiwanPermit", "residencePermit", "militaryId", "businessLicence"];

export function FieldInput(props: Props) {
  const { field, error } = props;
  const { t } = useTranslation();
  const title = titled(field.title);
  const now = field.current === null || field.current === undefined || field.current === "" ? "" : shownValue(field, field.current);
  const hint = [now && t("action.now", { value: now }), titled(field.hint)].filter(Boolean).join("　");
  const label = field.required ? title : `${title}${t("action.optional")}`;
  if (field.type === "bool") {
    return (
      <div className="field">
        <label className="tick"><input type="checkbox" data-field={field.name} checked={!!props.value} autoFocus={props.autoFocus} onChange={(e) => props.set(e.target.checked)} /> {title}</label>
        {hint && <div className="hint">{hint}</div>}
      </div>
    );
  }
  return (
    <div data-field={field.name}>
      <Field label={label} error={error} hint={hint || undefined}>{(p) => <Control_ {...props} control={{ ...p, autoFocus: props.autoFocus }} />}</Field>
    </div>
  );
}

function Control_({ field, value, set, subject, products, control }: Props & { control: Control }) {
  const { t } = useTranslation();
  const text = typeof value === "string" ? value : "";
  if (field.choices && field.type !== "products") {
    const choices = field.choices.map((c) => ({ id: String(c.value), value: c.value, title: titled(c.title) }));
    if (choices.length <= 4 && choices.reduce((n, c) => n + c.title.length, 0) < 40) {
      return <Segments label={titled(field.title)} at={String(value ?? "")} onPick={(id) => set(choices.find((c) => c.id === id)?.value)} items={choices} />;
    }
    return <Pick id={control.id} value={String(value ?? "")} width="100%" onPick={(id) => set(choices.find((c) => c.id === id)?.value ?? "")} options={[{ value: "", label: t("action.choose") }, ...choices.map((c) => ({ value: c.id, label: c.title }))]} />;
  }
  switch (field.type) {
    case "offering": return <OfferingPicker {...control} value={text || null} filter={field.filter} onPick={(o) => set(o?.id ?? null)} />;
    case "numberPick": return <NumberPicker {...control} value={(value as PickedNumber) ?? null} filter={field.filter} onPick={set} />;
    case "simPick": return <SimPicker {...control} value={text || null} onPick={set} />;
    case "devicePick": return <DevicePicker {...control} value={text || null} kind={field.filter?.kind} onPick={set} />;
    case "address": return <AddressPicker {...control} value={text} suggestion={subject.address} onText={set} />;
    case "customer": return <CustomerPicker {...control} value={text || null} except={subject.customerId} onPick={(c) => set(c?.id ?? null)} />;
    case "account": return <AccountPicker {...control} value={text || null} customerId={field.filter?.customerId ?? subject.customerId} onPick={(a) => set(a?.id ?? null)} />;
    case "products": return <Products field={field} value={Array.isArray(value) ? (value as string[]) : []} set={set} products={products} except={subject.productId} />;
    case "certificate": return <Certificate value={(value as Cert) ?? {}} set={set} control={control} />;
    case "money": return <Amount value={value as number | undefined} set={set} control={control} />;
    case "date": return <input {...plainControl(control)} type="date" className="pick" value={text} min={field.filter?.min} max={field.filter?.max} onChange={(e) => set(e.target.value)} />;
    case "number": return <Input {...control} inputMode="numeric" value={value === undefined || value === null ? "" : String(value)} onChange={(e) => set(/^-?\d+(\.\d+)?$/.test(e.target.value.trim()) ? Number(e.target.value) : e.target.value === "" ? null : e.target.value)} />;
    default: return <Input {...control} maxLength={300} value={text} onChange={(e) => set(e.target.value)} />;
  }
}
const plainControl = (c: Control) => ({ id: c.id, "aria-describedby": c["aria-describedby"], autoFocus: c.autoFocus });

function Amount({ value, set, control }: { value?: number; set: (fen: number | null) => void; control: Control }) {
  const [text, setText] = useState(value === undefined || value === null ? "" : yuan(value, false));
  return <Input {...control} inputMode="decimal" prefix="¥" value={text} status={text && toFen(text) === null ? "error" : control.status} onChange={(e) => { setText(e.target.value); set(toFen(e.target.value)); }} />;
}

interface Cert { type?: string; number?: string; name?: string }
function Certificate({ value, set, control }: { value: Cert; set: (value: Cert) => void; control: Control }) {
  const { t } = useTranslation();
  const type = value.type ?? "idCard";
  return (
    <div className="row">
      <Pick label={t("customer.certificateType")} width={150} value={type} onPick={(next) => set({ ...value, type: next })} options={CERTIFICATES.map((c) => ({ value: c, label: word("certificateType", c) }))} />
      <Input {...control} maxLength={40} className="mono" value={value.number ?? ""} onChange={(e) => set({ ...value, type, number: e.target.value.trim().toUpperCase() })} />
    </div>
  );
}

function Products({ field, value, set, products, except }: { field: ActionField; value: string[]; set: (ids: string[]) => void; products: HeldProduct[]; except?: string }) {
  const { t } = useTranslation();
  const families = field.filter?.family?.split(",");
  const given = field.choices?.map((c) => ({ id: String(c.value), label: titled(c.title) }));
  const offered = given ?? products
    .filter((p) => p.id !== except && (p.status === "active" || p.status === "suspended") && (!families || families.includes(p.family ?? "")))
    .map((p) => ({ id: p.id, label: `${p.name}${p.number ? ` ${phone(p.number)}` : ""}` }));
  if (offered.length === 0) return <div className="muted">{t("action.noProducts")}</div>;
  return (
    <div className="stack tight" role="group" aria-label={titled(field.title)}>
      {offered.map((p) => (
        <label key={p.id} className="tick"><input type="checkbox" checked={value.includes(p.id)} onChange={(e) => set(e.target.checked ? [...value, p.id] : value.filter((id) => id !== p.id))} /> <bdi>{p.label}</bdi></label>
      ))}
    </div>
  );
}

/** The present value as a clerk reads it: the title of a choice, yuan for money, a grouped number. */
export function shownValue(field: ActionField, value: unknown): string {
  const choice = field.choices?.find((c) => String(c.value) === String(value));
  if (choice) return titled(choice.title);
  if (field.type === "money" && typeof value === "number") return yuan(value);
  if (typeof value === "object" && value !== null) {
    const v = value as { name?: string; title?: Record<string, string>; number?: string };
    return v.name ?? titled(v.title) ?? v.number ?? "";
  }
  return field.type === "numberPick" ? phone(String(value)) : String(value);
}
