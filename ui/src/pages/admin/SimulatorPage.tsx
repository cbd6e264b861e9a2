// The built-in network: how slow it answers, how often it fails, and what it should break next.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Switch } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import type { SimulatorTarget } from "../../lib/types";
import { PageHead, Panel } from "../../kit/layout";
import { Failure, Loaded } from "../../kit/states";
import { say } from "../../kit/toast";

type Body = { targets: SimulatorTarget[] };

export default function SimulatorPage() {
  const { t } = useTranslation();
  const now = useQuery({ queryKey: ["simulator"], queryFn: () => call<Body>("/network/simulator") });
  return (
    <div className="page" style={{ maxWidth: 1100 }}>
      <PageHead title={t("nav.network")} sub={t("simulator.what")} />
      <Loaded of={now} what={t("nav.network")}>{(data) => <Panel flush><Edit data={data} /></Panel>}</Loaded>
    </div>
  );
}

function Edit({ data }: { data: Body }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const writes = useMay()("network.write");
  const [rows, setRows] = useState(data.targets);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const dirty = JSON.stringify(rows) !== JSON.stringify(data.targets);
  useEffect(() => setRows(data.targets), [data.targets]);
  const set = (target: string, part: Partial<SimulatorTarget>) => setRows((old) => old.map((r) => (r.target === target ? { ...r, ...part } : r)));
  const save = async (next = rows) => {
    setBusy(true);
    setError(null);
    try {
      const answer = await call<Body | undefined>("/network/simulator", { method: "PUT", body: { targets: next } });
      client.setQueryData(["simulator"], answer?.targets ? answer : { targets: next });
      say.success(t("kit.saved"));
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  const number = (r: SimulatorTarget, name: "delayMs" | "failRate" | "failNext" | "loseNext", label: string, scale = 1, max = 60_000) => (
    <Input type="number" disabled={!writes} min={0} max={max} style={{ width: 110 }} value={Math.round((r[name] ?? 0) * scale)} aria-label={`${word("target", r.target)} ${label}`} onChange={(e) => set(r.target, { [name]: Math.max(0, Math.min(max, Number(e.target.value) || 0)) / scale })} />
  );
  return (
    <>
      <table className="data" aria-label={t("nav.network")}>
        <thead><tr><th>{t("order.target")}</th><th style={{ width: 150 }}>{t("simulator.delay")}</th><th style={{ width: 150 }}>{t("simulator.failRate")}</th><th style={{ width: 150 }}>{t("simulator.failNext")}</th><th style={{ width: 150 }}>{t("simulator.loseNext")}</th><th style={{ width: 110 }}>{t("simulator.stuck")}</th></tr></thead>
        <tbody>
          {rows.map((r) => (
            <tr key={r.target}>
              <td><span className="strong">{word("target", r.target)}</span> <span className="mono muted">{r.target}</span></td>
              <td>{number(r, "delayMs", t("simulator.delay"))}</td>
              <td>{number(r, "failRate", t("simulator.failRate"), 100, 100)}</td>
              <td>{number(r, "failNext", t("simulator.failNext"), 1, 1000)}</td>
              <td>{number(r, "loseNext", t("simulator.loseNext"), 1, 1000)}</td>
              <td><Switch disabled={!writes} checked={r.stuck} onChange={(stuck) => set(r.target, { stuck })} aria-label={`${word("target", r.target)} ${t("simulator.stuck")}`} /></td>
            </tr>
          ))}
        </tbody>
      </table>
      {error ? <div style={{ padding: 12 }}><Failure error={error} what={t("kit.save")} /></div> : null}
      {writes && <div className="pager">
        <Button type="primary" disabled={!dirty} loading={busy} onClick={() => void save()}>{t("kit.save")}</Button>
        <Button disabled={!dirty || busy} onClick={() => setRows(data.targets)}>{t("kit.revert")}</Button>
        <span className="mid"><Button onClick={() => void save(rows.map((r) => ({ ...r, failRate: 0, failNext: 0, loseNext: 0, stuck: false })))}>{t("simulator.heal")}</Button></span>
      </div>}
    </>
  );
}
