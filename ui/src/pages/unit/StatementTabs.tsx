// Statements: the unit account itself from the ledger, money of members by movement, spendings with reversal.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, send } from "../../lib/api";
import { dateTime, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { paging, useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import { Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { shownIdentifier, useMembers } from "./MembersTab";
import type { Consumption, Ledger, Movement, UnitHome } from "./types";
import { UNIT_KEYS, useDo } from "./use";

const KINDS = ["allocate", "collect", "load", "unload", "spend", "settle", "reverse", "replace", "repair", "fund", "withdraw"];
interface Sums { total: number; in: number; out: number }
async function rows<T>(path: string, query: Record<string, string | number | undefined>, signal?: AbortSignal): Promise<{ rows: T[] } & Sums> {
  const answer = await send(path, { query, signal });
  const number = (name: string) => Number(answer.headers.get(name) ?? 0);
  return { rows: (await answer.json()) as T[], total: number("x-total-count"), in: number("x-sum-in"), out: number("x-sum-out") };
}

function save(name: string, head: string[], lines: (string | number)[][]) {
  const cell = (v: string | number) => { const s = String(v); return `"${(/^[=+\-@]/.test(s) && typeof v === "string" ? `'${s}` : s).replaceAll('"', '""')}"`; };
  const text = `\uFEFF${[head, ...lines].map((l) => l.map(cell).join(",")).join("\r\n")}\r\n`;
  const a = document.createElement("a");
  a.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  a.download = name;
  a.click();
  URL.revokeObjectURL(a.href);
}

function Days() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  return (
    <>
      <Input type="date" aria-label={t("unit.from")} value={search.from ?? ""} style={{ width: 150 }} onChange={(e) => set({ from: e.target.value })} />
      <span className="muted">–</span>
      <Input type="date" aria-label={t("unit.until")} value={search.until ?? ""} style={{ width: 150 }} onChange={(e) => set({ until: e.target.value })} />
    </>
  );
}

export function StatementTab({ unit }: { unit: UnitHome }) {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const of = search.of === "members" ? "members" : "unit";
  return (
    <>
      <div className="filters">
        <Segments label={t("unit.tabStatement")} at={of} onPick={(v) => set({ of: v === "unit" ? undefined : v, kind: undefined })} items={[{ id: "unit", title: t("unit.ledger") }, { id: "members", title: t("unit.movements") }]} />
        <Days />
        {of === "members" && <MemberFilter unit={unit} kinds />}
      </div>
      {of === "unit" ? <OfUnit unit={unit} /> : <OfMembers unit={unit} />}
    </>
  );
}

function MemberFilter({ unit, kinds }: { unit: UnitHome; kinds?: boolean }) {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const members = useMembers(unit.id, true);
  return (
    <>
      <Pick label={t("unit.member")} value={search.member ?? ""} onPick={(member) => set({ member })} width={190} options={[{ value: "", label: t("unit.everybody") }, ...(members.data ?? []).map((m) => ({ value: m.id, label: `${shownIdentifier(m)} ${m.name}` }))]} />
      {kinds && <Pick label={t("unit.move")} value={search.kind ?? ""} onPick={(kind) => set({ kind })} options={[{ value: "", label: t("unit.anyKind") }, ...KINDS.map((k) => ({ value: k, label: word("unitMove", k) }))]} />}
    </>
  );
}

function OfUnit({ unit }: { unit: UnitHome }) {
  const { t } = useTranslation();
  const { search } = useUrl();
  const query = { from: search.from, until: search.until };
  const ledger = useQuery({ queryKey: ["unit", unit.id, "ledger", query], queryFn: () => call<Ledger>(`/unit-accounts/${unit.id}/transactions`, { query }), placeholderData: keepPreviousData });
  return (
    <Loaded of={ledger} what={t("unit.tabStatement")} rows={8}>
      {(l) => (
        <>
          <div className="row wraps" style={{ padding: "10px 14px", gap: 18 }}>
            <span className="soft num">{l.from} – {l.until}</span>
            <span>{t("unit.opening")} <b><Money fen={l.openingFen} /></b></span>
            <span>{t("unit.income")} <b><Money fen={l.lines.reduce((n, x) => n + Math.max(0, x.amountFen), 0)} /></b></span>
            <span>{t("unit.outgo")} <b><Money fen={l.lines.reduce((n, x) => n + Math.min(0, x.amountFen), 0)} /></b></span>
            <span>{t("unit.closing")} <b><Money fen={l.closingFen} /></b></span>
            {l.lines.length > 0 && <Button size="small" style={{ marginLeft: "auto" }} onClick={() => save(`${unit.unitNo}.csv`, [t("unit.at"), t("unit.move"), t("unit.member"), t("unit.amount"), t("unit.after2"), t("unit.reference")], l.lines.map((x) => [dateTime(x.at, true), word("unitLedger", x.kind), [x.identifier, x.memberName].filter(Boolean).join(" "), x.amountFen / 100, x.balanceFen / 100, x.subjectId]))}>{t("unit.export")}</Button>}
          </div>
          <DataTable rows={[...l.lines].reverse()} rowKey={(x) => `${x.txnId}`} label={t("unit.tabStatement")} minWidth={640} empty={<Nothing why={t("unit.noMoves")} />} columns={[
            { key: "at", title: t("unit.at"), width: 170, render: (x) => <At at={x.at} seconds /> },
            { key: "kind", title: t("unit.move"), width: 140, lead: true, render: (x) => word("unitLedger", x.kind) },
            { key: "who", title: t("unit.member"), render: (x) => (x.identifier ? <Name>{`${shownIdentifier({ identifier: x.identifier })} ${x.memberName ?? ""}`}</Name> : <span className="muted">—</span>) },
            { key: "amount", title: t("unit.amount"), width: 150, right: true, render: (x) => <Money fen={x.amountFen} tone /> },
            { key: "balance", title: t("unit.after2"), width: 150, right: true, render: (x) => <Money fen={x.balanceFen} /> },
          ]} />
        </>
      )}
    </Loaded>
  );
}

function OfMembers({ unit }: { unit: UnitHome }) {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const at = paging(search);
  const query = { from: search.from, until: search.until, member: search.member, kind: search.kind };
  const path = `/unit-accounts/${unit.id}/movements`;
  const page = useQuery({ queryKey: ["unit.moves", unit.id, query, at.offset, at.limit], queryFn: ({ signal }) => rows<Movement>(path, { ...query, offset: at.offset, limit: at.limit }, signal), placeholderData: keepPreviousData });
  const all = async () => {
    const got = await rows<Movement>(path, { ...query, limit: 5000 });
    save(`${unit.unitNo}-members.csv`, [t("unit.at"), t("unit.move"), t("unit.identifier"), t("unit.holder"), t("unit.amount"), t("unit.after2"), t("unit.reference"), t("unit.place"), t("unit.operator")],
      got.rows.map((m) => [dateTime(m.at, true), word("unitMove", m.kind), m.identifier ?? "", m.memberName ?? "", m.amountFen / 100, m.memberAfterFen / 100, m.reference, m.place, m.operator]));
  };
  return (
    <Loaded of={page} what={t("unit.movements")} rows={8}>
      {(p) => (
        <>
          <div className="row wraps" style={{ padding: "10px 14px", gap: 18 }}><span>{t("unit.income")} <b><Money fen={p.in} /></b></span><span>{t("unit.outgo")} <b><Money fen={p.out} /></b></span>{p.total > 0 && <Button size="small" style={{ marginLeft: "auto" }} onClick={() => void all()}>{t("unit.export")}</Button>}</div>
          <DataTable rows={p.rows} rowKey={(m) => m.id} label={t("unit.movements")} minWidth={980} empty={<Nothing why={t("unit.noMoves")} />} columns={[
            { key: "at", title: t("unit.at"), width: 140, render: (m) => <At at={m.at} /> },
            { key: "kind", title: t("unit.move"), width: 90, lead: true, render: (m) => word("unitMove", m.kind) },
            { key: "id", title: t("unit.identifier"), width: 140, render: (m) => (m.identifier ? <span className="num">{shownIdentifier({ identifier: m.identifier })}</span> : "—") },
            { key: "name", title: t("unit.holder"), render: (m) => <Name>{m.memberName}</Name> },
            { key: "amount", title: t("unit.amount"), width: 110, right: true, render: (m) => <Money fen={m.amountFen} tone /> },
            { key: "after", title: t("unit.after2"), width: 110, right: true, render: (m) => (m.memberId ? <Money fen={m.memberAfterFen} /> : <Money fen={m.unitAfterFen} />) },
            { key: "ref", title: t("unit.reference"), width: 190, render: (m) => <Name>{[m.reference, m.place, m.note].filter(Boolean).join(" · ")}</Name> },
            { key: "by", title: t("unit.operator"), width: 80, render: (m) => <Name>{m.operator}</Name> },
          ]} />
          {p.total > at.size && <Pager page={at.page} size={at.size} total={p.total} shown={p.rows.length} onPage={(n) => set({ page: n })} />}
        </>
      )}
    </Loaded>
  );
}

export function SpentTab({ unit }: { unit: UnitHome }) {
  const { t } = useTranslation();
  const may = useMay();
  const { search, set } = useUrl();
  const [undoing, setUndoing] = useState<Consumption | null>(null);
  const at = paging(search);
  const query = { from: search.from, until: search.until, member: search.member, offset: at.offset, limit: at.limit };
  const page = useQuery({ queryKey: ["unit.moves", unit.id, "spent", query], queryFn: ({ signal }) => rows<Consumption>(`/unit-accounts/${unit.id}/consumptions`, query, signal), placeholderData: keepPreviousData });
  const { run } = useDo(UNIT_KEYS);
  return (
    <>
      <div className="filters"><Days /><MemberFilter unit={unit} />{page.data && <span className="soft" style={{ marginLeft: "auto" }}>{t("unit.total", { count: page.data.total, amount: yuan(page.data.out) })}</span>}</div>
      <Loaded of={page} what={t("unit.tabSpent")} rows={8}>
        {(p) => (
          <>
            <DataTable rows={p.rows} rowKey={(c) => c.id} label={t("unit.tabSpent")} minWidth={940} empty={<Nothing why={t("unit.noSpent")} />} columns={[
              { key: "at", title: t("unit.at"), width: 140, render: (c) => <At at={c.at} /> },
              { key: "id", title: t("unit.identifier"), width: 140, lead: true, render: (c) => <span className="num">{shownIdentifier(c)}</span> },
              { key: "name", title: t("unit.holder"), width: 120, render: (c) => <Name>{c.name}</Name> },
              { key: "place", title: t("unit.place"), render: (c) => <Name>{c.place}</Name> },
              { key: "ref", title: t("unit.reference"), width: 150, render: (c) => <Name className="num">{c.reference}</Name> },
              { key: "amount", title: t("unit.amount"), width: 110, right: true, render: (c) => <Money fen={c.amountFen} /> },
              { key: "points", title: t("unit.pointsGot"), width: 64, right: true, render: (c) => <span className="num">{c.points || "—"}</span> },
              { key: "state", title: t("unit.state"), width: 100, render: (c) => <Status group="spendState" code={c.state} /> },
              { key: "do", title: "", width: 70, right: true, render: (c) => (may("unit.spend") && c.state === "done" ? <Button size="small" onClick={() => setUndoing(c)}>{t("unit.reverse")}</Button> : "") },
            ]} />
            {p.total > at.size && <Pager page={at.page} size={at.size} total={p.total} shown={p.rows.length} onPage={(n) => set({ page: n })} />}
          </>
        )}
      </Loaded>
      {undoing && <ReasonDialog open danger onClose={() => setUndoing(null)} title={t("unit.reverseTitle", { no: undoing.reference })} note={t("unit.reverseNote")} confirm={t("unit.reverse")} suggestions={[t("unit.reverseWhy1"), t("unit.reverseWhy2")]}
        onConfirm={async (reason) => { if (await run(`/unit-accounts/${unit.id}/consumptions/${undoing.id}/reverse`, { reason })) say.success(t("unit.reverseDone")); }} />}
    </>
  );
}
