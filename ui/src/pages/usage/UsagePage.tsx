// Usage: the detail of a number and cycle, files taken in, the error pool, limits.
import { useTranslation } from "react-i18next";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { PageHead, Tabs } from "../../kit/layout";
import { DetailTab } from "./DetailTab";
import { FilesTab } from "./FilesTab";
import { PoolTab } from "./PoolTab";
import { RulesTab } from "./RulesTab";
import "./usage.css";

export default function UsagePage() {
  const { t } = useTranslation();
  const may = useMay();
  const { search, set } = useUrl();
  const items = [
    { id: "detail", title: t("usage.detail") },
    ...(may("usage.intake") ? [{ id: "files", title: t("usage.files") }] : []),
    ...(may("usage.pool") ? [{ id: "pool", title: t("usage.pool") }] : []),
    ...(may("usage.intake", "usage.pool", "usage.settings") ? [{ id: "rules", title: t("usage.rules") }] : []),
  ];
  const at = items.some((i) => i.id === search.tab) ? search.tab! : "detail";
  return (
    <div className="page">
      <PageHead title={t("usage.title")} sub={t("usage.what")} />
      <Tabs label={t("usage.title")} at={at} items={items}
        onPick={(tab) => set({ tab: tab === "detail" ? undefined : tab, number: undefined, cycle: undefined, kind: undefined, direction: undefined, peer: undefined, late: undefined, service: undefined, state: undefined, code: undefined })}>
        {at === "files" ? <FilesTab /> : at === "pool" ? <PoolTab /> : at === "rules" ? <RulesTab /> : <DetailTab />}
      </Tabs>
    </div>
  );
}
