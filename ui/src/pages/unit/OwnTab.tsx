// The unit's own data, its password, and the state of the account.
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { dateTime, toFen, yuan } from "../../lib/format";
import { useMay } from "../../lib/session";
import { Field } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure } from "../../kit/states";
import { say } from "../../kit/toast";
import { Block } from "../customer/tabs";
import type { UnitHome } from "./types";
import { UNIT_KEYS, useDo } from "./use";

export function OwnTab({ unit }: { unit: UnitHome }) {
  return <div className="cols2" style={{ gap: 0 }}><Data unit={unit} /><div><Secret unit={unit} /><State unit={unit} /></div></div>;
}

const FIELDS = [["name", 60], ["contactName", 60], ["contactPhone", 30], ["contactEmail", 120], ["address", 200], ["note", 500]] as const;

function Data({ unit }: { unit: UnitHome }) {
  const { t } = useTranslation();
  const writes = useMay()("unit.write");
  const [values, setValues] = useState<Record<string, string>>(Object.fromEntries(FIELDS.map(([f]) => [f, unit[f]])));
  const [warn, setWarn] = useState(yuan(unit.warnFen, false).replaceAll(",", ""));
  const { busy, error, run } = useDo(UNIT_KEYS);
  const warnFen = toFen(warn || "0");
  const go = async () => { if (warnFen !== null && await run(`/unit-accounts/${unit.id}`, { ...values, warnFen }, "PATCH")) say.success(t("unit.saved")); };
  return (
    <Block title={t("unit.ownData")}>
      <form className="stack" style={{ padding: "0 14px 14px" }} onSubmit={(e) => { e.preventDefault(); void go(); }}>
        {FIELDS.map(([f, most]) => <Field key={f} label={t(`unit.${f}`)}>{(p) => <Input {...p} maxLength={most} disabled={!writes} value={values[f]} onChange={(e) => setValues((old) => ({ ...old, [f]: e.target.value }))} />}</Field>)}
        <Field label={t("unit.warn")} error={warnFen === null ? t("counter.notAmount") : null}>{(p) => <Input {...p} prefix="¥" inputMode="decimal" disabled={!writes} value={warn} onChange={(e) => setWarn(e.target.value)} />}</Field>
        {error ? <Failure error={error} what={t("unit.ownData")} /> : null}
        {writes && <Button type="primary" htmlType="submit" loading={busy} disabled={warnFen === null} style={{ alignSelf: "start" }}>{t("kit.save")}</Button>}
      </form>
    </Block>
  );
}

function Secret({ unit }: { unit: UnitHome }) {
  const { t } = useTranslation();
  const may = useMay();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [reset, setReset] = useState(false);
  const { busy, error, run } = useDo(UNIT_KEYS);
  const done = () => { say.success(t("unit.passwordDone")); setOld(""); setFresh(""); };
  const go = async () => { if (fresh && await run(`/unit-accounts/${unit.id}/password`, { old, new: fresh })) done(); };
  return (
    <Block title={t("unit.passwordTitle")}>
      <form className="stack" style={{ padding: "0 14px 14px" }} onSubmit={(e) => { e.preventDefault(); void go(); }}>
        <div className="soft">{unit.hasPassword ? t("unit.passwordSet", { at: dateTime(unit.passwordAt) }) : t("unit.passwordNone")}{unit.lockedUntil && new Date(unit.lockedUntil) > new Date() && <span className="bad"> · {t("unit.locked", { at: dateTime(unit.lockedUntil) })}</span>}</div>
        {may("unit.write") && (
          <>
            {unit.hasPassword && <Field label={t("unit.oldPassword")}>{(p) => <Input.Password {...p} autoComplete="off" value={old} onChange={(e) => setOld(e.target.value)} />}</Field>}
            <Field label={t("unit.newPassword")} hint={t("unit.passwordRule")}>{(p) => <Input.Password {...p} autoComplete="new-password" value={fresh} maxLength={128} onChange={(e) => setFresh(e.target.value)} />}</Field>
            {error ? <Failure error={error} what={t("unit.passwordTitle")} /> : null}
            <div className="row"><Button htmlType="submit" type="primary" loading={busy} disabled={!fresh || (unit.hasPassword && !old)}>{t(unit.hasPassword ? "unit.changePassword" : "unit.setPassword")}</Button>{unit.hasPassword && may("unit.manage") && <Button disabled={!fresh} onClick={() => setReset(true)}>{t("unit.resetPassword")}</Button>}</div>
          </>
        )}
      </form>
      <ReasonDialog open={reset} onClose={() => setReset(false)} title={t("unit.resetPassword")} confirm={t("unit.resetPassword")} suggestions={[t("unit.stateWhy1")]} onConfirm={async (reason) => { if (await run(`/unit-accounts/${unit.id}/password/reset`, { new: fresh, reason })) done(); }} />
    </Block>
  );
}

function State({ unit }: { unit: UnitHome }) {
  const { t } = useTranslation();
  const may = useMay();
  const [next, setNext] = useState<"frozen" | "active" | "closed" | null>(null);
  const { error, run } = useDo(UNIT_KEYS);
  if (!may("unit.manage") || unit.state === "closed") return null;
  const title = next === "closed" ? t("unit.close") : next === "frozen" ? t("unit.freeze") : t("unit.unfreeze");
  return (
    <Block title={t("unit.ownState")}>
      <div className="stack" style={{ padding: "0 14px 14px" }}>
        <div className="row">{unit.state === "active" ? <Button danger onClick={() => setNext("frozen")}>{t("unit.freeze")}</Button> : <Button onClick={() => setNext("active")}>{t("unit.unfreeze")}</Button>}<Button onClick={() => setNext("closed")}>{t("unit.close")}</Button></div>
        {error && !next ? <Failure error={error} what={t("unit.ownState")} /> : null}
      </div>
      <ReasonDialog open={next !== null} onClose={() => setNext(null)} danger={next !== "active"} title={title} confirm={title} note={next === "frozen" ? t("unit.freezeNote") : next === "closed" ? t("unit.closeNote") : undefined} suggestions={[t("unit.stateWhy1"), t("unit.stateWhy2")]}
        onConfirm={async (reason) => { if (await run(`/unit-accounts/${unit.id}/state`, { state: next, reason })) say.success(t("unit.stateDone")); }} />
    </Block>
  );
}
