// What nobody has audited yet, the oldest first, and drawers of earlier days that nobody has counted.
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { DataTable } from "../../kit/DataTable";
import { Panel } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Name } from "../../kit/text";
import { sheetColumns } from "./sheetColumns";
import type { Watch } from "./types";

export function WatchTab({ of }: { of: { data: Watch | undefined; error: unknown; isPending: boolean; refetch: () => unknown } }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <Loaded of={of} what={t("takings.watch")} rows={6}>{(w) => (
      <div className="stack">
        <Panel title={t("takings.openShifts")} flush>
          {w.openShifts.length === 0 ? <p className="muted" style={{ padding: "12px 14px", margin: 0 }}>{t("takings.openShiftsNone")}</p> : (
            <DataTable rows={w.openShifts} rowKey={(r) => r.org + r.day} label={t("takings.openShifts")} columns={[
              { key: "day", title: t("takings.day"), width: 120, lead: true, render: (r) => <span className="num">{r.day}</span> },
              { key: "hall", title: t("takings.hall"), render: (r) => <Name>{r.hall}</Name> },
              { key: "n", title: t("takings.openShifts"), width: 120, right: true, render: (r) => <span className="bad">{t("takings.count", { n: r.openShifts })}</span> },
            ]} />
          )}
        </Panel>
        <Panel title={t("takings.watch")} flush>
          <DataTable rows={w.sheets} columns={sheetColumns(t)} rowKey={(r) => r.id} label={t("takings.watch")} minWidth={880} keys onOpen={(r) => void navigate({ to: "/app/cashier/sheets/$id", params: { id: r.id } })} empty={<Nothing why={t("takings.nothingWatched")} />} />
        </Panel>
      </div>
    )}</Loaded>
  );
}
