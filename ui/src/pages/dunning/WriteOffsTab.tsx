// Debts given up, and taken up again when they are paid after all.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { useMay } from "../../lib/session";
import { DataTable } from "../../kit/DataTable";
import { Panel } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Ago, Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import type { WriteOff } from "./types";

export function WriteOffsTab() {
  const { t } = useTranslation();
  const may = useMay();
  const client = useQueryClient();
  const [asking, setAsking] = useState<WriteOff | null>(null);
  const all = useQuery({ queryKey: ["dunning", "writeOffs"], queryFn: () => call<WriteOff[]>("/dunning/write-offs") });
  return (
    <Panel flush title={t("dunning.writeOffs")} acts={<span className="muted">{t("dunning.writeOffNote")}</span>}>
      <Loaded of={all} what={t("dunning.writeOffs")} rows={4}>{(rows) => (
        <DataTable rows={rows} rowKey={(r) => r.id} label={t("dunning.writeOffs")} minWidth={900} empty={<Nothing why={t("dunning.noWriteOffs")} />} columns={[
          { key: "who", title: t("dunning.customer"), lead: true, render: (r) => <Link to="/app/customers/$id" params={{ id: r.customerId }}><bdi>{r.customerName ?? "—"}</bdi></Link> },
          { key: "sum", title: t("dunning.givenUp"), width: 120, right: true, render: (r) => <Money fen={r.amountFen} /> },
          { key: "back", title: t("dunning.recovered"), width: 120, right: true, render: (r) => <Money fen={r.recoveredFen} /> },
          { key: "state", title: t("dunning.state"), width: 110, render: (r) => <Status group="dunWriteOff" code={r.state} /> },
          { key: "why", title: t("kit.reason"), render: (r) => <Name>{r.reason || "—"}</Name> },
          { key: "by", title: t("dunning.by"), width: 150, render: (r) => <Name>{`${r.askedBy} → ${r.approvedBy}`}</Name> },
          { key: "at", title: t("dunning.at"), width: 96, render: (r) => <Ago at={r.at} /> },
          { key: "do", title: "", width: 96, right: true, render: (r) => (r.state === "written" && may("dunning.approve") ? <Button size="small" onClick={() => setAsking(r)}>{t("dunning.reinstate")}</Button> : null) },
        ]} />
      )}</Loaded>
      <ReasonDialog open={!!asking} title={t("dunning.reinstate")} note={t("dunning.reinstateNote")} confirm={t("dunning.reinstate")} suggestions={[t("dunning.whyReinstate")]} onClose={() => setAsking(null)}
        onConfirm={async (reason) => {
          await post(`/dunning/write-offs/${asking!.id}/reinstate`, { reason }, { idempotencyKey: newKey() });
          say.success(t("dunning.reinstated"));
          await client.invalidateQueries({ queryKey: ["dunning"] });
        }} />
    </Panel>
  );
}
