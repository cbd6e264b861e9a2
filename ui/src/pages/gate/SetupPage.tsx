// First set-up of an empty store: the one-time link prints on the server's console; here the first administrator is made.
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useState } from "react";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, call, post } from "../../lib/api";
import { Field } from "../../kit/layout";
import { Failure, Loaded } from "../../kit/states";
import { Gate } from "./Gate";

export default function SetupPage() {
  const { t } = useTranslation();
  const { token } = useParams({ strict: false }) as { token: string };
  const link = useQuery({ queryKey: ["setup", token], queryFn: () => call<{ valid: boolean }>(`/setup/${encodeURIComponent(token)}`), retry: false });
  const [form, setForm] = useState({ login: "", name: "", password: "", again: "" });
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const set = (name: keyof typeof form) => (e: { target: { value: string } }) => setForm((f) => ({ ...f, [name]: e.target.value }));
  const at = (field: string) => (error instanceof ApiError && (error.field === field || (field === "password" && error.code === "auth.password_weak")) ? error.reason : null);
  const differs = form.again !== "" && form.again !== form.password;
  const ready = form.login && form.name && form.password && form.password === form.again;
  const go = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    setError(null);
    try {
      await post(`/setup/${encodeURIComponent(token)}`, { login: form.login.trim(), name: form.name.trim(), password: form.password });
      setDone(true);
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  return (
    <Gate>
      <div className="stack" style={{ maxWidth: 360 }}>
        <h1 style={{ fontSize: 22, lineHeight: "32px" }}>{t("gate.setup")}</h1>
        {done ? (
          <div className="stack"><div className="banner ok" role="status">{t("gate.setupDone")}</div><Link to="/login">{t("gate.toLogin")}</Link></div>
        ) : (
          <Loaded of={link} what={t("gate.setupLink")} rows={4}>
            {(data) => !data.valid ? <div className="banner bad" role="alert">{t("gate.setupInvalid")}</div> : (
              <form onSubmit={(e) => void go(e)}>
                <p className="soft">{t("gate.setupWhy")}</p>
                <Field label={t("gate.account")} error={at("login")} hint={t("gate.accountRule")}>{(p) => <Input {...p} autoFocus autoComplete="username" maxLength={64} value={form.login} onChange={set("login")} />}</Field>
                <Field label={t("gate.name")} error={at("name")}>{(p) => <Input {...p} autoComplete="name" maxLength={80} value={form.name} onChange={set("name")} />}</Field>
                <Field label={t("gate.newPassword")} error={at("password")} hint={t("gate.passwordRule")}>{(p) => <Input.Password {...p} autoComplete="new-password" value={form.password} onChange={set("password")} />}</Field>
                <Field label={t("gate.againPassword")} error={differs ? t("gate.differs") : null}>{(p) => <Input.Password {...p} autoComplete="new-password" value={form.again} onChange={set("again")} />}</Field>
                {error && !at("login") && !at("name") && !at("password") ? <Failure error={error} what={t("gate.setup")} /> : null}
                <Button type="primary" size="large" htmlType="submit" loading={busy} disabled={!ready}>{t("gate.create")}</Button>
              </form>
            )}
          </Loaded>
        )}
      </div>
    </Gate>
  );
}
