// The daily comparison with each billing system, and the list of what differs.
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { list, post } from "../../lib/api";
import { dateTime, phone } from "../../lib/format";
import { titled, word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { paging, useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import { Field, Panel, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { useSystemName, useSystems } from "./parts";
import type { Difference, Run, Side } from "./types";

const STATES = ["open", "handled", "retold", "settled"] as const;

export function CompareTab() {
  const { t } = useTranslation();
  const operates = useMay()("interchange.operate");
  const { search, set } = useUrl();
  const name = useSystemName();
  const [asking, setAsking] = useState(false);
  const runs = useQuery({ queryKey: ["reconciliations"], queryFn: ({ signal }) => list<Run>("/interchange/reconciliations", { limit: 40 }, signal), refetchInterval: 30_000 });
  const picked = (r: Run) => search.day === r.day && search.system === r.system;
  return (
    <div className="stack">
      <Panel flush title={t("interchange.runs")} acts={operates && <Button size="small" onClick={() => setAsking(true)}>{t("interchange.compareNow")}</Button>}>
        <Loaded of={runs} what={t("interchange.runs")}>
          {(data) => (
            <div style={{ maxHeight: 264, overflow: "auto" }}>
              <DataTable rows={data.rows} rowKey={(r) => `${r.system}:${r.day}`} label={t("interchange.runs")} minWidth={760} onOpen={(r) => set(picked(r) ? { day: undefined, system: undefined } : { day: r.day, system: r.system })} empty={<Nothing why={t("interchange.noneRuns")} />} columns={[
                { key: "day", title: t("interchange.day"), width: 116, lead: true, render: (r) => <button type="button" className="linkish num" aria-pressed={picked(r)} onClick={() => set(picked(r) ? { day: undefined, system: undefined } : { day: r.day, system: r.system })}>{r.day}</button> },
                { key: "system", title: t("interchange.system"), width: 160, render: (r) => <Name>{name(r.system)}</Name> },
                { key: "ours", title: t("interchange.ours"), width: 92, right: true, render: (r) => (r.state === "failed" ? <span className="muted">—</span> : <span className="num">{r.ours.toLocaleString("en-US")}</span>) },
                { key: "theirs", title: t("interchange.theirs"), width: 92, right: true, render: (r) => (r.state === "failed" ? <span className="muted">—</span> : <span className="num">{r.theirs.toLocaleString("en-US")}</span>) },
                { key: "differing", title: t("interchange.open"), width: 136, right: true, render: (r) => (r.state === "failed" ? <span className="muted">—</span> : <span className={`num${r.differing > 0 ? " bad strong" : ""}`}>{r.differing}</span>) },
                { key: "state", title: t("interchange.state"), render: (r) => (r.state === "failed" ? <span className="warn" title={titled(r.error)}>{titled(r.error)}</span> : <Status group="reconcileState" code={r.differing > 0 ? "differing" : "done"} />) },
                { key: "at", title: t("interchange.at"), width: 150, render: (r) => <At at={r.endedAt} /> },
              ]} />
            </div>
          )}
        </Loaded>
      </Panel>
      <Differences />
      {asking && <CompareDialog onClose={() => setAsking(false)} />}
    </div>
  );
}

function Differences() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const operates = useMay()("interchange.operate");
  const { search, set } = useUrl();
  const name = useSystemName();
  const { page, size, offset, limit } = paging(search);
  const [dealing, setDealing] = useState<{ one: Difference; again: boolean } | null>(null);
  const state = search.state ?? "open";
  const ask = { state: state === "all" ? undefined : state, system: search.system, day: search.day, offset, limit };
  const found = useQuery({ queryKey: ["differences", ask], queryFn: ({ signal }) => list<Difference>("/interchange/differences", ask, signal), placeholderData: keepPreviousData });
  const act = async (reason: string) => {
    if (!dealing) return;
    const { one, again } = dealing;
    await post(`/interchange/differences/${again ? "retell" : "handle"}`, { system: one.system, day: one.day, orderId: one.orderId, reason });
    await Promise.all([client.invalidateQueries({ queryKey: ["differences"] }), client.invalidateQueries({ queryKey: ["reconciliations"] })]);
    say.success(t(again ? "interchange.resent" : "interchange.handled"));
  };
  return (
    <Panel flush title={search.day ? t("interchange.differencesOf", { day: search.day, system: name(search.system ?? "") }) : t("interchange.differences")}
      acts={search.day ? <Button size="small" onClick={() => set({ day: undefined, system: undefined })}>{t("interchange.allDays")}</Button> : undefined}>
      <div className="filters">
        <Segments label={t("interchange.state")} at={state} onPick={(s) => set({ state: s === "open" ? undefined : s })} items={[...STATES.map((s) => ({ id: s as string, title: word("differenceState", s) })), { id: "all", title: t("interchange.any") }]} />
      </div>
      <Loaded of={found} what={t("interchange.differences")}>
        {(data) => (
          <>
            <DataTable rows={data.rows} rowKey={(d) => `${d.system}:${d.day}:${d.orderId}`} label={t("interchange.differences")} minWidth={1080} empty={<Nothing why={t(state === "open" ? "interchange.agree" : "interchange.noneFound")} />} columns={[
              { key: "day", title: t("interchange.day"), width: 108, lead: true, render: (d) => <span className="num">{d.day}</span> },
              { key: "system", title: t("interchange.system"), width: 130, render: (d) => <Name>{name(d.system)}</Name> },
              { key: "what", title: t("interchange.what"), width: 116, render: (d) => <span className="strong">{word("difference", d.what)}</span> },
              { key: "order", title: t("interchange.order"), width: 194, render: (d) => <span className="num" title={d.orderId}>{d.ours?.orderNo || d.theirs?.orderNo || d.orderId}</span> },
              { key: "ours", title: t("interchange.ours"), wrap: true, render: (d) => <SideOf side={d.ours} other={d.theirs} /> },
              { key: "theirs", title: t("interchange.theirs"), wrap: true, render: (d) => <SideOf side={d.theirs} other={d.ours} /> },
              { key: "state", title: t("interchange.state"), width: 116, render: (d) => (d.state === "open" ? <Status group="differenceState" code="open" /> : <span title={`${d.operator} ${dateTime(d.handledAt)} ${d.reason}`}><Status group="differenceState" code={d.state === "settled" || d.state === "handled" ? "done" : "sent"} bare /></span>) },
              ...(operates ? [{
                key: "do", title: t("kit.actions"), width: 156, render: (d: Difference) => (d.state !== "open" ? <Name>{d.reason}</Name> : (
                  <span className="row" style={{ gap: 4 }}>
                    {d.what !== "missingHere" && d.system !== "embedded" && <Button size="small" type="primary" onClick={() => setDealing({ one: d, again: true })}>{t("interchange.retell")}</Button>}
                    <Button size="small" onClick={() => setDealing({ one: d, again: false })}>{t("interchange.handle")}</Button>
                  </span>
                )),
              }] : []),
            ]} />
            {data.rows.length > 0 && <Pager page={page} size={size} total={data.total} shown={data.rows.length} onPage={(p) => set({ page: p }, true)} onSize={(n) => set({ size: n })} />}
          </>
        )}
      </Loaded>
      <ReasonDialog open={dealing !== null} onClose={() => setDealing(null)} title={t(dealing?.again ? "interchange.retell" : "interchange.handle")} note={t(dealing?.again ? "interchange.retellNote" : "interchange.handleNote")} confirm={t(dealing?.again ? "interchange.retell" : "interchange.handle")}
        suggestions={dealing?.again ? [t("interchange.why5")] : [t("interchange.why6"), t("interchange.why7")]} onConfirm={act} />
    </Panel>
  );
}

/** One side's key fields; those that differ from the other side's stand out. */
function SideOf({ side, other }: { side: Side | null; other: Side | null }) {
  const { t } = useTranslation();
  if (!side) return <span className="muted">{t("interchange.nothingThere")}</span>;
  const shown: [keyof Side, string][] = [
    ["type", side.type ? word("collaborationType", side.type) : ""], ["number", side.number ? phone(side.number) : ""], ["effectiveFrom", side.effectiveFrom ? dateTime(side.effectiveFrom) : ""], ["state", side.state ? word("toldState", side.state) : ""],
  ];
  return <span className="wrap">{shown.filter(([, text]) => text).map(([key, text], i) => <span key={key}>{i > 0 && " · "}<span className={other && side[key] !== other[key] ? "bad strong" : undefined}>{text}</span></span>)}</span>;
}

function CompareDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const systems = (useSystems().data ?? []).filter((s) => s.enabled);
  const name = useSystemName();
  const [system, setSystem] = useState("embedded");
  const [day, setDay] = useState(() => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const go = async () => {
    setBusy(true);
    setError(null);
    try {
      const run = await post<Run>("/interchange/reconciliations", { system, day });
      await Promise.all([client.invalidateQueries({ queryKey: ["reconciliations"] }), client.invalidateQueries({ queryKey: ["differences"] })]);
      if (run.state === "failed") say.warning(titled(run.error));
      else say.success(t("interchange.compared", { count: run.differing }));
      onClose();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  return (
    <Modal open onCancel={onClose} title={t("interchange.compareNow")} okText={t("interchange.compare")} cancelText={t("kit.cancel")} confirmLoading={busy} onOk={() => void go()} width={420} destroyOnHidden>
      <div className="stack">
        <Field label={t("interchange.system")}>{(p) => <Pick id={p.id} value={system} width="100%" onPick={setSystem} options={[{ value: "embedded", label: t("interchange.embedded") }, ...systems.map((s) => ({ value: s.code, label: name(s.code) }))]} />}</Field>
        <Field label={t("interchange.day")}>{(p) => <Input {...p} type="date" value={day} onChange={(e) => setDay(e.target.value)} />}</Field>
        {error ? <Failure error={error} what={t("interchange.compareNow")} /> : null}
      </div>
    </Modal>
  );
}
