// Product → CFS → RFS → tasks, and the same tasks as a list in the order they run.
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { clock, seconds } from "../../lib/format";
import { word } from "../../lib/i18n";
import type { Step, Track } from "../../lib/types";
import { DataTable } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Name } from "../../kit/text";

export function Decomposition({ tree, steps }: { tree: Track["tree"]; steps: Step[] }) {
  const { t } = useTranslation();
  const byId = new Map(steps.map((s) => [s.id, s]));
  return (
    <div className="table-wrap">
      <div className="decomp" role="table" aria-label={t("order.decomposition")} style={{ minWidth: 700 }}>
        <div role="row" style={{ display: "contents" }}>
          {(["product", "cfs", "rfs", "task"] as const).map((h) => <div key={h} role="columnheader" className="h">{t(`decomp.${h}`)}</div>)}
        </div>
        {tree.map((p) => p.cfs.map((c, ci) => c.rfs.map((r, ri) => (
          <div role="row" key={`${p.item}${ci}.${ri}`} style={{ display: "contents" }}>
            <div role="cell" className="strong">{ci === 0 && ri === 0 ? <bdi>{p.product}</bdi> : <span className="sr">{p.product}</span>}</div>
            <div role="cell">{ri === 0 ? <bdi>{c.name}</bdi> : <span className="sr">{c.name}</span>}</div>
            <div role="cell"><bdi>{r.name}</bdi></div>
            <div role="cell">
              {r.tasks.map((id) => {
                const s = byId.get(id);
                return s ? <div key={id} className="task" data-step={s.name}><Status group="stepState" code={s.state} bare /><Name>{s.title}</Name><span className="chip">{word("target", s.target)}</span></div> : <Fragment key={id} />;
              })}
            </div>
          </div>
        ))))}
      </div>
    </div>
  );
}

export function Steps({ steps }: { steps: Step[] }) {
  const { t } = useTranslation();
  const seq = new Map(steps.map((s) => [s.id, s.seq]));
  const columns: Column<Step>[] = [
    { key: "seq", title: "#", width: 46, render: (s) => <span className="num muted">{s.seq}</span> },
    { key: "state", title: t("order.stateTitle"), width: 108, render: (s) => <Status group="stepState" code={s.state} /> },
    { key: "title", title: t("order.task"), render: (s) => <span title={s.name}><Name className="strong">{s.title}</Name></span> },
    { key: "target", title: t("order.target"), width: 108, render: (s) => word("target", s.target) },
    { key: "after", title: t("order.after"), width: 76, render: (s) => <span className="num muted">{(s.after ?? []).map((id) => seq.get(id)).filter((n) => n !== undefined).join(", ") || "—"}</span> },
    { key: "attempts", title: t("order.attempts"), width: 66, right: true, render: (s) => <span className={s.attempts > 1 ? "warn num" : "num"}>{s.attempts}</span> },
    { key: "start", title: t("order.startedAt"), width: 84, render: (s) => <span className="num">{clock(s.startedAt)}</span> },
    { key: "took", title: t("order.took"), width: 84, right: true, render: (s) => <span className="num">{seconds(s.startedAt, s.endedAt)}</span> },
  ];
  return (
    <DataTable rows={[...steps].sort((a, b) => a.seq - b.seq)} rowKey={(s) => s.id} columns={columns} label={t("order.tasks")} minWidth={760} empty={<Nothing why={t("order.noSteps")} />}
      extra={(s) => s.error ? <span className="bad"><span className="mono">{s.error.code}</span> <bdi className="wrap">{s.error.reason}</bdi></span> : null} />
  );
}
