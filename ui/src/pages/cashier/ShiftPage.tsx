// A cashier's shift: opened with a float, what it took by business and method, cash handed over, counted and locked.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { dateTime, toFen, yuan } from "../../lib/format";
import { useMay } from "../../lib/session";
import { DataTable } from "../../kit/DataTable";
import { Facts, Field, PageHead, Panel } from "../../kit/layout";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { CountForm } from "./CountForm";
import { Matrix } from "./Matrix";
import type { HandOver, ShiftView } from "./types";
import { useDo } from "./useDo";
import "./cashier.css";

const REFRESH = ["shift", "shifts", "handOvers"];

export default function ShiftPage() {
  const { t } = useTranslation();
  const may = useMay();
  const shift = useQuery({ queryKey: ["shift"], queryFn: () => call<ShiftView>("/counter/shift") });
  return (
    <div className="page" style={{ maxWidth: 1240 }}>
      <PageHead title={t("nav.shift")} sub={shift.data && <Status group="shiftState" code={shift.data.state} />}>
        <Link to="/app/counter">{t("nav.counter")}</Link><Link to="/app/counter/payments">{t("nav.payments")}</Link>
        {may("cashier.read") && <Link to="/app/cashier">{t("nav.cashier")}</Link>}
      </PageHead>
      <Loaded of={shift} what={t("nav.shift")}>{(s) => (s.state === "open" ? <OpenShift shift={s} /> : <ClosedShift last={s} />)}</Loaded>
      {may("shift.close_any") && <Colleagues />}
    </div>
  );
}

function ClosedShift({ last }: { last: ShiftView }) {
  const { t } = useTranslation();
  const [float, setFloat] = useState("300.00");
  const { busy, error, run } = useDo(REFRESH);
  const fen = toFen(float);
  const wrong = fen === null ? t("counter.notAmount") : fen > 30_000 ? t("drawer.floatOver") : null;
  return (
    <div className="cols2">
      <Panel title={t("shift.open")}>
        <form className="stack" onSubmit={(e) => { e.preventDefault(); if (!wrong && !busy) void run("/counter/shift/open", { floatFen: fen }); }}>
          <Field label={t("shift.float")} hint={t("shift.floatRule")} error={wrong}>{(p) => <Input {...p} autoFocus prefix="¥" inputMode="decimal" value={float} maxLength={12} onChange={(e) => setFloat(e.target.value)} />}</Field>
          {error ? <Failure error={error} what={t("shift.open")} /> : null}
          <Button type="primary" htmlType="submit" loading={busy} disabled={!!wrong}>{t("shift.open")}</Button>
        </form>
      </Panel>
      {last.id && last.closedAt && (
        <div className="stack">
          <Panel title={t("shift.lastClosed", { at: dateTime(last.closedAt), amount: yuan(last.differenceFen ?? 0) })} flush><Matrix cells={last.matrix} label={t("drawer.matrix")} /></Panel>
          {last.reason && <Panel><Facts items={[[t("drawer.reason"), <bdi key="r" className="wrap">{last.reason}</bdi>]]} /></Panel>}
        </div>
      )}
    </div>
  );
}

function OpenShift({ shift }: { shift: ShiftView }) {
  const { t } = useTranslation();
  const { busy, error, run } = useDo(REFRESH);
  const close = async (countedFen: Record<string, number>, reason: string, difference: number) => {
    const answer = await run<ShiftView>("/counter/shift/close", { countedFen, ...(reason ? { reason } : {}) });
    if (answer) say.success(t("shift.closed", { amount: yuan(answer.differenceFen ?? difference) }));
  };
  return (
    <div className="cols2">
      <div className="stack">
        <Panel><Facts two items={[[t("shift.openedAt"), dateTime(shift.openedAt, true)], [t("shift.float"), <Money key="f" fen={shift.floatFen} />]]} /></Panel>
        <Panel title={t("drawer.matrix")} flush><Matrix cells={shift.matrix} label={t("drawer.matrix")} /></Panel>
        <HandOvers />
      </div>
      <Panel title={t("shift.close")}>
        <CountForm methods={shift.methods} floatFen={shift.floatFen ?? 0} busy={busy} error={error} submit={t("drawer.close")} onCount={(c, r, d) => void close(c, r, d)} />
      </Panel>
    </div>
  );
}

function HandOvers() {
  const { t } = useTranslation();
  const [offering, setOffering] = useState(false);
  const [amount, setAmount] = useState("");
  const [note, setNote] = useState("");
  const { busy, error, run, clear } = useDo(REFRESH);
  const found = useQuery({ queryKey: ["handOvers"], queryFn: () => call<HandOver[]>("/counter/hand-overs"), refetchInterval: 15_000 });
  const fen = toFen(amount);
  const offer = async () => {
    if (!fen || busy) return;
    const made = await run<HandOver>("/counter/hand-overs", { cashFen: fen, note: note.trim() });
    if (made) { setOffering(false); setAmount(""); setNote(""); say.success(t("drawer.offered")); }
  };
  return (
    <Panel title={t("drawer.handOver")} flush acts={<Button size="small" onClick={() => { clear(); setOffering(true); }}>{t("drawer.offer")}</Button>}>
      {error && !offering ? <div style={{ padding: 12 }}><Failure error={error} what={t("drawer.handOver")} /></div> : null}
      <Loaded of={found} what={t("drawer.handOver")} rows={2}>{(rows) => rows.length === 0
        ? <p className="muted" style={{ padding: "12px 14px", margin: 0 }}>{t("drawer.noHandOvers")}</p>
        : (
          <DataTable rows={rows} rowKey={(r) => r.id} label={t("drawer.handOver")} minWidth={520} columns={[
            { key: "at", title: t("drawer.at"), width: 64, render: (r) => <At at={r.offeredAt} /> },
            { key: "from", title: t("drawer.from"), lead: true, render: (r) => <Name>{r.from}</Name> },
            { key: "to", title: t("drawer.to"), render: (r) => <Name>{r.to}</Name> },
            { key: "amount", title: t("drawer.amount"), right: true, width: 110, render: (r) => <Money fen={r.cashFen} /> },
            { key: "state", title: t("drawer.state"), width: 104, render: (r) => <Status group="handOverState" code={r.state} /> },
            { key: "do", title: "", width: 132, right: true, render: (r) => (r.state !== "offered" ? null : r.mine
              ? <Button size="small" type="link" onClick={() => void run(`/counter/hand-overs/${r.id}/withdraw`, {})}>{t("drawer.withdraw")}</Button>
              : <span className="row" style={{ justifyContent: "flex-end" }}><Button size="small" type="primary" onClick={() => void run(`/counter/hand-overs/${r.id}/accept`, {})}>{t("drawer.accept")}</Button><Button size="small" type="link" onClick={() => void run(`/counter/hand-overs/${r.id}/refuse`, {})}>{t("drawer.refuse")}</Button></span>) },
          ]} />
        )}</Loaded>
      <Modal open={offering} onCancel={() => setOffering(false)} title={t("drawer.offer")} destroyOnHidden width={420}
        footer={[<Button key="no" onClick={() => setOffering(false)}>{t("kit.cancel")}</Button>, <Button key="yes" type="primary" loading={busy} disabled={!fen} onClick={() => void offer()}>{t("drawer.offer")}</Button>]}>
        <form className="stack" onSubmit={(e) => { e.preventDefault(); void offer(); }}>
          <div className="soft">{t("drawer.handOverNote")}</div>
          <Field label={t("drawer.amount")}>{(p) => <Input {...p} autoFocus prefix="¥" inputMode="decimal" maxLength={12} value={amount} onChange={(e) => setAmount(e.target.value)} />}</Field>
          <Field label={t("drawer.why")}>{(p) => <Input {...p} maxLength={100} value={note} onChange={(e) => setNote(e.target.value)} />}</Field>
          {error ? <Failure error={error} what={t("drawer.offer")} /> : null}
          <button type="submit" hidden />
        </form>
      </Modal>
    </Panel>
  );
}

function Colleagues() {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["shifts"], queryFn: () => call<ShiftView[]>("/counter/shifts") });
  const [at, setAt] = useState<ShiftView | null>(null);
  const { busy, error, run, clear } = useDo(REFRESH);
  const close = async (countedFen: Record<string, number>, reason: string) => {
    if (!at) return;
    const answer = await run<ShiftView>(`/counter/shifts/${at.id}/close`, { countedFen, reason });
    if (answer) { setAt(null); say.success(t("drawer.closed")); }
  };
  return (
    <Panel title={t("drawer.colleagues")} flush>
      <Loaded of={found} what={t("drawer.colleagues")} rows={3}>{(rows) => (
        <DataTable rows={rows} rowKey={(r) => r.id ?? ""} label={t("drawer.colleagues")} minWidth={760} empty={<Nothing why={t("drawer.nothing")} />} columns={[
          { key: "who", title: t("drawer.operator"), lead: true, render: (r) => <Name>{r.operator}</Name> },
          { key: "state", title: t("drawer.state"), width: 110, render: (r) => <Status group="drawerState" code={r.state} /> },
          { key: "opened", title: t("shift.openedAt"), width: 150, render: (r) => <At at={r.openedAt} /> },
          { key: "taken", title: t("drawer.taken"), width: 130, right: true, render: (r) => <Money fen={r.matrix.reduce((n, c) => n + c.amountFen, 0)} /> },
          { key: "difference", title: t("drawer.difference"), width: 110, right: true, render: (r) => (r.state === "open" ? <span className="muted">—</span> : <Money fen={r.differenceFen} tone />) },
          { key: "do", title: "", width: 110, right: true, render: (r) => (r.state === "open" ? <Button size="small" onClick={() => { clear(); setAt(r); }}>{t("drawer.closeFor")}</Button> : null) },
        ]} />
      )}</Loaded>
      <Modal open={at !== null} onCancel={() => setAt(null)} title={t("drawer.closeForTitle", { name: at?.operator ?? "" })} destroyOnHidden width={620} footer={null}>
        {at && <div className="stack"><div className="soft">{t("drawer.closeForNote")}</div><CountForm methods={at.methods} floatFen={at.floatFen ?? 0} busy={busy} error={error} reasonAlways submit={t("drawer.closeFor")} onCount={(c, r) => void close(c, r)} /></div>}
      </Modal>
    </Panel>
  );
}
