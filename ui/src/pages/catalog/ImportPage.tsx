// Tariff import: choose a published file, watch it being read, see which rows were refused and why.
import { DownloadOutlined, InboxOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { address, call, list, post, send } from "../../lib/api";
import { parseCsv } from "../../lib/csv";
import { count, dateTime } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import type { ImportRun } from "../../lib/types";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import { Meter, PageHead, Panel } from "../../kit/layout";
import { Failure, Loaded, Nothing, Waiting } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Ago, Name } from "../../kit/text";

const RUNNING = new Set(["queued", "running"]);
const MAX_BYTES = 64 * 1024 * 1024;

export default function ImportPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const { search, set } = useUrl();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const runs = useQuery({ queryKey: ["imports"], queryFn: () => list<ImportRun>("/catalog/imports"), refetchInterval: (q) => (q.state.data?.rows.some((r) => RUNNING.has(r.state)) ? 1000 : false) });
  const writes = may("catalog.import");
  const take = async (file: File | undefined) => {
    if (!file || busy) return;
    setError(null);
    if (file.size > MAX_BYTES) { setError(new Error(t("import.tooLarge"))); return; }
    setBusy(true);
    try {
      const answer = await send("/catalog/imports", { method: "POST", query: { name: file.name }, raw: file, contentType: "application/json" });
      const { id } = (await answer.json()) as { id: string };
      await client.invalidateQueries({ queryKey: ["imports"] });
      set({ run: id });
    } catch (cause) { setError(cause); } finally {
      setBusy(false);
      if (input.current) input.current.value = "";
    }
  };
  const at = search.run ?? runs.data?.rows[0]?.id;
  return (
    <div className="page">
      <PageHead title={t("nav.import")} sub={t("import.what")}><Link to="/app/catalog">{t("nav.catalog")}</Link></PageHead>
      <div className="cols12">
        <div className="stack">
          {writes && (
            <section className={`panel dropzone${over ? " over" : ""}`} aria-label={t("import.choose")}
              onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)}
              onDrop={(e) => { e.preventDefault(); setOver(false); void take(e.dataTransfer.files[0]); }}>
              <InboxOutlined aria-hidden style={{ fontSize: 28, color: "var(--brand)" }} />
              <div>{t("import.drop")}</div>
              <input ref={input} type="file" accept=".json,application/json" hidden onChange={(e) => void take(e.target.files?.[0])} aria-label={t("import.choose")} data-testid="import-file" />
              <Button type="primary" loading={busy} onClick={() => input.current?.click()}>{t("import.choose")}</Button>
              <div className="muted" style={{ fontSize: 12 }}>{t("import.rule")}</div>
            </section>
          )}
          {error ? <Failure error={error} what={t("import.upload")} /> : null}
          <Panel title={t("import.history")} flush>
            <Loaded of={runs} what={t("import.history")} rows={4}>
              {(data) => data.rows.length === 0 ? <Nothing why={t("import.none")} /> : (
                <ul>{data.rows.map((r) => (
                  <li key={r.id}>
                    <button type="button" className={`runrow${r.id === at ? " on" : ""}`} aria-pressed={r.id === at} onClick={() => set({ run: r.id })}>
                      <span className="row spread"><Name className="strong">{r.file}</Name><Status group="importState" code={r.state} /></span>
                      <span className="row spread muted" style={{ fontSize: 12 }}><span className="num">{t("import.line", { done: count(r.done), refused: count(r.refused) })}</span>{r.startedAt && <Ago at={r.startedAt} />}</span>
                    </button>
                  </li>
                ))}</ul>
              )}
            </Loaded>
          </Panel>
        </div>
        {at ? <Run id={at} key={at} /> : <Panel><Nothing why={t("import.pick")} /></Panel>}
      </div>
    </div>
  );
}

function Run({ id }: { id: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const run = useQuery({ queryKey: ["imports", id], queryFn: () => call<ImportRun>(`/catalog/imports/${id}`), refetchInterval: (q) => (q.state.data && RUNNING.has(q.state.data.state) ? 600 : false) });
  const refused = run.data?.refused ?? 0;
  const over = !!run.data && !RUNNING.has(run.data.state);
  const errors = useQuery({
    queryKey: ["importErrors", id, refused], enabled: over && refused > 0, staleTime: Infinity,
    queryFn: async () => parseCsv(await (await send(`/catalog/imports/${id}/errors`)).text()),
  });
  const cancel = async () => {
    try { await post(`/catalog/imports/${id}/cancel`); await client.invalidateQueries({ queryKey: ["imports"] }); } catch (cause) { setError(cause); }
  };
  return (
    <div className="stack">
      <Loaded of={run} what={t("import.run")} rows={6}>
        {(r) => (
          <Panel title={<Name>{r.file}</Name>} acts={<><Status group="importState" code={r.state} />{RUNNING.has(r.state) && <Button size="small" danger onClick={() => void cancel()}>{t("import.cancel")}</Button>}</>} flush>
            <div style={{ padding: "12px 16px 4px" }}>
              <Meter done={r.done} total={r.total ?? Math.max(r.done, 1)} tone={r.state === "failed" ? "bad" : undefined} label={t("import.progress")} />
              <div className="row spread muted num" style={{ marginTop: 4 }}><span>{count(r.done)} / {count(r.total)}</span><span>{dateTime(r.startedAt, true)}{r.endedAt ? ` → ${dateTime(r.endedAt, true).slice(11)}` : ""}</span></div>
            </div>
            <div className="kpis" data-testid="import-counts">
              {(["created", "updated", "unchanged", "refused"] as const).map((k) => <div key={k}><div className="k">{t(`import.${k}`)}</div><div className={`v${k === "refused" && r.refused > 0 ? " bad" : ""}`} data-count={k}>{count(r[k])}</div></div>)}
            </div>
            {r.error && <div style={{ padding: 12 }}><Failure error={new Error(r.error)} what={t("import.run")} /></div>}
          </Panel>
        )}
      </Loaded>
      {error ? <Failure error={error} what={t("import.cancel")} /> : null}
      {over && refused > 0 && (
        <Panel title={t("import.errors", { count: refused })} flush acts={<a href={address(`/catalog/imports/${id}/errors`)} download={`import-${id}-errors.csv`}><DownloadOutlined aria-hidden /> CSV</a>}>
          {errors.data ? (
            <DataTable rows={errors.data.slice(0, 500)} rowKey={(e) => `${e.line}${e.id}${e.field}`} label={t("import.errorsLabel")} minWidth={760}
              columns={[
                { key: "line", title: t("import.lineNo"), width: 70, right: true, render: (e) => <span className="num">{e.line}</span> },
                { key: "id", title: t("import.planId"), width: 190, render: (e) => <Name>{e.id}</Name> },
                { key: "field", title: t("import.field"), width: 110, render: (e) => word("published", e.field) },
                { key: "code", title: t("kit.code"), width: 150, render: (e) => <span className="mono bad">{e.code}</span> },
                { key: "reason", title: t("kit.reason"), wrap: true, render: (e) => <Name wrap>{e.reason}</Name> },
              ]} />
          ) : errors.error ? <Failure error={errors.error} what={t("import.errorsLabel")} retry={() => void errors.refetch()} /> : <Waiting rows={4} />}
        </Panel>
      )}
    </div>
  );
}
