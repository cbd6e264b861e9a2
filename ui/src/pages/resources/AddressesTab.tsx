// The address book: found by words, opened with what reaches it, added by who keeps it.
import { PlusOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Drawer, Input, InputNumber, Modal } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import { Field } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { Reached } from "./CoverageTab";
import { OrgName } from "./OrgName";
import type { AddressRow } from "./types";

const TECHNOLOGIES = ["ftth", "lan", "adsl", "copper", "fwa", "otn", "sdh", "5g", "4g"];
const PARTS = [["stateOrProvince", "province"], ["city", "city"], ["locality", "district"], ["streetName", "street"], ["streetNr", "number"], ["building", "building"]] as const;

export function AddressesTab() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const may = useMay();
  const writes = may("place.write");
  const [text, setText] = useState(search.q ?? "");
  const [adding, setAdding] = useState(false);
  const [open, setOpen] = useState<AddressRow | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => { if (text !== (search.q ?? "")) set({ q: text || undefined }); }, 250);
    return () => clearTimeout(timer);
  }, [text, search.q, set]);
  const rows = useQuery({ queryKey: ["addresses", search.q ?? ""], queryFn: ({ signal }) => call<AddressRow[]>("/addresses", { query: { q: search.q, limit: 50 }, signal }), placeholderData: keepPreviousData });
  return (
    <>
      <div className="filters">
        <Input aria-label={t("place.address")} placeholder={t("place.addressHint")} value={text} onChange={(e) => setText(e.target.value)} allowClear autoFocus style={{ width: 340 }} />
        {writes && <span style={{ marginLeft: "auto" }}><Button icon={<PlusOutlined aria-hidden />} onClick={() => setAdding(true)}>{t("place.newAddress")}</Button></span>}
      </div>
      <Loaded of={rows} what={t("place.addresses")} rows={8}>
        {(data) => (
          <DataTable rows={data} rowKey={(a) => a.id} label={t("place.addresses")} minWidth={860} keys={!open && !adding} onOpen={setOpen} empty={<Nothing why={t("place.addressesNone")} />} columns={[
            { key: "text", title: t("place.line"), lead: true, render: (a) => <Name>{a.text}</Name> },
            { key: "by", title: t("place.reached"), width: 330, render: (a) => <span className="row" style={{ gap: 4 }}>{a.reachedBy.length === 0 ? <span className="muted">—</span> : a.reachedBy.slice(0, 4).map((r) => <span key={r.technology} className="chip">{word("technology", r.technology)} {r.maxMbps}</span>)}</span> },
            { key: "org", title: t("num.org"), width: 160, render: (a) => <OrgName path={a.org} /> },
            { key: "ask", title: "", width: 110, right: true, render: (a) => <Button size="small" onClick={() => set({ tab: undefined, q: a.text })}>{t("place.check")}</Button> },
          ]} />
        )}
      </Loaded>
      <Drawer open={!!open} onClose={() => setOpen(null)} size={720} destroyOnHidden title={t("place.reached")}>
        {open && <One of={open} writes={writes} />}
      </Drawer>
      {adding && <Add onClose={() => setAdding(false)} done={(line) => { setAdding(false); setText(line); }} />}
    </>
  );
}

function One({ of, writes }: { of: AddressRow; writes: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [technology, setTechnology] = useState("ftth");
  const [device, setDevice] = useState("");
  const [mbps, setMbps] = useState(1000);
  const [blocked, setBlocked] = useState("");
  const [source, setSource] = useState("");
  const [error, setError] = useState<unknown>(null);
  const again = async () => { say.success(t("place.covered")); await Promise.all([["reached", of.id], ["addresses"], ["coverage"]].map((queryKey) => client.invalidateQueries({ queryKey }))); };
  const act = async (what: () => Promise<unknown>) => { setError(null); try { await what(); await again(); } catch (cause) { setError(cause); } };
  return (
    <div className="stack">
      <bdi className="strong wrap">{of.text}</bdi>
      <Reached id={of.id} act={writes ? (c) => <Button size="small" danger aria-label={t("place.removeOf", { technology: word("technology", c.technology), device: c.device })} onClick={() => void act(() => call(`/addresses/${of.id}/coverage`, { method: "DELETE", query: { technology: c.technology, device: c.device } }))}>{t("place.remove")}</Button> : undefined} />
      {writes && (
        <form className="panel" style={{ padding: 12 }} aria-label={t("place.cover")} onSubmit={(e) => { e.preventDefault(); void act(() => call(`/addresses/${of.id}/coverage`, { method: "PUT", body: { technology, device, maxMbps: mbps, blocked, source } })); }}>
          <div className="form">
            <Field label={t("place.technology")}>{(p) => <Pick id={p.id} width="100%" value={technology} onPick={setTechnology} options={TECHNOLOGIES.map((x) => ({ value: x, label: word("technology", x) }))} />}</Field>
            <Field label={t("place.device")}>{(p) => <Input {...p} maxLength={60} value={device} onChange={(e) => setDevice(e.target.value)} />}</Field>
            <Field label={`${t("place.max")} (Mbps)`}>{(p) => <InputNumber {...p} min={0} max={100000} value={mbps} onChange={(n) => setMbps(n ?? 0)} style={{ width: "100%" }} />}</Field>
            <Field label={t("place.blocked")}>{(p) => <Input {...p} maxLength={100} value={blocked} onChange={(e) => setBlocked(e.target.value)} />}</Field>
            <Field full label={t("place.source")}>{(p) => <Input {...p} maxLength={100} value={source} onChange={(e) => setSource(e.target.value)} />}</Field>
            {error ? <div className="full"><Failure error={error} what={t("place.cover")} /></div> : null}
            <div className="full"><Button type="primary" htmlType="submit" disabled={!device.trim() || !source.trim()}>{t("place.cover")}</Button></div>
          </div>
        </form>
      )}
    </div>
  );
}

function Add({ onClose, done }: { onClose: () => void; done: (line: string) => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [parts, setParts] = useState<Record<string, string>>({});
  const [key, setKey] = useState(newKey);
  const [error, setError] = useState<unknown>(null);
  const good = !!parts.city?.trim() && !!parts.streetName?.trim();
  const go = async () => {
    if (!good) return;
    setError(null);
    try {
      const { building, ...rest } = parts;
      const made = await post<{ fullAddress: string }>("/tmf-api/geographicAddressManagement/v4/geographicAddress", { ...rest, ...(building ? { geographicSubAddress: [{ name: building, type: "building" }] } : {}) }, { idempotencyKey: key });
      say.success(t("place.added"));
      await client.invalidateQueries({ queryKey: ["addresses"] });
      done(made.fullAddress);
    } catch (cause) { setError(cause); setKey(newKey()); }
  };
  return (
    <Modal open onCancel={onClose} title={t("place.newAddress")} width={520} okText={t("num.save")} cancelText={t("kit.cancel")} onOk={() => void go()} okButtonProps={{ disabled: !good }}>
      <div className="form">
        {PARTS.map(([name, label], i) => <Field key={name} label={t(`place.${label}`)}>{(p) => <Input {...p} autoFocus={i === 0} maxLength={60} value={parts[name] ?? ""} onChange={(e) => setParts({ ...parts, [name]: e.target.value })} onPressEnter={() => void go()} />}</Field>)}
        {error ? <div className="full"><Failure error={error} /></div> : null}
      </div>
    </Modal>
  );
}
