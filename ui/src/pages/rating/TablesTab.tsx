// The tables that plans refer to, each row with its source; who puts plans into force changes them.
import { PlusOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DataTable } from "../../kit/DataTable";
import { Field, Panel, Segments } from "../../kit/layout";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { call } from "../../lib/api";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import type { TableRow, Tables } from "./types";
import { either, price } from "./types";

type Which = keyof Tables;
const ALL: Which[] = ["destination", "free", "band", "zone", "tax", "taxFamily", "default"];
const clock = (m = 0) => `${String(Math.floor(m / 60)).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}`;

export function TablesTab() {
  const { t } = useTranslation();
  const sets = useMay()("rating.activate");
  const { search, set } = useUrl();
  const at = ALL.find((w) => w === search.table) ?? "destination";
  const [editing, setEditing] = useState<TableRow | null>(null);
  const tables = useQuery({ queryKey: ["rating", "tables"], queryFn: () => call<Tables>("/rating/tables") });
  const days = (mask = 0) => (mask === 127 ? t("rating.everyDay") : (["0", "1", "2", "3", "4", "5", "6"] as const).filter((d) => mask & (1 << Number(d))).map((d) => t(`rating.weekday.${d}`)).join(" "));
  const value = (r: TableRow): string => {
    if (at === "band") return `${days(r.days)} ${clock(r.fromMinute)}–${clock(r.toMinute)}`;
    if (at === "tax") return `${(r.permille ?? 0) / 10} %（${r.validFrom} ${t("rating.since")}）`;
    if (at === "default") return price(r.value ?? 0);
    if (at === "taxFamily") {
      const tax = tables.data?.tax.find((x) => x.key === r.class);
      return tax ? either(tax.name ?? "", tax.nameEn ?? "") : (r.class ?? "");
    }
    return r.class ?? "";
  };
  return (
    <Panel flush>
      <div className="rating-filter">
        <Segments label={t("rating.tables")} at={at} onPick={(w) => set({ table: w === "destination" ? undefined : w })} items={ALL.map((w) => ({ id: w, title: t(`rating.table.${w}`) }))} />
        <span className="grow" />
        {sets && at !== "default" && <Button icon={<PlusOutlined aria-hidden />} onClick={() => setEditing({ key: "", source: "" })}>{t("rating.addRow")}</Button>}
      </div>
      <div className="rating-filter soft">{t(`rating.tableNote.${at}`)}</div>
      <Loaded of={tables} what={t("rating.tables")} rows={6}>{(d) => (
        <DataTable<TableRow> rows={d[at]} rowKey={(r) => `${r.key}-${r.seq ?? ""}-${r.validFrom ?? ""}`} label={t(`rating.table.${at}`)} minWidth={760} empty={<Nothing why={t("rating.noRows")} />} columns={[
          { key: "key", title: t(`rating.keyOf.${at}`), width: 170, lead: true, render: (r) => <Name className="num">{at === "default" ? t(`rating.usual.${r.key.replace(".", "-")}`, { defaultValue: r.key }) : r.key || t("rating.otherNumbers")}</Name> },
          ...(at === "default" ? [] : [{ key: "name", title: t("rating.name"), width: 220, render: (r: TableRow) => <Name>{either(r.name ?? "", r.nameEn ?? "")}</Name> }]),
          ...(at === "free" ? [] : [{ key: "value", title: t(`rating.valueOf.${at}`), width: 310, render: (r: TableRow) => <span className="num">{at === "destination" || at === "zone" ? t(`rating.classes.${r.class}`, { defaultValue: r.class ?? "" }) : value(r)}</span> }]),
          { key: "source", title: t("rating.source"), wrap: true, render: (r) => <bdi className="wrap soft">{r.source}</bdi> },
          ...(sets ? [{ key: "do", title: "", width: 104, right: true, render: (r: TableRow) => <Button size="small" type="link" aria-label={`${t("rating.change")} ${r.key}`} onClick={() => setEditing(r)}>{t("rating.change")}</Button> }] : []),
        ]} />
      )}</Loaded>
      <Modal open={!!editing} onCancel={() => setEditing(null)} footer={null} destroyOnHidden width={480} title={t(`rating.table.${at}`)}>
        {editing && <Form table={at} of={editing} onDone={() => setEditing(null)} />}
      </Modal>
    </Panel>
  );
}

function Form({ table, of, onDone }: { table: Which; of: TableRow; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [row, setRow] = useState<TableRow>({ ...of });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const put = (more: Partial<TableRow>) => setRow((r) => ({ ...r, ...more }));
  const number = (name: keyof TableRow, label: string, hint?: string) => (
    <Field label={label} hint={hint}>{(f) => <Input {...f} inputMode="numeric" value={String(row[name] ?? "")} onChange={(e) => put({ [name]: Number(e.target.value.replace(/\D/g, "")) || 0 })} />}</Field>
  );
  const text = (name: keyof TableRow, label: string, hint?: string, fixed?: boolean) => (
    <Field label={label} hint={hint}>{(f) => <Input {...f} value={String(row[name] ?? "")} disabled={fixed} maxLength={name === "source" ? 300 : 100} onChange={(e) => put({ [name]: e.target.value })} />}</Field>
  );
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      await call(`/rating/tables/${table}`, { method: "PUT", body: row });
      await client.invalidateQueries({ queryKey: ["rating"] });
      say.success(t("kit.saved"));
      onDone();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  return (
    <form className="stack" onSubmit={(e) => { e.preventDefault(); void save(); }}>
      {text("key", t(`rating.keyOf.${table}`), undefined, of.source !== "")}
      {table !== "default" && <>{text("name", t("rating.name"))}{text("nameEn", t("rating.nameEn"))}</>}
      {(table === "destination" || table === "zone" || table === "taxFamily") && text("class", t(`rating.valueOf.${table}`), table === "taxFamily" ? "basic, valueAdded, goods, modern, none" : t("rating.classHint"))}
      {table === "band" && <>{number("days", t("rating.days"), t("rating.daysHint"))}{number("fromMinute", t("rating.fromMinute"))}{number("toMinute", t("rating.toMinute"))}</>}
      {table === "tax" && <>{text("validFrom", t("rating.validFrom"), "2026-01-01")}{number("permille", t("rating.permille"))}</>}
      {table === "default" && number("value", t("rating.milliFen"))}
      {text("source", t("rating.source"), t("rating.sourceHint"))}
      {error ? <Failure error={error} what={t("rating.save")} /> : null}
      <div className="row" style={{ justifyContent: "flex-end" }}><Button onClick={onDone}>{t("kit.cancel")}</Button><Button type="primary" htmlType="submit" loading={busy} disabled={!row.source.trim()}>{t("rating.save")}</Button></div>
    </form>
  );
}
