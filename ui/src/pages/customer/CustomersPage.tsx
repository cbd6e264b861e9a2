// Customers in my scope: one search for every kind of key, filters in the address, creation in a drawer.
import { SearchOutlined, UserAddOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { plainPhone, phone } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useKeys } from "../../lib/keys";
import { useMay } from "../../lib/session";
import type { FoundCustomer } from "../../lib/types";
import { paging, useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { PageHead, Panel, Segments } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Ago, Name } from "../../kit/text";
import { listCustomers } from "./list";
import { NewCustomer } from "./NewCustomer";

export default function CustomersPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay();
  const { search, set } = useUrl();
  const { page, size, offset, limit } = paging(search);
  const [text, setText] = useState(search.q ?? "");
  useEffect(() => setText(search.q ?? ""), [search.q]);
  useEffect(() => {
    const timer = setTimeout(() => { if (text.trim() !== (search.q ?? "")) set({ q: text.trim() }); }, 250);
    return () => clearTimeout(timer);
  }, [text, search.q, set]);
  const q = /^[\d\s\-+()]+$/.test(search.q ?? "") ? plainPhone(search.q!) : search.q;
  const kind = search.kind ?? "";
  const found = useQuery({
    queryKey: ["customers", q, kind, search.sort, offset, limit],
    queryFn: ({ signal }) => listCustomers({ q, kind, sort: search.sort, offset, limit }, signal),
    placeholderData: keepPreviousData,
  });
  const creates = may("customer.create");
  useKeys({ F2: () => { if (creates) set({ new: "1" }); else return false; } });
  const columns: Column<FoundCustomer>[] = [
    { key: "name", title: t("customer.name"), lead: true, render: (c) => <Name>{c.name}</Name> },
    { key: "no", title: t("customer.no"), width: 140, render: (c) => <span className="num">{c.customerNo}</span> },
    { key: "kind", title: t("customer.kind"), width: 104, render: (c) => word("kind", c.kind) },
    { key: "phone", title: t("customer.phone"), width: 132, render: (c) => <span className="num">{phone(c.phone)}</span> },
    { key: "certificate", title: t("customer.certificate"), width: 168, render: (c) => <span className="num">{c.certificate ?? "—"}</span> },
    { key: "grade", title: t("customer.grade"), width: 80, render: (c) => (c.grade ? word("grade", c.grade) : "—") },
    { key: "status", title: t("customer.status"), width: 96, render: (c) => (c.status ? <Status group="customerState" code={c.status} /> : "—") },
    { key: "org", title: t("customer.org"), width: 140, render: (c) => <Name>{c.orgName}</Name> },
    search.q
      ? { key: "match", title: t("customer.match"), width: 84, render: (c) => (c.match ? <span className="chip">{word("match", c.match)}</span> : "—") }
      : { key: "at", title: t("customer.createdAt"), width: 112, sort: "createdAt", render: (c) => <Ago at={c.createdAt} /> },
  ];
  return (
    <div className="page">
      <PageHead title={t("nav.customers")}>
        {creates && <Button type="primary" icon={<UserAddOutlined aria-hidden />} onClick={() => set({ new: "1" })} title="F2">{t("customer.create")}</Button>}
      </PageHead>
      <Panel flush>
        <div className="filters" role="search">
          <Input
            style={{ width: 420 }} prefix={<SearchOutlined aria-hidden />} allowClear value={text} maxLength={200} aria-label={t("customer.search")}
            placeholder={t("customer.search")} onChange={(e) => setText(e.target.value)}
          />
          <Segments label={t("customer.kind")} at={kind} onPick={(k) => set({ kind: k })}
            items={[{ id: "", title: t("kit.any") }, { id: "individual", title: t("kind.individual") }, { id: "organization", title: t("kind.organization") }]} />
        </div>
        <Loaded of={found} what={t("nav.customers")} rows={12}>
          {(data) => (
            <>
              <DataTable
                rows={data.rows} columns={columns} rowKey={(c) => c.id} label={t("nav.customers")} keys minWidth={1080} sort={search.sort} onSort={(sort) => set({ sort })}
                onOpen={(c) => void navigate({ to: "/app/customers/$id", params: { id: c.id } })}
                empty={search.q || kind
                  ? <Nothing why={t("customer.noneFound", { q: search.q ?? word("kind", kind) })} action={<Button onClick={() => { setText(""); set({ q: "", kind: "" }); }}>{t("kit.clearFilters")}</Button>} />
                  : <Nothing why={t("customer.noneYet")} action={creates ? <Button type="primary" onClick={() => set({ new: "1" })}>{t("customer.create")}</Button> : undefined} />}
              />
              <Pager page={page} size={size} total={data.total} shown={data.rows.length} onPage={(p) => set({ page: p }, true)} onSize={(n) => set({ size: n })} />
            </>
          )}
        </Loaded>
      </Panel>
      <NewCustomer open={search.new === "1" && creates} onClose={() => set({ new: undefined })} suggested={search.q} />
    </div>
  );
}
