// What a clerk does with a customer's points.
import { useQuery } from "@tanstack/react-query";
import { Button, Input, InputNumber, Modal } from "antd";
import { useState } from "react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { count, toFen, yuan } from "../../lib/format";
import { language } from "../../lib/i18n";
import { Field } from "../../kit/layout";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { useDo } from "../unit/use";
import type { Gift, PointsPicture } from "./parts";
import { POINTS_KEYS } from "./PointsTab";

function Dialog({ title, confirm, ready, busy, error, danger, onClose, go, children }: { title: string; confirm: string; ready: boolean; busy: boolean; error: unknown; danger?: boolean; onClose: () => void; go: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Modal open onCancel={onClose} title={title} width={440} destroyOnHidden footer={[<Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>, <Button key="go" type="primary" danger={danger} loading={busy} disabled={!ready} onClick={go}>{confirm}</Button>]}>
      <div className="stack">{children}{error ? <Failure error={error} what={title} /> : null}</div>
    </Modal>
  );
}

export function Pay({ id, picture, onClose }: { id: string; picture: PointsPicture; onClose: () => void }) {
  const { t } = useTranslation();
  const [amount, setAmount] = useState(yuan(picture.worthFen, false).replaceAll(",", ""));
  const { busy, error, run } = useDo(POINTS_KEYS);
  const fen = toFen(amount);
  const rate = picture.pointsPerYuan ?? 100;
  const cost = fen ? Math.ceil((fen * rate) / 100) : 0;
  const ready = !!fen && cost <= picture.available && cost >= (picture.leastPoints ?? 1);
  const go = async () => { if (ready && await run(`/customers/${id}/points/pay`, { amountFen: fen })) { say.success(t("points.payDone", { amount: yuan(fen), n: count(cost) })); onClose(); } };
  return (
    <Dialog title={t("points.payTitle")} confirm={t("points.pay")} ready={ready} busy={busy} error={error} onClose={onClose} go={() => void go()}>
      <Field label={t("points.payAmount")} hint={t("points.payRate", { n: rate, least: picture.leastPoints })} error={amount && !fen ? t("counter.notAmount") : null}>{(p) => <Input {...p} autoFocus prefix="¥" inputMode="decimal" value={amount} maxLength={12} onChange={(e) => setAmount(e.target.value)} onPressEnter={() => void go()} />}</Field>
      <div className={cost > picture.available ? "bad" : "soft"} role="status">{t("points.payCost", { n: count(cost), have: count(picture.available) })}</div>
    </Dialog>
  );
}

export const giftName = (g: { name: string; nameEn: string }) => (language() === "en" && g.nameEn ? g.nameEn : g.name);

export function Redeem({ id, picture, onClose }: { id: string; picture: PointsPicture; onClose: () => void }) {
  const { t } = useTranslation();
  const gifts = useQuery({ queryKey: ["gifts"], queryFn: () => call<Gift[]>("/catalog/gifts") });
  const offered = (gifts.data ?? []).filter((g) => g.state === "active");
  const [gift, setGift] = useState("");
  const [quantity, setQuantity] = useState(1);
  const { busy, error, run } = useDo(POINTS_KEYS);
  const at = offered.find((g) => g.id === gift);
  const cost = (at?.points ?? 0) * quantity;
  const ready = !!at && quantity >= 1 && quantity <= at.stock && cost <= picture.available;
  const go = async () => { if (ready && await run(`/customers/${id}/points/redeem`, { giftId: gift, quantity })) { say.success(t("points.redeemDone", { name: giftName(at) })); onClose(); } };
  return (
    <Dialog title={t("points.redeemTitle")} confirm={t("points.redeem")} ready={ready} busy={busy} error={error} onClose={onClose} go={() => void go()}>
      <Loaded of={gifts} what={t("points.gifts")} rows={3}>
        {() => offered.length === 0 ? <Nothing why={t("points.noGifts")} /> : (
          <>
            <fieldset className="stack tight" style={{ border: 0, padding: 0, margin: 0 }}>
              <legend className="sr">{t("points.gift")}</legend>
              {offered.map((g) => (
                <label key={g.id} className="row" style={{ gap: 8, padding: "5px 0", borderBottom: "1px solid var(--line)" }}>
                  <input type="radio" name="gift" checked={gift === g.id} disabled={g.stock < 1} onChange={() => setGift(g.id)} />
                  <span className="grow"><Name>{giftName(g)}</Name></span><span className="muted num">{t("points.stock", { n: g.stock })}</span><b className={`num${g.points > picture.available ? " muted" : ""}`} style={{ minWidth: 70, textAlign: "right" }}>{count(g.points)}</b>
                </label>
              ))}
            </fieldset>
            <Field label={t("points.quantity")}>{(p) => <InputNumber {...p} min={1} max={1000} precision={0} value={quantity} onChange={(v) => setQuantity(v ?? 1)} />}</Field>
            {at && <div className={cost > picture.available ? "bad" : "soft"} role="status">{t("points.payCost", { n: count(cost), have: count(picture.available) })}</div>}
          </>
        )}
      </Loaded>
    </Dialog>
  );
}

export function Adjust({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [points, setPoints] = useState<number | null>(null);
  const [reason, setReason] = useState("");
  const { busy, error, run } = useDo(POINTS_KEYS);
  const ready = !!points && !!reason.trim();
  const go = async () => { if (ready && await run(`/customers/${id}/points/adjust`, { points, reason: reason.trim() })) { say.success(t("points.adjustDone")); onClose(); } };
  return (
    <Dialog title={t("points.adjustTitle")} confirm={t("points.adjust")} ready={ready} busy={busy} error={error} onClose={onClose} go={() => void go()}>
      <Field label={t("points.adjustPoints")}>{(p) => <InputNumber {...p} autoFocus precision={0} value={points} style={{ width: 180 }} onChange={setPoints} />}</Field>
      <Field label={t("points.reason")}>{(p) => <Input.TextArea {...p} rows={2} maxLength={300} value={reason} onChange={(e) => setReason(e.target.value)} />}</Field>
    </Dialog>
  );
}

export function End({ id, picture, onClose }: { id: string; picture: PointsPicture; onClose: () => void }) {
  const { t } = useTranslation();
  const [forfeit, setForfeit] = useState(picture.balance <= 0);
  const { busy, error, run } = useDo(POINTS_KEYS);
  const go = async () => { if (await run(`/customers/${id}/points/state`, { state: "ended", forfeit })) { say.success(t("points.stateDone")); onClose(); } };
  return (
    <Dialog title={t("points.endTitle")} confirm={t("points.end")} danger ready={forfeit} busy={busy} error={error} onClose={onClose} go={() => void go()}>
      <div>{t("points.balance")} <b className="num">{count(picture.balance)}</b></div>
      {picture.balance > 0 && <label className="tick"><input type="checkbox" checked={forfeit} onChange={(e) => setForfeit(e.target.checked)} />{t("points.forfeit")}</label>}
    </Dialog>
  );
}
