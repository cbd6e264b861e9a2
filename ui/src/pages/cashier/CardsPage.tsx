// Recharge cards: redeem at the counter, make and activate batches, find a card.
import { useTranslation } from "react-i18next";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { PageHead, Tabs } from "../../kit/layout";
import { CardBatches } from "./CardBatches";
import { CardFind } from "./CardFind";
import { Redeem } from "./Redeem";
import "./cashier.css";

export default function CardsPage() {
  const { t } = useTranslation();
  const may = useMay();
  const { search, set } = useUrl();
  const items = [...(may("rechargecard.redeem") ? [{ id: "redeem", title: t("rcard.redeem") }] : []), ...(may("rechargecard.read") ? [{ id: "batches", title: t("rcard.batches") }, { id: "cards", title: t("rcard.cards") }] : [])];
  const at = search.tab ?? items[0]?.id ?? "redeem";
  return (
    <div className="page" style={{ maxWidth: 1240 }}>
      <PageHead title={t("rcard.title")} sub={t("rcard.sub")} />
      <Tabs label={t("rcard.tabs")} at={at} onPick={(tab) => set({ tab: tab === items[0]?.id ? undefined : tab })} items={items}>
        {at === "batches" ? <CardBatches /> : at === "cards" ? <CardFind /> : <Redeem />}
      </Tabs>
    </div>
  );
}
