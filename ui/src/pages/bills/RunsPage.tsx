// The bill run: progress while it goes, stop and resume, accounts that could not be billed.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { yuan } from "../../lib/format";
import { subjectOf, useRefreshRecord } from "../../lib/refresh";
import { useMay } from "../../lib/session";
import { DataTable } from "../../kit/DataTable";
import { Field, Meter, PageHead, Panel } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";

interface Run {
  cycle: string; first: string; last: string; state: string; stopped: boolean; shares: number; alerts: number; startedAt: string; startedBy: string; finishedAt: string | null; updatedAt: string;
  accounts: number; seen: number; billed: number; failed: number; amountFen: number;
}
interface Runs { items: Run[]; next: string | null; hour: number | null }
interface Failed { accountId: string; accountNo: string; customerId: string; code: string; detail: string; at: string }

const stateOf = (run: Run) => (run.stopped && run.state !== "done" ? "stopped" : run.state === "collecting" || run.state === "billing" ? "running" : run.state);

export default function RunsPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const operates = may("bill_run.operate");
  const [starting, setStarting] = useState(false);
  const [turning, setTurning] = useState<{ run: Run; stop: boolean } | null>(null);
  const [looking, setLooking] = useState<Run | null>(null);
  const found = useQuery({
    queryKey: ["billRuns"], queryFn: () => call<Runs>("/billing/runs"),
    refetchInterval: (q) => (q.state.data?.items.some((r) => r.state !== "done" && !r.stopped) ? 1_500 : false),
  });
  useRefreshRecord(client, ["billRuns"], (e) => subjectOf(e).startsWith("billRun"), 800);
  return (
    <div className="page">
      <PageHead title={t("runs.title")} sub={t("runs.what")}>
        <Link to="/app/billing/huge">{t("huge.title")}</Link><Link to="/app/billing/adjustments">{t("adjust.title")}</Link>
        {operates && <Button type="primary" onClick={() => setStarting(true)}>{t("runs.start")}</Button>}
      </PageHead>
      <Loaded of={found} what={t("runs.title")} rows={8}>{(data) => (
        <>
          {data.items.filter((r) => r.state !== "done").map((r) => <Going key={r.cycle} run={r} operates={operates} onTurn={(stop) => setTurning({ run: r, stop })} onFailures={() => setLooking(r)} />)}
          <Panel flush title={t("runs.cycle")} acts={<span className="muted">{data.hour === null ? t("runs.noAuto") : t("runs.auto", { hour: data.hour })}</span>}>
            <DataTable rows={data.items} rowKey={(r) => r.cycle} label={t("runs.title")} minWidth={980} empty={<Nothing why={t("runs.none", { hour: data.hour ?? 2 })} />} columns={[
              { key: "cycle", title: t("runs.cycle"), width: 120, lead: true, render: (r) => <span className="num strong">{r.cycle}</span> },
              { key: "state", title: t("runs.state"), width: 116, render: (r) => <Status group="runStatus" code={stateOf(r)} /> },
              { key: "billed", title: t("runs.billed"), width: 110, right: true, render: (r) => <span className="num">{r.billed.toLocaleString("en-US")}</span> },
              { key: "seen", title: t("runs.seen"), width: 110, right: true, render: (r) => <span className="num muted">{r.seen.toLocaleString("en-US")}</span> },
              { key: "failed", title: t("runs.failed"), width: 100, right: true, render: (r) => (r.failed > 0 ? <Button size="small" type="link" danger onClick={() => setLooking(r)}><span className="num">{r.failed}</span></Button> : <span className="num muted">0</span>) },
              { key: "alerts", title: t("runs.alerts"), width: 100, right: true, render: (r) => (r.alerts > 0 ? <Link to="/app/billing/huge"><span className="num">{r.alerts}</span></Link> : <span className="num muted">0</span>) },
              { key: "amount", title: t("runs.amount"), width: 150, right: true, render: (r) => <span className="strong"><Money fen={r.amountFen} /></span> },
              { key: "by", title: t("runs.by"), width: 110, render: (r) => <Name>{r.startedBy}</Name> },
              { key: "started", title: t("runs.started"), width: 150, render: (r) => <At at={r.startedAt} /> },
              { key: "finished", title: t("runs.finished"), width: 150, render: (r) => <At at={r.finishedAt} /> },
            ]} />
          </Panel>
          <Modal open={starting} onCancel={() => setStarting(false)} footer={null} destroyOnHidden width={480} title={t("runs.start")}>
            {starting && <Start next={data.next} onClose={() => setStarting(false)} />}
          </Modal>
        </>
      )}</Loaded>
      <ReasonDialog open={!!turning} onClose={() => setTurning(null)} title={turning ? t(turning.stop ? "runs.stopTitle" : "runs.resumeTitle", { cycle: turning.run.cycle }) : ""} note={turning?.stop ? t("runs.stopNote") : undefined}
        confirm={turning?.stop ? t("runs.stop") : t("runs.resume")} danger={turning?.stop} suggestions={turning?.stop ? [t("runs.suggestion1"), t("runs.suggestion2")] : [t("runs.suggestion3")]}
        onConfirm={async (reason) => { await post(`/billing/runs/${turning!.run.cycle}/${turning!.stop ? "stop" : "resume"}`, { reason }); await client.invalidateQueries({ queryKey: ["billRuns"] }); }} />
      <Modal open={!!looking} onCancel={() => setLooking(null)} footer={null} destroyOnHidden width={760} title={t("runs.failures")}>{looking && <Failures run={looking} operates={operates} />}</Modal>
    </div>
  );
}

function Going({ run, operates, onTurn, onFailures }: { run: Run; operates: boolean; onTurn: (stop: boolean) => void; onFailures: () => void }) {
  const { t } = useTranslation();
  const seconds = Math.max(1, (Date.parse(run.updatedAt) - Date.parse(run.startedAt)) / 1000);
  return (
    <Panel title={<span className="num">{run.cycle}</span>} acts={<>
      <Status group="runState" code={run.stopped ? "stopped" : run.state} />
      {operates && (run.stopped ? <Button size="small" type="primary" onClick={() => onTurn(false)}>{t("runs.resume")}</Button> : <Button size="small" danger onClick={() => onTurn(true)}>{t("runs.stop")}</Button>)}
    </>}>
      <div className="stack">
        <Meter done={run.seen} total={run.accounts} label={t("runs.progress")} />
        <div className="row wraps" style={{ gap: "4px 24px" }}>
          <span className="num strong">{t("runs.of", { done: run.seen.toLocaleString("en-US"), total: run.accounts.toLocaleString("en-US") })}</span>
          <span className="num">{t("runs.rate", { n: run.billed.toLocaleString("en-US") })}</span>
          <span className="num">{yuan(run.amountFen)}</span>
          {run.shares > 0 && <span className="muted">{t("runs.shares", { n: run.shares })}</span>}
          {run.seen > 200 && <span className="muted num">{t("runs.speed", { n: Math.round(run.seen / seconds).toLocaleString("en-US") })}</span>}
          {run.failed > 0 && <Button size="small" type="link" danger onClick={onFailures}>{t("runs.failed")} {run.failed}</Button>}
        </div>
      </div>
    </Panel>
  );
}

function Start({ next, onClose }: { next: string | null; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [cycle, setCycle] = useState(next ?? "");
  const [key] = useState(newKey);
  const go = useMutation({
    mutationFn: () => post<Run>("/billing/runs", { cycle: cycle.trim() }, { idempotencyKey: `${key}-${cycle.trim()}` }),
    onSuccess: async (run) => { say.success(t("runs.startedDone", { cycle: run.cycle })); await client.invalidateQueries({ queryKey: ["billRuns"] }); onClose(); },
  });
  return (
    <form className="stack" onSubmit={(e) => { e.preventDefault(); go.mutate(); }}>
      <Field label={t("runs.cycle")} hint={t("runs.otherHint")}>{(f) => <Input {...f} className="num" autoFocus value={cycle} onChange={(e) => setCycle(e.target.value)} maxLength={10} placeholder="2026-11" />}</Field>
      <p className="muted wrap" style={{ margin: 0 }}>{t("runs.startNote")}</p>
      {go.error && <Failure error={go.error} what={t("runs.start")} />}
      <div className="row" style={{ justifyContent: "flex-end" }}><Button onClick={onClose}>{t("kit.cancel")}</Button><Button type="primary" htmlType="submit" loading={go.isPending} disabled={!/^\d{4}-\d{2}(-\d{2})?$/.test(cycle.trim())}>{t("runs.start")}</Button></div>
    </form>
  );
}

function Failures({ run, operates }: { run: Run; operates: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const found = useQuery({ queryKey: ["billRunFailures", run.cycle], queryFn: () => call<Failed[]>(`/billing/runs/${run.cycle}/failures`) });
  const again = useMutation({
    mutationFn: (account: string) => post(`/billing/runs/${run.cycle}/failures/${account}/retry`),
    onSuccess: async () => { say.success(t("runs.retried")); await client.invalidateQueries({ predicate: (q) => ["billRuns", "billRunFailures"].includes(String(q.queryKey[0])) }); },
  });
  return (
    <div className="stack">
      {again.error && <Failure error={again.error} what={t("runs.retry")} />}
      <Loaded of={found} what={t("runs.failures")} rows={4}>{(rows) => (
        <DataTable rows={rows} rowKey={(f) => f.accountId} label={t("runs.failures")} minWidth={620} empty={<Nothing why={t("runs.noFailures")} />} columns={[
          { key: "no", title: t("statement.account"), width: 200, lead: true, render: (f) => (f.customerId ? <Link to="/app/customers/$id" params={{ id: f.customerId }}><span className="num">{f.accountNo}</span></Link> : <span className="num">{f.accountNo}</span>) },
          { key: "why", title: t("runs.why"), wrap: true, render: (f) => <span className="wrap"><bdi>{f.detail}</bdi> <span className="mono muted">{f.code}</span></span> },
          { key: "do", title: "", width: 90, right: true, render: (f) => (operates ? <Button size="small" loading={again.isPending && again.variables === f.accountId} onClick={() => again.mutate(f.accountId)}>{t("runs.retry")}</Button> : null) },
        ]} />
      )}</Loaded>
    </div>
  );
}
