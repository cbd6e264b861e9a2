// Cash in the halls now, against what may stay overnight.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { yuan } from "../../lib/format";
import { DataTable } from "../../kit/DataTable";
import { Meter, Panel } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Money, Name } from "../../kit/text";
import type { CashRow } from "./types";

export function CashTab() {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["cash"], queryFn: () => call<CashRow[]>("/cashier/cash"), refetchInterval: 60_000 });
  return (
    <Panel title={t("takings.cash")} flush>
      <Loaded of={found} what={t("takings.cash")} rows={4}>{(rows) => (
        <DataTable rows={rows} rowKey={(r) => r.org} label={t("takings.cash")} minWidth={860} empty={<Nothing why={t("takings.noCash")} />} columns={[
          { key: "hall", title: t("takings.hall"), lead: true, render: (r) => <Name>{r.hall}</Name> },
          { key: "takings", title: t("takings.takings"), width: 140, right: true, render: (r) => <Money fen={r.takingsFen} tone /> },
          { key: "hand", title: t("takings.onHand"), width: 140, right: true, render: (r) => <Money fen={r.onHandFen} tone /> },
          { key: "limit", title: t("takings.limit"), width: 130, right: true, render: (r) => <span className="def num" title={r.source}>{yuan(r.limitFen)}</span> },
          { key: "meter", title: t("takings.within"), width: 170, render: (r) => <Meter done={Math.max(0, r.onHandFen)} total={r.limitFen} tone={r.overFen > 0 ? "bad" : "ok"} label={t("takings.onHand")} /> },
          { key: "over", title: t("takings.over"), width: 150, right: true, render: (r) => (r.overFen > 0 ? <b className="bad num">{yuan(r.overFen)}</b> : <span className="ok">{t("takings.within")}</span>) },
        ]} />
      )}</Loaded>
      <p className="muted" style={{ padding: "8px 14px 12px", margin: 0, fontSize: 12 }}>{t("takings.cashHint")}</p>
    </Panel>
  );
}
