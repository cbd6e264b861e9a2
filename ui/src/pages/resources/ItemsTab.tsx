// Single cards and devices: found by scanning, opened with their history, written off with a reason.
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Drawer, Input } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, post } from "../../lib/api";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import { Facts } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { KINDS } from "./types";
import type { Item, Moved, Warehouse } from "./types";

const STATES = ["inStock", "reserved", "bound", "inTransit", "returned", "damaged", "lost", "scrapped"];
const SIZE = 50;
type Change = "damage" | "lose" | "find" | "scrap" | "restock";
const CHANGES: Record<string, Change[]> = { inStock: ["damage", "lose"], returned: ["restock", "damage", "scrap"], damaged: ["scrap", "lose"], lost: ["find"] };
const WHY: Record<Change, "whyDamage" | "whyLose" | "whyScrap" | "whyFind" | "whyRestock"> = { damage: "whyDamage", lose: "whyLose", scrap: "whyScrap", find: "whyFind", restock: "whyRestock" };

export const useWarehouses = () => useQuery({ queryKey: ["warehouses"], queryFn: () => call<Warehouse[]>("/stock/warehouses"), staleTime: 60_000 });

export function ItemsTab() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const houses = useWarehouses();
  const [text, setText] = useState(search.q ?? "");
  useEffect(() => {
    const timer = setTimeout(() => { if (text !== (search.q ?? "")) set({ q: text || undefined }); }, 250);
    return () => clearTimeout(timer);
  }, [text, search.q, set]);
  const page = Number(search.page ?? 1);
  const query = { q: search.q, kind: search.kind, state: search.state, warehouseId: search.warehouse, limit: SIZE, offset: (page - 1) * SIZE };
  const rows = useQuery({ queryKey: ["items", query], queryFn: ({ signal }) => call<Item[]>("/stock/items", { query, signal }), placeholderData: keepPreviousData });
  const name = (id: string) => houses.data?.find((w) => w.id === id)?.name ?? id;
  return (
    <>
      <div className="filters">
        <Input aria-label={t("stock.serial")} placeholder={t("stock.serialHint")} value={text} onChange={(e) => setText(e.target.value)} allowClear autoFocus style={{ width: 280 }} />
        <Pick label={t("stock.kind")} value={search.kind ?? ""} onPick={(v) => set({ kind: v || undefined })} options={[{ value: "", label: t("stock.anyKind") }, ...KINDS.map((k) => ({ value: k, label: word("itemKind", k) }))]} />
        <Pick label={t("num.state")} value={search.state ?? ""} onPick={(v) => set({ state: v || undefined })} options={[{ value: "", label: t("stock.anyState") }, ...STATES.map((s) => ({ value: s, label: word("itemState", s) }))]} />
        <Pick label={t("stock.warehouse")} width={220} value={search.warehouse ?? ""} onPick={(v) => set({ warehouse: v || undefined })} options={[{ value: "", label: t("stock.anyWarehouse") }, ...(houses.data ?? []).map((w) => ({ value: w.id, label: w.name }))]} />
      </div>
      <Loaded of={rows} what={t("stock.items")} rows={8}>
        {(data) => (
          <>
            <DataTable rows={data} rowKey={(r) => r.serial} label={t("stock.items")} minWidth={860} keys={!search.serial} onOpen={(r) => set({ serial: r.serial, page })} empty={<Nothing why={t("stock.itemsNone")} />} columns={[
              { key: "serial", title: t("stock.serial"), width: 220, lead: true, render: (r) => <span className="mono">{r.serial}</span> },
              { key: "kind", title: t("stock.kind"), width: 100, render: (r) => word("itemKind", r.kind) },
              { key: "model", title: t("stock.model"), width: 150, render: (r) => <Name>{r.model}</Name> },
              { key: "state", title: t("num.state"), width: 110, render: (r) => <Status group="itemState" code={r.state} /> },
              { key: "house", title: t("stock.warehouse"), render: (r) => <Name>{name(r.warehouseId)}</Name> },
              { key: "imsi", title: "IMSI", width: 150, render: (r) => <span className="num">{r.imsi ?? "—"}</span> },
            ]} />
            {(data.length === SIZE || page > 1) && <Pager page={page} size={SIZE} total={null} shown={data.length} onPage={(n) => set({ page: n })} />}
          </>
        )}
      </Loaded>
      <Drawer open={!!search.serial} onClose={() => set({ serial: undefined, page })} size={560} destroyOnHidden title={<span className="mono">{search.serial}</span>}>
        {search.serial && <One serial={search.serial} key={search.serial} name={name} />}
      </Drawer>
    </>
  );
}

function One({ serial, name }: { serial: string; name: (id: string) => string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const [change, setChange] = useState<Change | null>(null);
  const [revealing, setRevealing] = useState(false);
  const [secret, setSecret] = useState<{ puk?: string | null; pin?: string | null } | null>(null);
  const of = useQuery({ queryKey: ["item", serial], queryFn: () => call<Item & { history: Moved[] }>(`/stock/items/${serial}`), retry: false });
  return (
    <Loaded of={of} what={serial} rows={6}>
      {(i) => (
        <div className="stack">
          <div className="row wraps"><Status group="itemState" code={i.state} /><span className="chip">{word("itemKind", i.kind)}</span></div>
          <Facts two items={[[t("stock.model"), <Name key="m">{i.model}</Name>], [t("stock.warehouse"), <Name key="w">{name(i.warehouseId)}</Name>], ["IMSI", i.imsi ?? "—"], [t("num.product"), i.productId ? <span key="p" className="mono wrap">{i.productId}</span> : "—"]]} />
          <div className="row wraps">
            {may("stock.move") && (CHANGES[i.state] ?? []).filter((c) => !(c === "restock" && i.kind === "sim")).map((c) => <Button key={c} danger={c === "lose" || c === "scrap"} onClick={() => setChange(c)}>{t(`stock.change.${c}`)}</Button>)}
            {i.kind === "sim" && may("stock.reveal") && !secret && <Button onClick={() => setRevealing(true)}>{t("stock.reveal")}</Button>}
            {secret && <span className="chip mono">{t("stock.revealed", { puk: secret.puk ?? "—", pin: secret.pin ?? "—" })}</span>}
          </div>
          <h3>{t("stock.history")}</h3>
          {i.history.length === 0 ? <div className="muted">{t("stock.historyNone")}</div> : (
            <ul className="history">{i.history.map((h, n) => <li key={n}><At at={h.at} /><span>{word("stock.event", h.what)}</span><Name>{h.reason || name(h.warehouseId)}</Name><Name>{h.by}</Name></li>)}</ul>
          )}
          <ReasonDialog open={change !== null} title={t("stock.changeTitle", { what: change ? t(`stock.change.${change}`) : "", serial })} confirm={change ? t(`stock.change.${change}`) : ""} danger={change === "scrap" || change === "lose"}
            suggestions={change ? [t(`stock.${WHY[change]}`)] : []} onClose={() => setChange(null)}
            onConfirm={async (reason) => {
              await post(`/stock/items/${serial}/change`, { action: change, reason });
              say.success(t("stock.changed", { what: t(`stock.change.${change!}`) }));
              await Promise.all(["item", "items", "levels"].map((k) => client.invalidateQueries({ queryKey: [k] })));
            }} />
          <ReasonDialog open={revealing} title={t("stock.reveal")} note={t("stock.revealNote")} confirm={t("stock.reveal")} suggestions={[t("stock.revealWhy1"), t("stock.revealWhy2")]} onClose={() => setRevealing(false)}
            onConfirm={async (reason) => { setSecret(await post(`/stock/items/${serial}/reveal`, { reason })); setTimeout(() => setSecret(null), 60_000); }} />
        </div>
      )}
    </Loaded>
  );
}
