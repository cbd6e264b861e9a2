// Real name: verify whoever stands at the counter, verify again who looks risky, who is not served, and the rules.
import { useTranslation } from "react-i18next";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { PageHead, Tabs } from "../../kit/layout";
import { MarksTab } from "./MarksTab";
import { ReviewsTab } from "./ReviewsTab";
import { RulesTab } from "./RulesTab";
import { VerifyTab } from "./VerifyTab";

export default function RealnamePage() {
  const { t } = useTranslation();
  const may = useMay();
  const { search, set } = useUrl();
  const items = [
    ...(may("realname.verify") ? [{ id: "verify", title: t("realname.verify") }] : []),
    ...(may("standing.read") ? [{ id: "reviews", title: t("realname.reviews") }, { id: "marks", title: t("realname.blacklist") }] : []),
    ...(may("realname.read") ? [{ id: "rules", title: t("realname.rules") }] : []),
  ];
  const at = items.some((i) => i.id === search.tab) ? search.tab! : (items[0]?.id ?? "rules");
  return (
    <div className="page">
      <PageHead title={t("realname.title")} />
      <Tabs label={t("realname.title")} items={items} at={at} onPick={(tab) => set({ tab })}>
        {at === "verify" ? <VerifyTab /> : at === "reviews" ? <ReviewsTab /> : at === "marks" ? <MarksTab /> : <RulesTab />}
      </Tabs>
    </div>
  );
}
