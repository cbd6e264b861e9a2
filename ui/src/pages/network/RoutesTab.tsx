// Who serves which target, place and product line; and which system a task would go to.
import { PlusOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal, Popconfirm, Select, Switch } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import type { Organization } from "../../lib/types";
import { DataTable } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { Field, Panel } from "../../kit/layout";
import { Failure, Loaded } from "../../kit/states";
import { Name } from "../../kit/text";
import { say } from "../../kit/toast";
import type { Rule } from "./types";

const TARGETS = ["*", "mobile-hlr", "pcrf", "olt", "radius", "iptv", "ims", "transport", "content-platform", "iot-platform"];
const FAMILIES = ["*", "mobile", "broadband", "iptv", "fixedVoice", "voip", "data", "leasedLine", "content", "smartHome", "option", "group"];
const any = (text: string) => text === "*" || text === "";

export function RoutesTab() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const writes = useMay()("network.write");
  const [editing, setEditing] = useState<Rule | null>(null);
  const found = useQuery({ queryKey: ["networkRoutes"], queryFn: () => call<{ routes: Rule[]; adapters: string[] }>("/network/routes") });
  const orgs = useQuery({ queryKey: ["organizations"], queryFn: () => call<Organization[]>("/organizations"), staleTime: 300_000, retry: false });
  const names = useMemo(() => new Map((orgs.data ?? []).map((o) => [o.path, o.name])), [orgs.data]);
  const done = () => client.invalidateQueries({ queryKey: ["networkRoutes"] });
  const drop = async (r: Rule) => {
    try {
      await call(`/network/routes/${r.id}`, { method: "DELETE" });
      await done();
      say.success(t("kit.saved"));
    } catch (error) { say.warning((error as Error).message); }
  };
  const columns: Column<Rule>[] = [
    { key: "org", title: t("network.place"), lead: true, render: (r) => (any(r.org) ? <span className="soft">{t("network.everywhere")}</span> : <span title={r.org}><Name>{names.get(r.org) ?? r.org}</Name></span>) },
    { key: "family", title: t("network.family"), width: 120, render: (r) => (any(r.family) ? <span className="soft">{t("network.anyFamily")}</span> : word("family", r.family)) },
    { key: "target", title: t("network.target"), width: 140, render: (r) => (any(r.target) ? <span className="soft">{t("network.anyTarget")}</span> : word("target", r.target)) },
    { key: "adapter", title: t("network.system"), width: 170, render: (r) => <span className="strong">{word("networkSystem", r.adapter)}</span> },
    { key: "priority", title: t("network.priority"), width: 80, right: true, render: (r) => <span className="num">{r.priority}</span> },
    { key: "enabled", title: t("network.enabled"), width: 80, render: (r) => (r.enabled ? t("network.on") : <span className="muted">{t("network.off")}</span>) },
    { key: "source", title: t("network.source"), wrap: true, render: (r) => <Name wrap>{word("networkSource", r.source)}</Name> },
    ...(writes ? [{
      key: "do", title: t("kit.actions"), width: 130, render: (r: Rule) => (
        <span className="row" style={{ gap: 4 }}>
          <Button size="small" onClick={() => setEditing(r)}>{t("network.edit")}</Button>
          {!(any(r.org) && any(r.family) && any(r.target)) && (
            <Popconfirm title={t("network.dropAsk")} okText={t("network.drop")} cancelText={t("kit.cancel")} onConfirm={() => void drop(r)}><Button size="small" danger>{t("network.drop")}</Button></Popconfirm>
          )}
        </span>
      ),
    }] : []),
  ];
  const fresh: Rule = { id: "", target: "*", org: "", family: "*", adapter: "tmf641", priority: 10, enabled: true, source: "" };
  return (
    <>
      <Panel flush title={t("network.routes")} acts={writes && <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setEditing(fresh)}>{t("network.add")}</Button>}>
        <Loaded of={found} what={t("network.routes")}>{(data) => <DataTable rows={data.routes} columns={columns} rowKey={(r) => r.id} label={t("network.routes")} minWidth={960} />}</Loaded>
      </Panel>
      <p className="soft" style={{ margin: "0 2px" }}>{t("network.routeRule")}</p>
      <Trial orgs={orgs.data ?? []} />
      {editing && <Edit rule={editing} orgs={orgs.data ?? []} adapters={found.data?.adapters ?? []} onClose={() => setEditing(null)} onDone={() => { setEditing(null); void done(); }} />}
    </>
  );
}

const choices = (all: string[], group: string, star: string) => all.map((id) => ({ value: id, label: id === "*" ? star : word(group, id) }));

function Place({ value, orgs, onChange, id }: { value: string; orgs: Organization[]; onChange: (org: string) => void; id?: string }) {
  const { t } = useTranslation();
  return <Select id={id} showSearch={{ optionFilterProp: "label" }} value={value} style={{ width: "100%" }} onChange={onChange} options={[{ value: "", label: t("network.everywhere") }, ...orgs.map((o) => ({ value: o.path, label: `${o.name} ${o.path}` }))]} />;
}

function Edit({ rule, orgs, adapters, onClose, onDone }: { rule: Rule; orgs: Organization[]; adapters: string[]; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const [r, setR] = useState(rule);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [key] = useState(newKey);
  const put = (part: Partial<Rule>) => setR((old) => ({ ...old, ...part }));
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      if (r.id) await call(`/network/routes/${r.id}`, { method: "PUT", body: r });
      else await post("/network/routes", r, { idempotencyKey: key });
      say.success(t("kit.saved"));
      onDone();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  return (
    <Modal open onCancel={onClose} title={t(rule.id ? "network.editTitle" : "network.add")} okText={t("kit.save")} cancelText={t("kit.cancel")} confirmLoading={busy} onOk={() => void save()} width={520} destroyOnHidden>
      <div className="stack">
        <Field label={t("network.place")}>{(p) => <Place {...p} value={r.org} orgs={orgs} onChange={(org) => put({ org })} />}</Field>
        <Field label={t("network.family")}>{(p) => <Select {...p} value={r.family} style={{ width: "100%" }} onChange={(family) => put({ family })} options={choices(FAMILIES, "family", t("network.anyFamily"))} />}</Field>
        <Field label={t("network.target")}>{(p) => <Select {...p} value={r.target} style={{ width: "100%" }} onChange={(target) => put({ target })} options={choices(TARGETS, "target", t("network.anyTarget"))} />}</Field>
        <Field label={t("network.system")}>{(p) => <Select {...p} value={r.adapter} style={{ width: "100%" }} onChange={(adapter) => put({ adapter })} options={choices(adapters, "networkSystem", "*")} />}</Field>
        <Field label={t("network.priority")} hint={t("network.priorityHint")}>{(p) => <Input {...p} type="number" min={-1000} max={1000} value={r.priority} onChange={(e) => put({ priority: Math.trunc(Number(e.target.value)) || 0 })} />}</Field>
        <Field label={t("network.source")}>{(p) => <Input {...p} maxLength={200} value={r.source} placeholder={t("network.sourceHint")} onChange={(e) => put({ source: e.target.value })} />}</Field>
        <Field label={t("network.enabled")}>{(p) => <span><Switch id={p.id} checked={r.enabled} onChange={(enabled) => put({ enabled })} /></span>}</Field>
        {error ? <Failure error={error} what={t("kit.save")} /> : null}
      </div>
    </Modal>
  );
}

function Trial({ orgs }: { orgs: Organization[] }) {
  const { t } = useTranslation();
  const [org, setOrg] = useState("");
  const [family, setFamily] = useState("broadband");
  const [target, setTarget] = useState("olt");
  const ask = { org, family, target };
  const answer = useQuery({ queryKey: ["networkResolve", ask], queryFn: () => call<{ adapter: string }>("/network/routes/resolve", { query: ask }) });
  return (
    <Panel title={t("network.trial")}>
      <div className="row wraps" style={{ gap: 12, alignItems: "end" }}>
        <div style={{ width: 260 }}><Field label={t("network.place")}>{(p) => <Place {...p} value={org} orgs={orgs} onChange={setOrg} />}</Field></div>
        <div style={{ width: 150 }}><Field label={t("network.family")}>{(p) => <Select {...p} value={family} style={{ width: "100%" }} onChange={setFamily} options={choices(FAMILIES.slice(1), "family", "*")} />}</Field></div>
        <div style={{ width: 170 }}><Field label={t("network.target")}>{(p) => <Select {...p} value={target} style={{ width: "100%" }} onChange={setTarget} options={choices(TARGETS.slice(1), "target", "*")} />}</Field></div>
        <div className="strong" role="status" style={{ paddingBottom: 6 }}>→ {answer.data ? word("networkSystem", answer.data.adapter) : "…"}</div>
      </div>
    </Panel>
  );
}
