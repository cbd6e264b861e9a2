// Cards and devices: what lies where, single pieces, transfers, stock-taking, intake.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { PageHead, Panel, Tabs } from "../../kit/layout";
import { CountsTab } from "./CountsTab";
import { Imports } from "./Imports";
import { ItemsTab } from "./ItemsTab";
import { LevelsTab } from "./LevelsTab";
import { TransfersTab } from "./TransfersTab";
import type { Transfer } from "./types";

export default function StockPage() {
  const { t } = useTranslation();
  const may = useMay();
  const { search, set } = useUrl();
  const waiting = useQuery({ queryKey: ["transfers", "dispatched"], queryFn: () => call<Transfer[]>("/stock/transfers", { query: { state: "dispatched", limit: 200 } }) });
  const tabs = [
    { id: "levels", title: t("stock.levels") },
    { id: "items", title: t("stock.items") },
    { id: "transfers", title: t("stock.transfers"), count: waiting.data?.length || null },
    { id: "counts", title: t("stock.counts") },
    ...(may("stock.manage") ? [{ id: "imports", title: t("stock.imports") }] : []),
  ];
  const at = tabs.some((x) => x.id === search.tab) ? search.tab! : "levels";
  return (
    <div className="page">
      <PageHead title={t("stock.tabs")} sub={t("stock.what")} />
      <Panel flush>
        <Tabs items={tabs} at={at} onPick={(id) => set({ tab: id === "levels" ? undefined : id, q: undefined, state: undefined, kind: undefined, page: 1 })} label={t("stock.tabs")}>
          {at === "levels" && <LevelsTab />}
          {at === "items" && <ItemsTab />}
          {at === "transfers" && <TransfersTab />}
          {at === "counts" && <CountsTab />}
          {at === "imports" && <Imports kind="stock" />}
        </Tabs>
      </Panel>
    </div>
  );
}
