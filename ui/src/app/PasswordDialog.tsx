// Changing one's own password; the server refuses short and leaked ones and says so at the field.
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, post } from "../lib/api";
import { Field } from "../kit/layout";
import { Failure } from "../kit/states";
import { say } from "../kit/toast";

export default function PasswordDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const differs = again !== "" && again !== fresh;
  const weak = error instanceof ApiError && (error.field === "new" || error.code === "auth.password_weak") ? error : null;
  const go = async () => {
    setBusy(true);
    setError(null);
    try {
      await post("/session/password", { old, new: fresh });
      say.success(t("shell.passwordDone"));
      onClose();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  return (
    <Modal open onCancel={onClose} title={t("shell.password")} width={420} footer={[
      <Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>,
      <Button key="go" type="primary" loading={busy} disabled={!old || !fresh || fresh !== again} onClick={() => void go()}>{t("kit.save")}</Button>,
    ]}>
      <div className="stack">
        <Field label={t("gate.oldPassword")}>{(p) => <Input.Password {...p} autoComplete="current-password" value={old} onChange={(e) => setOld(e.target.value)} />}</Field>
        <Field label={t("gate.newPassword")} hint={t("gate.passwordRule")} error={weak?.reason}>
          {(p) => <Input.Password {...p} autoComplete="new-password" value={fresh} onChange={(e) => setFresh(e.target.value)} />}
        </Field>
        <Field label={t("gate.againPassword")} error={differs ? t("gate.differs") : null}>
          {(p) => <Input.Password {...p} autoComplete="new-password" value={again} onChange={(e) => setAgain(e.target.value)} />}
        </Field>
        {error && !weak ? <Failure error={error} what={t("shell.password")} /> : null}
      </div>
    </Modal>
  );
}
