// What is allocated by itself every month.
import { PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Input, InputNumber, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { toFen, yuan } from "../../lib/format";
import { useMay } from "../../lib/session";
import { DataTable } from "../../kit/DataTable";
import { Field, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { useGroups } from "./MembersTab";
import type { Rule, UnitHome } from "./types";
import { UNIT_KEYS, useDo } from "./use";

export function RulesTab({ unit }: { unit: UnitHome }) {
  const { t } = useTranslation();
  const may = useMay();
  const rules = useQuery({ queryKey: ["unit", unit.id, "rules"], queryFn: () => call<Rule[]>(`/unit-accounts/${unit.id}/rules`) });
  const groups = useGroups(unit.id);
  const [at, setAt] = useState<Rule | "new" | null>(null);
  const { run } = useDo(UNIT_KEYS);
  const turn = (r: Rule) => void run(`/unit-accounts/${unit.id}/rules/${r.id}`, { ...r, state: r.state === "active" ? "stopped" : "active" }, "PUT");
  return (
    <>
      <div className="filters"><span className="soft">{t("unit.rulesWhat")}</span>{may("unit.write") && <span style={{ marginLeft: "auto" }}><Button icon={<PlusOutlined aria-hidden />} onClick={() => setAt("new")}>{t("unit.addRule")}</Button></span>}</div>
      <Loaded of={rules} what={t("unit.tabRules")} rows={4}>
        {(all) => (
          <DataTable rows={all} rowKey={(r) => r.id} label={t("unit.tabRules")} minWidth={820} empty={<Nothing why={t("unit.noRules")} />} columns={[
            { key: "name", title: t("unit.ruleName"), lead: true, render: (r) => <Name>{r.name}</Name> },
            { key: "group", title: t("unit.group"), width: 120, render: (r) => (r.groupId ? <Name>{groups.data?.find((g) => g.id === r.groupId)?.name}</Name> : t("unit.everybody")) },
            { key: "how", title: t("unit.how"), width: 130, render: (r) => t(`unit.byHow.${r.how}`) },
            { key: "amount", title: t("unit.amount"), width: 110, right: true, render: (r) => (r.how === "fixed" ? <Money fen={r.amountFen} /> : <span className="muted">—</span>) },
            { key: "day", title: t("unit.dayOfMonth"), width: 100, right: true, render: (r) => <span className="num">{r.dayOfMonth}</span> },
            { key: "next", title: t("unit.nextOn"), width: 110, render: (r) => (r.state === "active" ? <span className="num">{r.nextOn}</span> : "—") },
            { key: "state", title: t("unit.ruleState"), width: 90, render: (r) => <Status group="ruleState" code={r.state} /> },
            { key: "do", title: "", width: 120, right: true, render: (r) => may("unit.write") && <span className="row" style={{ justifyContent: "flex-end" }}><button type="button" className="linkish" onClick={() => setAt(r)}>{t("unit.edit")}</button><button type="button" className="linkish" onClick={() => turn(r)}>{t(r.state === "active" ? "unit.stop" : "unit.start")}</button></span> },
          ]} />
        )}
      </Loaded>
      {at && <RuleForm unit={unit} rule={at === "new" ? null : at} onClose={() => setAt(null)} />}
    </>
  );
}

function RuleForm({ unit, rule, onClose }: { unit: UnitHome; rule: Rule | null; onClose: () => void }) {
  const { t } = useTranslation();
  const groups = useGroups(unit.id);
  const [name, setName] = useState(rule?.name ?? "");
  const [group, setGroup] = useState(rule?.groupId ?? "");
  const [how, setHow] = useState<Rule["how"]>(rule?.how ?? "toLimit");
  const [amount, setAmount] = useState(rule?.amountFen ? yuan(rule.amountFen, false).replaceAll(",", "") : "");
  const [day, setDay] = useState(rule?.dayOfMonth ?? 1);
  const [collect, setCollect] = useState(rule?.collectFirst ?? false);
  const { busy, error, run } = useDo(UNIT_KEYS);
  const fen = toFen(amount);
  const ready = name.trim() && (how === "toLimit" || !!fen);
  const go = async () => {
    if (!ready) return;
    const body = { name: name.trim(), groupId: group || null, how, amountFen: how === "fixed" ? fen : 0, dayOfMonth: day, collectFirst: collect };
    const done = rule ? await run(`/unit-accounts/${unit.id}/rules/${rule.id}`, body, "PUT") : await run(`/unit-accounts/${unit.id}/rules`, body);
    if (done) { say.success(t("unit.saved")); onClose(); }
  };
  return (
    <Modal open onCancel={onClose} title={t(rule ? "unit.edit" : "unit.addRule")} width={440} footer={[<Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>, <Button key="go" type="primary" loading={busy} disabled={!ready} onClick={() => void go()}>{t("kit.save")}</Button>]}>
      <div className="stack">
        <Field label={t("unit.ruleName")}>{(p) => <Input {...p} autoFocus maxLength={40} value={name} onChange={(e) => setName(e.target.value)} />}</Field>
        <Segments label={t("unit.how")} at={how} onPick={setHow} items={[{ id: "toLimit", title: t("unit.byHow.toLimit") }, { id: "fixed", title: t("unit.byHow.fixed") }]} />
        {how === "fixed" && <Field label={t("unit.amount")} error={amount && !fen ? t("counter.notAmount") : null}>{(p) => <Input {...p} prefix="¥" inputMode="decimal" value={amount} maxLength={13} onChange={(e) => setAmount(e.target.value)} />}</Field>}
        <Field label={t("unit.group")}>{(p) => <Pick {...p} value={group} onPick={setGroup} width="100%" options={[{ value: "", label: t("unit.everybody") }, ...(groups.data ?? []).map((g) => ({ value: g.id, label: g.name }))]} />}</Field>
        <Field label={t("unit.dayOfMonth")}>{(p) => <InputNumber {...p} min={1} max={28} precision={0} value={day} onChange={(v) => setDay(v ?? 1)} />}</Field>
        <label className="tick"><input type="checkbox" checked={collect} onChange={(e) => setCollect(e.target.checked)} />{t("unit.collectFirst")}</label>
        {error ? <Failure error={error} what={t("unit.tabRules")} /> : null}
      </div>
    </Modal>
  );
}
