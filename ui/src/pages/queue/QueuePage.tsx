// A counter's queue, from the keyboard alone: F2 next, F3 again, F4 begin, F6 no show, F7 transfer, F8 finish, F9 pause.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Checkbox, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, call, newKey, post } from "../../lib/api";
import { word } from "../../lib/i18n";
import { useKeys } from "../../lib/keys";
import { useLive } from "../../lib/live";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { Field, PageHead, Panel, Segments } from "../../kit/layout";
import { CustomerPicker } from "../../kit/pickers";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Ago, Name } from "../../kit/text";
import { Figures } from "./Figures";
import { Transfer } from "./Transfer";
import { either } from "./words";
import type { CounterView, Offer } from "./words";
import "./queue.css";

type Waiting = NonNullable<CounterView["waiting"]>[number];

export default function QueuePage() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const may = useMay();
  const figures = search.tab === "figures";
  return (
    <div className="page">
      <PageHead title={t("nav.queue")} sub={t("queue.sub")}>
        <Segments label={t("queue.tabs")} at={figures ? "figures" : "counter"} onPick={(id) => set({ tab: id === "figures" ? id : undefined })} items={[{ id: "counter", title: t("queue.counter") }, ...(may("queue.read") ? [{ id: "figures" as const, title: t("queue.figures") }] : [])]} />
        <a href="/kiosk" target="_blank" rel="noreferrer">{t("queue.kiosk")}</a>
        <a href="/board" target="_blank" rel="noreferrer">{t("queue.board")}</a>
      </PageHead>
      {figures ? <Figures /> : <Desk />}
    </div>
  );
}

function Desk() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const view = useQuery({ queryKey: ["queueCounter"], queryFn: () => call<CounterView>("/queue/counter"), refetchInterval: 30_000 });
  const offer = useQuery({ queryKey: ["queueKinds"], queryFn: () => call<Offer>("/queue/kinds"), retry: false });
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [moving, setMoving] = useState(false);
  useLive((event) => { if (event.type === "reset" || event.topic?.startsWith("queue:")) void client.invalidateQueries({ queryKey: ["queueCounter"] }); });
  const v = view.data;
  const current = v?.current ?? null;
  const act = async (path: string, body: unknown = {}) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      client.setQueryData(["queueCounter"], await post<CounterView>(path, body, { idempotencyKey: newKey() }));
    } catch (cause) {
      setError(cause);
      if (cause instanceof ApiError && cause.status === 409) void view.refetch();
    } finally { setBusy(false); }
  };
  const counter = (what: string) => void act(`/queue/counter/${what}`);
  const ticket = (what: string, body?: unknown) => { if (current) void act(`/queue/tickets/${current.id}/${what}`, body); };
  const paused = v?.counter?.state === "paused";
  useKeys({
    F2: () => { if (!current && !paused) counter("next"); },
    F3: () => { if (current?.state === "called") ticket("recall"); },
    F4: () => { if (current?.state === "called") ticket("serve"); },
    F6: () => { if (current?.state === "called") ticket("skip"); },
    F7: () => { if (current) setMoving(true); },
    F8: () => ticket("finish"),
    F9: () => { if (!current) counter(paused ? "resume" : "pause"); },
  }, { off: !v?.counter });
  if (offer.error instanceof ApiError && offer.error.code === "queue.no_hall") return <Panel><Nothing why={t("queue.noHall")} /></Panel>;
  const kindName = (code: string) => { const k = offer.data?.kinds.find((x) => x.code === code); return k ? either(k) : code; };
  const columns: Column<Waiting>[] = [
    { key: "label", title: t("porting.number"), width: 80, lead: true, render: (w) => <b className="num">{w.label}</b> },
    { key: "kind", title: t("queue.kinds"), render: (w) => <Name>{kindName(w.kind)}</Name> },
    { key: "priority", title: t("queue.priority"), width: 84, render: (w) => (w.priority === "none" ? <span className="muted">—</span> : <span className="chip gold">{word("queuePriority", w.priority)}</span>) },
    { key: "since", title: t("queue.waited"), width: 96, render: (w) => <Ago at={w.takenAt} /> },
    { key: "do", title: "", width: 76, render: (w) => <Button size="small" disabled={!!current || busy || paused} onClick={() => void act(`/queue/tickets/${w.id}/call`)}>{t("queue.callThis")}</Button> },
  ];
  return (
    <Loaded of={view} what={t("nav.queue")}>
      {(data) => !data.counter ? <Open offer={offer.data} act={act} error={error} busy={busy} /> : (
        <div className="cols12">
          <div className="stack">
            <Panel title={<>{t("kiosk.counterShort", { n: data.counter.counter })} {paused && <span className="chip">{t("queue.paused")}</span>}</>} acts={<Button size="small" disabled={!!current || busy} onClick={() => counter("close")}>{t("queue.leave")}</Button>}>
              <div className="counterbox" aria-live="polite">
                {current ? <><b className="num">{current.label}</b><span>{kindName(current.kind)}</span><span className="soft">{current.state === "serving" ? t("queue.serving") : t("queue.called", { count: current.calls })}</span></>
                  : <><span className="strong">{paused ? t("queue.paused") : t("queue.nobody")}</span><span className="soft">{paused ? "" : t("queue.nobodyHint")}</span></>}
              </div>
              <div className="fkeys" role="group" aria-label={t("queue.counter")}>
                <button type="button" className={current ? "" : "main"} disabled={!!current || paused || busy} onClick={() => counter("next")}><kbd>F2</kbd>{t("queue.next")}</button>
                <button type="button" disabled={current?.state !== "called" || busy} onClick={() => ticket("recall")}><kbd>F3</kbd>{t("queue.recall")}</button>
                <button type="button" className={current?.state === "called" ? "main" : ""} disabled={current?.state !== "called" || busy} onClick={() => ticket("serve")}><kbd>F4</kbd>{t("queue.start")}</button>
                <button type="button" disabled={current?.state !== "called" || busy} onClick={() => ticket("skip")}><kbd>F6</kbd>{t("queue.skip")}</button>
                <button type="button" disabled={!current || busy} onClick={() => setMoving(true)}><kbd>F7</kbd>{t("queue.transfer")}</button>
                <button type="button" className={current?.state === "serving" ? "main" : ""} disabled={!current || busy} onClick={() => ticket("finish")}><kbd>F8</kbd>{t("queue.finish")}</button>
                <button type="button" disabled={!!current || busy} onClick={() => counter(paused ? "resume" : "pause")}><kbd>F9</kbd>{paused ? t("queue.resume") : t("queue.pause")}</button>
              </div>
              {error ? <div style={{ marginTop: 10 }}><Failure error={error} /></div> : null}
            </Panel>
            {current && (
              <Panel title={t("queue.customer")}>
                {data.customer ? (
                  <div className="row"><Name className="strong">{data.customer.name}</Name><span className="grow" /><Link to="/app/customers/$id" params={{ id: data.customer.id }}>{t("queue.openCustomer")}</Link></div>
                ) : <Field label={t("queue.setCustomer")}>{(p) => <CustomerPicker {...p} value={null} onPick={(c) => { if (c) ticket("customer", { customerId: c.id }); }} />}</Field>}
              </Panel>
            )}
          </div>
          <div className="stack">
            <Panel flush title={t("queue.waiting", { count: data.waiting?.length ?? 0 })}>
              <DataTable rows={data.waiting ?? []} columns={columns} rowKey={(w) => w.id} label={t("queue.waiting", { count: data.waiting?.length ?? 0 })} empty={<Nothing why={t("queue.noWaiting")} />} />
            </Panel>
            <Panel title={t("queue.missed")}>
              {(data.missed ?? []).length === 0 ? <span className="muted">{t("queue.noMissed")}</span> : (
                <div className="row wraps">{data.missed!.map((m) => <span key={m.id} className="chip"><b className="num">{m.label}</b><button type="button" className="filterchip" disabled={busy} onClick={() => void act(`/queue/tickets/${m.id}/return`)}>{t("queue.back")}</button></span>)}</div>
              )}
            </Panel>
          </div>
          {moving && current && offer.data && <Transfer ticket={current} kinds={offer.data.kinds} onClose={() => setMoving(false)} onDone={(body) => { setMoving(false); ticket("transfer", body); }} />}
        </div>
      )}
    </Loaded>
  );
}

function Open({ offer, act, error, busy }: { offer: Offer | undefined; act: (path: string, body: unknown) => Promise<void>; error: unknown; busy: boolean }) {
  const { t } = useTranslation();
  const [no, setNo] = useState("");
  const [kinds, setKinds] = useState<string[] | null>(null);
  const all = offer?.kinds ?? [];
  const chosen = kinds ?? all.map((k) => k.code);
  const open = () => { if (no.trim() && chosen.length > 0) void act("/queue/counters", { counter: no.trim(), kinds: chosen }); };
  return (
    <div style={{ maxWidth: 460 }}>
      <Panel title={<>{t("queue.sit")} · {offer?.hallName}</>}>
        <form className="stack" onSubmit={(e) => { e.preventDefault(); open(); }}>
          <Field label={t("queue.counterNo")}>{(p) => <Input {...p} autoFocus maxLength={6} value={no} onChange={(e) => setNo(e.target.value)} style={{ width: 120 }} />}</Field>
          <fieldset className="field" style={{ border: 0, padding: 0, margin: 0 }}>
            <legend className="label">{t("queue.kinds")}</legend>
            <Checkbox.Group value={chosen} onChange={(v) => setKinds(v as string[])} options={all.map((k) => ({ value: k.code, label: `${k.letter} ${either(k)}` }))} />
          </fieldset>
          <div><Button type="primary" htmlType="submit" loading={busy} disabled={!no.trim() || chosen.length === 0}>{t("queue.open")}</Button></div>
          {error ? <Failure error={error} what={t("queue.sit")} /> : null}
        </form>
      </Panel>
    </div>
  );
}
