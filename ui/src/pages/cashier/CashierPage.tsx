// The audit of takings: sheets by level, what nobody has audited, cash that may stay, and what differs.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { PageHead, Tabs } from "../../kit/layout";
import { CashTab } from "./CashTab";
import { MoneyTab } from "./MoneyTab";
import { SheetsTab } from "./SheetsTab";
import type { Watch } from "./types";
import { WatchTab } from "./WatchTab";
import "./cashier.css";

export default function CashierPage() {
  const { t } = useTranslation();
  const may = useMay();
  const { search, set } = useUrl();
  const audits = may("cashier.read");
  const money = may("moneycheck.read");
  const at = search.tab ?? (audits ? "sheets" : "money");
  const watch = useQuery({ queryKey: ["watch"], queryFn: () => call<Watch>("/cashier/watch"), enabled: audits });
  const items = [
    ...(audits ? [{ id: "sheets", title: t("takings.sheets") }, { id: "watch", title: t("takings.watch"), count: watch.data?.overdue || null }, { id: "cash", title: t("takings.cash") }] : []),
    ...(money ? [{ id: "money", title: t("takings.money") }] : []),
  ];
  return (
    <div className="page">
      <PageHead title={t("takings.title")} sub={t("takings.sub")} />
      <Tabs label={t("takings.tabs")} at={at} onPick={(tab) => set({ tab: tab === items[0]?.id ? undefined : tab, state: undefined, day: undefined })} items={items}>
        {at === "watch" ? <WatchTab of={watch} /> : at === "cash" ? <CashTab /> : at === "money" ? <MoneyTab /> : <SheetsTab />}
      </Tabs>
    </div>
  );
}
