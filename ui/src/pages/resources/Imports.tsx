// Files taken in: ranges of numbers, cards, devices. Watched while they run, stopped, resumed; refused rows come back.
import { DownloadOutlined, InboxOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { address, call, newKey, post, send } from "../../lib/api";
import { parseCsv } from "../../lib/csv";
import { count, dateTime } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import { Field, Meter, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Failure, Loaded, Nothing, Waiting } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Ago, Name } from "../../kit/text";
import type { Intake, Warehouse } from "./types";

const RUNNING = new Set(["queued", "running"]);

export function Imports({ kind }: { kind: "numbers" | "stock" }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const { search, set } = useUrl();
  const input = useRef<HTMLInputElement>(null);
  const [what, setWhat] = useState<"cards" | "devices">("cards");
  const [into, setInto] = useState("");
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const key = useRef(newKey());
  const numbers = kind === "numbers";
  const runs = useQuery({
    queryKey: ["intakes", kind], queryFn: async () => (await call<Intake[]>("/inventory-imports")).filter((r) => (r.kind === "numbers") === numbers),
    refetchInterval: (q) => (q.state.data?.some((r) => RUNNING.has(r.state)) ? 1000 : false),
  });
  const houses = useQuery({ queryKey: ["warehouses"], queryFn: () => call<Warehouse[]>("/stock/warehouses"), enabled: !numbers, staleTime: 60_000 });
  const place = into || houses.data?.[0]?.id || "";
  const take = async (file: File | undefined) => {
    if (!file || busy) return;
    setError(null);
    setBusy(true);
    try {
      const query = numbers ? { name: file.name } : { name: file.name, kind: what, warehouseId: place };
      const answer = await send(numbers ? "/numbers/imports" : "/stock/imports", { method: "POST", query, raw: file, contentType: "text/csv", idempotencyKey: key.current });
      const { id } = (await answer.json()) as { id: string };
      await client.invalidateQueries({ queryKey: ["intakes"] });
      set({ run: id });
    } catch (cause) { setError(cause); } finally {
      key.current = newKey();
      setBusy(false);
      if (input.current) input.current.value = "";
    }
  };
  const at = search.run && runs.data?.some((r) => r.id === search.run) ? search.run : runs.data?.[0]?.id;
  const rule = numbers ? t("intake.numbersRule") : what === "cards" ? t("intake.cardsRule") : t("intake.devicesRule");
  return (
    <div className="cols12" style={{ padding: 12 }}>
      <div className="stack">
        {may(numbers ? "pool.manage" : "stock.manage") && (
          <section className={`panel dropzone${over ? " over" : ""}`} aria-label={t("intake.choose")}
            onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={(e) => { e.preventDefault(); setOver(false); void take(e.dataTransfer.files[0]); }}>
            <InboxOutlined aria-hidden style={{ fontSize: 28, color: "var(--brand)" }} />
            {!numbers && (
              <div className="row wraps" style={{ justifyContent: "center" }}>
                <Segments label={t("intake.what")} at={what} onPick={setWhat} items={[{ id: "cards", title: t("intake.cards") }, { id: "devices", title: t("intake.devices") }]} />
                <Field label={t("intake.into")}>{(p) => <Pick id={p.id} value={place} onPick={setInto} options={(houses.data ?? []).filter((w) => w.active).map((w) => ({ value: w.id, label: w.name }))} />}</Field>
              </div>
            )}
            <div>{t("intake.drop")}</div>
            <input ref={input} type="file" accept=".csv,text/csv" hidden onChange={(e) => void take(e.target.files?.[0])} aria-label={t("intake.choose")} data-testid="intake-file" />
            <Button type="primary" loading={busy} disabled={!numbers && !place} onClick={() => input.current?.click()}>{t("intake.choose")}</Button>
            <div className="muted" style={{ fontSize: 12 }}>{rule}</div>
          </section>
        )}
        {error ? <Failure error={error} what={t("intake.uploading")} /> : null}
        <section className="panel">
          <header><h2>{t("intake.history")}</h2></header>
          <Loaded of={runs} what={t("intake.history")} rows={4}>
            {(data) => data.length === 0 ? <Nothing why={t("intake.none")} /> : (
              <ul>{data.map((r) => (
                <li key={r.id}>
                  <button type="button" className={`runrow${r.id === at ? " on" : ""}`} aria-pressed={r.id === at} onClick={() => set({ run: r.id })}>
                    <span className="row spread"><Name className="strong">{r.file}</Name><Status group="intakeState" code={r.state} /></span>
                    <span className="row spread muted" style={{ fontSize: 12 }}><span className="num">{count(r.done)} / {count(r.total)} · {t("intake.refused")} {count(r.refused)}</span><Ago at={r.createdAt} /></span>
                  </button>
                </li>
              ))}</ul>
            )}
          </Loaded>
        </section>
      </div>
      {at ? <Run id={at} key={at} /> : <section className="panel"><Nothing why={t("intake.pick")} /></section>}
    </div>
  );
}

function Run({ id }: { id: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const [error, setError] = useState<unknown>(null);
  const run = useQuery({ queryKey: ["intakes", "one", id], queryFn: () => call<Intake>(`/inventory-imports/${id}`), refetchInterval: (q) => (q.state.data && RUNNING.has(q.state.data.state) ? 600 : false) });
  const refused = run.data?.refused ?? 0;
  const over = !!run.data && !RUNNING.has(run.data.state);
  const errors = useQuery({
    queryKey: ["intakeErrors", id, refused], enabled: over && refused > 0, staleTime: Infinity,
    queryFn: async () => parseCsv(await (await send(`/inventory-imports/${id}/errors`)).text()),
  });
  const act = async (verb: "stop" | "resume" | "cancel") => {
    setError(null);
    try { await post(`/inventory-imports/${id}/${verb}`); await client.invalidateQueries({ queryKey: ["intakes"] }); } catch (cause) { setError(cause); }
  };
  return (
    <div className="stack">
      <Loaded of={run} what={t("intake.history")} rows={6}>
        {(r) => (
          <section className="panel">
            <header>
              <h2><Name>{r.file}</Name></h2>
              <div className="acts">
                <Status group="intakeState" code={r.state} />
                {may("stock.manage") && RUNNING.has(r.state) && <Button size="small" onClick={() => void act("stop")}>{t("intake.stop")}</Button>}
                {may("stock.manage") && (r.state === "stopped" || r.state === "failed") && <Button size="small" type="primary" onClick={() => void act("resume")}>{t("intake.resume")}</Button>}
                {may("stock.manage") && r.state === "stopped" && <Button size="small" danger onClick={() => void act("cancel")}>{t("intake.cancel")}</Button>}
              </div>
            </header>
            <div style={{ padding: "12px 16px 4px" }}>
              <Meter done={r.done} total={Math.max(r.total, 1)} tone={r.state === "failed" ? "bad" : undefined} label={t("intake.progress")} />
              <div className="row spread muted num" style={{ marginTop: 4 }}><span>{count(r.done)} / {count(r.total)}</span><span>{dateTime(r.startedAt ?? r.createdAt, true)}{r.endedAt ? ` → ${dateTime(r.endedAt, true).slice(11)}` : ""}</span></div>
            </div>
            <div className="kpis" data-testid="intake-counts">
              {(["done", "added", "same", "refused"] as const).map((k) => <div key={k}><div className="k">{t(`intake.${k}`)}</div><div className={`v${k === "refused" && r.refused > 0 ? " bad" : ""}`} data-count={k}>{count(r[k])}</div></div>)}
            </div>
            <div className="muted" style={{ padding: "6px 16px 10px", fontSize: 12 }}>{t("intake.operator")} {r.operator}</div>
            {r.error && <div style={{ padding: 12 }}><Failure error={new Error(r.error)} /></div>}
          </section>
        )}
      </Loaded>
      {error ? <Failure error={error} /> : null}
      {over && refused > 0 && (
        <section className="panel">
          <header><h2>{t("intake.errors")}</h2><div className="acts"><a href={address(`/inventory-imports/${id}/errors`)} download={`refused-${id}.csv`}><DownloadOutlined aria-hidden /> CSV</a></div></header>
          {errors.data ? (
            <DataTable rows={errors.data.slice(0, 500)} rowKey={(e) => e.line ?? ""} label={t("intake.errors")} minWidth={640} columns={[
              { key: "line", title: t("intake.line"), width: 70, right: true, render: (e) => <span className="num">{e.line}</span> },
              { key: "code", title: t("kit.code"), width: 160, render: (e) => <span className="mono bad">{e.code}</span> },
              { key: "reason", title: t("kit.reason"), wrap: true, render: (e) => <Name wrap>{e.reason}</Name> },
              { key: "row", title: t("intake.row"), wrap: true, render: (e) => <span className="mono wrap">{e.row}</span> },
            ]} />
          ) : errors.error ? <Failure error={errors.error} retry={() => void errors.refetch()} /> : <Waiting rows={3} />}
        </section>
      )}
    </div>
  );
}

export const kindWord = (kind: string) => word("itemKind", kind);
