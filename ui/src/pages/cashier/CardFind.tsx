// One card: its state and where it went; unlocked or voided with a reason.
import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, post } from "../../lib/api";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { Facts, Field, Panel } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import type { Card } from "./types";

export function CardFind() {
  const { t } = useTranslation();
  const writes = useMay()("rechargecard.write");
  const { search, set } = useUrl();
  const [typed, setTyped] = useState(search.serial ?? "");
  const [verb, setVerb] = useState<"unlock" | "void" | null>(null);
  const serial = search.serial ?? "";
  const found = useQuery({ queryKey: ["cards", serial], queryFn: () => call<Card[]>("/recharge-cards/cards", { query: { serial } }), enabled: serial !== "" });
  return (
    <div className="stack" style={{ maxWidth: 720 }}>
      <Panel>
        <form className="row" style={{ alignItems: "flex-end" }} onSubmit={(e) => { e.preventDefault(); set({ serial: typed.trim() || undefined }); }}>
          <div className="grow"><Field label={t("rcard.find")}>{(p) => <Input {...p} autoFocus className="num" value={typed} maxLength={24} onChange={(e) => setTyped(e.target.value)} />}</Field></div>
          <Button type="primary" htmlType="submit" disabled={!typed.trim()}>{t("rcard.look")}</Button>
        </form>
      </Panel>
      {serial && (
        <Panel>
          <Loaded of={found} what={t("rcard.cards")} rows={3}>{(rows) => rows.length === 0 ? <Nothing why={t("rcard.noCard")} /> : (
            <div className="stack">
              <Facts two items={[
                [t("rcard.find"), <b key="s" className="num">{rows[0]!.serial}</b>], [t("rcard.state"), <Status key="st" group="rcardState" code={rows[0]!.state} />],
                [t("rcard.face"), <Money key="f" fen={rows[0]!.faceFen} />], [t("rcard.validTo"), <span key="v" className="num">{rows[0]!.validTo}</span>],
                [t("rcard.wrong"), <span key="w" className="num">{rows[0]!.wrong}</span>], [t("rcard.usedAt"), <At key="u" at={rows[0]!.usedAt} />],
                [t("rcard.usedBy"), <Name key="b">{rows[0]!.usedBy}</Name>],
              ]} />
              {writes && (
                <div className="row">
                  {rows[0]!.state === "locked" && <Button onClick={() => setVerb("unlock")}>{t("rcard.unlock")}</Button>}
                  {["made", "active", "locked"].includes(rows[0]!.state) && <Button danger onClick={() => setVerb("void")}>{t("rcard.void")}</Button>}
                </div>
              )}
            </div>
          )}</Loaded>
        </Panel>
      )}
      <ReasonDialog open={verb !== null} onClose={() => setVerb(null)} danger={verb === "void"} title={t(verb === "void" ? "rcard.voidCardTitle" : "rcard.unlockTitle", { serial })} confirm={t(verb === "void" ? "rcard.void" : "rcard.unlock")} suggestions={[t(verb === "void" ? "rcard.voidWhy" : "rcard.unlockWhy")]}
        onConfirm={async (reason) => { await post(`/recharge-cards/cards/${serial}/${verb}`, { reason }); await found.refetch(); say.success(t("rcard.done2")); }} />
    </div>
  );
}
