// A stuck order says what broke and offers the operator's verbs right there.
import { ExclamationCircleFilled } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { list } from "../../lib/api";
import { useMay } from "../../lib/session";
import type { FalloutRow, Step } from "../../lib/types";
import { Verbs } from "./Verbs";

export function FalloutBanner({ orderId, step, reload }: { orderId: string; step: Step; reload: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const client = useQueryClient();
  const acts = may("fallout.act");
  const items = useQuery({ queryKey: ["fallout", "order", orderId, step.attempts], queryFn: () => list<FalloutRow>("/fallout", { state: "open", orderId, limit: 100 }), enabled: acts });
  const mine = items.data?.rows.filter((f) => f.orderId === orderId);
  const item = mine?.find((f) => f.step === step.name || f.step === step.id) ?? mine?.[0];
  return (
    <div className="banner bad wraps" role="alert">
      <ExclamationCircleFilled aria-hidden />
      <span className="grow wrap" style={{ flexBasis: 320 }}>
        <b>{t("fallout.stuckAt", { step: step.title })}</b>{" "}
        {step.error && <><span className="mono">{step.error.code}</span> <bdi>{step.error.reason}</bdi></>}
      </span>
      {item && acts ? <Verbs item={item} done={() => { reload(); void client.invalidateQueries({ queryKey: ["fallout"] }); }} /> : !acts ? <span>{t("fallout.waitsOperator")}</span> : null}
    </div>
  );
}
