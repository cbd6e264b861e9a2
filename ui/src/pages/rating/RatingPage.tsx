// Rating: what a number has left and costs so far, the plans, the tables that plans refer to.
import { useTranslation } from "react-i18next";
import { PageHead, Tabs } from "../../kit/layout";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { BalanceTab } from "./BalanceTab";
import { PlansTab } from "./PlansTab";
import { TablesTab } from "./TablesTab";
import "./rating.css";

export default function RatingPage() {
  const { t } = useTranslation();
  const may = useMay();
  const { search, set } = useUrl();
  const items = [
    ...(may("rating.balance") ? [{ id: "balance", title: t("rating.balance") }] : []),
    ...(may("rating.read") ? [{ id: "plans", title: t("rating.plans") }, { id: "tables", title: t("rating.tables") }] : []),
  ];
  const at = items.find((i) => i.id === search.tab)?.id ?? items[0]?.id ?? "balance";
  return (
    <div className="page">
      <PageHead title={t("rating.title")} sub={t("rating.what")} />
      <Tabs label={t("rating.title")} at={at} items={items} onPick={(tab) => set({ tab, number: undefined, cycle: undefined, rule: undefined, q: undefined, page: undefined, state: undefined, table: undefined })}>
        {at === "plans" ? <PlansTab /> : at === "tables" ? <TablesTab /> : <BalanceTab />}
      </Tabs>
    </div>
  );
}
