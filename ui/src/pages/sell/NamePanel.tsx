// Who stands at the counter: the certificate is shown and checked, for the customer or for somebody sent by them.
import { CheckCircleFilled, CloseCircleFilled } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { clock } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import type { CustomerView } from "../../lib/types";
import { Field, Panel, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Failure } from "../../kit/states";
import type { Draft, Verified } from "./draft";

interface Rules { rules: { family: string; business: string; level: string }[] }
interface Answer extends Verified { problems?: { code?: string; reason?: string; zh?: string; en?: string }[] }
const KINDS = ["idCard", "residencePermit", "hkMacaoPermit", "taiwanPermit", "passport", "militaryId", "businessLicence"] as const;

/** Whether something in the cart asks for the certificate to be shown now. */
export function useNameRule(families: string[]): boolean {
  const may = useMay();
  const rules = useQuery({ queryKey: ["realname-rules"], queryFn: () => call<Rules>("/realname/rules"), enabled: may("realname.read"), staleTime: 600_000, retry: false });
  return (rules.data?.rules ?? []).some((r) => r.level === "verification" && (r.business === "open" || r.business === "*") && (families.includes(r.family) || r.family === "*"));
}

export function NamePanel({ view, draft, change, needed }: { view: CustomerView; draft: Draft; change: (part: Partial<Draft>) => void; needed: boolean }) {
  const { t } = useTranslation();
  const may = useMay();
  const [role, setRole] = useState<"holder" | "proxy">("holder");
  if (!may("realname.verify")) return null;
  return (
    <Panel title={t("sale.realName")} acts={<span className={needed && !draft.verification ? "warn" : "muted"}>{needed ? t("sale.realNameNeeded") : t("sale.realNameOptional")}</span>}>
      <div className="stack">
        {draft.verification && <Done of={draft.verification} label={t("sale.holder")} clear={() => change({ verification: undefined })} />}
        {draft.proxy && <Done of={draft.proxy} label={t("sale.proxy")} clear={() => change({ proxy: undefined })} />}
        {(!draft.verification || !draft.proxy) && (
          <>
            <Segments label={t("sale.whoShows")} at={role} onPick={setRole} items={[{ id: "holder", title: t("sale.holder") }, { id: "proxy", title: t("sale.proxy") }]} />
            {(role === "holder" ? !draft.verification : !draft.proxy) && (
              <Form key={role} role={role} view={view} done={(v) => change(role === "holder" ? { verification: v } : { proxy: v })} />
            )}
          </>
        )}
      </div>
    </Panel>
  );
}

function Done({ of, label, clear }: { of: Verified; label: string; clear: () => void }) {
  const { t } = useTranslation();
  const over = new Date(of.expiresAt).getTime() < Date.now();
  return (
    <div className="row" role="status">
      {over ? <CloseCircleFilled className="warn" aria-hidden /> : <CheckCircleFilled className="ok" aria-hidden />}
      <span>{label} <b><bdi>{of.name}</bdi></b> <span className="num">{of.masked}</span></span>
      <span className={over ? "warn" : "muted"}>{over ? t("sale.verifiedOver") : t("sale.verifiedUntil", { at: clock(of.expiresAt) })}</span>
      <button type="button" className="linkish" onClick={clear}>{t("sale.again")}</button>
    </div>
  );
}

function Form({ role, view, done }: { role: "holder" | "proxy"; view: CustomerView; done: (v: Verified) => void }) {
  const { t } = useTranslation();
  const holder = role === "holder";
  const [kind, setKind] = useState<string>(holder ? (view.customer.certificateType ?? "idCard") : "idCard");
  const [name, setName] = useState(holder ? view.customer.name : "");
  const [number, setNumber] = useState("");
  const [reader, setReader] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [refused, setRefused] = useState<string[]>([]);
  const readers = useQuery({ queryKey: ["readers"], queryFn: () => call<{ readers: string[] }>("/realname/readers"), retry: false, staleTime: 600_000 });
  const found = readers.data?.readers ?? [];
  const go = async (method: "manual" | "cardReader") => {
    if (busy) return;
    setBusy(true);
    setError(null);
    setRefused([]);
    try {
      const made = await post<Answer>("/verifications", {
        method, role, customerId: view.customer.id,
        ...(method === "manual" ? { certificateType: kind, certificate: number.trim().toUpperCase(), name: name.trim() } : { reader: reader || found[0] }),
      }, { idempotencyKey: newKey() });
      if (made.result === "passed") done({ id: made.id, name: made.name, masked: made.masked, expiresAt: made.expiresAt, result: made.result });
      else setRefused((made.problems ?? []).map((p) => p.reason ?? p.zh ?? p.code ?? "?"));
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  return (
    <div className="stack tight" onKeyDown={(e) => { if (e.key === "Enter" && number && name) { e.preventDefault(); void go("manual"); } }}>
      <div className="row wraps" style={{ gap: 12, alignItems: "flex-end" }}>
        <Field label={t("customer.certificateType")}>{(p) => <Pick id={p.id} width={170} value={kind} onPick={setKind} options={[...new Set([kind, ...KINDS])].map((k) => ({ value: k, label: word("certificateType", k) }))} />}</Field>
        <Field label={t("sale.name")}>{(p) => <Input {...p} style={{ width: 150 }} maxLength={60} value={name} onChange={(e) => setName(e.target.value)} />}</Field>
        <Field label={t("sale.certificateNo")}>{(p) => <Input {...p} style={{ width: 230 }} className="mono" maxLength={30} autoComplete="off" value={number} onChange={(e) => setNumber(e.target.value)} />}</Field>
        <Button loading={busy} disabled={!number.trim() || !name.trim()} onClick={() => void go("manual")}>{t("sale.verify")}</Button>
        {found.length > 0 && (
          <>
            {found.length > 1 && <Pick width={140} label={t("sale.reader")} value={reader || found[0]!} onPick={setReader} options={found.map((r) => ({ value: r, label: r }))} />}
            <Button loading={busy} onClick={() => void go("cardReader")}>{t("sale.readCard")}</Button>
          </>
        )}
      </div>
      {refused.length > 0 && <div className="bad" role="alert">{t("sale.notVerified")} {refused.map((r, i) => <bdi key={i} className="wrap">{r} </bdi>)}</div>}
      {error ? <Failure error={error} what={t("sale.verify")} /> : null}
    </div>
  );
}
