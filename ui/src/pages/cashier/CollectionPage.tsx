// Collection by banks: agreements, files out, answers in.
import { useTranslation } from "react-i18next";
import { useUrl } from "../../lib/url";
import { PageHead, Tabs } from "../../kit/layout";
import { AgreementsTab } from "./AgreementsTab";
import { BatchesTab } from "./BatchesTab";
import { ResultsTab } from "./ResultsTab";
import "./cashier.css";

export default function CollectionPage() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const at = search.tab ?? "batches";
  return (
    <div className="page">
      <PageHead title={t("collect.title")} sub={t("collect.sub")} />
      <Tabs label={t("collect.tabs")} at={at} onPick={(tab) => set({ tab: tab === "batches" ? undefined : tab, batch: undefined })}
        items={[{ id: "batches", title: t("collect.batches") }, { id: "results", title: t("collect.results") }, { id: "agreements", title: t("collect.agreements") }]}>
        {at === "agreements" ? <AgreementsTab /> : at === "results" ? <ResultsTab /> : <BatchesTab />}
      </Tabs>
    </div>
  );
}
