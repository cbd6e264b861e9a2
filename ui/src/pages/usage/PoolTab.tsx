// The error pool: records without a service, taken in again once there is one, or given up with a reason.
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { post, send } from "../../lib/api";
import { phone } from "../../lib/format";
import { titled, word } from "../../lib/i18n";
import { useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import { Panel, Segments } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Ago, At, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import type { Pool, PoolRow } from "./types";
import { amount, whole } from "./types";

const STATES = ["open", "recycled", "discarded"] as const;

export function PoolTab() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { search, set } = useUrl();
  const state = STATES.find((s) => s === search.state) ?? "open";
  const page = Number(search.page ?? 1);
  const [number, setNumber] = useState(search.number ?? "");
  const [chosen, setChosen] = useState<string[]>([]);
  const [giving, setGiving] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const pool = useQuery({
    queryKey: ["usagePool", state, search.code, search.number, page], placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const answer = await send("/usage/pool", { query: { state, code: search.code, number: search.number, limit: 50, offset: (page - 1) * 50 }, signal });
      return { ...((await answer.json()) as Pool), total: Number(answer.headers.get("x-total-count") ?? 0) };
    },
  });
  const rows = pool.data?.records ?? [];
  useEffect(() => setChosen([]), [state, search.code, search.number, page]);
  const recycle = async (body: unknown) => {
    setError(null);
    try {
      const passed = await post<{ tried: number; taken: number; left: number }>("/usage/pool/recycle", body);
      say[passed.taken ? "success" : "info"](t("usage.recycled", passed));
      setChosen([]);
    } catch (cause) { setError(cause); }
    await client.invalidateQueries({ queryKey: ["usagePool"] });
  };
  const discard = async (reason: string) => {
    const done = await post<{ discarded: number }>("/usage/pool/discard", { ids: chosen, reason });
    say.success(t("usage.discarded", { count: done.discarded }));
    setChosen([]);
    await client.invalidateQueries({ queryKey: ["usagePool"] });
  };
  const whole_ = rows.length > 0 && rows.every((r) => chosen.includes(r.id));
  const origin = (r: PoolRow) => (r.origin === "stream" ? t("usage.byStream") : r.origin.startsWith("document:") ? t("usage.byDocument") : t("usage.byFile", { line: r.line }));
  const waiting = pool.data?.open.reduce((n, o) => n + o.count, 0) ?? 0;
  return (
    <div className="stack">
      {error ? <Failure error={error} what={t("usage.recycle")} /> : null}
      <Panel flush>
        <div className="usage-filter">
          <Segments label={t("usage.state")} at={state} onPick={(s) => set({ state: s === "open" ? undefined : s, code: undefined })} items={STATES.map((s) => ({ id: s, title: <>{t(`usage.poolState.${s}`)}{s === "open" && waiting > 0 && <span className="num"> {whole(waiting)}</span>}</> }))} />
          {state === "open" && pool.data?.open.map((o) => <button key={o.code} type="button" className="pill" aria-pressed={search.code === o.code} onClick={() => set({ code: search.code === o.code ? undefined : o.code })}>{titled(o.title)} <span className="num">{whole(o.count)}</span></button>)}
          <span className="grow" />
          <form onSubmit={(e) => { e.preventDefault(); set({ number: number.trim() || undefined }); }}><Input size="small" aria-label={t("usage.number")} placeholder={t("usage.number")} value={number} allowClear onChange={(e) => { setNumber(e.target.value); if (!e.target.value) set({ number: undefined }); }} style={{ width: 150 }} /></form>
          {state === "open" && <>
            {chosen.length > 0 && <span className="soft">{t("usage.chosenN", { count: chosen.length })}</span>}
            <Button size="small" disabled={!chosen.length} onClick={() => void recycle({ ids: chosen })}>{t("usage.recycle")}</Button>
            <Button size="small" danger disabled={!chosen.length} onClick={() => setGiving(true)}>{t("usage.discard")}</Button>
            <Button size="small" type="primary" disabled={!waiting} onClick={() => void recycle(search.number ? { number: search.number } : { all: true })}>{t("usage.recycleAll")}</Button>
          </>}
        </div>
        <Loaded of={pool} what={t("usage.pool")} rows={6}>{(d) => (
          <>
            {state === "open" && d.records.length > 0 && <div className="usage-filter soft"><Checkbox checked={whole_} indeterminate={!whole_ && chosen.length > 0} onChange={(e) => setChosen(e.target.checked ? rows.map((r) => r.id) : [])}>{t("usage.selectAll")}</Checkbox><span>{t("usage.autoNote")}</span></div>}
            <DataTable rows={d.records} rowKey={(r) => r.id} label={t("usage.pool")} minWidth={980} empty={<Nothing why={search.number || search.code || state !== "open" ? t("usage.poolNone") : t("usage.poolEmpty")} />} columns={[
              ...(state === "open" ? [{ key: "pick", title: "", width: 48, render: (r: PoolRow) => <Checkbox aria-label={t("usage.select", { id: r.recordId })} checked={chosen.includes(r.id)} onChange={(e) => setChosen(e.target.checked ? [...chosen, r.id] : chosen.filter((x) => x !== r.id))} /> }] : []),
              { key: "number", title: t("usage.number"), width: 130, lead: true, render: (r) => <span className="num">{phone(r.number)}</span> },
              { key: "why", title: t("usage.reason"), render: (r) => <Name>{titled(r.title)}</Name> },
              { key: "kind", title: t("usage.kind"), width: 76, render: (r) => word("usageKind", r.kind) },
              { key: "at", title: t("usage.at"), width: 150, render: (r) => <At at={r.at} seconds /> },
              { key: "n", title: t("usage.amount"), width: 84, right: true, render: (r) => <span className="num">{amount(r.kind, r.amount)}</span> },
              { key: "peer", title: t("usage.peer"), width: 120, render: (r) => <Name className="num">{r.peer}</Name> },
              { key: "id", title: t("usage.id"), width: 110, render: (r) => <Name>{r.recordId}</Name> },
              { key: "origin", title: t("usage.origin"), width: 110, render: origin },
              { key: "tries", title: t("usage.attempts"), width: 56, right: true, render: (r) => <span className="num">{r.attempts}</span> },
              state === "open"
                ? { key: "since", title: t("usage.time"), width: 92, render: (r: PoolRow) => <Ago at={r.createdAt} /> }
                : { key: "done", title: t("usage.handled"), width: 150, render: (r: PoolRow) => <span title={r.note ?? undefined}><Ago at={r.endedAt} /> {r.endedBy}{r.note ? ` · ${r.note}` : ""}</span> },
            ]} />
            {d.total > 50 && <Pager page={page} size={50} total={d.total} shown={d.records.length} onPage={(p) => set({ page: p })} />}
          </>
        )}</Loaded>
      </Panel>
      <ReasonDialog open={giving} onClose={() => setGiving(false)} onConfirm={discard} danger confirm={t("usage.discard")} title={t("usage.discardTitle", { count: chosen.length })} note={t("usage.discardNote")} suggestions={[t("usage.why1"), t("usage.why2"), t("usage.why3")]} />
    </div>
  );
}
