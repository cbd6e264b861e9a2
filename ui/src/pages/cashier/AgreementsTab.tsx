// Agreements to collect: who lets which bank pay.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, list, post } from "../../lib/api";
import { toFen } from "../../lib/format";
import { language } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { DataTable } from "../../kit/DataTable";
import { Field, Panel } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import type { Agreement, Bank } from "./types";
import { useDo } from "./useDo";

const EMPTY = { number: "", bankCode: "", payerName: "", bankAccount: "", limit: "" };
export function AgreementsTab() {
  const { t } = useTranslation();
  const writes = useMay()("collection.write");
  const [form, setForm] = useState(EMPTY);
  const [ending, setEnding] = useState<Agreement | null>(null);
  const { busy, error, run } = useDo(["agreements"]);
  const banks = useQuery({ queryKey: ["banks"], queryFn: () => call<Bank[]>("/collection/banks"), staleTime: Infinity });
  const found = useQuery({ queryKey: ["agreements"], queryFn: () => list<Agreement>("/collection/agreements", { limit: 100 }) });
  const bankName = (code: string) => { const b = banks.data?.find((x) => x.code === code); return b ? (language() === "en" ? b.en : b.zh) : code; };
  const bank = form.bankCode || banks.data?.[0]?.code || "";
  const limit = form.limit.trim() === "" ? 0 : toFen(form.limit);
  const ready = form.number.trim() && form.payerName.trim() && form.bankAccount.trim() && bank && limit !== null;
  const add = async () => {
    if (!ready || busy) return;
    const made = await run<Agreement>("/collection/agreements", { number: form.number.trim(), bankCode: bank, payerName: form.payerName.trim(), bankAccount: form.bankAccount, limitFen: limit || null });
    if (made) { setForm({ ...EMPTY, bankCode: bank }); say.success(t("collect.registered")); }
  };
  return (
    <div className="stack">
      {writes && (
        <Panel title={t("collect.add")}>
          <form className="form" onSubmit={(e) => { e.preventDefault(); void add(); }}>
            <Field label={t("collect.number")}>{(p) => <Input {...p} value={form.number} maxLength={30} onChange={(e) => setForm({ ...form, number: e.target.value })} />}</Field>
            <Field label={t("collect.bank")}>{(p) => <select id={p.id} className="pick" value={bank} onChange={(e) => setForm({ ...form, bankCode: e.target.value })}>{banks.data?.map((b) => <option key={b.code} value={b.code}>{bankName(b.code)}</option>)}</select>}</Field>
            <Field label={t("collect.payer")}>{(p) => <Input {...p} value={form.payerName} maxLength={60} onChange={(e) => setForm({ ...form, payerName: e.target.value })} />}</Field>
            <Field label={t("collect.bankAccount")}>{(p) => <Input {...p} className="num" inputMode="numeric" value={form.bankAccount} maxLength={40} onChange={(e) => setForm({ ...form, bankAccount: e.target.value })} />}</Field>
            <Field label={t("collect.limit")} hint={t("collect.limitHint")} error={limit === null ? t("counter.notAmount") : null}>{(p) => <Input {...p} prefix="¥" inputMode="decimal" value={form.limit} maxLength={12} onChange={(e) => setForm({ ...form, limit: e.target.value })} />}</Field>
            <div className="full stack">
              {error ? <Failure error={error} what={t("collect.add")} /> : null}
              <div className="row" style={{ justifyContent: "flex-end" }}><Button type="primary" htmlType="submit" loading={busy} disabled={!ready}>{t("collect.add")}</Button></div>
            </div>
          </form>
        </Panel>
      )}
      <Panel flush title={t("collect.agreements")}>
        <Loaded of={found} what={t("collect.agreements")} rows={5}>{(d) => (
          <DataTable rows={d.rows} rowKey={(r) => r.id} label={t("collect.agreements")} minWidth={980} empty={<Nothing why={t("collect.none")} />}
            extra={(r) => (r.endReason ? <span className="soft wrap"><bdi>{r.endReason}</bdi></span> : null)}
            columns={[
              { key: "no", title: t("collect.no"), width: 190, lead: true, render: (r) => <span className="num">{r.agreementNo}</span> },
              { key: "customer", title: t("collect.customer"), render: (r) => <Link to="/app/customers/$id" params={{ id: r.customerId }}><Name>{r.customer}</Name></Link> },
              { key: "account", title: t("collect.account"), width: 190, render: (r) => <span className="num">{r.accountNo}</span> },
              { key: "bank", title: t("collect.bank"), width: 140, render: (r) => <Name>{bankName(r.bankCode)}</Name> },
              { key: "bankAccount", title: t("collect.bankAccount"), width: 130, render: (r) => <span className="num">{r.bankAccount}</span> },
              { key: "limit", title: t("collect.limit"), width: 100, right: true, render: (r) => (r.limitFen === null ? <span className="muted">—</span> : <Money fen={r.limitFen} />) },
              { key: "state", title: t("collect.state"), width: 96, render: (r) => <Status group="collectAgreement" code={r.state} /> },
              { key: "do", title: "", width: 80, right: true, render: (r) => (writes && r.state === "active" ? <Button size="small" type="link" danger onClick={() => setEnding(r)}>{t("collect.end")}</Button> : null) },
            ]} />
        )}</Loaded>
      </Panel>
      <ReasonDialog open={ending !== null} onClose={() => setEnding(null)} danger title={t("collect.endTitle", { no: ending?.agreementNo ?? "" })} confirm={t("collect.end")} suggestions={[t("collect.endWhy1"), t("collect.endWhy2")]}
        onConfirm={async (reason) => { await post(`/collection/agreements/${ending!.id}/end`, { reason }); await found.refetch(); say.success(t("collect.ended")); }} />
    </div>
  );
}
