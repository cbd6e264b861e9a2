// Members: what each has and spent, limits, loss and replacement, the card.
import { PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { phone, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { DataTable } from "../../kit/DataTable";
import { Meter } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Money, Name } from "../../kit/text";
import { MemberDialog, MemberForm } from "./MemberDialog";
import type { Group, Member, UnitHome } from "./types";

export const useMembers = (unitId: string, ever = false) => useQuery({ queryKey: ["unit.members", unitId, ever], queryFn: () => call<Member[]>(`/unit-accounts/${unitId}/members`, { query: ever ? { ever: true } : {} }) });
export const useGroups = (unitId: string) => useQuery({ queryKey: ["unit", unitId, "groups"], queryFn: () => call<Group[]>(`/unit-accounts/${unitId}/groups`) });
export const shownIdentifier = (m: { kind?: string; identifier: string }) => (m.kind === "number" || /^1\d{10}$/.test(m.identifier) ? phone(m.identifier) : m.identifier);

export function MembersTab({ unit }: { unit: UnitHome }) {
  const { t } = useTranslation();
  const may = useMay();
  const [ever, setEver] = useState(false);
  const [q, setQ] = useState("");
  const [adding, setAdding] = useState(false);
  const [at, setAt] = useState<string | null>(null);
  const members = useMembers(unit.id, ever);
  const groups = useGroups(unit.id);
  const groupName = (id?: string | null) => groups.data?.find((g) => g.id === id)?.name;
  const fits = (m: Member) => !q || m.identifier.includes(q.replace(/\s/g, "")) || m.name.includes(q) || (groupName(m.groupId) ?? "").includes(q);
  return (
    <>
      <div className="filters">
        <Input aria-label={t("unit.identifier")} placeholder={`${t("unit.identifier")} / ${t("unit.holder")}`} allowClear value={q} style={{ width: 220 }} onChange={(e) => setQ(e.target.value)} />
        <label className="tick"><input type="checkbox" checked={ever} onChange={(e) => setEver(e.target.checked)} />{t("unit.ever")}</label>
        {may("unit.write") && unit.state === "active" && <span style={{ marginLeft: "auto" }}><Button icon={<PlusOutlined aria-hidden />} onClick={() => setAdding(true)}>{t("unit.addMember")}</Button></span>}
      </div>
      <Loaded of={members} what={t("unit.members")} rows={8}>
        {(all) => (
          <DataTable rows={all.filter(fits)} rowKey={(m) => m.id} label={t("unit.members")} keys minWidth={940} onOpen={(m) => setAt(m.id)}
            empty={<Nothing why={t("unit.noMembers")} action={<span className="soft">{t("unit.noMembersHint")}</span>} />}
            columns={[
              { key: "id", title: t("unit.identifier"), width: 150, lead: true, render: (m) => <span className="num">{shownIdentifier(m)}</span> },
              { key: "kind", title: t("unit.kind"), width: 64, render: (m) => word("memberKind", m.kind) },
              { key: "name", title: t("unit.holder"), render: (m) => <Name>{m.name}</Name> },
              { key: "group", title: t("unit.group"), width: 110, render: (m) => <Name>{groupName(m.groupId)}</Name> },
              { key: "reserve", title: t("unit.reserve"), width: 110, right: true, render: (m) => <Money fen={m.reserveFen} /> },
              { key: "loaded", title: t("unit.loaded"), width: 100, right: true, render: (m) => (m.kind === "card" || m.loadedFen ? <Money fen={m.loadedFen} /> : <span className="muted">—</span>) },
              { key: "month", title: t("unit.spentMonth"), width: 170, right: true, render: (m) => <Used used={m.spentMonthFen ?? 0} limit={m.monthFen} label={t("unit.month")} /> },
              { key: "state", title: t("unit.state"), width: 100, render: (m) => <Status group="memberState" code={m.state} /> },
            ]} />
        )}
      </Loaded>
      {adding && <MemberForm unit={unit} onClose={() => setAdding(false)} />}
      {at && <MemberDialog unit={unit} id={at} onClose={() => setAt(null)} />}
    </>
  );
}

function Used({ used, limit, label }: { used: number; limit?: number | null; label: string }) {
  if (limit === null || limit === undefined) return <Money fen={used} />;
  return (
    <span className="stack tight" style={{ gap: 3, alignItems: "stretch" }}>
      <span className="num" style={{ fontSize: 12 }}>{yuan(used, false)} / {yuan(limit, false)}</span>
      <span className="row"><Meter done={used} total={limit} tone={used >= limit * 0.9 ? "bad" : "ok"} label={label} /></span>
    </span>
  );
}
