// Retry, skip, compensate, abandon: each asks for a reason and is recorded.
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../../lib/api";
import type { FalloutRow } from "../../lib/types";
import { ReasonDialog } from "../../kit/ReasonDialog";

const VERBS = ["retry", "skip", "compensate", "abandon"] as const;
export type Verb = (typeof VERBS)[number];

export function Verbs({ item, done }: { item: FalloutRow; done: () => void }) {
  const { t } = useTranslation();
  const [verb, setVerb] = useState<Verb | null>(null);
  const shown = verb ?? "retry";
  return (
    <span className="row" style={{ gap: 4 }}>
      {VERBS.map((v) => <Button key={v} size="small" type={v === "retry" ? "primary" : "default"} danger={v === "abandon"} onClick={() => setVerb(v)} title={t(`fallout.${v}Note`)}>{t(`fallout.${v}`)}</Button>)}
      <ReasonDialog
        open={verb !== null} onClose={() => setVerb(null)} danger={shown === "abandon" || shown === "compensate"}
        title={t("fallout.verbTitle", { verb: t(`fallout.${shown}`), order: item.orderNo, step: item.stepTitle })} note={t(`fallout.${shown}Note`)} confirm={t(`fallout.${shown}`)}
        suggestions={[t("fallout.why1"), t("fallout.why2"), t("fallout.why3")]}
        onConfirm={async (reason) => { await post(`/fallout/${item.id}/${shown}`, { reason }); done(); }}
      />
    </span>
  );
}
