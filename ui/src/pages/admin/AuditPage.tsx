// The audit trail: who did what to what, when. Read only.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { list } from "../../lib/api";
import { plain } from "../../lib/format";
import { word } from "../../lib/i18n";
import type { AuditRow } from "../../lib/types";
import { paging, useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { PageHead, Panel } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { At, Name } from "../../kit/text";

const told = (detail: unknown) => typeof detail === "object" && detail !== null ? Object.keys(detail).length > 0 : !!detail;

export default function AuditPage() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const { page, size, offset, limit } = paging(search);
  const [open, setOpen] = useState<string | null>(null);
  const ask = { subject: search.subject, actor: search.actor, offset, limit };
  const found = useQuery({ queryKey: ["audit", ask], queryFn: ({ signal }) => list<AuditRow>("/audit", ask, signal), placeholderData: keepPreviousData });
  const field = (name: "subject" | "actor", label: string) => (
    <Input key={`${name}${search[name] ?? ""}`} style={{ width: 260 }} allowClear defaultValue={search[name]} aria-label={label} placeholder={label} maxLength={120}
      onPressEnter={(e) => set({ [name]: e.currentTarget.value.trim() })} onBlur={(e) => { if (e.target.value.trim() !== (search[name] ?? "")) set({ [name]: e.target.value.trim() }); }} onClear={() => set({ [name]: "" })} />
  );
  const columns: Column<AuditRow>[] = [
    { key: "at", title: t("audit.at"), width: 170, render: (a) => <At at={a.at} seconds /> },
    { key: "actor", title: t("audit.actor"), width: 140, render: (a) => <Name>{a.actorName ?? a.actor}</Name> },
    { key: "action", title: t("audit.action"), width: 290, render: (a) => <Name className="mono">{a.action}</Name> },
    { key: "what", title: t("audit.subject"), width: 270, render: (a) => <span className="row" style={{ gap: 6 }}><span className="chip">{word("subject", a.subjectType)}</span><Name className="mono">{a.subjectId}</Name></span> },
    { key: "detail", title: t("audit.detail"), render: (a) => told(a.detail) && <button type="button" className="linkish detailbtn" aria-expanded={open === a.id} onClick={() => setOpen(open === a.id ? null : a.id)}><Name>{plain(a.detail)}</Name></button> },
    { key: "org", title: t("customer.org"), width: 150, render: (a) => <Name className="mono">{a.org}</Name> },
  ];
  return (
    <div className="page">
      <PageHead title={t("nav.audit")} sub={t("audit.what")} />
      <Panel flush>
        <div className="filters" role="search">{field("subject", t("audit.subjectFilter"))}{field("actor", t("audit.actorFilter"))}</div>
        <Loaded of={found} what={t("nav.audit")} rows={12}>
          {(data) => (
            <>
              <DataTable rows={data.rows} columns={columns} rowKey={(a) => a.id} label={t("nav.audit")} minWidth={1080} empty={<Nothing why={t("audit.none")} />}
                extra={(a) => (open === a.id ? <pre className="code">{typeof a.detail === "string" ? a.detail : JSON.stringify(a.detail, null, 2)}</pre> : null)} />
              <Pager page={page} size={size} total={data.total} shown={data.rows.length} onPage={(p) => set({ page: p }, true)} onSize={(n) => set({ size: n })} />
            </>
          )}
        </Loaded>
      </Panel>
    </div>
  );
}
