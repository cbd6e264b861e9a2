// Sites: halls, exchange buildings, premises, each at an address of the book.
import { PlusOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, list, newKey, post } from "../../lib/api";
import { useMay } from "../../lib/session";
import { DataTable } from "../../kit/DataTable";
import { Field } from "../../kit/layout";
import { AddressPicker } from "../../kit/pickers";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Name } from "../../kit/text";
import { say } from "../../kit/toast";
import type { AddressRow, Site } from "./types";

const SITES = "/tmf-api/geographicSiteManagement/v4/geographicSite";
const placeOf = (s: Site) => (Array.isArray(s.place) ? s.place[0] : s.place);

export function SitesTab() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const writes = useMay()("place.write");
  const [adding, setAdding] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const rows = useQuery({ queryKey: ["sites"], queryFn: () => list<Site>(SITES, { limit: 200, sort: "name" }) });
  const turn = async (s: Site) => {
    setError(null);
    try { await call(`${SITES}/${s.id}`, { method: "PATCH", body: { status: s.status === "active" ? "closed" : "active" } }); await client.invalidateQueries({ queryKey: ["sites"] }); } catch (cause) { setError(cause); }
  };
  return (
    <>
      <div className="filters">{writes && <span style={{ marginLeft: "auto" }}><Button icon={<PlusOutlined aria-hidden />} onClick={() => setAdding(true)}>{t("place.newSite")}</Button></span>}</div>
      {error ? <div style={{ padding: 12 }}><Failure error={error} /></div> : null}
      <Loaded of={rows} what={t("place.sites")} rows={5}>
        {(data) => (
          <DataTable rows={data.rows} rowKey={(s) => s.id} label={t("place.sites")} minWidth={760} empty={<Nothing why={t("place.sitesNone")} />} columns={[
            { key: "name", title: t("place.siteName"), width: 220, lead: true, render: (s) => <Name>{s.name}</Name> },
            { key: "code", title: t("place.siteCode"), width: 130, render: (s) => <span className="mono">{s.code ?? "—"}</span> },
            { key: "place", title: t("place.siteAddress"), render: (s) => <Name>{placeOf(s)?.name ?? placeOf(s)?.id}</Name> },
            { key: "status", title: t("place.siteStatus"), width: 110, render: (s) => <Status group="siteState" code={s.status} /> },
            ...(writes ? [{ key: "act", title: "", width: 90, right: true, render: (s: Site) => <Button size="small" onClick={() => void turn(s)}>{s.status === "active" ? t("place.closeSite") : t("place.openSite")}</Button> }] : []),
          ]} />
        )}
      </Loaded>
      {adding && <Add onClose={() => setAdding(false)} />}
    </>
  );
}

function Add({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [code, setCode] = useState("");
  const [address, setAddress] = useState("");
  const [key, setKey] = useState(newKey);
  const [error, setError] = useState<unknown>(null);
  const go = async () => {
    if (!name.trim()) return;
    setError(null);
    try {
      const known = address ? (await call<AddressRow[]>("/addresses", { query: { q: address, limit: 5 } })).find((a) => a.text === address.replace(/\s/g, "")) : undefined;
      const place = known ? { id: known.id, name: known.text, "@referredType": "GeographicAddress" } : address ? { name: address } : undefined;
      await post(SITES, { name: name.trim(), code: code.trim() || undefined, place }, { idempotencyKey: key });
      say.success(t("place.added"));
      await client.invalidateQueries({ queryKey: ["sites"] });
      onClose();
    } catch (cause) { setError(cause); setKey(newKey()); }
  };
  return (
    <Modal open onCancel={onClose} title={t("place.newSite")} width={480} okText={t("num.save")} cancelText={t("kit.cancel")} onOk={() => void go()} okButtonProps={{ disabled: !name.trim() }}>
      <div className="stack">
        <Field label={t("place.siteName")}>{(p) => <Input {...p} autoFocus maxLength={60} value={name} onChange={(e) => setName(e.target.value)} />}</Field>
        <Field label={t("place.siteCode")}>{(p) => <Input {...p} maxLength={30} value={code} onChange={(e) => setCode(e.target.value)} />}</Field>
        <Field label={t("place.siteAddress")}>{(p) => <AddressPicker {...p} value={address} onText={setAddress} />}</Field>
        {error ? <Failure error={error} /> : null}
      </div>
    </Modal>
  );
}
