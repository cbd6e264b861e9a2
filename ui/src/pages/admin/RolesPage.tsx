// Roles against rights, as a matrix grouped by the first word of the right.
import { CheckOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { language } from "../../lib/i18n";
import { allows } from "../../lib/session";
import type { Role } from "../../lib/types";
import { PageHead, Panel } from "../../kit/layout";
import { Loaded } from "../../kit/states";

export default function RolesPage() {
  const { t } = useTranslation();
  const roles = useQuery({ queryKey: ["roles"], queryFn: () => call<Role[]>("/roles") });
  const rights = useMemo(() => [...new Set((roles.data ?? []).flatMap((r) => r.permissions))].filter((p) => p !== "*").sort(), [roles.data]);
  return (
    <div className="page">
      <PageHead title={t("nav.roles")} sub={t("staff.matrix")}><Link to="/app/admin/staff">{t("nav.staff")}</Link></PageHead>
      <Panel flush>
        <Loaded of={roles} what={t("nav.roles")}>
          {(data) => (
            <div className="table-wrap" style={{ maxHeight: "calc(100vh - 190px)", overflow: "auto" }} tabIndex={0} role="group" aria-label={t("nav.roles")}>
              <table className="data matrix" aria-label={t("nav.roles")} style={{ minWidth: 260 + data.length * 120 }}>
                <thead><tr><th style={{ width: 260 }}>{t("staff.right")}</th>{data.map((r) => <th key={r.name} scope="col" title={r.name}>{r.title?.[language()] ?? r.name}</th>)}</tr></thead>
                <tbody>{rights.map((p, i) => (
                  <tr key={p} className={i > 0 && rights[i - 1]!.split(".")[0] !== p.split(".")[0] ? "groupstart" : ""}>
                    <th scope="row" className="mono">{p}</th>
                    {data.map((r) => <td key={r.name}>{allows(r.permissions, p) ? <span className="ok"><CheckOutlined aria-hidden /><span className="sr">{t("staff.has")}</span></span> : <span className="muted" aria-label={t("staff.hasNot")} role="img">·</span>}</td>)}
                  </tr>
                ))}</tbody>
              </table>
            </div>
          )}
        </Loaded>
      </Panel>
    </div>
  );
}
