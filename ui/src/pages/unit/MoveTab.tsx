// Allocation and collection: members ticked with their amounts, or a file; as a whole or row by row, with what was not done.
import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { address, call } from "../../lib/api";
import { toFen, yuan } from "../../lib/format";
import { language, word } from "../../lib/i18n";
import { DataTable } from "../../kit/DataTable";
import { Field, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { At, Money, Name } from "../../kit/text";
import { Block } from "../customer/tabs";
import { shownIdentifier, useGroups, useMembers } from "./MembersTab";
import type { BatchRow, Moved, UnitHome } from "./types";
import { UNIT_KEYS, useDo } from "./use";

type Kind = "allocate" | "collect";
type How = "fixed" | "quota" | "all";

export function MoveTab({ unit }: { unit: UnitHome }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Kind>("allocate");
  const [by, setBy] = useState<"hand" | "file">("hand");
  const [done, setDone] = useState<Moved | null>(null);
  return (
    <>
      <div className="filters">
        <Segments label={t("unit.tabMove")} at={kind} onPick={(k) => { setKind(k); setDone(null); }} items={[{ id: "allocate", title: t("unit.allocate") }, { id: "collect", title: t("unit.collect") }]} />
        <Segments label={t("unit.source")} at={by} onPick={(b) => { setBy(b); setDone(null); }} items={[{ id: "hand", title: t("unit.hand") }, { id: "file", title: t("unit.file") }]} />
        <span className="soft" style={{ marginLeft: "auto" }}>{t("unit.balance")} <b className="num">{yuan(unit.places.unitFen)}</b></span>
      </div>
      {done && <Result unit={unit} done={done} />}
      {by === "hand" ? <ByHand key={kind} unit={unit} kind={kind} onDone={setDone} /> : <ByFile key={kind} unit={unit} kind={kind} onDone={setDone} />}
      <Batches unit={unit} />
    </>
  );
}

function Result({ unit, done }: { unit: UnitHome; done: Moved }) {
  const { t } = useTranslation();
  const lang = language() === "en" ? "en" : "zh-CN";
  return (
    <div className="stack" style={{ padding: 14 }}>
      <div className={`banner ${done.refused.length > 0 ? "" : "ok"}`} role="status">
        <span className="grow">{t("unit.moved", { done: done.done, amount: yuan(done.amountFen) })}{done.nothing > 0 && ` · ${t("unit.nothingToDo", { count: done.nothing })}`}{done.refused.length > 0 && ` · ${t("unit.refusedRows", { count: done.refused.length })}`}</span>
        {done.refused.length > 0 && <a href={address(`/unit-accounts/${unit.id}/batches/${done.id}/refused?format=csv`)} download>{t("unit.download")}</a>}
      </div>
      {done.refused.length > 0 && <Refused rows={done.refused.map((r) => ({ line: r.line, content: r.content, why: r[lang] }))} />}
    </div>
  );
}

function Refused({ rows }: { rows: { line: number; content: string; why: string }[] }) {
  const { t } = useTranslation();
  return (
    <table className="data" aria-label={t("unit.refused")}>
      <thead><tr><th style={{ width: 60 }}>{t("unit.line")}</th><th style={{ width: 260 }}>{t("unit.identifier")}</th><th>{t("unit.why")}</th></tr></thead>
      <tbody>{rows.slice(0, 50).map((r) => <tr key={r.line}><td className="num">{r.line}</td><td><Name>{r.content}</Name></td><td className="wrapped bad">{r.why}</td></tr>)}</tbody>
    </table>
  );
}

function Send({ unit, ready, busy, error, kind, password, setPassword, go, children }: {
  unit: UnitHome; ready: boolean; busy: boolean; error: unknown; kind: Kind; password: string; setPassword: (v: string) => void; go: () => void; children?: React.ReactNode;
}) {
  const { t } = useTranslation();
  const refused = (error as { body?: { refused?: { line: number; content: string; "zh-CN": string; en: string }[] } } | null)?.body?.refused;
  const lang = language() === "en" ? "en" : "zh-CN";
  return (
    <div className="stack" style={{ padding: 14, borderTop: "1px solid var(--line)" }}>
      <div className="row wraps" style={{ gap: 12, alignItems: "end" }}>
        {children}
        {unit.hasPassword && <Field label={t("unit.password")}>{(p) => <Input.Password {...p} autoComplete="off" style={{ width: 180 }} value={password} placeholder={t("unit.passwordHint")} onChange={(e) => setPassword(e.target.value)} />}</Field>}
        <Button type="primary" loading={busy} disabled={!ready} onClick={go} style={{ marginLeft: "auto" }}>{t(kind === "allocate" ? "unit.doAllocate" : "unit.doCollect")}</Button>
      </div>
      {error ? <Failure error={error} what={t(`unit.${kind}`)} /> : null}
      {refused && <Refused rows={refused.map((r) => ({ line: r.line, content: r.content, why: r[lang] }))} />}
    </div>
  );
}

function ByHand({ unit, kind, onDone }: { unit: UnitHome; kind: Kind; onDone: (m: Moved) => void }) {
  const { t } = useTranslation();
  const members = useMembers(unit.id);
  const groups = useGroups(unit.id);
  const [group, setGroup] = useState("");
  const [how, setHow] = useState<How>(kind === "collect" ? "all" : "fixed");
  const [each, setEach] = useState("");
  const [amounts, setAmounts] = useState<Record<string, string>>({});
  const [picked, setPicked] = useState<Set<string>>(new Set());
  const [whole, setWhole] = useState(true);
  const [password, setPassword] = useState("");
  const { busy, error, run } = useDo(UNIT_KEYS);
  const shown = useMemo(() => (members.data ?? []).filter((m) => m.state === "active" && (!group || m.groupId === group)), [members.data, group]);
  const chosen = shown.filter((m) => picked.has(m.id));
  const fenOf = (id: string, m: { reserveFen: number; quotaFen?: number | null }) => (how === "all" ? m.reserveFen : how === "quota" ? Math.max(0, (m.quotaFen ?? 0) - m.reserveFen) : toFen(amounts[id] ?? ""));
  const sum = chosen.reduce((n, m) => n + (fenOf(m.id, m) ?? 0), 0);
  const bad = how === "fixed" && chosen.some((m) => !toFen(amounts[m.id] ?? ""));
  const short = kind === "allocate" && sum > unit.places.unitFen;
  const ready = chosen.length > 0 && !bad && !short && (!unit.hasPassword || !!password);
  const toggle = (id: string) => setPicked((old) => { const next = new Set(old); if (!next.delete(id)) next.add(id); return next; });
  const everyone = chosen.length === shown.length && shown.length > 0;
  const go = async () => {
    if (!ready) return;
    const items = chosen.map((m) => (how === "fixed" ? { memberId: m.id, amountFen: toFen(amounts[m.id]!) } : { memberId: m.id, much: how }));
    const done = await run<Moved>(`/unit-accounts/${unit.id}/allocations`, { kind, whole, items, password });
    if (done) { setPicked(new Set()); setAmounts({}); setPassword(""); onDone(done); }
  };
  return (
    <>
      <div className="filters">
        <Segments<How> label={t("unit.fixed")} at={how} onPick={setHow} items={[{ id: "fixed", title: t("unit.fixed") }, kind === "allocate" ? { id: "quota", title: t("unit.toQuota") } : { id: "all", title: t("unit.all") }]} />
        {how === "fixed" && (
          <>
            <Input aria-label={t("unit.amountEach")} placeholder={t("unit.amountEach")} prefix="¥" inputMode="decimal" value={each} style={{ width: 170 }} onChange={(e) => setEach(e.target.value)} />
            <Button disabled={!toFen(each) || chosen.length === 0} onClick={() => setAmounts((old) => ({ ...old, ...Object.fromEntries(chosen.map((m) => [m.id, each])) }))}>{t("unit.setAll")}</Button>
          </>
        )}
        <span className="soft">{how === "quota" ? t("unit.toQuotaNote") : how === "all" ? t("unit.allNote") : ""}</span>
        {(groups.data ?? []).length > 0 && <span style={{ marginLeft: "auto" }}><Pick label={t("unit.group")} value={group} onPick={setGroup} options={[{ value: "", label: t("unit.everybody") }, ...groups.data!.map((g) => ({ value: g.id, label: g.name }))]} /></span>}
      </div>
      <Loaded of={members} what={t("unit.members")} rows={6}>
        {() => (
          <DataTable rows={shown} rowKey={(m) => m.id} label={t("unit.members")} minWidth={760} empty={<Nothing why={t("unit.noMembers")} action={<span className="soft">{t("unit.noMembersHint")}</span>} />} columns={[
            { key: "tick", title: "✓", width: 44, render: (m) => <input type="checkbox" aria-label={`${t("unit.member")} ${shownIdentifier(m)}`} checked={picked.has(m.id)} onChange={() => toggle(m.id)} /> },
            { key: "id", title: t("unit.identifier"), width: 150, lead: true, render: (m) => <span className="num">{shownIdentifier(m)}</span> },
            { key: "name", title: t("unit.holder"), render: (m) => <Name>{m.name}</Name> },
            { key: "reserve", title: t("unit.reserve"), width: 120, right: true, render: (m) => <Money fen={m.reserveFen} /> },
            { key: "quota", title: t("unit.quota"), width: 110, right: true, render: (m) => (m.quotaFen === null || m.quotaFen === undefined ? <span className="muted">—</span> : <Money fen={m.quotaFen} />) },
            {
              key: "amount", title: t("unit.amount"), width: 160, right: true,
              render: (m) => (how === "fixed" ? <Input aria-label={`${t("unit.amount")} ${shownIdentifier(m)}`} size="small" prefix="¥" inputMode="decimal" value={amounts[m.id] ?? ""} maxLength={13} status={picked.has(m.id) && amounts[m.id] && !toFen(amounts[m.id]!) ? "error" : undefined}
                onChange={(e) => { const v = e.target.value; setAmounts((old) => ({ ...old, [m.id]: v })); if (v) setPicked((old) => new Set(old).add(m.id)); }} /> : <Money fen={fenOf(m.id, m) ?? 0} />),
            },
          ]} />
        )}
      </Loaded>
      <Send unit={unit} ready={ready} busy={busy} error={error} kind={kind} password={password} setPassword={setPassword} go={() => void go()}>
        <label className="tick"><input type="checkbox" checked={everyone} onChange={() => setPicked(everyone ? new Set() : new Set(shown.map((m) => m.id)))} />{t("unit.everybody")}</label>
        <label className="tick"><input type="checkbox" checked={whole} onChange={(e) => setWhole(e.target.checked)} />{t("unit.whole")}</label>
        <span className={short ? "bad" : "soft"} role="status">{t("unit.chosen", { count: chosen.length, amount: yuan(sum) })}{kind === "allocate" && chosen.length > 0 && ` · ${short ? t("unit.tooMuch", { amount: yuan(unit.places.unitFen) }) : t("unit.after", { amount: yuan(unit.places.unitFen - sum) })}`}</span>
      </Send>
    </>
  );
}

/** Files of spreadsheets here are often GBK. */
async function readText(file: File): Promise<string> {
  const bytes = await file.arrayBuffer();
  try { return new TextDecoder("utf-8", { fatal: true }).decode(bytes); } catch { return new TextDecoder("gb18030").decode(bytes); }
}

function ByFile({ unit, kind, onDone }: { unit: UnitHome; kind: Kind; onDone: (m: Moved) => void }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<{ name: string; content: string } | null>(null);
  const [whole, setWhole] = useState(false);
  const [again, setAgain] = useState(false);
  const [password, setPassword] = useState("");
  const { busy, error, setError, run } = useDo(UNIT_KEYS);
  const same = (error as { code?: string } | null)?.code === "unit.batch_same";
  const ready = !!file && (!unit.hasPassword || !!password);
  const go = async () => {
    const done = await run<Moved>(`/unit-accounts/${unit.id}/allocations/file`, { kind, whole, again, content: file!.content, note: file!.name.slice(0, 200), password });
    if (done) { setFile(null); setAgain(false); setPassword(""); onDone(done); }
  };
  return (
    <>
      <div className="row wraps" style={{ padding: 14, gap: 12 }}>
        <Button onClick={() => input.current?.click()}>{t("unit.chooseFile")}</Button>
        {file && <bdi className="clip strong">{file.name}</bdi>}
        <input ref={input} type="file" hidden aria-label={t("unit.chooseFile")} accept=".csv,text/csv,text/plain" onChange={(e) => { const f = e.target.files?.[0]; setError(null); setAgain(false); if (f) void readText(f).then((content) => setFile({ name: f.name, content })); else setFile(null); e.target.value = ""; }} />
        <span className="soft">{file ? t("unit.rows", { count: Math.max(0, file.content.split(/\r?\n/).filter((l) => l.trim()).length - 1) }) : t("unit.fileHint")}</span>
      </div>
      <Send unit={unit} ready={ready} busy={busy} error={error} kind={kind} password={password} setPassword={setPassword} go={() => void go()}>
        <label className="tick"><input type="checkbox" checked={whole} onChange={(e) => setWhole(e.target.checked)} />{t("unit.whole")}</label>
        {(same || again) && <label className="tick"><input type="checkbox" checked={again} onChange={(e) => setAgain(e.target.checked)} />{t("unit.again")}</label>}
      </Send>
    </>
  );
}

function Batches({ unit }: { unit: UnitHome }) {
  const { t } = useTranslation();
  const batches = useQuery({ queryKey: ["unit.batches", unit.id], queryFn: () => call<BatchRow[]>(`/unit-accounts/${unit.id}/batches`, { query: { limit: 30 } }) });
  return (
    <Block title={t("unit.batches")}>
      <Loaded of={batches} what={t("unit.batches")} rows={3}>
        {(rows) => (
          <DataTable rows={rows} rowKey={(b) => b.id} label={t("unit.batches")} minWidth={760} empty={<Nothing why={t("unit.noBatches")} />} columns={[
            { key: "at", title: t("unit.at"), width: 140, render: (b) => <At at={b.at} /> },
            { key: "kind", title: t("unit.move"), width: 70, render: (b) => word("unitMove", b.kind) },
            { key: "source", title: t("unit.source"), width: 90, render: (b) => t(`unit.bySource.${b.source as "manual"}`) },
            { key: "note", title: t("unit.note"), render: (b) => <Name>{b.note}</Name> },
            { key: "done", title: t("unit.done"), width: 60, right: true, render: (b) => <span className="num">{b.done}</span> },
            { key: "refused", title: t("unit.refused"), width: 80, right: true, render: (b) => (b.refused > 0 ? <a className="bad num" href={address(`/unit-accounts/${unit.id}/batches/${b.id}/refused?format=csv`)} download title={t("unit.download")}>{b.refused}</a> : <span className="num">0</span>) },
            { key: "amount", title: t("unit.amount"), width: 120, right: true, render: (b) => <Money fen={b.amountFen} /> },
            { key: "by", title: t("unit.operator"), width: 90, render: (b) => <Name>{b.operator}</Name> },
          ]} />
        )}
      </Loaded>
    </Block>
  );
}
