// The built-in central system: how it and the other operators behave, whose numbers are whose, and both sides of a port.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input, InputNumber } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { phone } from "../../lib/format";
import { DataTable } from "../../kit/DataTable";
import { Field, Panel } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At } from "../../kit/text";
import { say } from "../../kit/toast";
import { either } from "./types";
import type { Behaviour, Centre, Rules } from "./types";

const COUNTS = ["donorSeconds", "donorRefuseNext", "refuseNext", "loseAnswerNext", "noticeSeconds", "noticeLoseNext"] as const;
const FLAGS = ["donorSilent", "noticeTwice", "down"] as const;

export function CentreTab() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const found = useQuery({ queryKey: ["portCentre"], queryFn: () => call<Centre>("/portability/simulator"), refetchInterval: 5_000 });
  const rules = useQuery({ queryKey: ["portRules"], queryFn: () => call<Rules>("/portability/rules") });
  const others = (rules.data?.operators ?? []).filter((o) => !o.own);
  const named = (code: string) => { const o = rules.data?.operators.find((x) => x.code === code); return o ? either(o) : code; };
  const [how, setHow] = useState<Behaviour | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => { if (found.data && !how) setHow(found.data.behaviour); }, [found.data, how]);
  const save = async () => {
    setError(null);
    try { const d = await call<Centre>("/portability/simulator", { method: "PUT", body: how }); setHow(d.behaviour); say.success(t("porting.saved")); } catch (cause) { setError(cause); }
  };
  const again = () => void client.invalidateQueries({ queryKey: ["portCentre"] });
  return (
    <div className="stack">
      <div className="cols2">
        <Panel title={t("porting.behaviour")} acts={<Button size="small" type="primary" disabled={!how} onClick={() => void save()}>{t("porting.save")}</Button>}>
          <p className="soft" style={{ margin: "0 0 10px" }}>{t("porting.simulator")}</p>
          {how && (
            <div className="form">
              {COUNTS.map((k) => <Field key={k} label={t(`porting.${k}`)}>{(p) => <InputNumber {...p} min={0} max={100_000} precision={0} value={how[k]} onChange={(v) => setHow({ ...how, [k]: v ?? 0 })} style={{ width: "100%" }} />}</Field>)}
              <div className="full row wraps">{FLAGS.map((k) => <Checkbox key={k} checked={how[k]} onChange={(e) => setHow({ ...how, [k]: e.target.checked })}>{t(`porting.${k}`)}</Checkbox>)}</div>
            </div>
          )}
          {error ? <Failure error={error} /> : null}
        </Panel>
        <div className="stack">
          <Other title={t("porting.addSubscriber")} operators={others} button={t("porting.submit")} fields={["number", "name", "certificate", "network", "code"]} done={t("porting.added")} after={again}
            send={(v, operator) => post("/portability/simulator/subscribers", { ...v, operator }, { idempotencyKey: newKey() })} />
          <Other title={t("porting.asks")} operators={others} button={t("porting.askOut")} fields={["number", "certificate", "network", "code"]} done={t("porting.asked")} after={again}
            send={(v, recipient) => post("/portability/simulator/requests", { ...v, recipient }, { idempotencyKey: newKey() })} />
        </div>
      </div>
      <Panel flush title={t("porting.requests")}>
        <Loaded of={found} what={t("porting.requests")}>
          {(d) => <DataTable rows={d.requests} rowKey={(r) => r.request.requestId} label={t("porting.requests")} minWidth={900} empty={<Nothing why={t("porting.none")} />} columns={[
            { key: "number", title: t("porting.number"), width: 136, lead: true, render: (r) => <span className="num">{phone(r.request.number)}</span> },
            { key: "way", title: t("porting.donor"), width: 190, render: (r) => `${named(r.request.donor)} → ${named(r.request.recipient)}` },
            { key: "state", title: t("porting.state"), width: 150, render: (r) => <Status group="portState" code={r.request.state} /> },
            { key: "rev", title: t("porting.revision"), width: 64, right: true, render: (r) => <span className="num">{r.request.revision}</span> },
            { key: "at", title: t("porting.effective"), width: 140, render: (r) => <At at={r.request.effectiveAt} /> },
            { key: "why", title: t("porting.reasons"), wrap: true, render: (r) => r.request.reasons.map(either).join("；") || <span className="muted">—</span> },
            { key: "do", title: "", width: 80, render: (r) => (["pending", "accepted"].includes(r.request.state) && !rules.data?.operators.some((o) => o.own && o.code === r.request.recipient) ? <Button size="small" onClick={() => void post(`/portability/simulator/requests/${r.request.requestId}/cancel`).then(again)}>{t("porting.cancel")}</Button> : null) },
          ]} />}
        </Loaded>
      </Panel>
      <Panel flush title={t("porting.numbersAt")}>
        <Loaded of={found} what={t("porting.numbersAt")}>
          {(d) => <DataTable rows={d.numbers} rowKey={(n) => n.number} label={t("porting.numbersAt")} empty={<Nothing why={t("porting.none")} />} columns={[
            { key: "number", title: t("porting.number"), width: 136, lead: true, render: (n) => <span className="num">{phone(n.number)}</span> },
            { key: "home", title: t("porting.home"), render: (n) => named(n.home) },
            { key: "owner", title: t("porting.owner"), render: (n) => <span className="strong">{named(n.owner)}</span> },
            { key: "net", title: t("porting.network"), width: 90, render: (n) => <span className="num">{n.network}</span> },
            { key: "name", title: t("porting.name"), render: (n) => <bdi>{n.name || "—"}</bdi> },
          ]} />}
        </Loaded>
      </Panel>
    </div>
  );
}

type Name = "number" | "name" | "certificate" | "network" | "code";
function Other({ title, operators, fields, button, done, send, after }: {
  title: string; operators: { code: string; zh: string; en: string }[]; fields: Name[]; button: string; done: string; send: (values: Record<string, string>, operator: string) => Promise<unknown>; after: () => void;
}) {
  const { t } = useTranslation();
  const [values, setValues] = useState<Record<string, string>>({ network: "4401" });
  const [operator, setOperator] = useState("");
  const [error, setError] = useState<unknown>(null);
  const at = operator || operators[0]?.code || "";
  const go = async () => {
    setError(null);
    try { await send(values, at); say.success(done); setValues({ network: values.network ?? "4401" }); after(); } catch (cause) { setError(cause); }
  };
  return (
    <Panel title={title}>
      <form className="form" onSubmit={(e) => { e.preventDefault(); void go(); }}>
        <Field label={t("porting.operatorOf")}>{(p) => <Pick id={p.id} value={at} options={operators.map((o) => ({ value: o.code, label: `${o.code} ${either(o)}` }))} onPick={setOperator} width="100%" />}</Field>
        {fields.map((f) => <Field key={f} label={t(`porting.${f}`)}>{(p) => <Input {...p} maxLength={40} value={values[f] ?? ""} onChange={(e) => setValues({ ...values, [f]: e.target.value })} />}</Field>)}
        <div className="full row"><Button htmlType="submit" disabled={fields.some((f) => !(values[f] ?? "").trim())}>{button}</Button></div>
        {error ? <div className="full"><Failure error={error} /></div> : null}
      </form>
    </Panel>
  );
}
