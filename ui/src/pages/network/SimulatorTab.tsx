// The built-in network and the built-in activation systems: how slow they answer, how often they fail, what they break next.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Switch } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { Panel } from "../../kit/layout";
import { Failure, Loaded } from "../../kit/states";
import { say } from "../../kit/toast";
import type { System, Target } from "./types";

interface Body { targets: Target[]; systems: System[] }
const HEALTHY = { lateSeconds: 0, neverNext: 0, twiceNext: 0, refuseNext: 0, disorderNext: 0, damagedNext: 0, silent: false, stuck: false };
const COUNTS = ["lateSeconds", "neverNext", "twiceNext", "refuseNext", "disorderNext", "damagedNext"] as const;

export function SimulatorTab() {
  const { t } = useTranslation();
  const now = useQuery({ queryKey: ["simulator"], queryFn: () => call<Body>("/network/simulator") });
  return <Loaded of={now} what={t("nav.network")}>{(data) => <Edit data={data} />}</Loaded>;
}

function Edit({ data }: { data: Body }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const writes = useMay()("network.write");
  const [now, setNow] = useState(data);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const dirty = JSON.stringify(now) !== JSON.stringify(data);
  useEffect(() => setNow(data), [data]);
  const target = (name: string, part: Partial<Target>) => setNow((old) => ({ ...old, targets: old.targets.map((r) => (r.target === name ? { ...r, ...part } : r)) }));
  const system = (name: string, part: Partial<System>) => setNow((old) => ({ ...old, systems: old.systems.map((r) => (r.system === name ? { ...r, ...part } : r)) }));
  const save = async (next: Body) => {
    setBusy(true);
    setError(null);
    try {
      const answer = await call<Body | undefined>("/network/simulator", { method: "PUT", body: next });
      client.setQueryData(["simulator"], answer?.targets ? answer : next);
      say.success(t("kit.saved"));
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  const number = (value: number, label: string, max: number, put: (n: number) => void) => (
    <Input type="number" disabled={!writes} min={0} max={max} style={{ width: 92 }} value={value} aria-label={label} onChange={(e) => put(Math.max(0, Math.min(max, Math.trunc(Number(e.target.value)) || 0)))} />
  );
  const heal = () => save({
    targets: now.targets.map((r) => ({ ...r, failRate: 0, failNext: 0, loseNext: 0, stuck: false })),
    systems: now.systems.map((r) => ({ ...r, ...HEALTHY })),
  });
  return (
    <>
      <Panel flush title={t("network.systems")}>
        <div className="table-wrap" tabIndex={-1}>
          <table className="data" aria-label={t("network.systems")} style={{ minWidth: 1080 }}>
            <thead><tr><th>{t("network.system")}</th>{COUNTS.map((c) => <th key={c} style={{ width: 118 }} title={t(`network.sim.${c}Hint`)}>{t(`network.sim.${c}`)}</th>)}<th style={{ width: 96 }} title={t("network.sim.silentHint")}>{t("network.sim.silent")}</th><th style={{ width: 90 }} title={t("network.sim.stuckHint")}>{t("simulator.stuck")}</th></tr></thead>
            <tbody>
              {now.systems.map((s) => (
                <tr key={s.system}>
                  <td><span className="strong">{word("networkSystem", s.system)}</span></td>
                  {COUNTS.map((c) => (
                    <td key={c}>{c === "damagedNext" && s.system !== "legacy97" ? <span className="muted">—</span> : number(s[c], `${word("networkSystem", s.system)} ${t(`network.sim.${c}`)}`, c === "lateSeconds" ? 86_400 : 1000, (n) => system(s.system, { [c]: n }))}</td>
                  ))}
                  <td><Switch disabled={!writes} checked={s.silent} onChange={(silent) => system(s.system, { silent })} aria-label={`${word("networkSystem", s.system)} ${t("network.sim.silent")}`} /></td>
                  <td><Switch disabled={!writes} checked={s.stuck} onChange={(stuck) => system(s.system, { stuck })} aria-label={`${word("networkSystem", s.system)} ${t("simulator.stuck")}`} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
      <Panel flush title={t("network.targets")}>
        <div className="table-wrap" tabIndex={-1}>
          <table className="data" aria-label={t("network.targets")} style={{ minWidth: 880 }}>
            <thead><tr><th>{t("network.target")}</th><th style={{ width: 130 }}>{t("simulator.delay")}</th><th style={{ width: 130 }}>{t("simulator.failRate")}</th><th style={{ width: 130 }}>{t("simulator.failNext")}</th><th style={{ width: 176 }}>{t("simulator.loseNext")}</th><th style={{ width: 100 }}>{t("simulator.stuck")}</th></tr></thead>
            <tbody>
              {now.targets.map((r) => (
                <tr key={r.target}>
                  <td><span className="strong">{word("target", r.target)}</span> <span className="mono muted">{r.target}</span></td>
                  <td>{number(r.delayMs, `${word("target", r.target)} ${t("simulator.delay")}`, 60_000, (delayMs) => target(r.target, { delayMs }))}</td>
                  <td>{number(Math.round(r.failRate * 100), `${word("target", r.target)} ${t("simulator.failRate")}`, 100, (n) => target(r.target, { failRate: n / 100 }))}</td>
                  <td>{number(r.failNext, `${word("target", r.target)} ${t("simulator.failNext")}`, 1000, (failNext) => target(r.target, { failNext }))}</td>
                  <td>{number(r.loseNext ?? 0, `${word("target", r.target)} ${t("simulator.loseNext")}`, 1000, (loseNext) => target(r.target, { loseNext }))}</td>
                  <td><Switch disabled={!writes} checked={r.stuck} onChange={(stuck) => target(r.target, { stuck })} aria-label={`${word("target", r.target)} ${t("simulator.stuck")}`} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {error ? <div style={{ padding: 12 }}><Failure error={error} what={t("kit.save")} /></div> : null}
        {writes && (
          <div className="pager">
            <Button type="primary" disabled={!dirty} loading={busy} onClick={() => void save(now)}>{t("kit.save")}</Button>
            <Button disabled={!dirty || busy} onClick={() => setNow(data)}>{t("kit.revert")}</Button>
            <span className="mid"><Button onClick={() => void heal()}>{t("simulator.heal")}</Button></span>
          </div>
        )}
      </Panel>
    </>
  );
}
