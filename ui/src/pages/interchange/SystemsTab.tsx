// The billing systems beside the embedded one, and which of them charges which product line in which place.
import { PlusOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal, Popconfirm, Select, Switch } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { language, word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import type { Organization } from "../../lib/types";
import { DataTable } from "../../kit/DataTable";
import { Field, Panel } from "../../kit/layout";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { useSystemName, useSystems } from "./parts";
import type { Route, System } from "./types";

const FAMILIES = ["mobile", "broadband", "iptv", "fixedVoice", "voip", "data", "leasedLine", "content", "smartHome", "option", "group"];

export function SystemsTab() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const sets = useMay()("collaboration.route");
  const [editing, setEditing] = useState<System | "new" | null>(null);
  const [routing, setRouting] = useState(false);
  const [tested, setTested] = useState<Record<string, string>>({});
  const systems = useSystems();
  const routes = useQuery({ queryKey: ["billingRoutes"], queryFn: () => call<Route[]>("/collaboration/routes") });
  const orgs = useQuery({ queryKey: ["organizations"], queryFn: () => call<Organization[]>("/organizations"), staleTime: 300_000, retry: false });
  const places = useMemo(() => new Map((orgs.data ?? []).map((o) => [o.path, o.name])), [orgs.data]);
  const name = useSystemName();
  const again = () => Promise.all([client.invalidateQueries({ queryKey: ["billingSystems"] }), client.invalidateQueries({ queryKey: ["billingRoutes"] })]);
  const test = async (code: string) => {
    setTested((old) => ({ ...old, [code]: t("interchange.testing") }));
    try {
      const said = await post<{ reachable: boolean; reason?: string }>(`/collaboration/systems/${code}/test`, {});
      setTested((old) => ({ ...old, [code]: said.reachable ? t("interchange.reachable") : (said.reason ?? "") }));
    } catch (error) { setTested((old) => ({ ...old, [code]: (error as Error).message })); }
  };
  const drop = async (id: string) => {
    try {
      await call(`/collaboration/routes/${id}`, { method: "DELETE" });
      await again();
      say.success(t("kit.saved"));
    } catch (error) { say.warning((error as Error).message); }
  };
  return (
    <div className="stack">
      <Panel flush title={t("interchange.systems")} acts={sets && <Button type="primary" size="small" icon={<PlusOutlined aria-hidden />} onClick={() => setEditing("new")}>{t("interchange.addSystem")}</Button>}>
        <Loaded of={systems} what={t("interchange.systems")} rows={3}>
          {(rows) => (
            <DataTable rows={rows} rowKey={(s) => s.code} label={t("interchange.systems")} minWidth={980} empty={<Nothing why={t("interchange.noneSystems")} />} columns={[
              { key: "name", title: t("interchange.systemName"), width: 150, lead: true, render: (s) => <Name>{language() === "en" ? s.nameEn || s.name : s.name}</Name> },
              { key: "code", title: t("interchange.code"), width: 110, render: (s) => <span className="mono">{s.code}</span> },
              { key: "url", title: t("interchange.url"), render: (s) => <Name className="mono">{s.url}</Name> },
              { key: "speaker", title: t("interchange.speaker"), width: 130, render: (s) => <Name>{s.speaker}</Name> },
              { key: "enabled", title: t("interchange.inUse"), width: 92, render: (s) => <Status group="systemState" code={s.enabled ? "active" : "disabled"} /> },
              { key: "open", title: t("interchange.underWay"), width: 72, right: true, render: (s) => <span className="num">{s.open}</span> },
              { key: "tested", title: t("interchange.tested"), width: 190, wrap: true, render: (s) => <span className="soft wrap" role="status">{tested[s.code] ?? "—"}</span> },
              ...(sets ? [{ key: "do", title: t("kit.actions"), width: 128, render: (s: System) => (
                <span className="row" style={{ gap: 4 }}><Button size="small" disabled={!s.enabled} onClick={() => void test(s.code)}>{t("interchange.test")}</Button><Button size="small" onClick={() => setEditing(s)}>{t("interchange.edit")}</Button></span>
              ) }] : []),
            ]} />
          )}
        </Loaded>
      </Panel>
      <Panel flush title={t("interchange.routes")} acts={sets && <Button type="primary" size="small" icon={<PlusOutlined aria-hidden />} onClick={() => setRouting(true)}>{t("interchange.addRoute")}</Button>}>
        <Loaded of={routes} what={t("interchange.routes")} rows={3}>
          {(rows) => (
            <DataTable rows={rows} rowKey={(r) => r.id} label={t("interchange.routes")} minWidth={700} empty={<Nothing why={t("interchange.noneRoutes")} />} columns={[
              { key: "org", title: t("interchange.place"), lead: true, render: (r) => <span title={r.org}><Name>{places.get(r.org) ?? r.org}</Name></span> },
              { key: "family", title: t("interchange.family"), width: 160, render: (r) => (r.family ? word("family", r.family) : <span className="soft">{t("interchange.everyFamily")}</span>) },
              { key: "system", title: t("interchange.system"), width: 220, render: (r) => <span className="strong">{name(r.system)}</span> },
              ...(sets ? [{ key: "do", title: t("kit.actions"), width: 92, render: (r: Route) => <Popconfirm title={t("interchange.dropAsk")} okText={t("interchange.drop")} cancelText={t("kit.cancel")} onConfirm={() => void drop(r.id)}><Button size="small" danger>{t("interchange.drop")}</Button></Popconfirm> }] : []),
            ]} />
          )}
        </Loaded>
      </Panel>
      <p className="soft" style={{ margin: "0 2px" }}>{t("interchange.routeRule")}</p>
      {editing && <EditSystem one={editing === "new" ? null : editing} onClose={() => setEditing(null)} done={() => { setEditing(null); void again(); say.success(t("kit.saved")); }} />}
      {routing && <EditRoute systems={(systems.data ?? []).filter((s) => s.enabled)} orgs={orgs.data ?? []} onClose={() => setRouting(false)} done={() => { setRouting(false); void again(); say.success(t("kit.saved")); }} />}
    </div>
  );
}

function EditSystem({ one, onClose, done }: { one: System | null; onClose: () => void; done: () => void }) {
  const { t } = useTranslation();
  const [s, setS] = useState({ code: one?.code ?? "", name: one?.name ?? "", nameEn: one?.nameEn ?? "", url: one?.url ?? "", token: "", speaker: one?.speaker ?? "", answerUrl: one?.answerUrl ?? "", enabled: one?.enabled ?? true });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [key] = useState(newKey);
  const put = (part: Partial<typeof s>) => setS((old) => ({ ...old, ...part }));
  const save = async () => {
    setBusy(true);
    setError(null);
    const body = { ...s, token: s.token || undefined };
    try {
      if (one) await call(`/collaboration/systems/${one.code}`, { method: "PUT", body });
      else await post("/collaboration/systems", body, { idempotencyKey: key });
      done();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  return (
    <Modal open onCancel={onClose} title={t(one ? "interchange.editSystem" : "interchange.addSystem")} okText={t("kit.save")} cancelText={t("kit.cancel")} confirmLoading={busy} onOk={() => void save()} width={520} destroyOnHidden>
      <div className="stack">
        <Field label={t("interchange.code")} hint={t("interchange.codeHint")}>{(p) => <Input {...p} disabled={!!one} maxLength={30} value={s.code} onChange={(e) => put({ code: e.target.value })} />}</Field>
        <Field label={t("interchange.systemName")}>{(p) => <Input {...p} maxLength={60} value={s.name} onChange={(e) => put({ name: e.target.value })} />}</Field>
        <Field label={t("interchange.nameEn")}>{(p) => <Input {...p} maxLength={60} value={s.nameEn} onChange={(e) => put({ nameEn: e.target.value })} />}</Field>
        <Field label={t("interchange.url")} hint={t("interchange.urlHint")}>{(p) => <Input {...p} maxLength={300} value={s.url} placeholder="https://billing.example" onChange={(e) => put({ url: e.target.value })} />}</Field>
        <Field label={t("interchange.token")} hint={one?.hasToken ? t("interchange.tokenKept") : t("interchange.tokenHint")}>{(p) => <Input.Password {...p} autoComplete="new-password" maxLength={300} value={s.token} onChange={(e) => put({ token: e.target.value })} />}</Field>
        <Field label={t("interchange.speaker")} hint={t("interchange.speakerHint")}>{(p) => <Input {...p} maxLength={60} value={s.speaker} onChange={(e) => put({ speaker: e.target.value })} />}</Field>
        <Field label={t("interchange.answerUrl")} hint={t("interchange.answerHint")}>{(p) => <Input {...p} maxLength={300} value={s.answerUrl} onChange={(e) => put({ answerUrl: e.target.value })} />}</Field>
        <Field label={t("interchange.inUse")}>{(p) => <span><Switch id={p.id} checked={s.enabled} onChange={(enabled) => put({ enabled })} /></span>}</Field>
        {error ? <Failure error={error} what={t("kit.save")} /> : null}
      </div>
    </Modal>
  );
}

function EditRoute({ systems, orgs, onClose, done }: { systems: System[]; orgs: Organization[]; onClose: () => void; done: () => void }) {
  const { t } = useTranslation();
  const name = useSystemName();
  const [r, setR] = useState({ org: "", family: "", system: systems[0]?.code ?? "" });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      await post("/collaboration/routes", r);
      done();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  return (
    <Modal open onCancel={onClose} title={t("interchange.addRoute")} okText={t("kit.save")} okButtonProps={{ disabled: !r.org }} cancelText={t("kit.cancel")} confirmLoading={busy} onOk={() => void save()} width={460} destroyOnHidden>
      <div className="stack">
        <Field label={t("interchange.place")}>{(p) => <Select {...p} showSearch={{ optionFilterProp: "label" }} value={r.org || undefined} style={{ width: "100%" }} onChange={(org) => setR({ ...r, org })} options={orgs.map((o) => ({ value: o.path, label: `${o.name} ${o.path}` }))} />}</Field>
        <Field label={t("interchange.family")}>{(p) => <Select {...p} value={r.family} style={{ width: "100%" }} onChange={(family) => setR({ ...r, family })} options={[{ value: "", label: t("interchange.everyFamily") }, ...FAMILIES.map((f) => ({ value: f, label: word("family", f) }))]} />}</Field>
        <Field label={t("interchange.system")}>{(p) => <Select {...p} value={r.system} style={{ width: "100%" }} onChange={(system) => setR({ ...r, system })} options={[{ value: "", label: t("interchange.embedded") }, ...systems.map((s) => ({ value: s.code, label: name(s.code) }))]} />}</Field>
        <div className="soft">{t("interchange.routeRule")}</div>
        {error ? <Failure error={error} what={t("kit.save")} /> : null}
      </div>
    </Modal>
  );
}
