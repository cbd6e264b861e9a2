// What can be done with an order under way: hold, release, urge, amend, cancel. The server says which of them, and why not.
import { Button, Tooltip } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../../lib/api";
import type { Track } from "../../lib/types";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { say } from "../../kit/toast";
import { AmendDialog } from "./AmendDialog";

type Plain = "hold" | "release" | "urge";
const PLAIN: Plain[] = ["urge", "hold", "release"];
const WHY = { hold: ["whyHold1", "whyHold2", "whyHold3"], release: ["whyRelease1"], urge: ["whyUrge1", "whyUrge2"] } as const;
const DONE = { hold: "heldDone", release: "released", urge: "urgedDone" } as const;

export function TransitVerbs({ data, changed }: { data: Track; changed: (fresh?: Track) => void }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<Plain | "amend" | "cancel" | null>(null);
  const { order } = data;
  const offer = (verb: string) => data.verbs?.find((v) => v.verb === verb);
  const plain: Plain = asking === "hold" || asking === "release" || asking === "urge" ? asking : "urge";
  const close = () => setAsking(null);
  const button = (verb: "hold" | "release" | "urge" | "amend" | "cancel", label: string, danger = false) => {
    const known = offer(verb);
    // A verb that makes no sense in this state is not shown; one that is refused for a reason says the reason.
    if (!known || (!known.allowed && (!known.whyNot || known.whyNot.code === "order.state"))) return null;
    const shown = <Button key={verb} danger={danger} disabled={!known.allowed} onClick={() => setAsking(verb)}>{label}</Button>;
    return known.allowed ? shown : <Tooltip key={verb} title={known.whyNot?.reason}><span tabIndex={0}>{shown}</span></Tooltip>;
  };
  return (
    <>
      {PLAIN.map((verb) => button(verb, t(`transit.${verb}`)))}
      {button("amend", t("transit.amend"))}
      {button("cancel", t("order.cancel"), true)}
      <ReasonDialog
        open={asking === "hold" || asking === "release" || asking === "urge"} onClose={close} title={`${t(`transit.${plain}`)} · ${order.orderNo}`} note={t(`transit.${plain}Note`)} confirm={t(`transit.${plain}`)}
        suggestions={WHY[plain].map((why) => t(`transit.${why}`))}
        onConfirm={async (reason) => { changed(await post<Track | undefined>(`/orders/${order.id}/${plain}`, { reason })); say.success(t(`transit.${DONE[plain]}`)); }}
      />
      {asking === "amend" && <AmendDialog data={data} onClose={close} done={(fresh) => { close(); changed(fresh); say.success(t("transit.amended")); }} />}
      <ReasonDialog open={asking === "cancel"} onClose={close} danger title={t("order.cancelTitle")} note={t("order.cancelNote")} confirm={t("order.cancel")}
        suggestions={[t("order.whyCancel1"), t("order.whyCancel2"), t("order.whyCancel3")]}
        onConfirm={async (reason) => changed(await post<Track | undefined>(`/orders/${order.id}/cancel`, { reason }))} />
    </>
  );
}
