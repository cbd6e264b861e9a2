// Credit control: the board, what people decide, the policies, debts given up.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { count } from "../../lib/format";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { PageHead, Tabs } from "../../kit/layout";
import { At } from "../../kit/text";
import { say } from "../../kit/toast";
import { failed } from "./failed";
import { BoardTab } from "./BoardTab";
import { PoliciesTab } from "./PoliciesTab";
import { TasksTab } from "./TasksTab";
import { WriteOffsTab } from "./WriteOffsTab";
import type { Board, Sweep } from "./types";
import "./dunning.css";

export default function DunningPage() {
  const { t } = useTranslation();
  const may = useMay();
  const client = useQueryClient();
  const { search, set } = useUrl();
  const at = search.tab ?? "board";
  const board = useQuery({ queryKey: ["dunning", "board"], queryFn: () => call<Board>("/dunning/board") });
  const sweeps = useQuery({ queryKey: ["dunning", "sweeps"], queryFn: () => call<Sweep[]>("/dunning/sweeps"), refetchInterval: (q) => (q.state.data?.[0]?.state === "running" ? 1_000 : false) });
  const last = sweeps.data?.[0];
  const run = async () => {
    try {
      await post("/dunning/sweeps", {}, { idempotencyKey: newKey() });
      say.success(t("dunning.sweepStarted"));
    } catch (cause) { failed(cause); }
    setTimeout(() => void client.invalidateQueries({ queryKey: ["dunning"] }), 800);
  };
  return (
    <div className="page">
      <PageHead title={t("dunning.title")} sub={last && (
        <>{t(last.state === "running" ? "dunning.sweeping" : "dunning.lastSweep")} <At at={last.endedAt ?? last.startedAt} /> · {t("dunning.sweepDid", { looked: count(last.looked), opened: count(last.opened), stepped: count(last.stepped), closed: count(last.closed) })}</>
      )}>
        {may("dunning.sweep") && <Button onClick={() => void run()} loading={last?.state === "running"}>{t("dunning.sweepNow")}</Button>}
      </PageHead>
      <Tabs label={t("dunning.title")} at={at} onPick={(tab) => set({ tab: tab === "board" ? undefined : tab, step: undefined, case: undefined, page: undefined })}
        items={[{ id: "board", title: t("dunning.board") }, { id: "tasks", title: t("dunning.tasks"), count: board.data?.tasks || null }, { id: "policies", title: t("dunning.policies") }, { id: "writeOffs", title: t("dunning.writeOffs") }]}>
        {at === "tasks" ? <TasksTab /> : at === "policies" ? <PoliciesTab /> : at === "writeOffs" ? <WriteOffsTab /> : <BoardTab board={board} />}
      </Tabs>
    </div>
  );
}
