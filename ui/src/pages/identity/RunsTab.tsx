// Matchings: start, watch, stop, go on; what the last one found.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { useMay } from "../../lib/session";
import { DataTable } from "../../kit/DataTable";
import { Meter, Panel } from "../../kit/layout";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Ago, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { word } from "../../lib/i18n";
import type { RunRow } from "./types";

const LIVE = ["queued", "running", "stopping"];
const whole = (n: number | undefined) => (n ?? 0).toLocaleString("en-US");

export function RunsTab() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const manages = useMay()("identity.manage");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const runs = useQuery({
    queryKey: ["identityRuns"], queryFn: () => call<RunRow[]>("/identity/runs"),
    refetchInterval: (q) => (q.state.data?.some((r) => LIVE.includes(r.state)) ? 700 : false),
  });
  const act = async (what: () => Promise<unknown>, told?: string) => {
    setBusy(true);
    setError(null);
    try {
      await what();
      await client.invalidateQueries({ queryKey: ["identityRuns"] });
      if (told) say.success(told);
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  const live = runs.data?.find((r) => LIVE.includes(r.state));
  const last = runs.data?.find((r) => r.state === "done");
  return (
    <div className="stack">
      {error ? <Failure error={error} what={t("identity.runs")} /> : null}
      {live && (
        <Panel title={t("identity.running")} acts={manages && live.state !== "stopping" && <Button size="small" danger loading={busy} onClick={() => void act(() => post(`/identity/runs/${live.id}/stop`))}>{t("identity.stop")}</Button>}>
          <div className="row" style={{ gap: 14 }}>
            <span className="strong" style={{ flex: "none" }}>{word("identity.stages", live.stage)}</span>
            <div className="grow"><Meter done={live.done} total={live.total || Math.max(live.done, 1)} label={t("identity.progress")} /></div>
            <span className="num muted" style={{ flex: "none" }}>{whole(live.done)}{live.total > 0 ? ` / ${whole(live.total)}` : ""}</span>
          </div>
        </Panel>
      )}
      {last && (
        <Panel title={t("identity.lastRun")}>
          <dl className="facts" style={{ gridTemplateColumns: "repeat(6, minmax(0, 1fr))" }}>
            {([["nRecords", "records"], ["nLogical", "logicalCustomers"], ["nCertain", "certain"], ["nDoubtful", "doubtful"], ["nGuarded", "guarded"], ["nCompared", "compared"]] as const).map(([title, name]) => (
              <div key={name}><dt>{t(`identity.${title}`)}</dt><dd className="num strong">{whole(last.counts[name])}</dd></div>
            ))}
          </dl>
        </Panel>
      )}
      <Panel title={t("identity.runs")} flush acts={manages && !live && <Button size="small" type="primary" loading={busy} onClick={() => void act(() => post("/identity/runs", {}, { idempotencyKey: newKey() }), t("identity.started"))}>{t("identity.start")}</Button>}>
        <Loaded of={runs} what={t("identity.runs")} rows={4}>{(rows) => (
          <DataTable rows={rows} rowKey={(r) => r.id} label={t("identity.runs")} minWidth={720} empty={<Nothing why={t("identity.noRuns")} />}
            extra={(r) => (r.error ? <span className="bad wrap">{r.error}</span> : null)}
            columns={[
              { key: "at", title: t("identity.at"), width: 110, lead: true, render: (r) => <Ago at={r.startedAt} /> },
              { key: "state", title: t("identity.state"), width: 116, render: (r) => <Status group="runState" code={r.state} /> },
              { key: "stage", title: t("identity.stage"), width: 150, render: (r) => word("identity.stages", r.stage) },
              { key: "records", title: t("identity.nRecords"), width: 104, right: true, render: (r) => <span className="num">{whole(r.counts.records)}</span> },
              { key: "logical", title: t("identity.nLogical"), width: 110, right: true, render: (r) => <span className="num">{whole(r.counts.logicalCustomers)}</span> },
              { key: "doubtful", title: t("identity.nDoubtful"), width: 90, right: true, render: (r) => <span className="num">{whole(r.counts.doubtful)}</span> },
              { key: "by", title: t("identity.operator"), render: (r) => <Name>{r.operator}</Name> },
              { key: "do", title: "", width: 90, right: true, render: (r) => (manages && (r.state === "stopped" || r.state === "failed") && !live ? <Button size="small" type="link" onClick={() => void act(() => post(`/identity/runs/${r.id}/resume`))}>{t("identity.resume")}</Button> : null) },
            ]} />
        )}</Loaded>
      </Panel>
    </div>
  );
}
