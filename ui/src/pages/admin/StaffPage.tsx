// Staff: who may log in, where they belong, what they see, which roles they hold.
import { PlusOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, list } from "../../lib/api";
import { language } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import type { Organization, Role, Staff } from "../../lib/types";
import { DataTable } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { PageHead, Panel } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Name } from "../../kit/text";
import { StaffDrawer } from "./StaffDrawer";

export default function StaffPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const [editing, setEditing] = useState<Staff | "new" | null>(null);
  const staff = useQuery({ queryKey: ["staff"], queryFn: () => list<Staff>("/staff", { limit: 500 }) });
  const roles = useQuery({ queryKey: ["roles"], queryFn: () => call<Role[]>("/roles"), staleTime: 300_000 });
  const orgs = useQuery({ queryKey: ["organizations"], queryFn: () => call<Organization[]>("/organizations"), staleTime: 300_000 });
  const names = useMemo(() => new Map((orgs.data ?? []).map((o) => [o.path, o.name])), [orgs.data]);
  const title = (name: string) => roles.data?.find((r) => r.name === name)?.title?.[language()] ?? name;
  const writes = may("staff.manage");
  const columns: Column<Staff>[] = [
    { key: "login", title: t("gate.account"), width: 150, lead: true, render: (s) => <span className="mono">{s.login}</span> },
    { key: "name", title: t("gate.name"), width: 150, render: (s) => <Name>{s.name}</Name> },
    { key: "org", title: t("customer.org"), render: (s) => <Name>{s.orgName ?? names.get(s.org) ?? s.org}</Name> },
    { key: "scope", title: t("staff.scope"), render: (s) => <span title={s.scope}><Name>{names.get(s.scope) ?? s.scope}</Name></span> },
    { key: "roles", title: t("staff.roles"), render: (s) => <span className="row" style={{ gap: 4 }}>{(s.roles ?? []).map((r) => <span key={r} className="chip">{title(r)}</span>)}</span> },
    { key: "status", title: t("product.status"), width: 110, render: (s) => <Status group="staffState" code={s.status ?? "active"} /> },
  ];
  return (
    <div className="page">
      <PageHead title={t("nav.staff")}>
        <Link to="/app/admin/roles">{t("nav.roles")}</Link>
        {writes && <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setEditing("new")}>{t("staff.create")}</Button>}
      </PageHead>
      <Panel flush>
        <Loaded of={staff} what={t("nav.staff")}>
          {(data) => <DataTable rows={data.rows} columns={columns} rowKey={(s) => s.id} label={t("nav.staff")} minWidth={900} keys={editing === null} onOpen={writes ? (s) => setEditing(s) : undefined} empty={<Nothing why={t("staff.none")} />} />}
        </Loaded>
      </Panel>
      <StaffDrawer of={editing} roles={roles.data ?? []} orgs={orgs.data ?? []} onClose={() => setEditing(null)} done={() => void client.invalidateQueries({ queryKey: ["staff"] })} />
    </div>
  );
}
