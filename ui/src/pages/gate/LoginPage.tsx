import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useEffect, useState } from "react";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../lib/api";
import { logIn } from "../../lib/session";
import { Field } from "../../kit/layout";
import { Failure } from "../../kit/states";
import { Gate } from "./Gate";

export default function LoginPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as { next?: string; why?: string };
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => { document.title = `${t("gate.login")} · 一台`; }, [t]);
  const refused = error instanceof ApiError && (error.status === 401 || error.status === 423) ? error : null;
  const go = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || !login || !password) return;
    setBusy(true);
    setError(null);
    try {
      const session = await logIn(login.trim(), password);
      client.clear();
      client.setQueryData(["session"], session);
      // Only our own pages: an address from outside in `next` is not followed.
      const next = search.next && /^\/app(\/|\?|$)/.test(search.next) ? search.next : "/app";
      await navigate({ to: next });
    } catch (cause) {
      setError(cause);
      setPassword("");
      document.querySelector<HTMLInputElement>("input[type=password]")?.focus();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Gate>
      <form onSubmit={(e) => void go(e)}>
        <h1 style={{ fontSize: 22, lineHeight: "32px" }}>{t("gate.login")}</h1>
        {search.why === "expired" && !error && <div className="banner" role="status">{t("gate.expired")}</div>}
        {refused && <div className="banner bad" role="alert">{refused.reason || t(refused.status === 423 ? "gate.locked" : "gate.refused")}</div>}
        {error && !refused ? <Failure error={error} what={t("gate.login")} /> : null}
        <Field label={t("gate.account")}>
          {(p) => <Input {...p} size="large" autoFocus autoComplete="username" value={login} maxLength={64} onChange={(e) => setLogin(e.target.value)} spellCheck={false} />}
        </Field>
        <Field label={t("gate.password")}>
          {(p) => <Input.Password {...p} size="large" autoComplete="current-password" value={password} maxLength={200} onChange={(e) => setPassword(e.target.value)} />}
        </Field>
        <Button type="primary" size="large" htmlType="submit" loading={busy} disabled={!login || !password}>{t("gate.enter")}</Button>
      </form>
    </Gate>
  );
}
