// Money between the customer's other accounts and the unit account.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { toFen, yuan } from "../../lib/format";
import type { CustomerView } from "../../lib/types";
import { useMay } from "../../lib/session";
import { Field } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Failure, Loaded } from "../../kit/states";
import { say } from "../../kit/toast";
import type { UnitHome } from "./types";
import { UNIT_KEYS, useDo } from "./use";

export function FundDialog({ unit, out, onClose }: { unit: UnitHome; out: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const view = useQuery({ queryKey: ["customer", unit.customerId, "accounts"], queryFn: () => call<CustomerView>(`/customers/${unit.customerId}/view`) });
  const others = (view.data?.accounts ?? []).filter((a) => a.id !== unit.accountId);
  const [account, setAccount] = useState("");
  const [amount, setAmount] = useState("");
  const [password, setPassword] = useState("");
  const { busy, error, run } = useDo(UNIT_KEYS);
  const fen = toFen(amount);
  const accountId = account || others[0]?.id || "";
  const ready = !!accountId && !!fen && (!out || !unit.hasPassword || !!password);
  const go = async () => {
    if (!ready) return;
    const done = await run(`/unit-accounts/${unit.id}/fund`, { accountId, amountFen: fen, out, password });
    if (done) { say.success(t("unit.fundDone")); onClose(); }
  };
  return (
    <Modal open onCancel={onClose} title={t(out ? "unit.withdraw" : "unit.fund")} width={460} destroyOnHidden footer={[
      <Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>,
      <Button key="go" type="primary" loading={busy} disabled={!ready} onClick={() => void go()}>{t(out ? "unit.withdraw" : "unit.fund")}</Button>,
    ]}>
      <div className="stack">
        <div className="soft">{t("unit.fundNote", { no: unit.accountNo })}</div>
        {may("payment.take") && !out && <button type="button" className="linkish" style={{ alignSelf: "start" }} onClick={() => void navigate({ to: "/app/counter", search: { customer: unit.customerId } as never })}>{t("unit.toCounter")}</button>}
        <Loaded of={view} what={t("unit.fromAccount")} rows={2}>
          {() => others.length === 0 ? <div className="banner">{t("unit.noOther")}</div> : (
            <>
              <Field label={t("unit.fromAccount")}>{(p) => <Pick {...p} value={accountId} onPick={setAccount} width="100%" options={others.map((a) => ({ value: a.id, label: `${a.accountNo} ${a.name ?? ""} ${yuan(a.balanceFen)}` }))} />}</Field>
              <Field label={t("unit.amount")} error={amount && !fen ? t("counter.notAmount") : null}>{(p) => <Input {...p} autoFocus prefix="¥" inputMode="decimal" value={amount} maxLength={14} onChange={(e) => setAmount(e.target.value)} onPressEnter={() => void go()} />}</Field>
              {out && unit.hasPassword && <Field label={t("unit.password")} hint={t("unit.passwordHint")}>{(p) => <Input.Password {...p} autoComplete="off" value={password} onChange={(e) => setPassword(e.target.value)} />}</Field>}
            </>
          )}
        </Loaded>
        {error ? <Failure error={error} what={t("unit.fundTitle")} /> : null}
      </div>
    </Modal>
  );
}
