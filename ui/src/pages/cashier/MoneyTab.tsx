// A day as documents, drawers, ledger and bank tell it, and the list of what differs.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, list, post } from "../../lib/api";
import { today } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import { Panel, Segments } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import type { Difference, MoneyRow } from "./types";
import { useDo } from "./useDo";

export function MoneyTab() {
  const { t } = useTranslation();
  const writes = useMay()("moneycheck.write");
  const { search, set } = useUrl();
  const day = search.day || today();
  const state = search.state ?? "open";
  const [at, setAt] = useState<Difference | null>(null);
  const { busy, error, run } = useDo(["moneyDay", "differences"]);
  const rows = useQuery({ queryKey: ["moneyDay", day], queryFn: () => call<{ rows: MoneyRow[] }>(`/money-days/${day}`), placeholderData: keepPreviousData });
  const found = useQuery({ queryKey: ["differences", state], queryFn: () => list<Difference>("/money-checks", { state: state === "all" ? undefined : state }), placeholderData: keepPreviousData });
  const again = async () => { const done = await run<{ differences: number }>("/money-checks/run", { day }); if (done) say.info(t("takings.ran", { n: done.differences })); };
  const optional = (fen: number | null) => (fen === null ? <span className="muted">—</span> : <Money fen={fen} tone />);
  return (
    <div className="stack">
      <Panel flush title={<label className="row">{t("takings.moneyDay")} <input type="date" className="pick" value={day} max={today()} onChange={(e) => set({ day: e.target.value })} /></label>}
        acts={writes && <Button size="small" loading={busy} onClick={() => void again()}>{t("takings.run")}</Button>}>
        {error ? <div style={{ padding: 12 }}><Failure error={error} what={t("takings.run")} /></div> : null}
        <Loaded of={rows} what={t("takings.money")} rows={4}>{(d) => (
          <DataTable rows={d.rows} rowKey={(r) => r.org + r.method} label={t("takings.money")} minWidth={980} empty={<Nothing why={t("takings.noMoney")} />} columns={[
            { key: "hall", title: t("takings.hall"), lead: true, render: (r) => <Name>{r.hall}</Name> },
            { key: "method", title: t("takings.method"), width: 100, render: (r) => word("payMethod", r.method) },
            { key: "documents", title: t("takings.documents"), width: 118, right: true, render: (r) => <Money fen={r.documentsFen} tone /> },
            { key: "ledger", title: t("takings.ledger"), width: 118, right: true, render: (r) => <span className={r.ledgerFen === r.documentsFen ? "" : "bad"}><Money fen={r.ledgerFen} tone /></span> },
            { key: "system", title: t("takings.system"), width: 118, right: true, render: (r) => optional(r.systemFen) },
            { key: "counted", title: t("takings.counted"), width: 118, right: true, render: (r) => <span className={r.countedFen === r.systemFen ? "" : "bad"}>{optional(r.countedFen)}</span> },
            { key: "held", title: t("takings.held"), width: 118, right: true, render: (r) => <Money fen={r.heldFen} tone /> },
            { key: "slips", title: t("takings.banked"), width: 118, right: true, render: (r) => <Money fen={r.slipsFen} tone /> },
          ]} />
        )}</Loaded>
      </Panel>
      <Panel flush title={t("takings.differences")} acts={<Segments label={t("takings.state")} at={state} onPick={(s) => set({ state: s === "open" ? undefined : s })} items={[{ id: "open", title: t("moneyState.open") }, { id: "explained", title: t("moneyState.explained") }, { id: "all", title: t("takings.anyState") }]} />}>
        <Loaded of={found} what={t("takings.differences")} rows={4}>{(d) => (
          <DataTable rows={d.rows} rowKey={(r) => r.id} label={t("takings.differences")} minWidth={980} empty={<Nothing why={t("takings.noDifferences")} />}
            extra={(r) => (r.reason ? <span className="soft wrap"><bdi>{r.reason}</bdi> — {r.by}</span> : null)}
            columns={[
              { key: "day", title: t("takings.day"), width: 108, lead: true, render: (r) => <span className="num">{r.day}</span> },
              { key: "hall", title: t("takings.hall"), render: (r) => <Name>{r.hall}</Name> },
              { key: "kind", title: t("takings.kindOf"), width: 190, render: (r) => <>{word("moneyKind", r.kind)}{r.method ? ` · ${word("payMethod", r.method)}` : ""}</> },
              { key: "left", title: t("takings.left"), width: 116, right: true, render: (r) => <Money fen={r.leftFen} tone /> },
              { key: "right", title: t("takings.right"), width: 116, right: true, render: (r) => <Money fen={r.rightFen} tone /> },
              { key: "difference", title: t("takings.difference"), width: 116, right: true, render: (r) => <span className="bad"><Money fen={r.differenceFen} /></span> },
              { key: "state", title: t("takings.state"), width: 104, render: (r) => <Status group="moneyState" code={r.state} /> },
              { key: "do", title: "", width: 96, right: true, render: (r) => (writes && r.state === "open" ? <Button size="small" onClick={() => setAt(r)}>{t("takings.explain")}</Button> : null) },
            ]} />
        )}</Loaded>
      </Panel>
      <ReasonDialog open={at !== null} onClose={() => setAt(null)} title={t("takings.explainTitle")} confirm={t("takings.explain")} suggestions={[t("takings.whyD1"), t("takings.whyD2")]}
        onConfirm={async (reason) => { await post(`/money-checks/${at!.id}/explain`, { reason }); await found.refetch(); say.success(t("takings.explained")); }} />
    </div>
  );
}
