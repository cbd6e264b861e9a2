// What each chosen plan still needs: a number from the pool, or an address and a time for the installer.
import { CheckCircleFilled } from "@ant-design/icons";
import { Input } from "antd";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Field, Panel } from "../../kit/layout";
import { Nothing } from "../../kit/states";
import { Name } from "../../kit/text";
import { gap, needs, slots } from "./draft";
import type { CartItem } from "./draft";
import { NumberPick } from "./NumberPick";

interface Props { items: CartItem[]; item: (key: string, part: Partial<CartItem>) => void; address?: string; focus: number; next: () => void }

export function ResourceStep({ items, item, address, focus, next }: Props) {
  const { t } = useTranslation();
  const wanting = items.filter((i) => needs(i.offering).number || needs(i.offering).install);
  const first = wanting.find((i) => gap(i))?.key ?? wanting[0]?.key;
  const days = useMemo(() => slots(), []);
  useEffect(() => {
    const box = document.querySelector(`[data-item="${first}"]`);
    const open = items.find((i) => i.key === first);
    const g = open ? gap(open) : null;
    const wanted = g === "address" ? "input[data-address]" : g === "slot" ? ".slots button" : "input";
    box?.querySelector<HTMLElement>(wanted)?.focus();
    // Only when asked to: typing must not move the caret.
  }, [focus]);
  if (wanting.length === 0) return <Panel><Nothing icon={<CheckCircleFilled aria-hidden />} why={t("sell.nothingNeeded")} action={<button type="button" className="linkish" onClick={next}>{t("help.sellNext")} F8</button>} /></Panel>;
  return (
    <div className="stack">
      {wanting.map((i) => {
        const need = needs(i.offering);
        const open = gap(i);
        return (
          <div key={i.key} data-item={i.key}>
            <Panel flush title={<Name>{i.offering.name}</Name>} acts={open ? <span className="warn">{t(`sell.gap.${open}`)}</span> : <span className="ok"><CheckCircleFilled aria-hidden /> {t("sell.complete")}</span>}>
              {need.number && <NumberPick low={need.install} item={i} taken={items.filter((o) => o.key !== i.key).flatMap((o) => (o.lock ? [o.lock.number] : []))} change={(part) => item(i.key, part)} />}
              {need.install && (
                <div className="stack" style={{ padding: "12px 14px", borderTop: need.number ? "1px solid var(--line)" : undefined }}>
                  <Field label={t("sell.installAddress")} hint={address && i.installAddress !== address ? <button type="button" className="linkish" onClick={() => item(i.key, { installAddress: address })}>{t("sell.useCustomerAddress")}<bdi>{address}</bdi></button> : undefined}>
                    {(p) => <Input {...p} data-address="" maxLength={300} value={i.installAddress ?? ""} onChange={(e) => item(i.key, { installAddress: e.target.value })} />}
                  </Field>
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
