// What people decide: the account manager proposes, somebody else approves.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, post } from "../../lib/api";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import { Field, Panel, Segments } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { failed } from "./failed";
import type { Task } from "./types";

const VIEWS = ["live", "mine", "all"] as const;

export function TasksTab() {
  const { t } = useTranslation();
  const may = useMay();
  const client = useQueryClient();
  const { search, set } = useUrl();
  const view = VIEWS.find((v) => v === search.view) ?? "live";
  const [asking, setAsking] = useState<{ task: Task; how: "proceed" | "defer" | "refuse" } | null>(null);
  const tasks = useQuery({ queryKey: ["dunning", "tasks", view], queryFn: () => call<Task[]>("/dunning/tasks", { query: { state: view === "all" ? "all" : "live", mine: view === "mine" ? "true" : undefined } }) });
  const again = () => client.invalidateQueries({ queryKey: ["dunning"] });
  const decide = async (task: Task, approve: boolean, reason: string) => {
    await post(`/dunning/tasks/${task.id}/decide`, { approve, reason });
    say.success(t(approve ? "dunning.approved" : "dunning.refused"));
    await again();
  };
  return (
    <Panel flush title={t("dunning.tasks")} acts={<Segments label={t("dunning.view")} at={view} onPick={(v) => set({ view: v === "live" ? undefined : v })} items={VIEWS.map((v) => ({ id: v, title: t(`dunning.tasks_${v}`) }))} />}>
      <Loaded of={tasks} what={t("dunning.tasks")} rows={5}>{(rows) => (
        <DataTable rows={rows} rowKey={(r) => r.id} label={t("dunning.tasks")} minWidth={1080} empty={<Nothing why={t("dunning.noTasks")} />} columns={[
          { key: "who", title: t("dunning.customer"), lead: true, render: (r) => <Link to="/app/customers/$id" params={{ id: r.customerId }}><bdi>{r.customerName ?? "—"}</bdi></Link> },
          { key: "step", title: t("dunning.step"), width: 100, render: (r) => word("dunStep", r.step) },
          { key: "owed", title: t("dunning.owed"), width: 110, right: true, render: (r) => <Money fen={r.overdueFen} /> },
          { key: "manager", title: t("dunning.manager"), width: 100, render: (r) => <Name>{r.managerName || "—"}</Name> },
          { key: "due", title: t("dunning.taskDue"), width: 110, render: (r) => <span className="num">{r.dueOn}</span> },
          { key: "state", title: t("dunning.state"), width: 110, render: (r) => <Status group="dunTask" code={r.state} /> },
          { key: "proposal", title: t("dunning.proposal"), render: (r) => <span>{word("dunProposal", r.proposal)}{r.deferUntil ? ` ${t("dunning.until", { day: r.deferUntil })}` : ""}{r.reason && <span className="muted"> <bdi>{r.reason}</bdi></span>}</span> },
          { key: "by", title: t("dunning.by"), width: 120, render: (r) => <Name>{[r.proposedName, r.decidedName].filter(Boolean).join(" → ") || "—"}</Name> },
          { key: "do", title: "", width: 190, right: true, render: (r) => (
            <span className="row" style={{ justifyContent: "flex-end" }}>
              {r.state === "open" && may("dunning.handle") && <><Button size="small" onClick={() => setAsking({ task: r, how: "defer" })}>{t("dunning.defer")}</Button><Button size="small" onClick={() => setAsking({ task: r, how: "proceed" })}>{t("dunning.proceed")}</Button></>}
              {r.state === "proposed" && may("dunning.approve") && r.mayDecide && <><Button size="small" danger onClick={() => setAsking({ task: r, how: "refuse" })}>{t("dunning.refuse")}</Button><Button size="small" type="primary" onClick={() => void decide(r, true, "").catch((cause: unknown) => failed(cause))}>{t("dunning.approve")}</Button></>}
            </span>
          ) },
        ]} />
      )}</Loaded>
      <ReasonDialog open={asking?.how === "proceed"} title={t("dunning.proceed")} confirm={t("dunning.propose")} suggestions={[t("dunning.whyProceed1"), t("dunning.whyProceed2")]} onClose={() => setAsking(null)}
        onConfirm={async (reason) => { await post(`/dunning/tasks/${asking!.task.id}/propose`, { proposal: "proceed", reason }); await again(); }} />
      <ReasonDialog open={asking?.how === "refuse"} danger title={t("dunning.refuse")} confirm={t("dunning.refuse")} onClose={() => setAsking(null)} onConfirm={(reason) => decide(asking!.task, false, reason)} />
      {asking?.how === "defer" && <Defer task={asking.task} onClose={() => setAsking(null)} onDone={again} />}
    </Panel>
  );
}

function Defer({ task, onClose, onDone }: { task: Task; onClose: () => void; onDone: () => Promise<void> }) {
  const { t } = useTranslation();
  const [until, setUntil] = useState("");
  const [reason, setReason] = useState("");
  const [error, setError] = useState<unknown>(null);
  const go = async () => {
    setError(null);
    try { await post(`/dunning/tasks/${task.id}/propose`, { proposal: "defer", until, reason }); await onDone(); onClose(); } catch (cause) { setError(cause); }
  };
  return (
    <Modal open title={t("dunning.defer")} onCancel={onClose} okText={t("dunning.propose")} cancelText={t("kit.cancel")} onOk={() => void go()} okButtonProps={{ disabled: !until || !reason.trim() }} width={460}>
      <div className="stack">
        <Field label={t("dunning.holdUntil")}>{(f) => <Input {...f} type="date" value={until} onChange={(e) => setUntil(e.target.value)} />}</Field>
        <Field label={t("kit.reason")}>{(f) => <Input.TextArea {...f} rows={2} maxLength={200} value={reason} onChange={(e) => setReason(e.target.value)} />}</Field>
        {error ? <Failure error={error} what={t("dunning.defer")} /> : null}
      </div>
    </Modal>
  );
}
