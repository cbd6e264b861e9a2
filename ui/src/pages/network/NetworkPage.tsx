// The network from the side of orders: rules, what orders became, routes, messages, files, work by hand, the built-in systems.
import { useTranslation } from "react-i18next";
import { useUrl } from "../../lib/url";
import { PageHead, Tabs } from "../../kit/layout";
import { LegacyTab } from "./LegacyTab";
import { MessagesTab } from "./MessagesTab";
import { OrderTab } from "./OrderTab";
import { RoutesTab } from "./RoutesTab";
import { RulesTab } from "./RulesTab";
import { SimulatorTab } from "./SimulatorTab";
import { WorkTab } from "./WorkTab";
import "./network.css";

const TABS = ["routes", "rules", "order", "messages", "legacy", "work", "simulator"] as const;
type Tab = (typeof TABS)[number];
const PARTS: Record<Tab, () => React.ReactNode> = {
  routes: () => <RoutesTab />, rules: () => <RulesTab />, order: () => <OrderTab />, messages: () => <MessagesTab />, legacy: () => <LegacyTab />, work: () => <WorkTab />, simulator: () => <SimulatorTab />,
};

export default function NetworkPage() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const at = TABS.find((x) => x === search.tab) ?? "routes";
  return (
    <div className="page">
      <PageHead title={t("nav.network")} sub={t(`network.what.${at}`)} />
      <Tabs label={t("nav.network")} at={at} items={TABS.map((id) => ({ id, title: t(`network.tab.${id}`) }))}
        onPick={(id) => set({ tab: id === "routes" ? undefined : id, state: undefined, page: undefined, q: undefined, system: undefined })}>
        <div className="parts">{PARTS[at]()}</div>
      </Tabs>
    </div>
  );
}
