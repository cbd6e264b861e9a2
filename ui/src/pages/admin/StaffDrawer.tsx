// One member of staff, new or changed.
import { Button, Drawer, Input, Select } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, call, newKey, post } from "../../lib/api";
import { language } from "../../lib/i18n";
import type { Organization, Role, Staff } from "../../lib/types";
import { Field, Segments } from "../../kit/layout";
import { Failure } from "../../kit/states";
import { say } from "../../kit/toast";

interface Form { login: string; name: string; org: string; scope: string; roles: string[]; password: string; status: string }
const EMPTY: Form = { login: "", name: "", org: "", scope: "", roles: [], password: "", status: "active" };

export function StaffDrawer({ of, roles, orgs, onClose, done }: { of: Staff | "new" | null; roles: Role[]; orgs: Organization[]; onClose: () => void; done: () => void }) {
  const { t } = useTranslation();
  const [form, setForm] = useState<Form>(EMPTY);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const key = useRef(newKey());
  const fresh = of === "new";
  useEffect(() => {
    if (!of) return;
    setError(null);
    key.current = newKey();
    setForm(of === "new" ? EMPTY : { login: of.login, name: of.name, org: of.org, scope: of.scope, roles: of.roles ?? [], password: "", status: of.status ?? "active" });
  }, [of]);
  const set = (part: Partial<Form>) => setForm((f) => ({ ...f, ...part }));
  const at = (field: string) => (error instanceof ApiError && error.field === field ? error.reason : null);
  const ready = form.name.trim() && form.org && form.roles.length > 0 && (!fresh || (form.login.trim() && form.password));
  const go = async () => {
    if (!of || !ready || busy) return;
    setBusy(true);
    setError(null);
    const { password, login, status, ...rest } = form;
    const common = { ...rest, name: form.name.trim(), scope: form.scope || form.org, ...(password ? { password } : {}) };
    try {
      if (of === "new") await post("/staff", { login: login.trim(), ...common }, { idempotencyKey: key.current });
      else await call(`/staff/${of.id}`, { method: "PATCH", body: { ...common, ...(status !== (of.status ?? "active") ? { status } : {}) } });
      say.success(t("kit.saved"));
      done();
      onClose();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  const places = orgs.map((o) => ({ value: o.path, label: o.name, depth: o.path.split("/").length - 2 }));
  const indented = (option: { data: { label: string; depth: number } }) => <span style={{ paddingLeft: option.data.depth * 14 }}>{option.data.label}</span>;
  return (
    <Drawer open={of !== null} onClose={onClose} size={460} destroyOnHidden title={fresh ? t("staff.create") : t("staff.edit")}
      footer={<div className="row" style={{ justifyContent: "flex-end" }}><Button onClick={onClose}>{t("kit.cancel")}</Button><Button type="primary" loading={busy} disabled={!ready} onClick={() => void go()}>{t("kit.save")}</Button></div>}>
      <div className="stack">
        <Field label={t("gate.account")} error={at("login")}>{(p) => <Input {...p} autoFocus={fresh} disabled={!fresh} maxLength={64} autoComplete="off" value={form.login} onChange={(e) => set({ login: e.target.value })} />}</Field>
        <Field label={t("gate.name")} error={at("name")}>{(p) => <Input {...p} maxLength={80} value={form.name} onChange={(e) => set({ name: e.target.value })} />}</Field>
        <Field label={t("customer.org")} error={at("org")}>{(p) => <Select id={p.id} showSearch={{ optionFilterProp: "label" }} value={form.org || undefined} options={places} optionRender={(o) => indented(o as unknown as { data: { label: string; depth: number } })} onChange={(org) => set({ org })} />}</Field>
        <Field label={t("staff.scope")} error={at("scope")} hint={t("staff.scopeHint")}>{(p) => <Select id={p.id} showSearch={{ optionFilterProp: "label" }} allowClear value={form.scope || undefined} options={places} optionRender={(o) => indented(o as unknown as { data: { label: string; depth: number } })} onChange={(scope) => set({ scope: scope ?? "" })} />}</Field>
        <Field label={t("staff.roles")} error={at("roles")}>{(p) => <Select id={p.id} mode="multiple" value={form.roles} options={roles.map((r) => ({ value: r.name, label: r.title?.[language()] ?? r.name }))} onChange={(v) => set({ roles: v })} />}</Field>
        <Field label={fresh ? t("gate.password") : t("staff.resetPassword")} error={at("password") ?? (error instanceof ApiError && error.code === "auth.password_weak" ? error.reason : null)} hint={t("gate.passwordRule")}>
          {(p) => <Input.Password {...p} autoComplete="new-password" value={form.password} onChange={(e) => set({ password: e.target.value })} />}
        </Field>
        {!fresh && <div className="field"><span className="label">{t("product.status")}</span><Segments label={t("product.status")} at={form.status} onPick={(status) => set({ status })} items={[{ id: "active", title: t("staffState.active") }, { id: "disabled", title: t("staffState.disabled") }]} /></div>}
        {error && !(error instanceof ApiError && (error.field || error.code === "auth.password_weak")) ? <Failure error={error} what={t("kit.save")} /> : null}
      </div>
    </Drawer>
  );
}
