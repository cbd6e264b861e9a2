// A card: what house and card say, loading and unloading, synchronising, and differences that a person repairs.
import { useQuery } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { toFen } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { DataTable } from "../../kit/DataTable";
import { Facts, Field, Panel, Segments } from "../../kit/layout";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import type { Difference, InCard, Member, UnitHome } from "./types";
import { UNIT_KEYS, useDo } from "./use";

export function CardPanel({ unit, member }: { unit: UnitHome; member: Member }) {
  const { t } = useTranslation();
  const may = useMay();
  const card = useQuery({ queryKey: ["unit.card", member.id], queryFn: () => call<InCard>(`/unit-accounts/${unit.id}/members/${member.id}/card`) });
  const [doing, setDoing] = useState<"load" | "unload" | "sync" | null>(null);
  const { run, error } = useDo(UNIT_KEYS);
  const cancel = async (id: string) => { if (await run(`/unit-accounts/${unit.id}/loads/${id}/cancel`, {})) say.success(t("unit.stateDone")); };
  const live = member.state === "active";
  return (
    <section className="stack" aria-label={t("unit.card")} style={{ borderTop: "1px solid var(--line)", paddingTop: 12 }}>
      <div className="row spread"><h3 style={{ margin: 0 }}>{t("unit.card")}</h3>
        <span className="row">
          {may("unit.move") && live && <Button size="small" onClick={() => setDoing("load")}>{t("unit.load")}</Button>}
          {may("unit.move") && live && member.loadedFen > 0 && <Button size="small" onClick={() => setDoing("unload")}>{t("unit.unload")}</Button>}
          {may("unit.spend") && (live || member.state === "lost") && <Button size="small" onClick={() => setDoing("sync")}>{t("unit.sync")}</Button>}
        </span>
      </div>
      <Loaded of={card} what={t("unit.card")} rows={3}>
        {(c) => (
          <>
            <Facts items={[
              [t("unit.loaded"), <Money key="l" fen={c.loadedFen} />], [t("unit.pending"), <Money key="p" fen={c.pendingFen} />], [t("unit.cardSays"), c.cardAt ? <Money key="c" fen={c.cardFen} /> : <span className="muted">{t("unit.neverRead")}</span>],
              [t("unit.cardAt"), <At key="a" at={c.cardAt} />], [t("unit.state"), c.agrees === null || c.agrees === undefined ? "—" : c.agrees ? t("unit.agrees") : <span className="bad">{t("unit.differs")}</span>],
            ]} />
            {c.loads.length > 0 && (
              <table className="data" aria-label={t("unit.loads")}><tbody>
                {c.loads.slice(0, 6).map((l) => <tr key={l.id}><td style={{ width: 140 }}><At at={l.at} /></td><td className="right" style={{ width: 110 }}><Money fen={l.amountFen} /></td><td><Status group="loadState" code={l.state} /></td><td className="right" style={{ width: 80 }}>{l.state === "pending" && live && may("unit.move") && !unit.hasPassword && <button type="button" className="linkish" onClick={() => void cancel(l.id)}>{t("unit.cancelLoad")}</button>}</td></tr>)}
              </tbody></table>
            )}
          </>
        )}
      </Loaded>
      {error ? <Failure error={error} what={t("unit.card")} /> : null}
      {(doing === "load" || doing === "unload") && <Amount unit={unit} member={member} verb={doing} onClose={() => setDoing(null)} />}
      {doing === "sync" && <Sync unit={unit} member={member} onClose={() => setDoing(null)} />}
    </section>
  );
}

function Amount({ unit, member, verb, onClose }: { unit: UnitHome; member: Member; verb: "load" | "unload"; onClose: () => void }) {
  const { t } = useTranslation();
  const [amount, setAmount] = useState("");
  const [password, setPassword] = useState("");
  const { busy, error, run } = useDo(UNIT_KEYS);
  const fen = toFen(amount);
  const ready = !!fen && (!unit.hasPassword || !!password);
  const go = async () => {
    if (ready && await run(`/unit-accounts/${unit.id}/members/${member.id}/${verb}`, { amountFen: fen, password })) { say.success(t(verb === "load" ? "unit.loadDone" : "unit.unloadDone")); onClose(); }
  };
  return (
    <Modal open onCancel={onClose} title={t(verb === "load" ? "unit.loadTitle" : "unit.unloadTitle")} width={420} footer={[<Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>, <Button key="go" type="primary" loading={busy} disabled={!ready} onClick={() => void go()}>{t(`unit.${verb}`)}</Button>]}>
      <div className="stack">
        <Facts two items={[[t("unit.reserve"), <Money key="r" fen={member.reserveFen} />], [t("unit.loaded"), <Money key="l" fen={member.loadedFen} />]]} />
        <Field label={t("unit.amount")} error={amount && !fen ? t("counter.notAmount") : null}>{(p) => <Input {...p} autoFocus prefix="¥" inputMode="decimal" value={amount} maxLength={13} onChange={(e) => setAmount(e.target.value)} onPressEnter={() => void go()} />}</Field>
        {unit.hasPassword && <Field label={t("unit.password")} hint={t("unit.passwordHint")}>{(p) => <Input.Password {...p} autoComplete="off" value={password} onChange={(e) => setPassword(e.target.value)} />}</Field>}
        {error ? <Failure error={error} what={t(`unit.${verb}`)} /> : null}
      </div>
    </Modal>
  );
}

interface Synced { state: "agrees" | "loaded" | "toWrite" | "differs"; booked: number; afterLoss: number }
function Sync({ unit, member, onClose }: { unit: UnitHome; member: Member; onClose: () => void }) {
  const { t } = useTranslation();
  const [balance, setBalance] = useState("");
  const [lines, setLines] = useState("");
  const [told, setTold] = useState<Synced | null>(null);
  const { busy, error, run } = useDo(UNIT_KEYS);
  const fen = balance === "" ? null : toFen(balance);
  const own = lines.split("\n").map((l) => l.trim()).filter(Boolean).map((l) => {
    const [seq, amount, at, ...place] = l.split(/[,，\t]/).map((x) => x.trim());
    return { seq: Number(seq), amountFen: toFen(amount ?? "") ?? 0, at: at ? (/[zZ+]/.test(at) ? at : `${at.replace(" ", "T")}${at.length <= 16 ? ":00" : ""}+08:00`) : new Date().toISOString(), place: place.join(" ") };
  });
  const bad = own.some((o) => !Number.isInteger(o.seq) || o.amountFen <= 0);
  const go = async () => {
    if (fen === null || bad) return;
    const answer = await run<Synced>(`/unit-accounts/${unit.id}/members/${member.id}/sync`, { balanceFen: fen, seq: Math.max(member.cardSeq, ...own.map((o) => o.seq), 0), transactions: own });
    if (answer) setTold(answer);
  };
  return (
    <Modal open onCancel={onClose} title={t("unit.syncTitle")} width={480} footer={[<Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>, <Button key="go" type="primary" loading={busy} disabled={fen === null || bad} onClick={() => void go()}>{t("unit.sync")}</Button>]}>
      <div className="stack">
        <div className="soft">{t("unit.syncNote")}</div>
        <Field label={t("unit.inCard")}>{(p) => <Input {...p} autoFocus prefix="¥" inputMode="decimal" value={balance} maxLength={13} onChange={(e) => setBalance(e.target.value)} />}</Field>
        <Field label={t("unit.offline")} error={bad ? t("counter.notAmount") : null}>{(p) => <Input.TextArea {...p} rows={3} value={lines} placeholder="1,35.00,2026-11-22 09:30" onChange={(e) => setLines(e.target.value)} />}</Field>
        {told && <div className={`banner ${told.state === "differs" ? "bad" : told.state === "toWrite" ? "" : "ok"}`} role="status"><span>{t(`unit.synced.${told.state}`)}{told.booked > 0 && ` · ${t("unit.booked", { count: told.booked })}`}{told.afterLoss > 0 && ` · ${t("unit.lateTold", { count: told.afterLoss })}`}</span></div>}
        {error ? <Failure error={error} what={t("unit.sync")} /> : null}
      </div>
    </Modal>
  );
}

export function DifferencesPanel({ unit }: { unit: UnitHome }) {
  const { t } = useTranslation();
  const may = useMay();
  const [at, setAt] = useState<Difference | null>(null);
  const all = useQuery({ queryKey: ["unit.diff", unit.id], queryFn: () => call<Difference[]>(`/unit-accounts/${unit.id}/differences`) });
  return (
    <Panel title={<span className="bad">{t("unit.differences", { count: unit.differences })}</span>} flush>
      <Loaded of={all} what={t("unit.differs")} rows={2}>
        {(rows) => (
          <DataTable rows={rows.filter((d) => d.state === "open")} rowKey={(d) => d.id} label={t("unit.differs")} empty={<Nothing why={t("unit.noDifferences")} />} columns={[
            { key: "card", title: t("unit.identifier"), width: 160, lead: true, render: (d) => <span className="num">{d.identifier}</span> },
            { key: "name", title: t("unit.holder"), render: (d) => <Name>{d.name}</Name> },
            { key: "house", title: t("unit.house"), width: 110, right: true, render: (d) => <Money fen={d.houseFen} /> },
            { key: "on", title: t("unit.onCard"), width: 110, right: true, render: (d) => <Money fen={d.cardFen} /> },
            { key: "at", title: t("unit.at"), width: 140, render: (d) => <At at={d.at} /> },
            { key: "do", title: "", width: 90, right: true, render: (d) => (may("unit.manage") ? <Button size="small" onClick={() => setAt(d)}>{t("unit.repair")}</Button> : <Status group="diffState" code={d.state} />) },
          ]} />
        )}
      </Loaded>
      {at && <Repair unit={unit} of={at} onClose={() => setAt(null)} />}
    </Panel>
  );
}

function Repair({ unit, of, onClose }: { unit: UnitHome; of: Difference; onClose: () => void }) {
  const { t } = useTranslation();
  const [remedy, setRemedy] = useState<"card" | "house">("card");
  const [reason, setReason] = useState("");
  const { busy, error, run } = useDo(UNIT_KEYS);
  const go = async () => {
    if (reason.trim() && await run(`/unit-accounts/${unit.id}/differences/${of.id}/repair`, { remedy, reason: reason.trim() })) { say.success(t("unit.stateDone")); onClose(); }
  };
  return (
    <Modal open onCancel={onClose} title={t("unit.repairTitle")} width={440} footer={[<Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>, <Button key="go" type="primary" loading={busy} disabled={!reason.trim()} onClick={() => void go()}>{t("unit.repair")}</Button>]}>
      <div className="stack">
        <Facts two items={[[t("unit.house"), <Money key="h" fen={of.houseFen} />], [t("unit.onCard"), <Money key="c" fen={of.cardFen} />]]} />
        <Segments label={t("unit.remedy")} at={remedy} onPick={setRemedy} items={[{ id: "card", title: t("unit.remedyCard") }, { id: "house", title: word("remedy", "house") }]} />
        <div className="soft">{remedy === "card" ? t("unit.remedyCardNote") : t("unit.remedyHouse")}</div>
        <Field label={t("kit.reason")}>{(p) => <Input.TextArea {...p} autoFocus rows={2} maxLength={300} value={reason} onChange={(e) => setReason(e.target.value)} />}</Field>
        {error ? <Failure error={error} what={t("unit.repair")} /> : null}
      </div>
    </Modal>
  );
}
