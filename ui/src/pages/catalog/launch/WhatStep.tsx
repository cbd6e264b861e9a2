// Step 1: what it is called, what kind it is, what it includes each month, when it is on sale.
import { Input } from "antd";
import { useTranslation } from "react-i18next";
import { word } from "../../../lib/i18n";
import { Field, Segments } from "../../../kit/layout";
import { Pick } from "../../../kit/Pick";
import { Day, Section, Whole } from "./fields";
import { SINGLES } from "./types";
import type { Change, Design } from "./types";

export function WhatStep({ design: d, change, fixedKind }: { design: Design; change: Change; fixedKind: boolean }) {
  const { t } = useTranslation();
  const bundle = d.family === "bundle";
  const figure = (key: keyof Design["allowances"], label: string) => (
    <Field label={label}>{(f) => <Whole id={f.id} width={130} value={d.allowances[key]} onChange={(n) => change({ allowances: { ...d.allowances, [key]: n } })} />}</Field>
  );
  return (
    <div className="stack">
      <Section title={t("launch.basic")}>
        <div className="form">
          <Field label={t("launch.name")} full>
            {(f) => <Input {...f} autoFocus maxLength={80} value={d.name} showCount onChange={(e) => change({ name: e.target.value })} />}
          </Field>
          <div className="field">
            <span className="label">{t("launch.kindOf")}</span>
            <Segments label={t("launch.kindOf")} at={bundle ? "bundle" : "single"} items={[{ id: "bundle", title: t("launch.bundle") }, { id: "single", title: t("launch.single") }]}
              onPick={(k) => { if (!fixedKind) change(k === "bundle" ? { family: "bundle" } : { family: "option", parts: [], groups: [] }); }} />
          </div>
          {bundle
            ? <label className="tick" style={{ alignSelf: "end", minHeight: 30 }}><input type="checkbox" checked={d.sharedAllowance} onChange={(e) => change({ sharedAllowance: e.target.checked })} />{t("launch.shared")}</label>
            : <Field label={t("launch.family")}>{(f) => <Pick id={f.id} value={d.family} onPick={(family) => change({ family, specification: "" })} options={SINGLES.map((s) => ({ value: s, label: word("family", s) }))} />}</Field>}
          <Field label={t("launch.description")} hint={t("launch.descriptionHint")} full>
            {(f) => <Input.TextArea {...f} rows={2} maxLength={2000} value={d.description} onChange={(e) => change({ description: e.target.value })} />}
          </Field>
        </div>
      </Section>
      <Section title={t("launch.allowances")}>
        <div className="row wraps" style={{ gap: 16 }}>
          {figure("dataMb", t("launch.dataMb"))}{figure("voiceMin", t("launch.voiceMin"))}{figure("sms", t("launch.sms"))}{figure("broadbandMbps", t("launch.broadbandMbps"))}
        </div>
      </Section>
      <Section title={t("launch.validFrom")} hint={t("launch.validHint")}>
        <div className="row wraps" style={{ gap: 16 }}>
          <Field label={t("launch.validFrom")}>{(f) => <Day id={f.id} value={d.validFrom} onChange={(validFrom) => change({ validFrom })} />}</Field>
          <Field label={t("launch.validTo")}>{(f) => <Day id={f.id} value={d.validTo} onChange={(validTo) => change({ validTo })} />}</Field>
          {!bundle && <label className="tick" style={{ alignSelf: "end", minHeight: 30 }}><input type="checkbox" checked={d.soldAlone !== false} onChange={(e) => change({ soldAlone: e.target.checked })} />{t("launch.soldAlone")}</label>}
        </div>
      </Section>
    </div>
  );
}
