// Numbers: find and keep one, look after the pool, take ranges in, the rules behind.
import { useTranslation } from "react-i18next";
import { useMay, useSession } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { PageHead, Panel, Tabs } from "../../kit/layout";
import { Imports } from "./Imports";
import { NumberDrawer } from "./NumberDrawer";
import { PoolTab } from "./PoolTab";
import { RulesTab } from "./RulesTab";
import { SearchTab } from "./SearchTab";

export default function NumbersPage() {
  const { t } = useTranslation();
  const may = useMay();
  const { staff } = useSession();
  const { search, set } = useUrl();
  const keeps = may("pool.manage");
  const tabs = [
    { id: "search", title: t("num.search") },
    ...(keeps ? [{ id: "pool", title: t("num.pool") }, { id: "imports", title: t("num.imports") }] : []),
    { id: "rules", title: t("num.rules") },
  ];
  const at = tabs.some((x) => x.id === search.tab) ? search.tab! : "search";
  return (
    <div className="page">
      <PageHead title={t("num.tabs")} sub={t("num.what")} />
      <Panel flush>
        <Tabs items={tabs} at={at} onPick={(id) => set({ tab: id === "search" ? undefined : id, q: undefined, state: undefined, after: undefined })} label={t("num.tabs")}>
          {at === "search" && <SearchTab />}
          {at === "pool" && <PoolTab />}
          {at === "imports" && <Imports kind="numbers" />}
          {at === "rules" && <RulesTab writes={keeps && staff.scope === "/cn"} />}
        </Tabs>
      </Panel>
      <NumberDrawer />
    </div>
  );
}
