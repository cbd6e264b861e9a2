// One launch: the editor in steps while it is a draft, and what was decided about it afterwards. Everything typed is kept
// on the server as it is typed, so another desk can go on with it.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { dateTime } from "../../lib/format";
import { useHere } from "../../lib/here";
import { language, word } from "../../lib/i18n";
import { useKeys } from "../../lib/keys";
import { useMay, useSession } from "../../lib/session";
import { Facts, PageHead, Panel } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Waiting } from "../../kit/states";
import { Status } from "../../kit/Status";
import { say } from "../../kit/toast";
import { AudienceStep } from "./launch/AudienceStep";
import { ContractStep } from "./launch/ContractStep";
import { PartsStep } from "./launch/PartsStep";
import { PricesStep } from "./launch/PricesStep";
import { Differences, Findings, PreviewPanel } from "./launch/Side";
import { Summary } from "./launch/Summary";
import { blank, STEPS } from "./launch/types";
import type { Design, Finding, Launch, Preview, Step } from "./launch/types";
import { WhatStep } from "./launch/WhatStep";

export default function LaunchPage() {
  const { t } = useTranslation();
  const { params, search } = useHere();
  const id = params.id ?? "new";
  const from = search.change ?? search.copy;
  const begun = useQuery({ queryKey: ["design", from], enabled: id === "new" && !!from, staleTime: 0, queryFn: () => call<{ design: Design }>(`/catalog/offerings/${encodeURIComponent(from!)}/design`) });
  const stored = useQuery({ queryKey: ["launch", id], enabled: id !== "new", queryFn: () => call<Launch>(`/catalog/launches/${encodeURIComponent(id)}`) });
  if (id !== "new") return <Loaded of={stored} what={t("launch.draftOf")} rows={12}>{(l) => (["draft", "refused", "blocked"].includes(l.state) ? <Editor key={l.id} launch={l} /> : <Decided launch={l} />)}</Loaded>;
  if (from && !begun.data) return begun.error ? <div className="page"><Failure error={begun.error} what={t("launch.new")} /></div> : <Waiting rows={12} />;
  const design = begun.data?.design ?? blank(search.kind === "single" ? "mobile" : "bundle");
  // A copy has prices of its own.
  const fresh = search.copy ? { ...design, name: "", prices: design.prices.map((p) => ({ ...p, id: null })), discounts: design.discounts.map((d) => ({ ...d, id: null })) } : design;
  return <Editor key={`new${from ?? ""}`} begin={fresh} changes={search.change} />;
}

type Saving = "clean" | "dirty" | "saving";

function Editor({ launch, begin, changes }: { launch?: Launch; begin?: Design; changes?: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const may = useMay();
  const [design, setDesign] = useState<Design>(launch?.design ?? begin!);
  const [at, setAt] = useState<Step>("what");
  const [found, setFound] = useState<{ problems: Finding[]; preview: Preview } | null>(launch ? { problems: launch.problems, preview: launch.preview } : null);
  const [saving, setSaving] = useState<Saving>("clean");
  const [checking, setChecking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const known = useRef(launch ? { id: launch.id, version: launch.version } : null);
  const latest = useRef(design);
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const key = useRef(newKey());
  const isChange = !!changes || !!launch?.isChange;
  const target = changes ?? (launch?.isChange ? launch.offeringId ?? undefined : undefined);
  const change = useCallback((patch: Partial<Design>) => {
    latest.current = { ...latest.current, ...patch };
    setDesign(latest.current);
    setSaving("dirty");
  }, []);

  /** Saves one after the other: the version of each is what the one before has left. */
  const save = useCallback((): Promise<Launch | null> => {
    const next = queue.current.then(async () => {
      setSaving("saving");
      try {
        const body = { design: latest.current, ...(target ? { changes: target } : {}) };
        const answer = known.current
          ? await call<Launch>(`/catalog/launches/${known.current.id}`, { method: "PUT", body, ifMatch: known.current.version })
          : await post<Launch>("/catalog/launches", body, { idempotencyKey: key.current });
        known.current = { id: answer.id, version: answer.version };
        setFound({ problems: answer.problems, preview: answer.preview });
        setError(null);
        setSaving((now) => (now === "saving" ? "clean" : now));
        return answer;
      } catch (cause) {
        setError(cause);
        setSaving("dirty");
        return null;
      }
    });
    queue.current = next;
    return next;
  }, [target]);
  // While typing, the design is only checked; it is stored once the hand rests.
  useEffect(() => {
    if (saving !== "dirty" || error) return;
    const timer = setTimeout(() => { if (latest.current.name.trim()) void save(); }, 900);
    return () => clearTimeout(timer);
  }, [design, saving, error, save]);
  useEffect(() => {
    if (known.current || (saving !== "dirty" && found)) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      setChecking(true);
      call<{ problems: Finding[]; preview: Preview }>("/catalog/launches/check", { method: "POST", body: { design, changes: target ?? null }, signal: stop.signal })
        .then(setFound).catch(() => undefined).finally(() => setChecking(false));
    }, 300);
    return () => { clearTimeout(timer); stop.abort(); };
  }, [design, target]);
  const steps = STEPS.filter((s) => s !== "parts" || design.family === "bundle");
  const place = steps.indexOf(at);
  const go = (step: Step) => { setAt(steps.includes(step) ? step : "what"); document.querySelector("main")?.scrollTo({ top: 0 }); };
  const submit = async () => {
    const stored = await save();
    if (!stored) return;
    try {
      const done = await post<Launch>(`/catalog/launches/${stored.id}/submit`, { version: stored.version });
      client.setQueryData(["launch", stored.id], done);
      await client.invalidateQueries({ queryKey: ["launches"] });
      say.success(t("launch.submitted"));
      void navigate({ to: `/app/launches/${stored.id}` as never, replace: true });
    } catch (cause) {
      setError(cause);
    }
  };
  const forward = () => { if (place < steps.length - 1) go(steps[place + 1]!); else void submit(); };
  useKeys({ "mod+Enter": forward, "mod+s": () => void save(), "alt+PageDown": forward, "alt+PageUp": () => { if (place > 0) go(steps[place - 1]!); }, F8: forward, F7: () => { if (place > 0) go(steps[place - 1]!); } });
  const errors = found?.problems.filter((p) => p.severity === "error") ?? [];
  const remove = async () => {
    if (known.current) await call(`/catalog/launches/${known.current.id}`, { method: "DELETE" });
    await client.invalidateQueries({ queryKey: ["launches"] });
    say.info(t("launch.removed"));
    void navigate({ to: "/app/launches" as never });
  };
  const [removing, setRemoving] = useState(false);
  const state = saving === "saving" ? t("launch.saving") : saving === "dirty" ? t("launch.unsaved") : known.current ? t("launch.saved") : "";
  if (!may("catalog.launch") && launch) return <Decided launch={launch} />;
  return (
    <div className="page">
      <PageHead title={design.name || (isChange ? t("launch.isChange") : t("launch.new"))} sub={<>{isChange && <span className="chip">{t("launch.isChange")}</span>} <span role="status" data-testid="save-state" data-state={saving}>{state}</span></>}>
        <Link to={"/app/launches" as never}>{t("launch.title")}</Link>
        {known.current && <Button size="small" danger type="text" onClick={() => setRemoving(true)}>{t("launch.remove")}</Button>}
      </PageHead>
      {launch?.state === "refused" && launch.note && <div className="banner"><b>{t("launch.refused")}：</b><bdi className="wrap">{launch.note}</bdi> <span className="muted">{launch.decidedByName}</span></div>}
      {launch?.state === "blocked" && launch.problem && <div className="banner"><b>{word("launchState", "blocked")}：</b><bdi className="wrap">{launch.problem[language()]?.reason}</bdi></div>}
      <ol className="stepper panel" aria-label={t("launch.title")}>
        {steps.map((s, i) => {
          const wrong = errors.some((p) => p.step === s);
          return <li key={s} className={s === at ? "on" : i < place && !wrong ? "past" : ""}><button type="button" aria-current={s === at ? "step" : undefined} onClick={() => go(s)}><b className={wrong ? "lwrong" : undefined}>{i + 1}</b><span className="clip">{t(`launch.step.${s}`)}</span></button></li>;
        })}
      </ol>
      {error ? <Failure error={error} what={t("launch.save")} retry={() => void save()} /> : null}
      <div className="sell">
        <Panel title={t(`launch.step.${at}`)} acts={<span className="muted" style={{ fontSize: 12 }}>{t(`launch.stepHint.${at}`)}</span>}>
          {at === "what" && <WhatStep design={design} change={change} fixedKind={isChange} />}
          {at === "parts" && <PartsStep design={design} change={change} />}
          {at === "prices" && <PricesStep design={design} change={change} />}
          {at === "audience" && <AudienceStep design={design} change={change} />}
          {at === "contract" && <ContractStep design={design} change={change} isChange={isChange} />}
          {at === "check" && <Summary design={design} />}
          <footer className="lfoot">
            <Button disabled={place === 0} onClick={() => go(steps[place - 1]!)}>{t("launch.back")} <kbd>F7</kbd></Button>
            {at === "check"
              ? <Button type="primary" disabled={errors.length > 0} onClick={() => void submit()} data-testid="submit-launch">{t("launch.submit")} <kbd>F8</kbd></Button>
              : <Button type="primary" onClick={forward} data-testid="next-step">{t("launch.next")} <kbd>F8</kbd></Button>}
          </footer>
        </Panel>
        <div className="stack cart">
          <PreviewPanel design={design} preview={found?.preview} />
          <Findings of={found?.problems ?? []} go={go} checking={checking} />
        </div>
      </div>
      {at === "check" && isChange && launch && <Panel title={t("launch.differences")} flush><Differences of={launch.differences} /></Panel>}
      <ReasonDialog open={removing} title={t("launch.remove")} note={t("launch.removeSure")} confirm={t("launch.remove")} danger onClose={() => setRemoving(false)} onConfirm={remove} />
    </div>
  );
}

function Decided({ launch: l }: { launch: Launch }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const me = useSession().staff.id;
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const own = l.createdBy === me;
  const take = async (verb: string, body: object, text: string) => {
    setBusy(true);
    setError(null);
    try {
      const done = await post<Launch>(`/catalog/launches/${l.id}/${verb}`, { version: l.version, ...body });
      client.setQueryData(["launch", l.id], done);
      await Promise.all(["launches", "offerings", "catalogSummary"].map((k) => client.invalidateQueries({ queryKey: [k] })));
      say.success(done.state === "live" ? t("launch.liveNow") : text);
    } finally { setBusy(false); }
  };
  const run = (verb: string, body: object, text: string) => take(verb, body, text).catch(setError);
  const decides = l.state === "submitted" && may("catalog.approve") && !own;
  useKeys({ "mod+Enter": () => { if (decides && !busy) void run("approve", {}, t("launch.approved")); } });
  return (
    <div className="page">
      <PageHead title={l.name || t("launch.unnamed")} sub={<><Status group="launchState" code={l.state} /> {l.isChange && <span className="chip">{t("launch.isChange")}</span>}</>}>
        <Link to={"/app/launches" as never}>{t("launch.title")}</Link>
        {l.state === "live" && l.offeringId && <Link to={"/app/catalog" as never} search={{ id: l.offeringId } as never}>{t("launch.seeOffering")}</Link>}
        {(l.state === "submitted" || l.state === "approved") && may("catalog.launch") && <Button loading={busy} onClick={() => void run("withdraw", {}, t("launch.withdrawn"))}>{t("launch.withdraw")}</Button>}
        {decides && <Button danger onClick={() => setAsking(true)}>{t("launch.refuse")}</Button>}
        {decides && <Button type="primary" loading={busy} onClick={() => void run("approve", {}, t("launch.approved"))} data-testid="approve-launch">{t("launch.approve")}</Button>}
      </PageHead>
      {error ? <Failure error={error} what={t("launch.approve")} /> : null}
      {l.state === "submitted" && own && <div className="banner">{t("launch.notOwn")}</div>}
      <div className="sell">
        <div className="stack">
          {l.isChange && <Panel title={t("launch.differences")} flush><Differences of={l.differences} /></Panel>}
          <Panel title={t("launch.draftOf")}><Summary design={l.design} /></Panel>
        </div>
        <div className="stack cart">
          <PreviewPanel design={l.design} preview={l.preview} />
          {l.state !== "live" && <Findings of={l.problems} />}
          <Panel title={t("launch.timeline")}>
            <Facts items={[
              [t("launch.author"), l.createdByName],
              [t("launch.createdAt"), dateTime(l.createdAt)],
              [t("launch.submittedAt"), dateTime(l.submittedAt)],
              [t("launch.decided"), l.decidedByName ?? "—"],
              [t("launch.decidedAt"), dateTime(l.decidedAt)],
              [t("launch.effective"), dateTime(l.effectiveAt)],
              ...(l.note ? [[t("launch.note"), <bdi key="n" className="wrap">{l.note}</bdi>] as [string, React.ReactNode]] : []),
            ]} />
          </Panel>
        </div>
      </div>
      <ReasonDialog open={asking} title={t("launch.refuse")} note={t("launch.refuseNote")} confirm={t("launch.refuse")} danger onClose={() => setAsking(false)} onConfirm={(note) => take("refuse", { note }, t("launch.refused"))} />
    </div>
  );
}
