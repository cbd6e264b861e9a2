// Quick creation at the desk. A duplicate is explained, with a way to the customer who is already there.
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Drawer, Input } from "antd";
import { useEffect, useRef, useState } from "react";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, newKey, post } from "../../lib/api";
import { plainPhone } from "../../lib/format";
import { idCardFits } from "./idcard";
import { Field, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Failure } from "../../kit/states";

const EMPTY = { kind: "individual", name: "", certificateType: "idCard", certificate: "", phone: "", address: "" };
type Form = typeof EMPTY;
export function NewCustomer({ open, onClose, suggested }: { open: boolean; onClose: () => void; suggested?: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [form, setForm] = useState<Form>(EMPTY);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const key = useRef(newKey());
  useEffect(() => {
    if (!open) return;
    const digits = plainPhone(suggested ?? "");
    setForm({ ...EMPTY, phone: /^1\d{10}$/.test(digits) ? digits : "", name: suggested && /^[\u4e00-\u9fff·]{2,}$/.test(suggested) ? suggested : "" });
    setTried(false);
    setError(null);
    key.current = newKey();
  }, [open, suggested]);
  const set = (name: keyof Form, value: string) => { setForm((f) => ({ ...f, [name]: value })); key.current = newKey(); };
  const problem = error instanceof ApiError ? error : null;
  const duplicate = problem?.code === "customer.duplicate" ? problem : null;
  const at = (field: keyof Form) => {
    if (problem && problem.field === field && !duplicate) return problem.reason;
    if (!tried) return null;
    if (field === "name" && !form.name.trim()) return t("customer.needName");
    if (field === "phone" && form.phone && !/^1\d{10}$/.test(plainPhone(form.phone)) && !/^0\d{9,11}$/.test(plainPhone(form.phone))) return t("customer.badPhone");
    if (field === "certificate" && !form.certificate.trim()) return t("customer.needCertificate");
    if (field === "certificate" && form.certificateType === "idCard" && !idCardFits(form.certificate.trim().toUpperCase())) return t("customer.badIdCard");
    return null;
  };
  const wrong = () => (!form.name.trim() ? "name" : !form.certificate.trim() || (form.certificateType === "idCard" && !idCardFits(form.certificate.trim().toUpperCase())) ? "certificate" : null);
  const go = async (event?: FormEvent) => {
    event?.preventDefault();
    setTried(true);
    setError(null);
    if (wrong() || busy) return;
    setBusy(true);
    try {
      const body = { ...form, name: form.name.trim(), phone: plainPhone(form.phone), certificate: form.certificate.trim().toUpperCase() };
      const made = await post<{ id: string }>("/customers", body, { idempotencyKey: key.current });
      void client.invalidateQueries({ queryKey: ["customers"] });
      await navigate({ to: "/app/customers/$id", params: { id: made.id } });
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  const organization = form.kind === "organization";
  return (
    <Drawer
      open={open} onClose={onClose} title={t("customer.create")} size={480} destroyOnHidden
      footer={<div className="row" style={{ justifyContent: "flex-end" }}><Button onClick={onClose}>{t("kit.cancel")}</Button><Button type="primary" loading={busy} onClick={() => void go()}>{t("customer.create")}</Button></div>}
    >
      <form className="stack" onSubmit={(e) => void go(e)} onKeyDown={(e) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) void go(); }}>
        <Segments label={t("customer.kind")} at={form.kind} items={[{ id: "individual", title: t("kind.individual") }, { id: "organization", title: t("kind.organization") }]}
          onPick={(k) => setForm((f) => ({ ...f, kind: k, certificateType: k === "organization" ? "businessLicence" : "idCard" }))} />
        <div className="form">
          <Field full label={t(organization ? "customer.orgTitle" : "customer.name")} error={at("name")}>{(p) => <Input {...p} autoFocus maxLength={200} value={form.name} onChange={(e) => set("name", e.target.value)} />}</Field>
          <Field label={t("customer.certificateType")}>
            {(p) => <Pick id={p.id} value={form.certificateType} onPick={(v) => set("certificateType", v)} options={(organization ? ["businessLicence", "other"] : ["idCard", "passport", "hkMacaoPermit", "taiwanPermit", "residencePermit", "militaryId", "other"]).map((v) => ({ value: v, label: t(`certificateType.${v}` as "certificateType.idCard") }))} />}
          </Field>
          <Field label={t("customer.certificate")} error={at("certificate")}>{(p) => <Input {...p} maxLength={40} autoComplete="off" value={form.certificate} onChange={(e) => set("certificate", e.target.value)} />}</Field>
          <Field label={t("customer.phone")} error={at("phone")}>{(p) => <Input {...p} inputMode="tel" maxLength={24} autoComplete="off" value={form.phone} onChange={(e) => set("phone", e.target.value)} />}</Field>
          <Field full label={t("customer.address")} error={at("address")}>{(p) => <Input.TextArea {...p} rows={2} maxLength={300} value={form.address} onChange={(e) => set("address", e.target.value)} />}</Field>
        </div>
        {duplicate && (
          <div className="banner" role="alert">
            <span className="grow wrap">{duplicate.reason || t("customer.duplicate")} {duplicate.advice}</span>
            {duplicate.existing && <Link to="/app/customers/$id" params={{ id: duplicate.existing }}>{t("customer.openExisting")}</Link>}
          </div>
        )}
        {error && !duplicate && !problem?.field ? <Failure error={error} what={t("customer.create")} /> : null}
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Drawer>
  );
}
