// The detail of a number and cycle: sums, days, rows with filters, export.
import { DownloadOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Checkbox, Input } from "antd";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { LazyChart } from "../../charts/LazyChart";
import { address, call, withQuery } from "../../lib/api";
import { day, phone } from "../../lib/format";
import { titled, word } from "../../lib/i18n";
import { useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import { Facts, Field, Panel, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Loaded, Nothing } from "../../kit/states";
import { At, Money, Name } from "../../kit/text";
import type { Detail, Kind, UsageRow } from "./types";
import { amount, fen, whole } from "./types";

const KINDS: Kind[] = ["call", "sms", "mms", "data", "content"];

export function DetailTab() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const [number, setNumber] = useState(search.number ?? "");
  useEffect(() => setNumber(search.number ?? ""), [search.number]);
  const [peer, setPeer] = useState(search.peer ?? "");
  const size = Number(search.size ?? 50);
  const page = Number(search.page ?? 1);
  const asked = { number: search.number, productId: search.productId, service: search.service, cycle: search.cycle, kind: search.kind, direction: search.direction, peer: search.peer, late: search.late, from: search.day, to: search.day };
  const whose = search.number ?? search.productId;
  const detail = useQuery({
    queryKey: ["usage", asked, page, size], enabled: !!whose, placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call<Detail>("/usage", { query: { ...asked, limit: size, offset: (page - 1) * size }, signal }),
  });
  const shown = detail.data;
  const go = () => set({ number: number.trim() || undefined, productId: undefined, service: undefined, cycle: search.cycle, day: undefined }, true);
  return (
    <div className="stack">
      <form className="usage-ask" onSubmit={(e) => { e.preventDefault(); go(); }}>
        <Field label={t("usage.whose")}>{(f) => <Input {...f} value={number} onChange={(e) => setNumber(e.target.value)} autoFocus={!whose} allowClear maxLength={64} style={{ width: 230 }} />}</Field>
        {shown && whose && <Field label={t("usage.cycle")}>{(f) => <Pick id={f.id} value={shown.cycle.label} width={130} onPick={(cycle) => set({ cycle, day: undefined })} options={shown.cycles.some((c) => c.label === shown.cycle.label) ? shown.cycles.map((c) => ({ value: c.label, label: c.label })) : [{ value: shown.cycle.label, label: shown.cycle.label }, ...shown.cycles.map((c) => ({ value: c.label, label: c.label }))]} />}</Field>}
        <Button type="primary" htmlType="submit" disabled={!number.trim()}>{t("usage.ask")}</Button>
      </form>
      {!whose ? <Panel><Nothing why={<><div>{t("usage.first")}</div><div className="muted">{t("usage.firstNote")}</div></>} /></Panel> : (
        <Loaded of={detail} what={t("usage.detail")} rows={8}>{(d) => (
          <>
            <Top d={d} picked={search.day} onDay={(at) => set({ day: at === search.day ? undefined : at })} onHolder={(service) => set({ service: String(service) })} />
            <Panel flush title={t("usage.records", { count: d.total })} acts={<a className="pill" href={address(withQuery("/usage/export", asked))} download title={t("usage.exportNote")}><DownloadOutlined aria-hidden /> {t("usage.export")}</a>}>
              <div className="usage-filter">
                <Segments label={t("usage.kind")} at={search.kind ?? "all"} onPick={(kind) => set({ kind: kind === "all" ? undefined : kind })} items={[{ id: "all", title: t("usage.all") }, ...KINDS.map((k) => ({ id: k as string, title: word("usageKind", k) }))]} />
                <Pick label={t("usage.direction")} value={search.direction ?? ""} onPick={(direction) => set({ direction: direction || undefined })} options={[{ value: "", label: `${t("usage.direction")}: ${t("usage.all")}` }, { value: "out", label: word("usageDirection", "out") }, { value: "in", label: word("usageDirection", "in") }]} />
                <form onSubmit={(e) => { e.preventDefault(); set({ peer: peer.trim() || undefined }); }}><Input size="small" aria-label={t("usage.peer")} placeholder={t("usage.peer")} value={peer} allowClear onChange={(e) => { setPeer(e.target.value); if (!e.target.value) set({ peer: undefined }); }} style={{ width: 130 }} /></form>
                {search.day && <button type="button" className="linkish" onClick={() => set({ day: undefined })}>{search.day} ✕</button>}
                <span className="grow" />
                <Checkbox checked={search.late === "1"} onChange={(e) => set({ late: e.target.checked ? "1" : undefined })}>{t("usage.onlyLate")}{d.late > 0 && <span className="num muted"> {d.late}</span>}</Checkbox>
              </div>
              <Rows d={d} />
              {d.total > 0 && <Pager page={page} size={size} total={d.total} shown={d.records.length} onPage={(p) => set({ page: p })} onSize={(s) => set({ size: s })} />}
            </Panel>
          </>
        )}</Loaded>
      )}
    </div>
  );
}

function Rows({ d }: { d: Detail }) {
  const { t } = useTranslation();
  return (
    <DataTable<UsageRow> rows={d.records} rowKey={(r) => r.id} label={t("usage.detail")} minWidth={860} empty={<Nothing why={t("usage.none")} />} columns={[
      { key: "at", title: t("usage.at"), width: 160, lead: true, render: (r) => <At at={r.at} seconds /> },
      { key: "kind", title: t("usage.kind"), width: 108, render: (r) => word("usageKind", r.kind) },
      { key: "dir", title: t("usage.direction"), width: 96, render: (r) => (r.kind === "data" || r.kind === "content" ? <span className="muted">—</span> : word("usageDirection", r.direction)) },
      { key: "peer", title: t("usage.peer"), width: 140, render: (r) => <Name className="num">{r.peer}</Name> },
      { key: "place", title: t("usage.place"), width: 84, render: (r) => (r.place ? <Name>{r.place}</Name> : <span className="muted">{t("usage.home")}</span>) },
      { key: "n", title: t("usage.amount"), width: 96, right: true, render: (r) => <span className="num">{amount(r.kind, r.amount)}</span> },
      { key: "yuan", title: t("usage.charged"), width: 92, right: true, render: (r) => (r.charged ? <Money fen={fen(r.charged)} /> : <span className="muted">{t("usage.unrated")}</span>) },
      { key: "rule", title: t("usage.rule"), render: (r) => (r.late ? <span title={t("usage.lateNote")}><span className="usage-tag">{t("usage.late")}</span> {titled(r.rule)}</span> : <Name>{titled(r.rule)}</Name>) },
    ]} />
  );
}

function Top({ d, picked, onDay, onHolder }: { d: Detail; picked?: string; onDay: (day: string) => void; onHolder: (service: number) => void }) {
  const { t } = useTranslation();
  const kinds = useMemo(() => KINDS.filter((k) => d.days.some((x) => x.amounts[k])), [d.days]);
  const [chosen, setChosen] = useState<Kind | null>(null);
  const kind = chosen && kinds.includes(chosen) ? chosen : kinds.includes("data") ? "data" : kinds[0];
  const data = useMemo(() => everyDay(d, kind, picked), [d, kind, picked]);
  const unit = kind === "call" ? t("usage.unitMin") : kind === "data" ? t("usage.unitMb") : t("usage.unitCount");
  const charged = d.totals.reduce((n, s) => n + (fen(s.charged) ?? 0), 0);
  return (
    <div className="usage-top">
      <Panel title={<><span className="num">{phone(d.service.number) || d.service.productId}</span> <span className="muted">{d.cycle.label}</span></>} acts={<Link to="/app/customers/$id" params={{ id: d.service.customerId }}>{t("usage.customer")}</Link>}>
        <Facts items={[
          [t("usage.cycle"), <>{t("usage.month", { first: d.cycle.first, last: d.cycle.last })} <span className="muted">({d.cycle.closedAt ? t("usage.closed") : t("usage.running")})</span></>],
          [t("usage.service"), <>{day(d.service.from)} – {d.service.to ? day(d.service.to) : ""}</>],
        ]} />
        {d.holders.length > 1 && <div className="soft" style={{ marginTop: 8 }}>{t("usage.holders", { count: d.holders.length })}：{d.holders.map((h) => <button key={h.service} type="button" className="linkish" aria-pressed={h.service === d.service.key} style={{ marginRight: 8 }} onClick={() => onHolder(h.service)}>{t("usage.holder", { from: day(h.from) })}</button>)}</div>}
        <table className="usage-sums" style={{ marginTop: 10 }}>
          <thead><tr><th scope="col">{t("usage.kind")}</th><th scope="col">{t("usage.size")}</th><th scope="col">{t("usage.amount")}</th>{d.rated && <th scope="col">{t("usage.charged")}</th>}</tr></thead>
          <tbody>
            {d.totals.map((s) => (
              <tr key={`${s.kind}-${s.direction}`}>
                <th scope="row">{word("usageKind", s.kind)}{s.kind !== "data" && s.kind !== "content" && <span className="muted"> {word("usageDirection", s.direction)}</span>}</th>
                <td className="num">{whole(s.records)}</td><td className="num">{amount(s.kind, s.amount)}</td>{d.rated && <td><Money fen={fen(s.charged)} /></td>}
              </tr>
            ))}
          </tbody>
          <tfoot><tr><th scope="row">{t("usage.total")}</th><td className="num">{whole(d.total)}</td><td />{d.rated && <td><Money fen={charged} /></td>}</tr></tfoot>
        </table>
      </Panel>
      <Panel>
        {kinds.length > 1 && <div className="row" style={{ justifyContent: "flex-end", marginBottom: 4 }}><Segments label={t("usage.days")} at={kind!} onPick={setChosen} items={kinds.map((k) => ({ id: k, title: word("usageKind", k) }))} /></div>}
        {kind ? <LazyChart title={t("usage.days")} unit={unit} kind="column" height={kinds.length > 1 ? 178 : 206} data={data} format={(n) => n.toLocaleString("en-US", { maximumFractionDigits: 1 })} onPick={(x) => x.key && onDay(x.key)} /> : <Nothing why={t("usage.none")} />}
      </Panel>
    </div>
  );
}

/** Every day of the cycle so far, days without usage too; days of earlier cycles (late records) before them. */
function everyDay(d: Detail, kind: Kind | undefined, picked?: string) {
  if (!kind) return [];
  const of = new Map(d.days.map((x) => [x.day, x.amounts[kind] ?? 0]));
  const days = picked ? [] : [...of.keys()].filter((x) => x < d.cycle.first);
  const end = d.cycle.last < day(new Date().toISOString()) ? d.cycle.last : day(new Date().toISOString());
  for (let at = d.cycle.first; at <= end && days.length < 70; at = day(new Date(Date.parse(`${at}T12:00:00+08:00`) + 86_400_000).toISOString())) days.push(at);
  const scale = kind === "call" ? 60 : kind === "data" ? 1024 * 1024 : 1;
  return days.map((key) => ({ key, label: key.slice(5), value: Math.round(((of.get(key) ?? 0) / scale) * 10) / 10 }));
}
