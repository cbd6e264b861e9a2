// A plan as a form: what is included, what the rest costs, and what is taken off. No JSON is needed.
import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Checkbox, Input } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Field, Panel } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { comma, word } from "../../lib/i18n";
import { Decimal, Whole } from "./inputs";
import type { Allowance, Part, Plan, Rule, Tables, When } from "./types";
import { blankAllowance, blankRule, either, fenOf, milliFen, price, unitName, unitSizes, yuanOf } from "./types";

interface Props { plan: Plan; onPlan: (plan: Plan) => void; readOnly: boolean; tables: Tables }
const KINDS = ["call", "sms", "mms", "data", "content"];
const PARTS: Part[] = ["full", "daily", "none"];
const spare = (ids: string[], base: string) => { let n = 1; while (ids.includes(`${base}-${n}`)) n += 1; return `${base}-${n}`; };

export function PlanForm({ plan, onPlan, readOnly, tables }: Props) {
  const { t } = useTranslation();
  const set = (more: Partial<Plan>) => onPlan({ ...plan, ...more });
  const change = <K extends "allowances" | "rules" | "discounts" | "caps">(name: K, i: number, more: Partial<Plan[K][number]>) => set({ [name]: plan[name].map((x, n) => (n === i ? { ...x, ...more } : x)) } as Partial<Plan>);
  const drop = (name: "allowances" | "rules" | "discounts" | "caps", i: number) => set({ [name]: (plan[name] as unknown[]).filter((_, n) => n !== i) } as Partial<Plan>);
  const move = (i: number, by: number) => { const rules = [...plan.rules]; const [x] = rules.splice(i, 1); rules.splice(i + by, 0, x!); set({ rules }); };
  const parts = PARTS.map((p) => ({ value: p, label: t(`rating.part.${p}`) }));
  const add = (text: string, act: () => void) => readOnly ? null : <Button size="small" icon={<PlusOutlined aria-hidden />} onClick={act}>{text}</Button>;
  return (
    <fieldset className="rating-form stack" disabled={readOnly}>
      <Panel title={t("rating.basics")}>
        <div className="rating-grid">
          <Field label={t("rating.name")}>{(f) => <Input {...f} value={plan.name} maxLength={100} onChange={(e) => set({ name: e.target.value })} />}</Field>
          <Field label={t("rating.nameEn")}>{(f) => <Input {...f} value={plan.nameEn} maxLength={100} onChange={(e) => set({ nameEn: e.target.value })} />}</Field>
          <Field label={t("rating.role")} hint={t("rating.roleHint")}>{(f) => <Pick id={f.id} width="100%" value={plan.role} onPick={(role) => set({ role: role as Plan["role"] })} options={(["base", "option"] as const).map((r) => ({ value: r, label: t(`rating.roles.${r}`) }))} />}</Field>
          <Field label={t("rating.feeRounding")}>{(f) => <Pick id={f.id} width="100%" value={plan.feeRounding} onPick={(r) => set({ feeRounding: r as Plan["feeRounding"] })} options={(["line", "record"] as const).map((r) => ({ value: r, label: t(`rating.rounds.fee-${r}`) }))} />}</Field>
        </div>
      </Panel>
      <Panel title={t("rating.allowances")} acts={add(t("rating.addAllowance"), () => set({ allowances: [...plan.allowances, blankAllowance(spare(plan.allowances.map((a) => a.id), "allowance"))] }))}>
        {plan.allowances.length === 0 && <div className="muted">{t("rating.noneIncluded")}</div>}
        {plan.allowances.map((a, i) => (
          <Card key={i} title={either(a.name, a.nameEn) || t("rating.allowance")} sub={a.id} onDrop={readOnly ? undefined : () => drop("allowances", i)}>
            <Field label={t("rating.name")}>{(f) => <Input {...f} value={a.name} maxLength={100} onChange={(e) => change("allowances", i, { name: e.target.value })} />}</Field>
            <Field label={t("rating.nameEn")}>{(f) => <Input {...f} value={a.nameEn} maxLength={100} onChange={(e) => change("allowances", i, { nameEn: e.target.value })} />}</Field>
            <Field label={t("rating.amountIncluded")}>{(f) => <span className="row"><Whole id={f.id} value={a.amount} onValue={(amount) => change("allowances", i, { amount })} /><Pick label={t("rating.unit")} value={String(a.unitSize)} onPick={(u) => change("allowances", i, { unitSize: Number(u) })} options={withOwn(a.unitSize, unitSizes(a.when.kinds))} /></span>}</Field>
            <Field label={t("rating.firstCycle")}>{(f) => <Pick id={f.id} width="100%" value={a.first} onPick={(p) => change("allowances", i, { first: p as Part })} options={parts} />}</Field>
            <Field label={t("rating.lastCycle")}>{(f) => <Pick id={f.id} width="100%" value={a.last} onPick={(p) => change("allowances", i, { last: p as Part })} options={parts} />}</Field>
            <Field label={t("rating.carryOver")}>{(f) => <Whole id={f.id} value={a.carryOver} onValue={(n) => change("allowances", i, { carryOver: Math.min(12, n) })} />}</Field>
            <Conditions when={a.when} tables={tables} onWhen={(when) => change("allowances", i, fitted(a, when))} />
            <div className="rating-checks">
              <Checkbox checked={a.shared} onChange={(e) => change("allowances", i, { shared: e.target.checked })}>{t("rating.shared")}</Checkbox>
              <Checkbox checked={a.mayGoNegative} onChange={(e) => change("allowances", i, { mayGoNegative: e.target.checked })}>{t("rating.mayGoNegative")}</Checkbox>
            </div>
          </Card>
        ))}
      </Panel>
      <Panel title={t("rating.rules")} acts={add(t("rating.addRule"), () => set({ rules: [...plan.rules, blankRule(spare(plan.rules.map((r) => r.id), "rule"))] }))}>
        <div className="soft">{t("rating.rulesNote")}</div>
        {plan.rules.map((r, i) => (
          <Card key={i} title={`${i + 1}. ${either(r.name, r.nameEn) || t("rating.rule")}`} sub={r.id} onDrop={readOnly ? undefined : () => drop("rules", i)}
            more={readOnly ? null : <><Button size="small" type="text" aria-label={t("rating.up")} icon={<ArrowUpOutlined aria-hidden />} disabled={i === 0} onClick={() => move(i, -1)} /><Button size="small" type="text" aria-label={t("rating.down")} icon={<ArrowDownOutlined aria-hidden />} disabled={i === plan.rules.length - 1} onClick={() => move(i, 1)} /></>}>
            <Field label={t("rating.name")}>{(f) => <Input {...f} value={r.name} maxLength={100} onChange={(e) => change("rules", i, { name: e.target.value })} />}</Field>
            <Field label={t("rating.nameEn")}>{(f) => <Input {...f} value={r.nameEn} maxLength={100} onChange={(e) => change("rules", i, { nameEn: e.target.value })} />}</Field>
            <Field label={t("rating.mode")}>{(f) => <Pick id={f.id} width="100%" value={r.mode} onPick={(m) => change("rules", i, { mode: m as Rule["mode"] })} options={(["metered", "free", "passed"] as const).map((m) => ({ value: m, label: t(`rating.modes.${m}`) }))} />}</Field>
            <Field label={t("rating.tax")}>{(f) => <Pick id={f.id} width="100%" value={r.tax} onPick={(tax) => change("rules", i, { tax })} options={[...new Map(tables.tax.map((x) => [x.key, x])).values()].map((x) => ({ value: x.key, label: either(x.name ?? "", x.nameEn ?? "") }))} />}</Field>
            <Conditions when={r.when} tables={tables} onWhen={(when) => change("rules", i, fitted(r, when))} />
            {r.mode === "metered" && <>
              <Field label={t("rating.unit")}>{(f) => <Pick id={f.id} width="100%" value={String(r.unitSize)} onPick={(u) => change("rules", i, { unitSize: Number(u) })} options={withOwn(r.unitSize, unitSizes(r.when.kinds))} />}</Field>
              <Field label={t("rating.round")}>{(f) => <Pick id={f.id} width="100%" value={r.round} onPick={(x) => change("rules", i, { round: x as Rule["round"] })} options={(["record", "day", "cycle"] as const).map((x) => ({ value: x, label: t(`rating.rounds.${x}`) }))} />}</Field>
              <Tiers r={r} readOnly={readOnly} onTiers={(tiers) => change("rules", i, { tiers })} />
              <div className="rating-checks">
                <Checkbox checked={r.zeroFree} onChange={(e) => change("rules", i, { zeroFree: e.target.checked })}>{t("rating.zeroFree")}</Checkbox>
                <Checkbox checked={r.useAllowances} onChange={(e) => change("rules", i, { useAllowances: e.target.checked })}>{t("rating.useAllowances")}</Checkbox>
              </div>
            </>}
          </Card>
        ))}
      </Panel>
      <Panel title={t("rating.takenOff")} acts={<div className="row">{add(t("rating.addDiscount"), () => set({ discounts: [...plan.discounts, { id: spare(plan.discounts.map((d) => d.id), "off"), name: "", nameEn: "", rules: [], percent: 10, amountFen: 0 }] }))}{add(t("rating.addCap"), () => set({ caps: [...plan.caps, { id: spare(plan.caps.map((c) => c.id), "cap"), name: "", nameEn: "", rules: [], amountFen: 50000 }] }))}</div>}>
        {plan.discounts.map((d, i) => (
          <Card key={`d${i}`} title={either(d.name, d.nameEn) || t("rating.discount")} sub={d.id} onDrop={readOnly ? undefined : () => drop("discounts", i)}>
            <Field label={t("rating.name")}>{(f) => <Input {...f} value={d.name} maxLength={100} onChange={(e) => change("discounts", i, { name: e.target.value })} />}</Field>
            <Field label={t("rating.nameEn")}>{(f) => <Input {...f} value={d.nameEn} maxLength={100} onChange={(e) => change("discounts", i, { nameEn: e.target.value })} />}</Field>
            <Field label={t("rating.percentOff")}>{(f) => <Whole id={f.id} value={d.percent} onValue={(n) => change("discounts", i, { percent: Math.min(100, n), ...(n > 0 ? { amountFen: 0 } : {}) })} />}</Field>
            <Field label={t("rating.yuanOff")}>{(f) => <Decimal id={f.id} value={yuanOf(d.amountFen)} parse={fenOf} onValue={(n) => change("discounts", i, { amountFen: n, ...(n > 0 ? { percent: 0 } : {}) })} />}</Field>
            <Targets plan={plan} at={d.rules} onRules={(rules) => change("discounts", i, { rules })} />
          </Card>
        ))}
        {plan.caps.map((c, i) => (
          <Card key={`c${i}`} title={either(c.name, c.nameEn) || t("rating.cap")} sub={c.id} onDrop={readOnly ? undefined : () => drop("caps", i)}>
            <Field label={t("rating.name")}>{(f) => <Input {...f} value={c.name} maxLength={100} onChange={(e) => change("caps", i, { name: e.target.value })} />}</Field>
            <Field label={t("rating.nameEn")}>{(f) => <Input {...f} value={c.nameEn} maxLength={100} onChange={(e) => change("caps", i, { nameEn: e.target.value })} />}</Field>
            <Field label={t("rating.capAt")}>{(f) => <Decimal id={f.id} value={yuanOf(c.amountFen)} parse={fenOf} onValue={(n) => change("caps", i, { amountFen: n })} />}</Field>
            <Targets plan={plan} at={c.rules} onRules={(rules) => change("caps", i, { rules })} />
          </Card>
        ))}
        <div className="rating-grid">
          <Field label={t("rating.minimum")} hint={t("rating.minimumHint")}>{(f) => <Decimal id={f.id} value={plan.minimum ? yuanOf(plan.minimum.amountFen) : "0"} parse={fenOf} onValue={(n) => set({ minimum: n > 0 ? { amountFen: n, part: plan.minimum?.part ?? "daily" } : null })} />}</Field>
          {plan.minimum && <Field label={t("rating.minimumPart")}>{(f) => <Pick id={f.id} width="100%" value={plan.minimum!.part} onPick={(p) => set({ minimum: { ...plan.minimum!, part: p as Part } })} options={parts} />}</Field>}
        </div>
      </Panel>
    </fieldset>
  );
}

const withOwn = (size: number, options: { value: string; label: string }[]) => (options.some((o) => o.value === String(size)) ? options : [...options, { value: String(size), label: String(size) }]);
/** Another kind counts in other units. */
function fitted<T extends Allowance | Rule>(x: T, when: When): Partial<T> {
  const sizes = unitSizes(when.kinds);
  const fits = sizes.some((s) => s.value === String(x.unitSize));
  return { when, ...(fits ? {} : { unitSize: Number(sizes[sizes.length - 1]!.value) }) } as Partial<T>;
}

function Card({ title, sub, onDrop, more, children }: { title: string; sub: string; onDrop?: () => void; more?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <section className="rating-card" aria-label={title}>
      <header><strong>{title}</strong> <span className="muted num">{sub}</span><span className="grow" />{more}{onDrop && <Button size="small" type="text" danger aria-label={`${t("rating.remove")} ${title}`} icon={<DeleteOutlined aria-hidden />} onClick={onDrop} />}</header>
      <div className="rating-grid">{children}</div>
    </section>
  );
}

function Conditions({ when, onWhen, tables }: { when: When; onWhen: (when: When) => void; tables: Tables }) {
  const { t } = useTranslation();
  const set = (more: Partial<When>) => onWhen({ ...when, ...more });
  const one = (list?: string[]) => (list && list.length > 0 ? list[0]! : "");
  const classes = (rows: Tables["zone"], extra: string[] = []) => [...new Set([...rows.map((r) => r.class ?? ""), ...extra])].filter(Boolean).map((c) => ({ value: c, label: t(`rating.classes.${c}`, { defaultValue: c }) }));
  const any = { value: "", label: t("rating.any") };
  const own = (list: string[] | undefined, options: { value: string; label: string }[]) => (list && list.length > 1 ? [{ value: "__many", label: list.map((x) => options.find((o) => o.value === x)?.label ?? x).join(comma()) }] : []);
  const pick = (label: string, list: string[] | undefined, options: { value: string; label: string }[], put: (list: string[] | undefined) => void) => (
    <Field label={label}>{(f) => <Pick id={f.id} width="100%" value={list && list.length > 1 ? "__many" : one(list)} onPick={(v) => { if (v !== "__many") put(v ? [v] : undefined); }} options={[any, ...own(list, options), ...options]} />}</Field>
  );
  return (
    <>
      {pick(t("rating.kind"), when.kinds, KINDS.map((k) => ({ value: k, label: word("usageKind", k) })), (kinds) => set({ kinds }))}
      <Field label={t("rating.direction")}>{(f) => <Pick id={f.id} width="100%" value={when.direction ?? ""} onPick={(d) => set({ direction: d || undefined })} options={[any, ...["out", "in"].map((d) => ({ value: d, label: word("usageDirection", d) }))]} />}</Field>
      {pick(t("rating.destination"), when.destinations, classes(tables.destination), (destinations) => set({ destinations }))}
      {pick(t("rating.zone"), when.zones, classes(tables.zone, ["home", "abroad"]), (zones) => set({ zones }))}
      {pick(t("rating.band"), when.bands, [...new Map(tables.band.map((b) => [b.key, b])).values()].map((b) => ({ value: b.key, label: either(b.name ?? "", b.nameEn ?? "") })), (bands) => set({ bands }))}
      <Field label={t("rating.peers")} hint={t("rating.peersHint")}>{(f) => <Input {...f} value={(when.peers ?? []).join(" ")} onChange={(e) => set({ peers: e.target.value.trim() ? e.target.value.split(/[\s,，]+/).filter(Boolean) : undefined })} />}</Field>
    </>
  );
}

function Tiers({ r, onTiers, readOnly }: { r: Rule; onTiers: (tiers: Rule["tiers"]) => void; readOnly: boolean }) {
  const { t } = useTranslation();
  const unit = unitName(r.unitSize, r.when.kinds);
  const last = r.tiers[r.tiers.length - 1];
  return (
    <div className="rating-tiers">
      <div className="soft">{t("rating.tiers", { unit })}</div>
      {r.tiers.map((x, i) => (
        <div key={i} className="row">
          <span className="soft">{t("rating.fromN")}</span>
          <Whole label={t("rating.fromN")} value={x.from} disabled={i === 0} onValue={(from) => onTiers(r.tiers.map((y, n) => (n === i ? { ...y, from } : y)))} />
          <Decimal label={t("rating.pricePer", { unit })} value={price(x.priceMilliFen)} parse={milliFen} onValue={(priceMilliFen) => onTiers(r.tiers.map((y, n) => (n === i ? { ...y, priceMilliFen } : y)))} />
          <span className="soft">{t("rating.pricePer", { unit })}</span>
          {!readOnly && i > 0 && <Button size="small" type="text" aria-label={t("rating.remove")} icon={<DeleteOutlined aria-hidden />} onClick={() => onTiers(r.tiers.filter((_, n) => n !== i))} />}
        </div>
      ))}
      {!readOnly && <Button size="small" type="link" icon={<PlusOutlined aria-hidden />} onClick={() => onTiers([...r.tiers, { from: (last?.from ?? -100) + 100, priceMilliFen: last?.priceMilliFen ?? 0 }])}>{t("rating.addTier")}</Button>}
    </div>
  );
}

function Targets({ plan, at, onRules }: { plan: Plan; at: string[]; onRules: (rules: string[]) => void }) {
  const { t } = useTranslation();
  return (
    <div className="rating-checks">
      <span className="soft">{at.length === 0 ? t("rating.onAll") : t("rating.onThese")}</span>
      {plan.rules.map((r) => <Checkbox key={r.id} checked={at.includes(r.id)} onChange={(e) => onRules(e.target.checked ? [...at, r.id] : at.filter((x) => x !== r.id))}>{either(r.name, r.nameEn) || r.id}</Checkbox>)}
    </div>
  );
}
