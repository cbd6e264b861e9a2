// Transfers: one sends, another receives, differences are settled by a third pair of eyes.
import { PlusOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Drawer, Input, InputNumber, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { count } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay, useSession } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import { Facts, Field, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { useWarehouses } from "./ItemsTab";
import { KINDS, lines } from "./types";
import type { Destination, Transfer } from "./types";

const STATES = ["dispatched", "differing", "received", "settled", "cancelled"];
const refresh = ["transfers", "transfer", "levels", "items"];

export function TransfersTab() {
  const { t } = useTranslation();
  const may = useMay();
  const { search, set } = useUrl();
  const [sending, setSending] = useState(false);
  const rows = useQuery({ queryKey: ["transfers", search.state ?? ""], queryFn: () => call<Transfer[]>("/stock/transfers", { query: { state: search.state, limit: 200 } }) });
  return (
    <>
      <div className="filters">
        <Pick label={t("num.state")} value={search.state ?? ""} onPick={(v) => set({ state: v || undefined })} options={[{ value: "", label: t("stock.anyState") }, ...STATES.map((s) => ({ value: s, label: word("transferState", s) }))]} />
        {may("stock.move") && <span style={{ marginLeft: "auto" }}><Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setSending(true)}>{t("stock.send")}</Button></span>}
      </div>
      <Loaded of={rows} what={t("stock.transfers")} rows={6}>
        {(data) => (
          <DataTable rows={data} rowKey={(r) => r.id} label={t("stock.transfers")} minWidth={980} keys={!sending && !search.transfer} onOpen={(r) => set({ transfer: r.id })} empty={<Nothing why={t("stock.transfersNone")} />} columns={[
            { key: "no", title: t("stock.transfers"), width: 200, lead: true, render: (r) => <span className="num">{r.transferNo}</span> },
            { key: "kind", title: t("stock.kind"), width: 90, render: (r) => word("itemKind", r.kind) },
            { key: "from", title: t("stock.from"), render: (r) => <Name>{r.fromName}</Name> },
            { key: "to", title: t("stock.to"), render: (r) => <Name>{r.toName}</Name> },
            { key: "n", title: t("stock.quantity"), width: 110, right: true, render: (r) => <span className="num">{r.receivedAt ? `${count(r.received)} / ${count(r.sent)}` : count(r.sent)}</span> },
            { key: "state", title: t("num.state"), width: 110, render: (r) => <Status group="transferState" code={r.state} /> },
            { key: "by", title: t("stock.sentBy"), width: 100, render: (r) => <Name>{r.sentBy}</Name> },
            { key: "at", title: word("stock.event", "dispatch"), width: 150, render: (r) => <At at={r.sentAt} /> },
          ]} />
        )}
      </Loaded>
      <Drawer open={!!search.transfer} onClose={() => set({ transfer: undefined })} size={620} destroyOnHidden title={t("stock.transfers")}>
        {search.transfer && <One id={search.transfer} key={search.transfer} />}
      </Drawer>
      {sending && <Send onClose={() => setSending(false)} />}
    </>
  );
}

function Send({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { staff } = useSession();
  const houses = useWarehouses();
  const places = useQuery({ queryKey: ["destinations"], queryFn: () => call<Destination[]>("/stock/destinations"), staleTime: 60_000 });
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [kind, setKind] = useState("sim");
  const [way, setWay] = useState<"quantity" | "serial">("quantity");
  const [quantity, setQuantity] = useState(20);
  const [text, setText] = useState("");
  const [note, setNote] = useState("");
  const [key, setKey] = useState(newKey);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const source = from || houses.data?.find((w) => w.org === staff.scope)?.id || houses.data?.[0]?.id || "";
  const serials = lines(text);
  const good = source && to && source !== to && (way === "quantity" ? quantity > 0 : serials.length > 0);
  const go = async () => {
    if (!good || busy) return;
    setBusy(true);
    setError(null);
    try {
      const made = await post<Transfer>("/stock/transfers", { fromId: source, toId: to, kind, note, ...(way === "quantity" ? { quantity } : { serials }) }, { idempotencyKey: key });
      say.success(t("stock.sentDone", { no: made.transferNo }));
      await Promise.all(refresh.map((k) => client.invalidateQueries({ queryKey: [k] })));
      onClose();
    } catch (cause) { setError(cause); setKey(newKey()); } finally { setBusy(false); }
  };
  return (
    <Modal open onCancel={onClose} title={t("stock.send")} width={560} okText={t("stock.sendIt")} cancelText={t("kit.cancel")} onOk={() => void go()} confirmLoading={busy} okButtonProps={{ disabled: !good }}>
      <div className="form">
        <Field label={t("stock.from")}>{(p) => <Pick id={p.id} width="100%" value={source} onPick={setFrom} options={(houses.data ?? []).filter((w) => w.active).map((w) => ({ value: w.id, label: w.name }))} />}</Field>
        <Field label={t("stock.to")}>{(p) => <Pick id={p.id} width="100%" value={to} onPick={setTo} options={[{ value: "", label: "—" }, ...(places.data ?? []).filter((w) => w.value !== source).map((w) => ({ value: w.value, label: w.label }))]} />}</Field>
        <Field label={t("stock.kind")}>{(p) => <Pick id={p.id} width="100%" value={kind} onPick={setKind} options={KINDS.map((k) => ({ value: k, label: word("itemKind", k) }))} />}</Field>
        <div className="field"><span className="label">{t("stock.quantity")}</span><Segments label={t("stock.quantity")} at={way} onPick={setWay} items={[{ id: "quantity", title: t("stock.byQuantity") }, { id: "serial", title: t("stock.bySerial") }]} /></div>
        {way === "quantity"
          ? <Field label={t("stock.quantity")}>{(p) => <InputNumber {...p} min={1} max={5000} value={quantity} onChange={(n) => setQuantity(n ?? 0)} style={{ width: "100%" }} />}</Field>
          : <Field full label={t("stock.serials")} hint={serials.length > 0 ? count(serials.length) : undefined}>{(p) => <Input.TextArea {...p} rows={4} className="mono" value={text} onChange={(e) => setText(e.target.value)} />}</Field>}
        <Field full={way === "serial"} label={t("stock.remark")}>{(p) => <Input {...p} maxLength={200} value={note} onChange={(e) => setNote(e.target.value)} />}</Field>
        {error ? <div className="full"><Failure error={error} what={t("stock.send")} /></div> : null}
      </div>
    </Modal>
  );
}

function One({ id }: { id: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const [doing, setDoing] = useState<"receive" | "settle" | "cancel" | null>(null);
  const of = useQuery({ queryKey: ["transfer", id], queryFn: () => call<Transfer>(`/stock/transfers/${id}`) });
  const done = async () => { say.success(t("stock.done")); await Promise.all(refresh.map((k) => client.invalidateQueries({ queryKey: [k] }))); };
  return (
    <Loaded of={of} what={t("stock.transfers")} rows={6}>
      {(x) => {
        const all = x.lines ?? [];
        const missing = all.filter((l) => l.result === "missing" && !l.settled).map((l) => l.serial);
        return (
          <div className="stack">
            <div className="row wraps"><span className="num strong">{x.transferNo}</span><Status group="transferState" code={x.state} /></div>
            <Facts two items={[
              [t("stock.from"), <Name key="f">{x.fromName}</Name>], [t("stock.to"), <Name key="t">{x.toName}</Name>], [t("stock.sentBy"), <span key="s"><Name>{x.sentBy}</Name><At at={x.sentAt} /></span>],
              [t("stock.receivedBy"), x.receivedAt ? <span key="r"><Name>{x.receivedBy}</Name><At at={x.receivedAt} /></span> : "—"], [t("stock.remark"), <Name key="n">{x.note || null}</Name>], [t("stock.kind"), word("itemKind", x.kind)],
            ]} />
            <div className="kpis five" style={{ border: "1px solid var(--line)" }}>{(["sent", "received", "missing", "damaged"] as const).map((k) => <div key={k}><div className="k">{t(`stock.${k}`)}</div><div className={`v${(k === "missing" || k === "damaged") && x[k] > 0 ? " bad" : ""}`} data-count={k}>{count(x[k])}</div></div>)}</div>
            {may("stock.move") && (
              <div className="row wraps">
                {x.state === "dispatched" && <Button type="primary" onClick={() => setDoing(doing === "receive" ? null : "receive")} aria-expanded={doing === "receive"}>{t("stock.receive")}</Button>}
                {x.state === "dispatched" && <Button onClick={() => setDoing("cancel")}>{t("stock.cancelTransfer")}</Button>}
                {x.state === "differing" && <Button type="primary" onClick={() => setDoing(doing === "settle" ? null : "settle")} aria-expanded={doing === "settle"}>{t("stock.settle")}</Button>}
              </div>
            )}
            {doing === "receive" && <Receive id={id} done={() => { setDoing(null); void done(); }} />}
            {doing === "settle" && <Settle id={id} missing={missing} done={() => { setDoing(null); void done(); }} />}
            <table className="data" aria-label={t("stock.serials")}>
              <tbody>{all.slice(0, 300).map((l) => <tr key={l.serial}><td className="mono">{l.serial}</td><td>{l.result ? word("stock", l.result) : <span className="muted">{word("itemState", "inTransit")}</span>}</td><td>{l.settled ? (l.settled === "found" ? t("stock.found") : word("itemState", "lost")) : ""}</td></tr>)}</tbody>
            </table>
            <ReasonDialog open={doing === "cancel"} title={t("stock.cancelTransfer")} note={t("stock.cancelNote")} confirm={t("stock.cancelTransfer")} suggestions={[t("stock.whyCancel")]} onClose={() => setDoing(null)}
              onConfirm={async (reason) => { await post(`/stock/transfers/${id}/cancel`, { reason }); await done(); }} />
          </div>
        );
      }}
    </Loaded>
  );
}

function Receive({ id, done }: { id: string; done: () => void }) {
  const { t } = useTranslation();
  const [way, setWay] = useState<"all" | "some">("all");
  const [here, setHere] = useState("");
  const [broken, setBroken] = useState("");
  const [key, setKey] = useState(newKey);
  const [error, setError] = useState<unknown>(null);
  const go = async () => {
    setError(null);
    try {
      const body = way === "all" ? { all: true } : { serials: lines(here).filter((s) => !lines(broken).includes(s)), damaged: lines(broken) };
      await post(`/stock/transfers/${id}/receive`, body, { idempotencyKey: key });
      done();
    } catch (cause) { setError(cause); setKey(newKey()); }
  };
  return (
    <section className="panel" style={{ padding: 12 }} aria-label={t("stock.receive")}>
      <div className="stack">
        <div className="soft">{t("stock.receiveNote")}</div>
        <Segments label={t("stock.receive")} at={way} onPick={setWay} items={[{ id: "all", title: t("stock.receiveAll") }, { id: "some", title: t("stock.receiveSome") }]} />
        {way === "some" && (
          <div className="form">
            <Field label={t("stock.received1")}>{(p) => <Input.TextArea {...p} rows={5} className="mono" value={here} onChange={(e) => setHere(e.target.value)} />}</Field>
            <Field label={t("stock.brokenList")}>{(p) => <Input.TextArea {...p} rows={5} className="mono" value={broken} onChange={(e) => setBroken(e.target.value)} />}</Field>
          </div>
        )}
        {error ? <Failure error={error} what={t("stock.receive")} /> : null}
        <div><Button type="primary" onClick={() => void go()} disabled={way === "some" && lines(here).length + lines(broken).length === 0}>{t("stock.receive")}</Button></div>
      </div>
    </section>
  );
}

function Settle({ id, missing, done }: { id: string; missing: string[]; done: () => void }) {
  const { t } = useTranslation();
  const [found, setFound] = useState<string[]>([]);
  const [reason, setReason] = useState(t("stock.whyLost"));
  const [error, setError] = useState<unknown>(null);
  const go = async () => {
    setError(null);
    try { await post(`/stock/transfers/${id}/settle`, { found, reason }); done(); } catch (cause) { setError(cause); }
  };
  return (
    <section className="panel" style={{ padding: 12 }} aria-label={t("stock.settle")}>
      <div className="stack">
        <div className="soft">{t("stock.settleNote")}</div>
        {missing.map((s) => <label key={s} className="tick"><input type="checkbox" checked={found.includes(s)} onChange={(e) => setFound((old) => (e.target.checked ? [...old, s] : old.filter((x) => x !== s)))} /><span className="mono">{s}</span> {t("stock.found")}</label>)}
        <Field label={t("kit.reason")}>{(p) => <Input {...p} maxLength={200} value={reason} onChange={(e) => setReason(e.target.value)} />}</Field>
        {error ? <Failure error={error} what={t("stock.settle")} /> : null}
        <div><Button type="primary" disabled={!reason.trim()} onClick={() => void go()}>{t("stock.settle")}</Button></div>
      </div>
    </section>
  );
}
