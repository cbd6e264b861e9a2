// The pool by state: how many there are, who holds them, and changes of many at once.
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, InputNumber, Modal } from "antd";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { count, dateTime, phone } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useUrl } from "../../lib/url";
import { LazyChart } from "../../charts/LazyChart";
import { DataTable } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { Field } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { OrgName, useOrgNames } from "./OrgName";
import type { NumberClass, NumberSummary, PoolRow } from "./types";

const STATES = ["available", "locked", "reserved", "inUse", "suspended", "quarantine", "blocked", "portedOut", "returned"] as const;
type Act = "block" | "unblock" | "recycle" | "extend" | "reclass" | "move";
const ACTS: Partial<Record<string, Act[]>> = {
  available: ["block", "reclass", "move"], blocked: ["unblock", "reclass", "move"], quarantine: ["recycle", "extend", "block"],
};

export function PoolTab() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const names = useOrgNames();
  const [text, setText] = useState(search.q ?? "");
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const [acting, setActing] = useState<Act | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => { if (text !== (search.q ?? "")) set({ q: text || undefined, after: undefined }); }, 300);
    return () => clearTimeout(timer);
  }, [text, search.q, set]);
  const state = search.state ?? "available";
  const query = { state, pattern: search.q, class: search.class, after: search.after, limit: 50 };
  useEffect(() => setChosen(new Set()), [state, search.q, search.class, search.after]);
  const rows = useQuery({ queryKey: ["pool", query], queryFn: ({ signal }) => call<{ items: PoolRow[]; next: string | null }>("/numbers/pool", { query, signal }), placeholderData: keepPreviousData, retry: false });
  const summary = useQuery({ queryKey: ["numberSummary"], queryFn: () => call<NumberSummary>("/numbers/summary") });
  const acts = ACTS[state] ?? [];
  const mark = (numbers: string[], on: boolean) => setChosen((old) => { const next = new Set(old); numbers.forEach((n) => (on ? next.add(n) : next.delete(n))); return next; });
  const shown = rows.data?.items ?? [];
  const byState = useMemo(() => STATES.map((s) => ({ label: word("numberState", s), value: summary.data?.states[s] ?? 0, key: s })).filter((d) => d.value > 0), [summary.data]);
  const byCity = useMemo(
    () => Object.entries(summary.data?.places ?? {}).map(([path, states]) => ({ label: names.get(path) ?? path, value: states.available ?? 0, key: path })).sort((a, b) => b.value - a.value).slice(0, 8),
    [summary.data, names],
  );
  const columns: Column<PoolRow>[] = [
    ...(acts.length > 0 ? [{
      key: "pick", title: "", width: 56,
      render: (r: PoolRow) => <input type="checkbox" aria-label={t("num.select", { number: r.number })} checked={chosen.has(r.number)} onChange={(e) => mark([r.number], e.target.checked)} />,
    }] : []),
    { key: "number", title: t("characteristic.number"), width: 150, lead: true, render: (r) => <button type="button" className="linkish num" onClick={() => set({ number: r.number })}>{phone(r.number)}</button> },
    { key: "state", title: t("num.state"), width: 110, render: (r) => <Status group="numberState" code={r.state} /> },
    { key: "class", title: t("num.class"), width: 80, render: (r) => <span className={`chip${r.class === "normal" ? "" : " gold"}`}>{word("numberClass", r.class)}</span> },
    { key: "org", title: t("num.org"), width: 170, render: (r) => <OrgName path={r.org} /> },
    { key: "until", title: t("num.until"), width: 150, render: (r) => (r.origin && r.state === "quarantine" ? t("num.restsForHome") : <At at={r.state === "reserved" ? r.keptUntil : r.until} />) },
    { key: "note", title: t("num.note"), render: (r) => <Name>{r.origin ? `${t("num.origin")} ${r.origin}${r.note ? ` · ${r.note}` : ""}` : r.note}</Name> },
  ];
  return (
    <>
      <Loaded of={summary} what={t("num.pool")} height={250}>
        {(s) => (
          <>
            <div className="kpis">
              <div><div className="k">{t("num.total")}</div><div className="v">{count(s.total)}</div></div>
              <div><div className="k">{t("num.free")}</div><div className="v">{count(s.states.available ?? 0)}</div></div>
              <div><div className="k">{t("num.used")}</div><div className="v">{count((s.states.inUse ?? 0) + (s.states.suspended ?? 0))}</div></div>
              <div><div className="k">{t("num.resting")}</div><div className="v">{count(s.states.quarantine ?? 0)}</div></div>
            </div>
            <div className="chartpair">
              <LazyChart title={t("num.byState")} unit={t("num.byStateUnit")} data={byState} kind="bar" height={150} format={count} onPick={(d) => set({ state: d.key })} />
              <LazyChart title={t("num.byCity")} unit={t("num.freeUnit")} data={byCity} kind="bar" height={150} format={count} />
            </div>
            <div className="muted" style={{ padding: "0 14px 8px", fontSize: 12 }}>{t("num.counted", { at: dateTime(s.at) })}</div>
          </>
        )}
      </Loaded>
      <div className="filters" style={{ borderTop: "1px solid var(--line)" }}>
        <Pick label={t("num.filterState")} value={state} onPick={(s) => set({ state: s, after: undefined })} options={STATES.map((s) => ({ value: s, label: word("numberState", s) }))} />
        <Input aria-label={t("num.pattern")} placeholder={t("num.patternHint")} value={text} onChange={(e) => setText(e.target.value)} allowClear style={{ width: 240 }} />
        <Pick label={t("num.class")} value={search.class ?? ""} onPick={(c) => set({ class: c || undefined, after: undefined })} options={[{ value: "", label: t("num.anyClass") }, ...["normal", "good", "premium"].map((c) => ({ value: c, label: word("numberClass", c) }))]} />
        {acts.length > 0 && shown.length > 0 && (
          <>
            <label className="tick"><input type="checkbox" checked={chosen.size > 0 && shown.every((r) => chosen.has(r.number))} onChange={(e) => mark(shown.map((r) => r.number), e.target.checked)} />{t("num.selectAll")}</label>
            {chosen.size > 0 && <span className="row" role="group" aria-label={t("num.acts")}><span className="muted num">{t("num.pickRows", { count: chosen.size })}</span>{acts.map((a) => <Button key={a} size="small" onClick={() => setActing(a)}>{t(`num.${a}`)}</Button>)}</span>}
          </>
        )}
      </div>
      <Loaded of={rows} what={t("num.pool")} rows={8}>
        {(data) => (
          <>
            <DataTable rows={data.items} columns={columns} rowKey={(r) => r.number} label={t("num.pool")} minWidth={900} empty={<Nothing why={t("num.poolNone")} />} />
            {(data.next || search.after) && (
              <div className="row" style={{ padding: "8px 14px" }}>
                {search.after && <Button size="small" onClick={() => set({ after: undefined })}>{t("num.first")}</Button>}
                {data.next && data.items.length >= 50 && <Button size="small" onClick={() => set({ after: data.next! })}>{t("num.next")}</Button>}
              </div>
            )}
          </>
        )}
      </Loaded>
      <BulkDialog act={acting} numbers={[...chosen]} onClose={() => setActing(null)} done={() => setChosen(new Set())} />
    </>
  );
}

function BulkDialog({ act, numbers, onClose, done }: { act: Act | null; numbers: string[]; onClose: () => void; done: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const names = useOrgNames();
  const [reason, setReason] = useState("");
  const [days, setDays] = useState(30);
  const [chosenClass, setClass] = useState("normal");
  const [org, setOrg] = useState("");
  const [key, setKey] = useState(newKey);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [refused, setRefused] = useState<{ number: string; reason: string }[] | null>(null);
  const classes = useQuery({ queryKey: ["numberClasses"], queryFn: () => call<NumberClass[]>("/number-classes"), staleTime: 300_000, enabled: act === "reclass" });
  useEffect(() => { if (act) { setReason(""); setError(null); setRefused(null); setKey(newKey()); } }, [act]);
  if (!act) return null;
  const go = async () => {
    if (!reason.trim() || busy) return;
    setBusy(true);
    setError(null);
    try {
      const body = { action: act, numbers, reason: reason.trim(), ...(act === "extend" ? { days } : {}), ...(act === "reclass" ? { class: chosenClass } : {}), ...(act === "move" ? { org } : {}) };
      const answer = await post<{ done: number; refused: { number: string; reason: string }[] }>("/numbers/bulk", body, { idempotencyKey: key });
      say.success(t("num.bulkDone", { done: count(answer.done) }));
      await Promise.all(["pool", "numbers", "numberSummary"].map((k) => client.invalidateQueries({ queryKey: [k] })));
      if (answer.refused.length > 0) setRefused(answer.refused);
      else { done(); onClose(); }
    } catch (cause) { setError(cause); setKey(newKey()); } finally { setBusy(false); }
  };
  const title = t("num.bulkTitle", { action: t(`num.${act}`), count: numbers.length });
  return (
    <Modal open onCancel={onClose} title={title} width={480} okText={t(`num.${act}`)} cancelText={t("kit.cancel")} onOk={() => void go()} confirmLoading={busy}
      okButtonProps={{ disabled: !reason.trim() || (act === "move" && !org) || refused !== null }}>
      <div className="stack">
        {act === "recycle" && <div className="soft">{t("num.recycleNote")}</div>}
        {act === "extend" && <Field label={t("num.extraDays")}>{(p) => <InputNumber {...p} min={1} max={3650} value={days} onChange={(n) => setDays(n ?? 30)} />}</Field>}
        {act === "reclass" && <Field label={t("num.newClass")}>{(p) => <Pick id={p.id} value={chosenClass} onPick={setClass} options={(classes.data ?? []).map((c) => ({ value: c.class, label: word("numberClass", c.class) }))} />}</Field>}
        {act === "move" && <Field label={t("num.moveTo")}>{(p) => <Pick id={p.id} value={org} onPick={setOrg} options={[{ value: "", label: "—" }, ...[...names].map(([value, label]) => ({ value, label: `${label} ${value}` }))]} />}</Field>}
        <Field label={t("kit.reason")}>{(p) => <Input {...p} autoFocus maxLength={200} value={reason} onChange={(e) => setReason(e.target.value)} onPressEnter={() => void go()} />}</Field>
        {refused && (
          <div>
            <div className="strong warn">{t("num.bulkRefused", { count: refused.length })}</div>
            <ul style={{ maxHeight: 160, overflow: "auto" }} tabIndex={0} aria-label={t("num.bulkRefused", { count: refused.length })}>{refused.map((r) => <li key={r.number} className="wrap"><span className="num">{phone(r.number)}</span> · {r.reason}</li>)}</ul>
          </div>
        )}
        {error ? <Failure error={error} what={title} /> : null}
      </div>
    </Modal>
  );
}
