// One showing of a certificate: by reader, typed in, or with a face check; every finding in words.
import { CheckCircleFilled, CloseCircleFilled } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { dateTime } from "../../lib/format";
import { titled, word } from "../../lib/i18n";
import { Field, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { CustomerPicker } from "../../kit/pickers";
import { Failure } from "../../kit/states";

export interface Verification {
  id: string; at: string; expiresAt: string; operator: string; method: string; role: string; certificateType: string; masked: string; name: string; customerId: string | null;
  facePermille: number | null; result: "passed" | "failed"; problems: { code: string; reason: Record<string, string>; message: Record<string, string> }[];
}
const ROLES = ["holder", "proxy", "guardian"] as const;
const METHODS = ["cardReader", "manual", "face"] as const;
const KINDS = ["idCard", "passport", "businessLicence", "militaryId", "hkMacaoPermit", "taiwanPermit", "residencePermit"] as const;

export function VerifyForm({ customerId, role: fixedRole, guardians = [], onDone }: { customerId?: string; role?: (typeof ROLES)[number]; guardians?: Verification[]; onDone: (made: Verification) => void }) {
  const { t } = useTranslation();
  const [role, setRole] = useState<(typeof ROLES)[number]>(fixedRole ?? "holder");
  const [method, setMethod] = useState<(typeof METHODS)[number]>("manual");
  const [kind, setKind] = useState<string>("idCard");
  const [card, setCard] = useState("");
  const [name, setName] = useState("");
  const [reader, setReader] = useState("");
  const [photo, setPhoto] = useState("");
  const [consent, setConsent] = useState(false);
  const [customer, setCustomer] = useState<string | null>(customerId ?? null);
  const [guardian, setGuardian] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [made, setMade] = useState<Verification | null>(null);
  const devices = useQuery({ queryKey: ["readers"], queryFn: () => call<{ readers: string[]; face: boolean }>("/realname/readers") });
  const readers = devices.data?.readers ?? [];
  const chosen = reader || readers[0] || "";
  const ready = method === "cardReader" ? !!chosen : card.trim() && name.trim() && (method !== "face" || (photo.trim() && consent));
  const go = async () => {
    if (!ready || busy) return;
    setBusy(true);
    setError(null);
    setMade(null);
    try {
      const body = {
        method, role, customerId: customer, guardianVerificationId: role === "holder" && guardian ? guardian : null,
        ...(method === "cardReader" ? { reader: chosen } : { certificateType: kind, certificate: card, name }), ...(method === "face" ? { photo, consent } : {}),
      };
      const answer = await post<Verification>("/verifications", body, { idempotencyKey: newKey() });
      setMade(answer);
      onDone(answer);
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  return (
    <form className="stack" onSubmit={(e) => { e.preventDefault(); void go(); }}>
      <div className="row wraps" style={{ gap: 14 }}>
        {!fixedRole && <Segments label={t("realname.role")} at={role} onPick={setRole} items={ROLES.map((r) => ({ id: r, title: t(`realname.roles.${r}`) }))} />}
        <Segments label={t("realname.method")} at={method} onPick={setMethod} items={METHODS.map((m) => ({ id: m, title: t(`realname.methods.${m}`) }))} />
      </div>
      <div className="form">
        {method === "cardReader" ? (
          <Field label={t("realname.reader")} full hint={readers.length === 0 ? t("realname.noReaders") : undefined}>{(f) => <Pick id={f.id} value={chosen} onPick={setReader} width="100%" options={readers.map((r) => ({ value: r, label: r }))} />}</Field>
        ) : (
          <>
            <Field label={t("realname.certificateType")}>{(f) => <Pick id={f.id} value={kind} onPick={setKind} width="100%" options={KINDS.map((k) => ({ value: k, label: t(`realname.kinds.${k}`) }))} />}</Field>
            <Field label={t("realname.certificate")}>{(f) => <Input {...f} autoFocus className="num" value={card} maxLength={40} autoComplete="off" onChange={(e) => setCard(e.target.value)} />}</Field>
            <Field label={t("realname.name")}>{(f) => <Input {...f} value={name} maxLength={80} autoComplete="off" onChange={(e) => setName(e.target.value)} />}</Field>
          </>
        )}
        {method === "face" && <Field label={t("realname.photo")}>{(f) => <Input {...f} value={photo} maxLength={80} onChange={(e) => setPhoto(e.target.value)} />}</Field>}
        {!customerId && role === "holder" && <Field label={t("realname.customer")} hint={t("realname.customerNote")} full={method === "cardReader"}>{(f) => <CustomerPicker {...f} value={customer} onPick={(c) => setCustomer(c?.id ?? null)} />}</Field>}
        {role === "holder" && guardians.length > 0 && <Field label={t("realname.guardian")}>{(f) => <Pick id={f.id} value={guardian} onPick={setGuardian} width="100%" options={[{ value: "", label: t("realname.noGuardian") }, ...guardians.map((g) => ({ value: g.id, label: `${g.name} ${g.masked}` }))]} />}</Field>}
      </div>
      {method === "face" && (
        <div className="stack tight">
          <Checkbox checked={consent} onChange={(e) => setConsent(e.target.checked)}>{t("realname.consent")}</Checkbox>
          <span className="soft">{t("realname.consentNote")}</span>
        </div>
      )}
      {error ? <Failure error={error} what={t("realname.go")} /> : null}
      {made && <Outcome of={made} />}
      <div className="row" style={{ justifyContent: "flex-end" }}><Button type="primary" htmlType="submit" loading={busy} disabled={!ready}>{t("realname.go")}</Button></div>
    </form>
  );
}

export function Outcome({ of }: { of: Verification }) {
  const { t } = useTranslation();
  const passed = of.result === "passed";
  return (
    <div className={`outcome ${passed ? "ok" : "bad"}`} role="status">
      {passed ? <CheckCircleFilled aria-hidden /> : <CloseCircleFilled aria-hidden />}
      <div className="stack tight grow">
        <div className="strong">{t(passed ? "realname.passed" : "realname.failed")} · <bdi>{of.name}</bdi> <span className="num">{of.masked}</span></div>
        {passed ? <div>{word("realname.kinds", of.certificateType)} · {t("realname.until", { time: dateTime(of.expiresAt).slice(-5) })}{of.facePermille ? ` · ${of.facePermille}‰` : ""}</div>
          : of.problems.map((p) => <div key={p.code}><div className="wrap">{titled(p.reason)}</div><div className="soft wrap">{titled(p.message)}</div></div>)}
      </div>
    </div>
  );
}
