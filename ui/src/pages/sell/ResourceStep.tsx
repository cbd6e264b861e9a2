// What each chosen plan still needs: a number from the pool or one brought along, a card, a device, an address and a time.
import { CheckCircleFilled } from "@ant-design/icons";
import { Input } from "antd";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Field, Panel, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { AddressPicker, DevicePicker, SimPicker } from "../../kit/pickers";
import { release } from "../../kit/pickers/NumberPicker";
import { Nothing } from "../../kit/states";
import { Name } from "../../kit/text";
import { gap, locksOf, needs, numbersOf, slots } from "./draft";
import type { CartItem } from "./draft";
import { NumberPick } from "./NumberPick";

interface Props { items: CartItem[]; item: (key: string, part: Partial<CartItem>) => void; address?: string; focus: number; next: () => void; configure: (key: string) => void }
const DONORS = ["CMCC", "CTCC", "CUCC", "CBN"] as const;

export function ResourceStep({ items, item, address, focus, next, configure }: Props) {
  const { t } = useTranslation();
  const wanting = items.filter((i) => { const n = needs(i.offering, i); return n.number || n.install || n.device || n.circuit || gap(i) === "selection"; });
  const first = wanting.find((i) => gap(i))?.key ?? wanting[0]?.key;
  const days = useMemo(() => slots(), []);
  useEffect(() => {
    const box = document.querySelector(`[data-item="${first}"]`);
    const open = items.find((i) => i.key === first);
    const g = open ? gap(open) : null;
    const wanted = g === "address" ? "input[data-address]" : g === "slot" ? ".slots button" : g === "circuit" ? "[data-circuit] input" : g === "portIn" ? "[data-portin] input" : "input";
    box?.querySelector<HTMLElement>(wanted)?.focus();
    // Only when asked to: typing must not move the caret.
  }, [focus]);
  // Every number of this sale but the one that is being picked.
  const taken = (own: CartItem, at: number) => items.flatMap((o) => (o.key === own.key ? [o.lock, ...(o.others ?? [])].filter((_, n) => n !== at) : locksOf(o))).flatMap((l) => (l ? [l.number] : []));
  if (wanting.length === 0) return <Panel><Nothing icon={<CheckCircleFilled aria-hidden />} why={t("sell.nothingNeeded")} action={<button type="button" className="linkish" onClick={next}>{t("help.sellNext")} F8</button>} /></Panel>;
  return (
    <div className="stack">
      {wanting.map((i) => {
        const need = needs(i.offering, i);
        const open = gap(i);
        const mobile = i.offering.family === "mobile" || (i.detail?.options ?? []).some((o) => o.family === "mobile") || (i.offering.components ?? []).some((c) => c.family === "mobile");
        return (
          <div key={i.key} data-item={i.key}>
            <Panel flush title={<Name>{i.offering.name}</Name>} acts={open === "selection" ? <button type="button" className="linkish" onClick={() => configure(i.key)}>{t("sell.gap.selection")} F3</button> : open ? <span className="warn">{t(`sell.gap.${open}`)}</span> : <span className="ok"><CheckCircleFilled aria-hidden /> {t("sell.complete")}</span>}>
              {need.number && (
                <>
                  {i.portIn ? (
                    <div className="stack" style={{ padding: "12px 14px" }} data-portin="">
                      <div className="row wraps" style={{ gap: 12 }}>
                        <Field label={t("sale.portInNumber")}>{(p) => <Input {...p} style={{ width: 170 }} inputMode="numeric" maxLength={11} value={i.portIn!.number} onChange={(e) => item(i.key, { portIn: { ...i.portIn!, number: e.target.value.replace(/\D/g, "") } })} />}</Field>
                        <Field label={t("sale.portInCode")}>{(p) => <Input {...p} style={{ width: 150 }} maxLength={12} value={i.portIn!.code} onChange={(e) => item(i.key, { portIn: { ...i.portIn!, code: e.target.value.trim() } })} />}</Field>
                        <Field label={t("sale.donor")}>{(p) => <Pick id={p.id} width={130} value={i.portIn!.donor} onPick={(donor) => item(i.key, { portIn: { ...i.portIn!, donor } })} options={DONORS.map((d) => ({ value: d, label: t(`sale.carrier.${d}`) }))} />}</Field>
                      </div>
                      <span className="soft">{t("sale.portInHint")}</span>
                    </div>
                  ) : <NumberPick low={need.install || numbersOf(i) > 1} item={i} taken={taken(i, 0)} change={(part) => item(i.key, part)} />}
                  {Array.from({ length: Math.max(0, numbersOf(i) - 1) }, (_, n) => (
                    <section key={n} aria-label={t("sale.furtherNumber", { n: n + 2 })} style={{ borderTop: "1px solid var(--line)" }}>
                      <div className="block-head strong">{t("sale.furtherNumber", { n: n + 2 })}</div>
                      <NumberPick low item={{ ...i, lock: i.others?.[n] }} taken={taken(i, n + 1)} change={(part) => item(i.key, { others: Array.from({ length: numbersOf(i) - 1 }, (_x, k) => (k === n ? part.lock : i.others?.[k])) })} />
                    </section>
                  ))}
                  <div className="row wraps" style={{ gap: 16, padding: "10px 14px", borderTop: "1px solid var(--line)", alignItems: "flex-start" }}>
                    {mobile && (
                      <div className="field">
                        <span className="label">{t("sale.numberFrom")}</span>
                        <Segments label={t("sale.numberFrom")} at={i.portIn ? "portIn" : "pool"} onPick={(kind) => {
                          if (kind === "portIn") { if (i.lock) release(i.lock.number); item(i.key, { lock: undefined, portIn: { number: "", code: "", donor: "CMCC" } }); } else item(i.key, { portIn: undefined });
                        }} items={[{ id: "pool", title: t("sale.fromPool") }, { id: "portIn", title: t("sale.portIn") }]} />
                      </div>
                    )}
                    {mobile && <div style={{ width: 300 }}><Field label={t("sale.sim")} hint={t("sale.simHint")}>{(p) => <SimPicker {...p} value={i.iccid ?? null} onPick={(iccid) => item(i.key, { iccid: iccid ?? undefined })} />}</Field></div>}
                  </div>
                </>
              )}
              {need.device && (
                <div style={{ padding: "12px 14px", borderTop: need.number ? "1px solid var(--line)" : undefined, maxWidth: 420 }}>
                  <Field label={t("sale.device")} hint={t("sale.deviceHint")}>{(p) => <DevicePicker {...p} value={i.serial ?? null} onPick={(serial) => item(i.key, { serial: serial ?? undefined })} />}</Field>
                </div>
              )}
              {need.circuit && (
                <div className="stack" data-circuit="" style={{ padding: "12px 14px" }}>
                  {(["aEndAddress", "zEndAddress"] as const).map((end) => (
                    <Field key={end} label={t(`sale.${end}`)}>{(p) => <AddressPicker {...p} value={i.more?.[end] ?? ""} suggestion={end === "aEndAddress" ? address : undefined} onText={(text) => item(i.key, { more: { ...i.more, [end]: text } })} />}</Field>
                  ))}
                </div>
              )}
              {need.install && (
                <div className="stack" style={{ padding: "12px 14px", borderTop: need.number ? "1px solid var(--line)" : undefined }}>
                  <div>
                    <Field label={t("sell.installAddress")} hint={address && i.installAddress !== address ? <button type="button" className="linkish" onClick={() => item(i.key, { installAddress: address })}>{t("sell.useCustomerAddress")}<bdi>{address}</bdi></button> : undefined}>
                      {(p) => <AddressPicker {...p} data-address="" value={i.installAddress ?? ""} suggestion={address} onText={(text) => item(i.key, { installAddress: text })} />}
                    </Field>
                  </div>
                  <div className="field">
                    <span className="label">{t("sell.installSlot")}</span>
                    <div className="slots" role="group" aria-label={t("sell.installSlot")}>
                      {days.map((d) => (
                        <div key={d.day} className="stack tight" style={{ gap: 4 }}>
                          <div className="d num">{d.label}</div>
                          {d.times.map((s) => <button key={s.value} type="button" aria-pressed={i.installSlot === s.value} aria-label={`${d.label} ${s.label}`} onClick={() => item(i.key, { installSlot: s.value })}>{s.label}</button>)}
                        </div>
                      ))}
                    </div>
                  </div>
                </div>
              )}
            </Panel>
          </div>
        );
      })}
    </div>
  );
}
