// Revenue, arrears and balances of a place, with the way down to the places below it.
import { useTranslation } from "react-i18next";
import { useUrl } from "../../lib/url";
import { PageHead, Tabs } from "../../kit/layout";
import { ArrearsTab } from "./ArrearsTab";
import { BalancesTab } from "./BalancesTab";
import { RevenueTab } from "./RevenueTab";
import "../cashier/cashier.css";

export default function FiguresPage() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const at = search.tab ?? "revenue";
  const pick = (org: string | undefined) => set({ org }, true);
  return (
    <div className="page">
      <PageHead title={t("figs.title")} sub={t("figs.sub")} />
      <Tabs label={t("figs.tabs")} at={at} onPick={(tab) => set({ tab: tab === "revenue" ? undefined : tab, from: undefined, to: undefined })}
        items={[{ id: "revenue", title: t("figs.revenue") }, { id: "arrears", title: t("figs.arrears") }, { id: "balances", title: t("figs.balances") }]}>
        {at === "arrears" ? <ArrearsTab org={search.org} pick={pick} /> : at === "balances" ? <BalancesTab org={search.org} pick={pick} /> : <RevenueTab org={search.org} pick={pick} />}
      </Tabs>
    </div>
  );
}
