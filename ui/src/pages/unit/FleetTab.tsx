// Fleets, departments and drivers.
import { PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { DataTable } from "../../kit/DataTable";
import { Field } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { Block } from "../customer/tabs";
import { useGroups } from "./MembersTab";
import type { Driver, Group, UnitHome } from "./types";
import { UNIT_KEYS, useDo } from "./use";

/** The tree as a list: each group below its parent, deeper ones further in. */
function ordered(groups: Group[], parent: string | null = null, depth = 0): { group: Group; depth: number }[] {
  return groups.filter((g) => (g.parentId ?? null) === parent).flatMap((g) => [{ group: g, depth }, ...ordered(groups, g.id, depth + 1)]);
}

export function FleetTab({ unit }: { unit: UnitHome }) {
  const { t } = useTranslation();
  const may = useMay();
  const groups = useGroups(unit.id);
  const drivers = useQuery({ queryKey: ["unit", unit.id, "drivers"], queryFn: () => call<Driver[]>(`/unit-accounts/${unit.id}/drivers`) });
  const [group, setGroup] = useState<Group | "new" | null>(null);
  const [driver, setDriver] = useState<Driver | "new" | null>(null);
  const { run, error } = useDo(UNIT_KEYS);
  const writes = may("unit.write");
  const name = (id?: string | null) => groups.data?.find((g) => g.id === id)?.name;
  return (
    <div className="cols2" style={{ gap: 0 }}>
      <Block title={t("unit.group")} more={writes && <Button size="small" icon={<PlusOutlined aria-hidden />} onClick={() => setGroup("new")}>{t("unit.addGroup")}</Button>}>
        <Loaded of={groups} what={t("unit.group")} rows={4}>
          {(all) => (
            <DataTable rows={ordered(all)} rowKey={(r) => r.group.id} label={t("unit.group")} empty={<Nothing why={t("unit.noGroups")} />} columns={[
              { key: "name", title: t("unit.groupName"), lead: true, render: ({ group: g, depth }) => <span style={{ paddingLeft: depth * 18 }}><Name>{g.name}</Name></span> },
              { key: "kind", title: t("unit.groupKind"), width: 110, render: ({ group: g }) => word("groupKind", g.kind) },
              { key: "members", title: t("unit.members"), width: 80, right: true, render: ({ group: g }) => <span className="num">{g.members}</span> },
              { key: "do", title: "", width: 120, right: true, render: ({ group: g }) => writes && <span className="row" style={{ justifyContent: "flex-end" }}><button type="button" className="linkish" onClick={() => setGroup(g)}>{t("unit.edit")}</button><button type="button" className="linkish" onClick={() => void run(`/unit-accounts/${unit.id}/groups/${g.id}`, undefined, "DELETE")}>{t("unit.dropGroup")}</button></span> },
            ]} />
          )}
        </Loaded>
        {error ? <div style={{ padding: 12 }}><Failure error={error} what={t("unit.dropGroup")} /></div> : null}
      </Block>
      <Block title={t("unit.drivers")} more={writes && <Button size="small" icon={<PlusOutlined aria-hidden />} onClick={() => setDriver("new")}>{t("unit.addDriver")}</Button>}>
        <Loaded of={drivers} what={t("unit.drivers")} rows={4}>
          {(all) => (
            <DataTable rows={all} rowKey={(d) => d.id} label={t("unit.drivers")} empty={<Nothing why={t("unit.noDrivers")} />} columns={[
              { key: "no", title: t("unit.staffNo"), width: 80, lead: true, render: (d) => <span className="num">{d.staffNo}</span> },
              { key: "name", title: t("unit.driver"), render: (d) => <Name>{d.name}</Name> },
              { key: "phone", title: t("unit.phone"), width: 125, render: (d) => <span className="num">{d.phone || "—"}</span> },
              { key: "group", title: t("unit.group"), width: 100, render: (d) => (d.state === "left" ? <span className="muted">{t("unit.driverLeft")}</span> : <Name>{name(d.groupId)}</Name>) },
              { key: "do", title: "", width: 64, right: true, render: (d) => writes && <button type="button" className="linkish" onClick={() => setDriver(d)}>{t("unit.edit")}</button> },
            ]} />
          )}
        </Loaded>
      </Block>
      {group && <GroupForm unit={unit} group={group === "new" ? null : group} groups={groups.data ?? []} onClose={() => setGroup(null)} />}
      {driver && <DriverForm unit={unit} driver={driver === "new" ? null : driver} groups={groups.data ?? []} onClose={() => setDriver(null)} />}
    </div>
  );
}

function GroupForm({ unit, group, groups, onClose }: { unit: UnitHome; group: Group | null; groups: Group[]; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(group?.name ?? "");
  const [kind, setKind] = useState(group?.kind ?? "fleet");
  const [parent, setParent] = useState(group?.parentId ?? "");
  const { busy, error, run } = useDo(UNIT_KEYS);
  const go = async () => {
    if (!name.trim()) return;
    const body = { name: name.trim(), kind, parentId: parent || null };
    const done = group ? await run(`/unit-accounts/${unit.id}/groups/${group.id}`, body, "PUT") : await run(`/unit-accounts/${unit.id}/groups`, body);
    if (done) { say.success(t("unit.saved")); onClose(); }
  };
  return (
    <Modal open onCancel={onClose} title={t(group ? "unit.edit" : "unit.addGroup")} width={420} footer={[<Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>, <Button key="go" type="primary" loading={busy} disabled={!name.trim()} onClick={() => void go()}>{t("kit.save")}</Button>]}>
      <div className="stack">
        <Field label={t("unit.groupName")}>{(p) => <Input {...p} autoFocus maxLength={40} value={name} onChange={(e) => setName(e.target.value)} onPressEnter={() => void go()} />}</Field>
        <Field label={t("unit.groupKind")}>{(p) => <Pick {...p} value={kind} onPick={setKind} width="100%" options={["fleet", "department", "other"].map((k) => ({ value: k, label: word("groupKind", k) }))} />}</Field>
        <Field label={t("unit.parent")}>{(p) => <Pick {...p} value={parent} onPick={setParent} width="100%" options={[{ value: "", label: t("unit.top") }, ...groups.filter((g) => g.id !== group?.id).map((g) => ({ value: g.id, label: g.name }))]} />}</Field>
        {error ? <Failure error={error} what={t("unit.group")} /> : null}
      </div>
    </Modal>
  );
}

function DriverForm({ unit, driver, groups, onClose }: { unit: UnitHome; driver: Driver | null; groups: Group[]; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(driver?.name ?? "");
  const [staffNo, setStaffNo] = useState(driver?.staffNo ?? "");
  const [phone, setPhone] = useState(driver?.phone ?? "");
  const [group, setGroup] = useState(driver?.groupId ?? "");
  const [left, setLeft] = useState(driver?.state === "left");
  const { busy, error, run } = useDo(UNIT_KEYS);
  const ready = name.trim() && staffNo.trim();
  const go = async () => {
    if (!ready) return;
    const body = { name: name.trim(), staffNo: staffNo.trim(), phone, groupId: group || null, ...(driver ? { state: left ? "left" : "active" } : {}) };
    const done = driver ? await run(`/unit-accounts/${unit.id}/drivers/${driver.id}`, body, "PUT") : await run(`/unit-accounts/${unit.id}/drivers`, body);
    if (done) { say.success(t("unit.saved")); onClose(); }
  };
  return (
    <Modal open onCancel={onClose} title={t(driver ? "unit.edit" : "unit.addDriver")} width={420} footer={[<Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>, <Button key="go" type="primary" loading={busy} disabled={!ready} onClick={() => void go()}>{t("kit.save")}</Button>]}>
      <div className="stack">
        <Field label={t("unit.driver")}>{(p) => <Input {...p} autoFocus maxLength={40} value={name} onChange={(e) => setName(e.target.value)} />}</Field>
        <Field label={t("unit.staffNo")}>{(p) => <Input {...p} maxLength={20} value={staffNo} onChange={(e) => setStaffNo(e.target.value)} />}</Field>
        <Field label={t("unit.phone")}>{(p) => <Input {...p} inputMode="tel" maxLength={30} value={phone} onChange={(e) => setPhone(e.target.value)} />}</Field>
        <Field label={t("unit.group")}>{(p) => <Pick {...p} value={group} onPick={setGroup} width="100%" options={[{ value: "", label: "—" }, ...groups.map((g) => ({ value: g.id, label: g.name }))]} />}</Field>
        {driver && <label className="tick"><input type="checkbox" checked={left} onChange={(e) => setLeft(e.target.checked)} />{t("unit.driverLeft")}</label>}
        {error ? <Failure error={error} what={t("unit.driver")} /> : null}
      </div>
    </Modal>
  );
}
