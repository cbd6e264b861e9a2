// Addresses: what can be had there, the address book, sites.
import { useTranslation } from "react-i18next";
import { useUrl } from "../../lib/url";
import { PageHead, Panel, Tabs } from "../../kit/layout";
import { AddressesTab } from "./AddressesTab";
import { CoverageTab } from "./CoverageTab";
import { SitesTab } from "./SitesTab";

export default function PlacesPage() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const tabs = [{ id: "check", title: t("place.check") }, { id: "addresses", title: t("place.addresses") }, { id: "sites", title: t("place.sites") }];
  const at = tabs.some((x) => x.id === search.tab) ? search.tab! : "check";
  return (
    <div className="page">
      <PageHead title={t("place.tabs")} sub={t("place.what")} />
      <Panel flush className="placepanel">
        <Tabs items={tabs} at={at} onPick={(id) => set({ tab: id === "check" ? undefined : id, q: undefined })} label={t("place.tabs")}>
          {at === "check" && <CoverageTab />}
          {at === "addresses" && <AddressesTab />}
          {at === "sites" && <SitesTab />}
        </Tabs>
      </Panel>
    </div>
  );
}
