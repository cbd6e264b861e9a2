// Orders between order entry and billing: what we tell, what billing asks, whether both sides agree, and which system charges what.
import { useTranslation } from "react-i18next";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { PageHead, Tabs } from "../../kit/layout";
import { BackTab } from "./BackTab";
import { CompareTab } from "./CompareTab";
import { SystemsTab } from "./SystemsTab";
import { ToldTab } from "./ToldTab";

const CLEAR = { state: undefined, system: undefined, kind: undefined, q: undefined, open: undefined, day: undefined, customerId: undefined };

export default function InterchangePage() {
  const { t } = useTranslation();
  const may = useMay();
  const { search, set } = useUrl();
  const tabs = [...(may("interchange.read") ? ["back"] : []), ...(may("collaboration.read") ? ["told"] : []), ...(may("interchange.read") ? ["compare"] : []), ...(may("collaboration.read") ? ["systems"] : [])];
  const at = tabs.includes(search.tab ?? "") ? search.tab! : (tabs[0] ?? "back");
  return (
    <div className="page">
      <PageHead title={t("nav.interchange")} sub={t("interchange.sub")} />
      <Tabs label={t("interchange.tabs")} at={at} onPick={(id) => set({ ...CLEAR, tab: id === tabs[0] ? undefined : id })} items={tabs.map((id) => ({ id, title: t(`interchange.tab.${id as "back"}`) }))}>
        <div style={{ paddingTop: 12 }}>
          {at === "back" && <BackTab />}
          {at === "told" && <ToldTab />}
          {at === "compare" && <CompareTab />}
          {at === "systems" && <SystemsTab />}
        </div>
      </Tabs>
    </div>
  );
}
