// Logical customers: found by code, name, telephone, certificate or source id; the records behind one, and its history.
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Drawer, Input } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { phone } from "../../lib/format";
import { comma, word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import { Panel } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { At, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import type { CodeRow, RecordRow } from "./types";

export function CodesTab() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const [text, setText] = useState(search.q ?? "");
  useEffect(() => {
    const timer = setTimeout(() => { if (text.trim() !== (search.q ?? "")) set({ q: text.trim() }); }, 250);
    return () => clearTimeout(timer);
  }, [text, search.q, set]);
  const several = search.several === "1";
  const ask = { q: search.q, several: several ? 1 : undefined };
  const found = useQuery({ queryKey: ["codes", ask], queryFn: () => call<CodeRow[]>("/identity/codes", { query: ask }), placeholderData: keepPreviousData });
  return (
    <Panel flush>
      <div className="filters">
        <Input type="search" allowClear value={text} onChange={(e) => setText(e.target.value)} placeholder={t("identity.find")} aria-label={t("identity.find")} style={{ width: 340 }} />
        <button type="button" className={`filterchip${several ? " on" : ""}`} aria-pressed={several} onClick={() => { setText(""); set({ several: several ? undefined : "1", q: undefined }); }}>{t("identity.several")}</button>
      </div>
      <Loaded of={found} what={t("identity.codes")}>{(rows) => (
        <DataTable rows={rows} rowKey={(r) => r.code} label={t("identity.codes")} minWidth={860} keys onOpen={(r) => set({ code: r.code }, true)}
          empty={<Nothing why={t(search.q ? "identity.none" : "identity.noneYet")} />}
          columns={[
            { key: "code", title: t("identity.code"), width: 140, lead: true, render: (r) => <span className="num">{r.code}</span> },
            { key: "name", title: t("identity.name"), width: 170, render: (r) => <Name className="strong">{r.name}</Name> },
            { key: "records", title: t("identity.records"), render: (r) => <span className="row wraps" style={{ gap: 4 }}>{r.records.map((x) => <span key={x.no} className="chip" title={x.name}>{x.source === "crm" ? "CRM" : x.source} · {x.source === "crm" ? x.name : x.sourceId}</span>)}</span>, wrap: true },
            { key: "customer", title: t("identity.customer"), width: 150, render: (r) => (r.customerId ? <Link to="/app/customers/$id" params={{ id: r.customerId }}>{t("identity.openCustomer")}{r.customerCount > 1 ? ` (${r.customerCount})` : ""}</Link> : <span className="muted">{t("identity.notOurs")}</span>) },
          ]} />
      )}</Loaded>
      <Drawer open={!!search.code} onClose={() => set({ code: undefined })} size={640} title={<span className="num">{search.code}</span>} destroyOnHidden>{search.code && <Logical code={search.code} />}</Drawer>
    </Panel>
  );
}

function Logical({ code }: { code: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const { set } = useUrl();
  const [out, setOut] = useState<RecordRow | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const found = useQuery({ queryKey: ["code", code], queryFn: () => call<CodeRow>(`/identity/codes/${code}`) });
  const again = async () => { await Promise.all([client.invalidateQueries({ queryKey: ["code"] }), client.invalidateQueries({ queryKey: ["codes"] })]); };
  const adopt = async () => {
    setBusy(true);
    setError(null);
    try {
      await post(`/identity/codes/${code}/customer`, {}, { idempotencyKey: newKey() });
      say.success(t("identity.adopted"));
      await again();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  return (
    <Loaded of={found} what={t("identity.code")} rows={8}>{(data) => {
      const ours = data.records.filter((r) => r.source === "crm");
      return (
        <div className="stack">
          {data.askedFor && data.askedFor !== data.code && <div className="soft">{t("identity.leads", { from: data.askedFor, to: data.code })}</div>}
          <div className="row wraps">
            <span className="strong" style={{ fontSize: 16 }}><Name>{data.name}</Name></span>
            <span className="muted">{t("identity.members", { count: data.recordCount })}</span>
            <span className="grow" />
            {data.customerId && <Link to="/app/customers/$id" params={{ id: data.customerId }}>{t("identity.openCustomer")}</Link>}
            {!data.customerId && may("customer.create") && <Button size="small" type="primary" loading={busy} onClick={() => void adopt()}>{t("identity.adopt")}</Button>}
            {ours.length > 1 && may("identity.merge") && <Button size="small" onClick={() => set({ tab: "merges", from: ours[1]!.sourceId, into: ours[0]!.sourceId, code: undefined }, true)}>{t("identity.mergeThem")}</Button>}
          </div>
          {error ? <Failure error={error} what={t("identity.adopt")} /> : null}
          {data.records.map((r) => (
            <section key={r.no} className="panel">
              <header><h2>{word("sourceNames", r.source)} <span className="num muted">{r.source === "crm" ? "" : r.sourceId}</span></h2>
                {data.records.length > 1 && may("identity.review") && <div className="acts"><Button size="small" type="link" onClick={() => setOut(r)}>{t("identity.separate")}</Button></div>}</header>
              <div className="body"><RecordFacts of={r} /></div>
            </section>
          ))}
          <Panel title={t("identity.history")}>
            {(data.history ?? []).length === 0 ? <span className="muted">{t("identity.noHistory")}</span> : (
              <ul className="stack tight" style={{ listStyle: "none", margin: 0, padding: 0 }}>
                {data.history!.map((h, i) => <li key={i} className="row"><At at={h.at} /><span className="strong">{t(`identity.what_.${h.what}`)}</span><bdi className="clip muted grow">{h.operator}{h.detail.to ? ` → ${String(h.detail.to)}` : ""}</bdi></li>)}
              </ul>
            )}
          </Panel>
          <ReasonDialog open={!!out} title={t("identity.separate")} note={t("identity.separateNote")} confirm={t("identity.separate")} suggestions={[t("identity.whySep1"), t("identity.whySep2")]} onClose={() => setOut(null)}
            onConfirm={async (reason) => {
              await post(`/identity/codes/${data.code}/separate`, { recordNo: out!.no, reason });
              say.success(t("identity.separated"));
              await again();
            }} />
        </div>
      );
    }}</Loaded>
  );
}

export function RecordFacts({ of }: { of: RecordRow }) {
  const { t } = useTranslation();
  const items: [string, string][] = [
    [t("identity.name"), of.name], [t("identity.certificate"), of.certificate ? `${word("realname.kinds", of.certificateType)} ${of.certificate}${of.certificateGood === false ? `（${t("identity.certificateBad")}）` : ""}` : ""],
    [t("identity.phones"), of.phones.map((p) => phone(p)).join(comma())], [t("identity.address"), of.address], [t("identity.birth"), of.birth],
  ];
  return <dl className="facts">{items.filter(([, v]) => v).map(([k, v]) => <div key={k}><dt>{k}</dt><dd><bdi className="wrap">{v}</bdi></dd></div>)}</dl>;
}
