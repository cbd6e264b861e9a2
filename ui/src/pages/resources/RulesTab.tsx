// What numbers go by: classes with their demands, days and limits, each with its source.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, InputNumber, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { count, toFen, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { DataTable } from "../../kit/DataTable";
import { Field } from "../../kit/layout";
import { Failure, Loaded } from "../../kit/states";
import { Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import type { NumberClass, Setting } from "./types";

const settingKey = (name: string) => name.replaceAll(".", "_");

export function RulesTab({ writes }: { writes: boolean }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<NumberClass | Setting | null>(null);
  const classes = useQuery({ queryKey: ["numberClasses"], queryFn: () => call<NumberClass[]>("/number-classes") });
  const settings = useQuery({ queryKey: ["inventorySettings"], queryFn: () => call<Setting[]>("/inventory-settings") });
  const edit = (of: NumberClass | Setting, name: string) => (writes ? <Button size="small" aria-label={t("num.edit", { name })} onClick={() => setEditing(of)}>{t("num.change")}</Button> : null);
  return (
    <>
      {!writes && <div className="muted" style={{ padding: "10px 14px 0" }}>{t("num.groupOnly")}</div>}
      <Loaded of={classes} what={t("num.class")} rows={4}>
        {(rows) => (
          <DataTable rows={rows} rowKey={(c) => c.class} label={t("num.class")} minWidth={820} columns={[
            { key: "class", title: t("num.class"), width: 110, lead: true, render: (c) => <span className={`chip${c.class === "normal" ? "" : " gold"}`}>{word("numberClass", c.class)}</span> },
            { key: "patterns", title: t("num.patterns"), wrap: true, render: (c) => <span className="mono">{c.patterns.replaceAll(",", "  ") || "—"}</span> },
            { key: "deposit", title: t("num.deposit"), width: 110, right: true, render: (c) => <Money fen={c.depositFen} /> },
            { key: "spend", title: t("num.minSpend"), width: 120, right: true, render: (c) => <Money fen={c.minSpendFen} /> },
            { key: "source", title: t("num.source"), width: 240, wrap: true, render: (c) => <Name wrap>{c.source}</Name> },
            { key: "edit", title: "", width: 90, right: true, render: (c) => edit(c, word("numberClass", c.class)) },
          ]} />
        )}
      </Loaded>
      <div style={{ borderTop: "1px solid var(--line)" }} />
      <Loaded of={settings} what={t("num.setting")} rows={4}>
        {(rows) => (
          <DataTable rows={rows} rowKey={(s) => s.name} label={t("num.setting")} minWidth={820} columns={[
            { key: "name", title: t("num.setting"), width: 260, lead: true, render: (s) => <Name>{word("num.settings", settingKey(s.name))}</Name> },
            { key: "value", title: t("num.value"), width: 110, right: true, render: (s) => <span className="num">{count(s.value)}</span> },
            { key: "source", title: t("num.source"), wrap: true, render: (s) => <Name wrap>{s.source}</Name> },
            { key: "edit", title: "", width: 90, right: true, render: (s) => edit(s, word("num.settings", settingKey(s.name))) },
          ]} />
        )}
      </Loaded>
      {editing && <Edit of={editing} onClose={() => setEditing(null)} key={"class" in editing ? editing.class : editing.name} />}
    </>
  );
}

function Edit({ of, onClose }: { of: NumberClass | Setting; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const isClass = "class" in of;
  const [source, setSource] = useState("");
  const [patterns, setPatterns] = useState(isClass ? of.patterns : "");
  const [deposit, setDeposit] = useState(isClass ? yuan(of.depositFen, false) : "");
  const [spend, setSpend] = useState(isClass ? yuan(of.minSpendFen, false) : "");
  const [value, setValue] = useState(isClass ? 0 : of.value);
  const [error, setError] = useState<unknown>(null);
  const name = isClass ? word("numberClass", of.class) : word("num.settings", settingKey(of.name));
  const good = source.trim() !== "" && (!isClass || (toFen(deposit) !== null && toFen(spend) !== null));
  const go = async () => {
    if (!good) return;
    setError(null);
    try {
      const body = isClass ? { patterns, depositFen: toFen(deposit), minSpendFen: toFen(spend), source } : { value, source };
      await call(isClass ? `/number-classes/${of.class}` : `/inventory-settings/${of.name}`, { method: "PUT", body });
      say.success(t("num.saved"));
      await client.invalidateQueries({ queryKey: [isClass ? "numberClasses" : "inventorySettings"] });
      onClose();
    } catch (cause) { setError(cause); }
  };
  return (
    <Modal open onCancel={onClose} title={t("num.edit", { name })} okText={t("num.save")} cancelText={t("kit.cancel")} onOk={() => void go()} okButtonProps={{ disabled: !good }} width={480}>
      <div className="stack">
        {isClass ? (
          <>
            <Field label={t("num.patterns")}>{(p) => <Input {...p} value={patterns} onChange={(e) => setPatterns(e.target.value)} />}</Field>
            <Field label={t("num.deposit")}>{(p) => <Input {...p} value={deposit} onChange={(e) => setDeposit(e.target.value)} prefix="¥" />}</Field>
            <Field label={t("num.minSpend")}>{(p) => <Input {...p} value={spend} onChange={(e) => setSpend(e.target.value)} prefix="¥" />}</Field>
          </>
        ) : <Field label={t("num.value")}>{(p) => <InputNumber {...p} value={value} min={0} onChange={(n) => setValue(n ?? 0)} />}</Field>}
        <Field label={t("num.source")}>{(p) => <Input {...p} value={source} maxLength={200} onChange={(e) => setSource(e.target.value)} />}</Field>
        {error ? <Failure error={error} /> : null}
      </div>
    </Modal>
  );
}
