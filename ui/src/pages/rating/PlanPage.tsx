// One plan: its versions, the form of a draft, and the bench that rates samples by what stands in the form.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Button, Input, Modal } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Facts, Field, PageHead, Panel, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At } from "../../kit/text";
import { say } from "../../kit/toast";
import { call, newKey, post } from "../../lib/api";
import { day } from "../../lib/format";
import { comma, word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { BenchPanel } from "./BenchPanel";
import { PlanForm } from "./PlanForm";
import type { Plan, PlanWhole, Tables, Version } from "./types";
import { blankPlan, either } from "./types";
import "./rating.css";

export default function PlanPage() {
  const { t } = useTranslation();
  const { id } = useParams({ strict: false }) as { id: string };
  const fresh = id === "new";
  const whole = useQuery({ queryKey: ["rating", "plan", id], enabled: !fresh, queryFn: () => call<PlanWhole>(`/rating/plans/${encodeURIComponent(id)}`) });
  const tables = useQuery({ queryKey: ["rating", "tables"], queryFn: () => call<Tables>("/rating/tables") });
  if (fresh) return <div className="page"><PageHead title={t("rating.newPlan")} /><Loaded of={tables} what={t("rating.tables")}>{(d) => <Editor tables={d} />}</Loaded></div>;
  return <div className="page"><Loaded of={whole} what={t("rating.plan")} rows={10}>{(p) => <Loaded of={tables} what={t("rating.tables")}>{(d) => <Known whole={p} tables={d} />}</Loaded>}</Loaded></div>;
}

function Known({ whole, tables }: { whole: PlanWhole; tables: Tables }) {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const version = whole.versions.find((v) => String(v.version) === search.version) ?? whole.versions[0]!;
  return (
    <>
      <PageHead title={either(whole.name, whole.nameEn)} sub={<span className="num">{whole.id}</span>}>
        <Pick label={t("rating.version")} value={String(version.version)} onPick={(v) => set({ version: v })} options={whole.versions.map((v) => ({ value: String(v.version), label: `${t("rating.versionN", { n: v.version })} · ${word("planState", v.state)}` }))} />
      </PageHead>
      <Editor key={`${version.version}-${version.rowVersion}-${version.state}`} whole={whole} version={version} tables={tables} />
    </>
  );
}

function Editor({ whole, version, tables }: { whole?: PlanWhole; version?: Version; tables: Tables }) {
  const { t } = useTranslation();
  const may = useMay();
  const client = useQueryClient();
  const go = useNavigate();
  const [plan, setPlan] = useState<Plan>(() => ({ ...blankPlan(), ...(version?.plan ?? {}) }));
  const [id, setId] = useState("");
  const [from, setFrom] = useState(version ? day(version.validFrom) : day(new Date().toISOString()));
  const [note, setNote] = useState(version?.note ?? "");
  const [view, setView] = useState<"form" | "raw">("form");
  const [raw, setRaw] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [retiring, setRetiring] = useState(false);
  const [binding, setBinding] = useState(false);
  const editable = may("rating.write") && (!version || version.state === "draft");
  const rawError = useMemo(() => { if (view !== "raw") return null; try { JSON.parse(raw); return null; } catch (e) { return String((e as Error).message); } }, [view, raw]);
  const show = (next: "form" | "raw") => {
    if (next === "form" && view === "raw") {
      if (rawError) return;
      if (editable) setPlan({ ...blankPlan(), ...(JSON.parse(raw) as Plan) });
    }
    if (next === "raw" && view !== "raw") setRaw(JSON.stringify(plan, null, 2));
    setView(next);
  };
  const current = (): Plan => (view === "raw" && !rawError ? (JSON.parse(raw) as Plan) : plan);
  const done = async (text: string, more?: () => void) => { await client.invalidateQueries({ queryKey: ["rating"] }); say.success(text); more?.(); };
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try { await work(); } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  const at = whole ? `/rating/plans/${encodeURIComponent(whole.id)}/versions/${version!.version}` : "";
  const save = () => run(async () => {
    const body = { plan: current(), validFrom: from, note };
    if (!version) {
      const made = await post<Version>("/rating/plans", { ...body, id: id.trim() }, { idempotencyKey: newKey() });
      await done(t("kit.saved"), () => void go({ to: "/app/rating/plans/$id", params: { id: made.id } }));
      return;
    }
    await call(at, { method: "PUT", body, ifMatch: version.rowVersion });
    await done(t("kit.saved"));
  });
  const next = () => run(async () => {
    const made = await post<Version>(`/rating/plans/${encodeURIComponent(whole!.id)}/versions`, { plan: current(), note: "" }, { idempotencyKey: newKey() });
    await done(t("rating.versionMade", { n: made.version }), () => void go({ to: "/app/rating/plans/$id", params: { id: whole!.id }, search: { version: String(made.version) } as never }));
  });
  const activate = () => run(async () => { await post(`${at}/activate`); await done(t("rating.activated")); });
  const retire = async () => { await post(`${at}/retire`); await done(t("rating.retired")); };
  const drop = () => run(async () => { await call(at, { method: "DELETE" }); await done(t("rating.deleted"), () => void go({ to: "/app/rating", search: { tab: "plans" } as never })); });
  return (
    <div className="rating-editor">
      <div className="stack">
        <Panel title={version ? <Status group="planState" code={version.state} /> : t("rating.draft")} acts={
          <div className="row">
            <Segments label={t("rating.view")} at={view} onPick={show} items={[{ id: "form", title: t("rating.form") }, { id: "raw", title: t("rating.raw") }]} />
            {version?.state === "draft" && may("rating.activate") && <Button onClick={() => void activate()} disabled={busy} title={t("rating.activateNote")}>{t("rating.activate")}</Button>}
            {version?.state === "draft" && editable && <Button danger onClick={() => void drop()} disabled={busy}>{t("rating.delete")}</Button>}
            {version?.state === "active" && may("rating.activate") && <>{!whole!.id.includes(":") && <Button onClick={() => setBinding(true)}>{t("rating.offerings")}</Button>}<Button onClick={() => setRetiring(true)}>{t("rating.retire")}</Button></>}
            {version && version.state !== "draft" && may("rating.write") && !whole!.id.includes(":") && <Button type="primary" onClick={() => void next()} loading={busy}>{t("rating.newVersion")}</Button>}
            {editable && <Button type="primary" onClick={() => void save()} loading={busy} disabled={!!rawError || (!version && !id.trim())}>{t("rating.save")}</Button>}
          </div>
        }>
          {version && <Facts two items={[
            [t("rating.origin"), word("planOrigin", version.origin)],
            [t("rating.products"), <span className="num">{version.products.toLocaleString("en")}</span>],
            [t("rating.changed"), <><At at={version.changedAt} /> {version.changedByName}</>],
            [t("rating.activatedAt"), version.activatedAt ? <><At at={version.activatedAt} /> {version.activatedByName}</> : <span className="muted">—</span>],
            [t("rating.offerings"), version.origin === "derived" ? whole!.name : whole!.offerings.length ? whole!.offerings.map((o) => o.name || o.id).join(comma()) : <span className="muted">{t("rating.noOfferings")}</span>],
          ]} />}
          {editable && (
            <div className="rating-grid" style={{ marginTop: version ? 12 : 0 }}>
              {!version && <Field label={t("rating.id")} hint={t("rating.idHint")}>{(f) => <Input {...f} autoFocus value={id} maxLength={40} onChange={(e) => setId(e.target.value)} />}</Field>}
              <Field label={t("rating.validFrom")}>{(f) => <Input {...f} type="date" value={from} onChange={(e) => setFrom(e.target.value)} />}</Field>
              <Field label={t("rating.note")} full>{(f) => <Input {...f} value={note} maxLength={500} onChange={(e) => setNote(e.target.value)} />}</Field>
            </div>
          )}
          {error ? <div style={{ marginTop: 10 }}><Failure error={error} what={t("rating.plan")} /></div> : null}
        </Panel>
        {view === "raw" ? (
          <Panel title={t("rating.raw")}>
            <Input.TextArea aria-label={t("rating.raw")} className="num" autoSize={{ minRows: 12, maxRows: 40 }} readOnly={!editable} value={raw} onChange={(e) => setRaw(e.target.value)} status={rawError ? "error" : undefined} />
            {rawError && <div className="bad" role="alert">{rawError}</div>}
          </Panel>
        ) : <PlanForm plan={plan} onPlan={setPlan} readOnly={!editable} tables={tables} />}
      </div>
      <BenchPanel plan={current} kinds={plan} />
      <ReasonDialog open={retiring} onClose={() => setRetiring(false)} onConfirm={retire} danger confirm={t("rating.retire")} title={t("rating.retireTitle")} note={t("rating.retireNote")} />
      <Modal open={binding} onCancel={() => setBinding(false)} footer={null} destroyOnHidden width={520} title={t("rating.offerings")}>
        {whole && <Binding whole={whole} onDone={() => { setBinding(false); void done(t("kit.saved")); }} />}
      </Modal>
    </div>
  );
}

function Binding({ whole, onDone }: { whole: PlanWhole; onDone: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(whole.offerings.map((o) => o.id).join("\n"));
  const [error, setError] = useState<unknown>(null);
  const save = async () => {
    setError(null);
    try {
      await call(`/rating/plans/${encodeURIComponent(whole.id)}/offerings`, { method: "PUT", body: { offerings: text.split(/[\s,，]+/).filter(Boolean) } });
      onDone();
    } catch (cause) { setError(cause); }
  };
  return (
    <form className="stack" onSubmit={(e) => { e.preventDefault(); void save(); }}>
      <Field label={t("rating.offeringIds")} hint={t("rating.bindNote")}>{(f) => <Input.TextArea {...f} autoFocus rows={6} value={text} onChange={(e) => setText(e.target.value)} />}</Field>
      {error ? <Failure error={error} what={t("rating.offerings")} /> : null}
      <div className="row" style={{ justifyContent: "flex-end" }}><Button type="primary" htmlType="submit">{t("rating.save")}</Button></div>
    </form>
  );
}
