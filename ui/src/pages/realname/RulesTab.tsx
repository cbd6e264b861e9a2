// Which business asks for a name, and the figures, each with where it comes from.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { DataTable } from "../../kit/DataTable";
import { Field, Panel } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Failure, Loaded } from "../../kit/states";
import { Name } from "../../kit/text";
import { say } from "../../kit/toast";

interface Rule { family: string; business: string; level: string; source: string }
interface Figure { name: string; value: number; source: string }
const LEVELS = ["none", "certificate", "verification"] as const;

export function RulesTab() {
  const { t } = useTranslation();
  const manages = useMay()("realname.manage");
  const [rule, setRule] = useState<Rule | null>(null);
  const [figure, setFigure] = useState<Figure | null>(null);
  const all = useQuery({ queryKey: ["realnameRules"], queryFn: () => call<{ rules: Rule[]; settings: Figure[] }>("/realname/rules") });
  return (
    <Loaded of={all} what={t("realname.rules")}>{(data) => (
      <div className="cols2">
        <Panel title={t("realname.needs")} flush>
          <DataTable rows={data.rules} rowKey={(r) => `${r.family}.${r.business}`} label={t("realname.needs")} minWidth={600} columns={[
            { key: "family", title: t("realname.family"), width: 110, lead: true, render: (r) => word("family", r.family) },
            { key: "business", title: t("realname.business"), width: 126, render: (r) => word("businessName", r.business) },
            { key: "level", title: t("realname.needs"), width: 128, render: (r) => <span className={r.level === "verification" ? "strong" : undefined}>{word("realname.levels", r.level)}</span> },
            { key: "source", title: t("realname.source"), render: (r) => <Name className="muted">{r.source}</Name> },
            ...(manages ? [{ key: "do", title: "", width: 88, right: true, render: (r: Rule) => <Button size="small" type="link" aria-label={`${t("identity.edit")} ${word("family", r.family)} ${word("businessName", r.business)}`} onClick={() => setRule(r)}>{t("identity.edit")}</Button> }] : []),
          ]} />
        </Panel>
        <Panel title={t("realname.figure")} flush>
          <DataTable rows={data.settings} rowKey={(r) => r.name} label={t("realname.figure")} minWidth={560} columns={[
            { key: "name", title: t("realname.figure"), width: 226, lead: true, render: (r) => <Name>{figureName(r.name)}</Name> },
            { key: "value", title: "", width: 70, right: true, render: (r) => <span className="num strong">{r.value}</span> },
            { key: "source", title: t("realname.source"), render: (r) => <Name className="muted">{r.source}</Name> },
            ...(manages ? [{ key: "do", title: "", width: 88, right: true, render: (r: Figure) => <Button size="small" type="link" aria-label={`${t("identity.edit")} ${figureName(r.name)}`} onClick={() => setFigure(r)}>{t("identity.edit")}</Button> }] : []),
          ]} />
        </Panel>
        <Modal open={!!rule || !!figure} onCancel={() => { setRule(null); setFigure(null); }} footer={null} destroyOnHidden width={440} title={rule ? `${word("family", rule.family)} · ${word("businessName", rule.business)}` : figure ? figureName(figure.name) : ""}>
          {(rule || figure) && <ChangeForm rule={rule} figure={figure} onDone={() => { setRule(null); setFigure(null); }} />}
        </Modal>
      </div>
    )}</Loaded>
  );

  function figureName(name: string) {
    const names: Record<string, string> = t("realname.figures", { returnObjects: true }) as never;
    return names[name] ?? name;
  }
}

function ChangeForm({ rule, figure, onDone }: { rule: Rule | null; figure: Figure | null; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [level, setLevel] = useState(rule?.level ?? "");
  const [value, setValue] = useState(String(figure?.value ?? ""));
  const [source, setSource] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const go = async () => {
    setBusy(true);
    setError(null);
    try {
      if (rule) await call("/realname/rules", { method: "PUT", body: { family: rule.family, business: rule.business, level, source } });
      if (figure) await call("/realname/settings", { method: "PUT", body: { name: figure.name, value: Number(value), source } });
      await client.invalidateQueries({ queryKey: ["realnameRules"] });
      say.success(t("kit.saved"));
      onDone();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  const good = source.trim() && (rule || /^\d{1,6}$/.test(value));
  return (
    <form className="stack" onSubmit={(e) => { e.preventDefault(); void go(); }}>
      {rule && <Field label={t("realname.needs")}>{(f) => <Pick id={f.id} value={level} onPick={setLevel} width="100%" options={LEVELS.map((l) => ({ value: l, label: t(`realname.levels.${l}`) }))} />}</Field>}
      {figure && <Field label={t("realname.figure")}>{(f) => <Input {...f} autoFocus inputMode="numeric" className="num" value={value} onChange={(e) => setValue(e.target.value)} />}</Field>}
      <Field label={t("realname.sourceNeeded")}>{(f) => <Input {...f} maxLength={300} value={source} onChange={(e) => setSource(e.target.value)} />}</Field>
      {error ? <Failure error={error} what={t("realname.save")} /> : null}
      <div className="row" style={{ justifyContent: "flex-end" }}><Button onClick={onDone}>{t("kit.cancel")}</Button><Button type="primary" htmlType="submit" loading={busy} disabled={!good}>{t("realname.save")}</Button></div>
    </form>
  );
}
