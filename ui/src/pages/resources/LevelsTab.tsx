// Stock by warehouse: a bar for each, and the lines behind, with what is too low.
import { PlusOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, InputNumber, Modal } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { count } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { LazyChart } from "../../charts/LazyChart";
import { DataTable, Pager } from "../../kit/DataTable";
import { Field } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { OrgName, useOrgNames } from "./OrgName";
import { KINDS } from "./types";
import type { Level, LevelLine } from "./types";

interface Row extends LevelLine { key: string; warehouse: Level }
const SHOWN = 10;
const SIZE = 50;

export function LevelsTab() {
  const { t } = useTranslation();
  const may = useMay();
  const { search, set } = useUrl();
  const [making, setMaking] = useState(false);
  const [minimum, setMinimum] = useState<Row | null>(null);
  const kind = search.kind ?? "sim";
  const levels = useQuery({ queryKey: ["levels", kind], queryFn: () => call<Level[]>("/stock/levels", { query: { kind } }) });
  const lowOnly = search.low === "true";
  const page = Number(search.page ?? 1);
  const free = (w: Level) => w.lines.reduce((n, l) => n + l.free, 0);
  const bars = useMemo(() => [...(levels.data ?? [])].sort((a, b) => free(b) - free(a)).slice(0, SHOWN).map((w) => ({ label: w.name, value: free(w), key: w.id })), [levels.data]);
  const rows = useMemo<Row[]>(
    () => (levels.data ?? []).flatMap((w) => (w.lines.length > 0 ? w.lines : [{ kind, model: "", states: {}, free: 0, minimum: null, low: false }]).map((l) => ({ ...l, key: `${w.id}.${l.kind}.${l.model}`, warehouse: w }))).filter((r) => !lowOnly || r.low),
    [levels.data, lowOnly, kind],
  );
  return (
    <>
      <div className="filters">
        <Pick label={t("stock.kind")} value={kind} onPick={(k) => set({ kind: k === "sim" ? undefined : k, page: 1 })} options={KINDS.map((k) => ({ value: k, label: word("itemKind", k) }))} />
        <label className="tick"><input type="checkbox" checked={lowOnly} onChange={(e) => set({ low: e.target.checked ? "true" : undefined, page: 1 })} />{t("stock.lowOnly")}</label>
        {may("stock.manage") && <span style={{ marginLeft: "auto" }}><Button icon={<PlusOutlined aria-hidden />} onClick={() => setMaking(true)}>{t("stock.newWarehouse")}</Button></span>}
      </div>
      <Loaded of={levels} what={t("stock.levels")} rows={8}>
        {(data) => data.length === 0 ? <Nothing why={t("stock.levelsNone")} /> : (
          <>
            {!lowOnly && (
              <div style={{ padding: "12px 14px 4px" }}>
                <LazyChart title={t("stock.byWarehouse")} unit={t("stock.pieces")} data={bars} kind="bar" height={Math.max(70, bars.length * 24)} format={count} />
                {data.length > SHOWN && <div className="muted" style={{ fontSize: 12 }}>{t("stock.more", { count: data.length - SHOWN })}</div>}
              </div>
            )}
            <DataTable rows={rows.slice((page - 1) * SIZE, page * SIZE)} rowKey={(r) => r.key} label={t("stock.levels")} minWidth={900} empty={<Nothing why={t("stock.itemsNone")} />} columns={[
              { key: "name", title: t("stock.warehouse"), lead: true, render: (r) => <Name>{r.warehouse.name}</Name> },
              { key: "level", title: word("num", "org"), width: 190, render: (r) => <span className="row" style={{ gap: 6 }}><span className="chip">{word("warehouseLevel", String(r.warehouse.level))}</span><OrgName path={r.warehouse.org} /></span> },
              { key: "model", title: t("stock.model"), width: 150, render: (r) => (r.model ? <Name>{r.model}</Name> : <span className="muted">{t("stock.empty")}</span>) },
              { key: "free", title: t("stock.freeCount"), width: 90, right: true, render: (r) => <button type="button" className="linkish num" onClick={() => set({ tab: "items", warehouse: r.warehouse.id, kind: r.kind, state: "inStock" })}>{count(r.free)}</button> },
              { key: "reserved", title: t("stock.reservedCount"), width: 80, right: true, render: (r) => <span className="num">{count(r.states.reserved ?? 0)}</span> },
              { key: "moving", title: t("stock.moving"), width: 70, right: true, render: (r) => <span className="num">{count(r.states.inTransit ?? 0)}</span> },
              {
                key: "minimum", title: t("stock.minimum"), width: 170, right: true,
                render: (r) => (
                  <span className="row" style={{ justifyContent: "flex-end" }}>
                    {r.low ? <span className="status bad">{t("stock.low", { n: r.minimum })}</span> : <span className="num">{r.minimum ?? "—"}</span>}
                    {may("stock.manage") && <Button size="small" onClick={() => setMinimum(r)} title={t("stock.setMinimumOf", { name: r.warehouse.name, kind: word("itemKind", r.kind) })}>{t("num.change")}</Button>}
                  </span>
                ),
              },
            ]} />
            {rows.length > SIZE && <Pager page={page} size={SIZE} total={rows.length} shown={Math.min(SIZE, rows.length - (page - 1) * SIZE)} onPage={(n) => set({ page: n })} />}
          </>
        )}
      </Loaded>
      {making && <NewWarehouse onClose={() => setMaking(false)} />}
      {minimum && <Minimum of={minimum} onClose={() => setMinimum(null)} />}
    </>
  );
}

function NewWarehouse({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const names = useOrgNames();
  const [name, setName] = useState("");
  const [org, setOrg] = useState("");
  const [key] = useState(newKey);
  const [error, setError] = useState<unknown>(null);
  const go = async () => {
    if (!name.trim() || !org) return;
    setError(null);
    try {
      await post("/stock/warehouses", { org, name: name.trim(), parentId: null }, { idempotencyKey: key });
      say.success(t("num.saved"));
      await Promise.all(["levels", "warehouses"].map((k) => client.invalidateQueries({ queryKey: [k] })));
      onClose();
    } catch (cause) { setError(cause); }
  };
  return (
    <Modal open onCancel={onClose} title={t("stock.newWarehouse")} onOk={() => void go()} okText={t("num.save")} cancelText={t("kit.cancel")} okButtonProps={{ disabled: !name.trim() || !org }} width={440}>
      <div className="stack">
        <Field label={t("stock.name")}>{(p) => <Input {...p} autoFocus maxLength={60} value={name} onChange={(e) => setName(e.target.value)} />}</Field>
        <Field label={t("stock.place")}>{(p) => <Pick id={p.id} value={org} onPick={setOrg} width="100%" options={[{ value: "", label: "—" }, ...[...names].map(([value, label]) => ({ value, label: `${label} ${value}` }))]} />}</Field>
        {error ? <Failure error={error} /> : null}
      </div>
    </Modal>
  );
}

function Minimum({ of, onClose }: { of: Row; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [n, setN] = useState(of.minimum ?? 0);
  const [error, setError] = useState<unknown>(null);
  const go = async () => {
    setError(null);
    try {
      await call(`/stock/warehouses/${of.warehouse.id}/minimum`, { method: "PUT", body: { kind: of.kind, minimum: n } });
      say.success(t("num.saved"));
      await client.invalidateQueries({ queryKey: ["levels"] });
      onClose();
    } catch (cause) { setError(cause); }
  };
  return (
    <Modal open onCancel={onClose} title={t("stock.setMinimum")} onOk={() => void go()} okText={t("num.save")} cancelText={t("kit.cancel")} width={400}>
      <div className="stack">
        <div className="soft">{t("stock.setMinimumOf", { name: of.warehouse.name, kind: word("itemKind", of.kind) })}</div>
        <Field label={t("stock.minimum")}>{(p) => <InputNumber {...p} autoFocus min={0} max={1000000} value={n} onChange={(v) => setN(v ?? 0)} onPressEnter={() => void go()} />}</Field>
        {error ? <Failure error={error} /> : null}
      </div>
    </Modal>
  );
}
