// Sheets of halls and days; those that wait first.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { list } from "../../lib/api";
import { today } from "../../lib/format";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import { Panel, Segments } from "../../kit/layout";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { sheetColumns } from "./sheetColumns";
import type { Sheet, SheetRow } from "./types";
import { useDo } from "./useDo";

const SIZE = 50;
export function SheetsTab() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay();
  const { search, set } = useUrl();
  const state = search.state ?? "open";
  const page = Number(search.page ?? 1);
  const { busy, error, run } = useDo(["sheets", "watch"]);
  const found = useQuery({
    queryKey: ["sheets", state, page], placeholderData: keepPreviousData,
    queryFn: () => list<SheetRow>("/cashier/sheets", { state: state === "all" ? undefined : state, limit: SIZE, offset: (page - 1) * SIZE }),
  });
  const open = (id: string) => void navigate({ to: "/app/cashier/sheets/$id", params: { id } });
  const make = async () => { const sheet = await run<Sheet>("/cashier/sheets", { day: today() }); if (sheet) open(sheet.id); };
  return (
    <div className="stack">
      <div className="row spread wraps">
        <Segments label={t("takings.state")} at={state} onPick={(s) => set({ state: s === "open" ? undefined : s })} items={[{ id: "open", title: t("takings.open") }, { id: "hall", title: t("sheetState.hall") }, { id: "city", title: t("sheetState.city") }, { id: "province", title: t("sheetState.province") }, { id: "passed", title: t("sheetState.passed") }, { id: "all", title: t("takings.all") }]} />
        {may("cashier.audit_hall") && <Button size="small" loading={busy} onClick={() => void make()}>{t("takings.openToday")}</Button>}
      </div>
      {error ? <Failure error={error} what={t("takings.openToday")} /> : null}
      <Panel flush>
        <Loaded of={found} what={t("takings.sheets")} rows={6}>{(d) => (
          <>
            <DataTable rows={d.rows} columns={sheetColumns(t)} rowKey={(r) => r.id} label={t("takings.sheets")} minWidth={880} keys onOpen={(r) => open(r.id)} empty={<Nothing why={<>{t("takings.none")} {t("takings.noneHint")}</>} />} />
            {d.rows.length > 0 && <Pager page={page} size={SIZE} total={d.total} shown={d.rows.length} onPage={(n) => set({ page: n === 1 ? undefined : n })} />}
          </>
        )}</Loaded>
      </Panel>
    </div>
  );
}
