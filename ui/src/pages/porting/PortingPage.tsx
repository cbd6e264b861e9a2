// Number portability: what comes in, what goes out, who may leave and with which code, the rules, and the central system.
import { useTranslation } from "react-i18next";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { PageHead, Tabs } from "../../kit/layout";
import { CentreTab } from "./CentreTab";
import { CodesTab } from "./CodesTab";
import { InTab } from "./InTab";
import { OutTab } from "./OutTab";
import { RulesTab } from "./RulesTab";

export default function PortingPage() {
  const { t } = useTranslation();
  const may = useMay();
  const { search, set } = useUrl();
  const tabs = ["in", "out", "codes", "rules", ...(may("portability.simulate") ? ["centre"] : [])];
  const at = tabs.includes(search.tab ?? "") ? search.tab! : "in";
  return (
    <div className="page">
      <PageHead title={t("nav.porting")} sub={t("porting.sub")} />
      <Tabs label={t("porting.tabs")} at={at} onPick={(id) => set({ tab: id === "in" ? undefined : id, state: undefined, number: undefined, open: undefined })} items={tabs.map((id) => ({ id, title: t(`porting.${id as "in"}`) }))}>
        <div style={{ paddingTop: 12 }}>
          {at === "in" && <InTab />}
          {at === "out" && <OutTab />}
          {at === "codes" && <CodesTab />}
          {at === "rules" && <RulesTab />}
          {at === "centre" && <CentreTab />}
        </div>
      </Tabs>
    </div>
  );
}
