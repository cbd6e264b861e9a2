// Customer identification: source files in, matchings run, codes looked up, customers merged and split.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { list } from "../../lib/api";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { PageHead, Tabs } from "../../kit/layout";
import { CodesTab } from "./CodesTab";
import { FilesTab } from "./FilesTab";
import { MergesTab } from "./MergesTab";
import { RunsTab } from "./RunsTab";
import type { PairRow } from "./types";

export default function IdentityPage() {
  const { t } = useTranslation();
  const may = useMay();
  const { search, set } = useUrl();
  const at = search.tab ?? "files";
  const reviews = may("identity.review");
  const waiting = useQuery({ queryKey: ["pairs", "count"], queryFn: () => list<PairRow>("/identity/pairs", { limit: 1 }), enabled: reviews });
  const count = waiting.data?.total ?? 0;
  return (
    <div className="page">
      <PageHead title={t("identity.title")} sub={t("identity.what")}>
        {reviews && <Link to="/app/identity/review" className="pill">{t("identity.review")}{count > 0 && <span className="num"> {count > 10_000 ? "10000+" : count}</span>}</Link>}
      </PageHead>
      <Tabs
        label={t("identity.title")} at={at} onPick={(tab) => set({ tab: tab === "files" ? undefined : tab, q: undefined, code: undefined })}
        items={[{ id: "files", title: t("identity.sources") }, { id: "runs", title: t("identity.runs") }, { id: "codes", title: t("identity.codes") }, { id: "merges", title: t("identity.merges") }]}
      >
        {at === "runs" ? <RunsTab /> : at === "codes" ? <CodesTab /> : at === "merges" ? <MergesTab /> : <FilesTab />}
      </Tabs>
    </div>
  );
}
