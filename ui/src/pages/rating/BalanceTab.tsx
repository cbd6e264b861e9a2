// What a number has left, as rings, what it costs so far, and why.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { DataTable, Pager } from "../../kit/DataTable";
import { Facts, Field, Panel } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Loaded, Nothing } from "../../kit/states";
import { Money, Name } from "../../kit/text";
import { call, list } from "../../lib/api";
import { day, phone } from "../../lib/format";
import { useUrl } from "../../lib/url";
import { Ring } from "./Ring";
import { Steps } from "./Steps";
import type { AllowanceState, Balance, Line, Step } from "./types";
import { either, quantity, unitOf, whole } from "./types";

const CYCLES = 6;
/** The last day before a moment. */
const lastDay = (at: string) => day(new Date(Date.parse(at) - 1).toISOString());
const months = () => Array.from({ length: CYCLES }, (_, n) => {
  const now = new Date();
  const at = new Date(now.getFullYear(), now.getMonth() - n, 1);
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}`;
});

export function BalanceTab() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const [number, setNumber] = useState(search.number ?? "");
  useEffect(() => setNumber(search.number ?? ""), [search.number]);
  const asked = { number: search.number, productId: search.productId, cycle: search.cycle };
  const whose = search.number ?? search.productId;
  const balance = useQuery({ queryKey: ["rating", "balance", asked], enabled: !!whose, placeholderData: keepPreviousData, queryFn: ({ signal }) => call<Balance>("/rating/balance", { query: asked, signal }) });
  return (
    <div className="stack">
      <form className="rating-ask" onSubmit={(e) => { e.preventDefault(); set({ number: number.trim() || undefined, productId: undefined, rule: undefined }, true); }}>
        <Field label={t("rating.number")}>{(f) => <Input {...f} value={number} onChange={(e) => setNumber(e.target.value)} autoFocus={!whose} allowClear maxLength={64} style={{ width: 230 }} />}</Field>
        <Field label={t("rating.cycle")}>{(f) => <Pick id={f.id} value={search.cycle ?? ""} width={130} onPick={(cycle) => set({ cycle: cycle || undefined, rule: undefined })} options={[{ value: "", label: t("rating.thisCycle") }, ...months().slice(1).map((m) => ({ value: m, label: m }))]} />}</Field>
        <Button type="primary" htmlType="submit" disabled={!number.trim()}>{t("rating.ask")}</Button>
      </form>
      {!whose ? <Panel><Nothing why={<><div>{t("rating.first")}</div><div className="muted">{t("rating.firstNote")}</div></>} /></Panel> : (
        <Loaded of={balance} what={t("rating.balance")} rows={8}>{(b) => <Whole b={b} rule={search.rule} onRule={(rule) => set({ rule: rule === search.rule ? undefined : rule, page: undefined })} />}</Loaded>
      )}
    </div>
  );
}

function Whole({ b, rule, onRule }: { b: Balance; rule?: string; onRule: (rule: string) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <div className="rating-top">
        <Panel title={<><span className="num">{phone(b.number) || b.productId}</span> <span className="muted">{b.cycle}</span></>} acts={<Link to="/app/customers/$id" params={{ id: b.customerId }}>{t("rating.customer")}</Link>}>
          <Facts items={[
            [t("rating.cycle"), <>{b.from} – {b.to} <span className="muted">({b.closed ? t("rating.closed") : t("rating.running")})</span></>],
            [t("rating.soFar"), <strong><Money fen={b.totalFen} /></strong>],
          ]} />
          <ul className="rating-plans" aria-label={t("rating.plansInForce")}>
            {b.plans.map((p) => (
              <li key={`${p.id}-${p.from}`}>
                <Link to="/app/rating/plans/$id" params={{ id: p.id }} search={{ version: String(p.version) } as never}>{either(p.name, p.nameEn)}</Link>
                <span className="muted"> {t("rating.versionN", { n: p.version })} · {day(p.from)} – {p.to ? day(p.to) : ""}</span>
              </li>
            ))}
            {b.plans.length === 0 && <li className="muted">{t("rating.noPlan")}</li>}
          </ul>
        </Panel>
        <Panel title={t("rating.allowances")}>
          {b.allowances.length === 0 ? <Nothing why={t("rating.noAllowances")} /> : (
            <div className="rating-rings">{b.allowances.map((a) => <Allowance key={`${a.planId}-${a.id}-${a.from}`} a={a} />)}</div>
          )}
        </Panel>
      </div>
      <Panel flush title={t("rating.lines")}>
        <DataTable<Line> rows={b.lines} rowKey={(l) => `${l.planId}-${l.planVersion}-${l.ruleId}`} label={t("rating.lines")} minWidth={760} onOpen={(l) => onRule(l.ruleId)} empty={<Nothing why={t("rating.noLines")} />} columns={[
          { key: "name", title: t("rating.rule"), width: 180, lead: true, render: (l) => <Name>{either(l.name, l.nameEn)}</Name> },
          { key: "n", title: t("rating.records"), width: 80, right: true, render: (l) => (l.records ? <span className="num">{whole(l.records)}</span> : <span className="muted">—</span>) },
          { key: "q", title: t("rating.quantity"), width: 120, right: true, render: (l) => (l.records ? <span className="num">{quantity(l.unit, l.quantity)}</span> : <span className="muted">—</span>) },
          { key: "note", title: t("rating.how"), wrap: true, render: (l) => <bdi className="wrap soft">{either(l.note, l.noteEn)}</bdi> },
          { key: "yuan", title: t("rating.amount"), width: 110, right: true, render: (l) => <Money fen={l.amountFen} /> },
          { key: "why", title: "", width: 90, right: true, render: (l) => <button type="button" className="linkish" aria-expanded={rule === l.ruleId} onClick={(e) => { e.stopPropagation(); onRule(l.ruleId); }}>{t("rating.why")}</button> },
        ]} />
      </Panel>
      {rule && <Trace b={b} rule={rule} onClose={() => onRule(rule)} />}
    </>
  );
}

function Allowance({ a }: { a: AllowanceState }) {
  const { t } = useTranslation();
  const unit = unitOf(a.kinds);
  return (
    <div className="rating-allowance" data-ended={a.ended || undefined}>
      <Ring used={a.used} total={a.total} label={`${either(a.name, a.nameEn)}: ${t("rating.leftOf", { left: quantity(unit, a.left), total: quantity(unit, a.total) })}`}>
        <b className="num">{quantity(unit, a.left)}</b><span>{t("rating.left")}</span>
      </Ring>
      <div className="rating-allowance-text">
        <strong>{either(a.name, a.nameEn)}</strong>
        <div className="soft num">{t("rating.usedOf", { used: quantity(unit, a.used), total: quantity(unit, a.total) })}</div>
        {a.carried > 0 && <div className="soft num">{t("rating.carried", { n: quantity(unit, a.carried) })}</div>}
        {a.shared && <div className="soft num">{t("rating.sharedMine", { n: quantity(unit, a.usedByMe) })}</div>}
        {a.shared && a.members.length > 1 && <div className="muted num">{a.members.map((m) => `${phone(m.number) || m.productId} ${quantity(unit, m.used)}`).join(" · ")}</div>}
        <div className="muted">{a.ended ? t("rating.ended", { at: day(a.until) }) : t("rating.until", { at: lastDay(a.until) })}</div>
      </div>
    </div>
  );
}

function Trace({ b, rule, onClose }: { b: Balance; rule: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const page = Number(search.page ?? 1);
  const query = { productId: b.productId, cycle: b.from, rule, limit: 50, offset: (page - 1) * 50 };
  const trace = useQuery({ queryKey: ["rating", "trace", query], placeholderData: keepPreviousData, queryFn: ({ signal }) => list<Step>("/rating/trace", query, signal) });
  const line = b.lines.find((l) => l.ruleId === rule);
  return (
    <Panel flush title={t("rating.traceOf", { name: line ? either(line.name, line.nameEn) : rule })} acts={<Button size="small" onClick={onClose}>{t("rating.close")}</Button>}>
      <Loaded of={trace} what={t("rating.why")} rows={6}>{(p) => (
        <>
          <Steps steps={p.rows} />
          {(p.total ?? 0) > 50 && <Pager page={page} size={50} total={p.total} shown={p.rows.length} onPage={(n) => set({ page: n })} />}
        </>
      )}</Loaded>
    </Panel>
  );
}
