// A card for a number: typed, Enter, done; the PIN never stays on the screen.
import { Button, Input } from "antd";
import { useRef, useState } from "react";
import type { InputRef } from "antd";
import { useTranslation } from "react-i18next";
import { yuan } from "../../lib/format";
import { Facts, Field, Panel } from "../../kit/layout";
import { Failure } from "../../kit/states";
import { Money } from "../../kit/text";
import { useDo } from "./useDo";

interface Done { serial: string; faceFen: number; receiptNo: string; balanceFen: number }
export function Redeem() {
  const { t } = useTranslation();
  const [number, setNumber] = useState("");
  const [serial, setSerial] = useState("");
  const [pin, setPin] = useState("");
  const [done, setDone] = useState<(Done & { number: string }) | null>(null);
  const first = useRef<InputRef>(null);
  const { busy, error, run } = useDo(["cards", "shift"]);
  const ready = number.trim() !== "" && pin.replace(/[\s-]/g, "").length >= 12;
  const go = async () => {
    if (!ready || busy) return;
    setDone(null);
    const answer = await run<Done>("/recharge", { number: number.trim(), serial: serial.trim(), pin });
    if (!answer) return;
    setDone({ ...answer, number: number.trim() });
    setSerial("");
    setPin("");
    first.current?.focus();
  };
  return (
    <div className="cols2">
      <Panel title={t("rcard.redeem")}>
        <form className="stack" onSubmit={(e) => { e.preventDefault(); void go(); }}>
          <Field label={t("rcard.number")}>{(p) => <Input {...p} ref={first} autoFocus className="num" inputMode="tel" value={number} maxLength={30} onChange={(e) => setNumber(e.target.value)} />}</Field>
          <Field label={t("rcard.serial")}>{(p) => <Input {...p} className="num" inputMode="numeric" value={serial} maxLength={24} onChange={(e) => setSerial(e.target.value)} />}</Field>
          <Field label={t("rcard.pin")} hint={t("rcard.pinHint")}>{(p) => <Input {...p} className="num" inputMode="numeric" autoComplete="off" value={pin} maxLength={32} onChange={(e) => setPin(e.target.value)} />}</Field>
          {error ? <Failure error={error} what={t("rcard.redeem")} /> : null}
          <Button type="primary" htmlType="submit" loading={busy} disabled={!ready}>{t("rcard.go")}</Button>
        </form>
      </Panel>
      {done && (
        <Panel>
          <div className="stack" role="status">
            <div className="banner ok"><b className="grow">{t("rcard.done", { number: done.number, amount: yuan(done.faceFen) })}</b></div>
            <Facts items={[[t("rcard.serial"), <span key="s" className="num">{done.serial}</span>], [t("rcard.receipt"), <span key="r" className="num">{done.receiptNo}</span>], [t("rcard.balance"), <Money key="b" fen={done.balanceFen} />]]} />
          </div>
        </Panel>
      )}
    </div>
  );
}
