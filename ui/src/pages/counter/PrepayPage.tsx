// Prepayment campaigns (预存送费): written, put in force, stopped. What is in force can be chosen at the till.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input, Modal } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { today, yuan } from "../../lib/format";
import { comma, language, word } from "../../lib/i18n";
import { useKeys } from "../../lib/keys";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { Field, PageHead, Panel, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money } from "../../kit/text";
import { say } from "../../kit/toast";
import { Day, Ticks, Yuan } from "../catalog/launch/fields";
import { OrgName } from "../resources/OrgName";

interface Campaign {
  id: string; name: string; nameEn: string; minFen: number; giftFen: number; giftMonths: number; scope: { families: string[]; kinds: string[]; products: string[] };
  validFrom: string; validTo: string | null; source: string; org: string; state: "draft" | "inForce" | "stopped"; turnedBy: string; turnedAt: string | null; reason: string; operator: string; createdAt: string;
}
const PHASES = ["live", "pending", "draft", "stopped", "expired"] as const;
const FAMILIES = ["mobile", "broadband", "iptv", "fixed"];
const MONTHS = [0, 1, 3, 6, 12, 24, 36];

/** Where it stands today: the decision and the days together. */
function phase(c: Campaign): (typeof PHASES)[number] {
  if (c.state !== "inForce") return c.state === "draft" ? "draft" : "stopped";
  const now = today();
  return c.validFrom > now ? "pending" : c.validTo && c.validTo < now ? "expired" : "live";
}

export default function PrepayPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const writes = useMay()("prepay_campaign.write");
  const { search, set } = useUrl();
  const [turning, setTurning] = useState<{ of: Campaign; verb: "start" | "stop" } | null>(null);
  const found = useQuery({ queryKey: ["campaigns", "all"], queryFn: () => call<Campaign[]>("/counter/campaigns", { query: { state: "all" } }) });
  const make = () => set({ ask: "new" });
  useKeys({ F2: () => { if (writes) make(); else return false; } });
  const name = (c: Campaign) => (language() === "en" && c.nameEn ? c.nameEn : c.name);
  const turn = async (c: Campaign, verb: "start" | "stop", reason = "") => {
    await post(`/counter/campaigns/${c.id}/${verb}`, { reason }, { idempotencyKey: newKey() });
    say.success(t(verb === "start" ? "prepay.started" : "prepay.stopped"));
    await client.invalidateQueries({ queryKey: ["campaigns"] });
  };
  const columns: Column<Campaign>[] = [
    { key: "name", title: t("prepay.name").replace(/ \(.*/, ""), lead: true, wrap: true, render: (c) => <span className="stack" style={{ gap: 0 }}><bdi className="wrap">{name(c)}</bdi>{c.source && <bdi className="muted wrap" style={{ fontWeight: 400, fontSize: 12 }}>{c.source}</bdi>}</span> },
    { key: "min", title: t("prepay.min"), width: 116, right: true, render: (c) => <Money fen={c.minFen} /> },
    { key: "gift", title: t("prepay.gift"), width: 100, right: true, render: (c) => <span className="strong"><Money fen={c.giftFen} /></span> },
    { key: "scope", title: t("prepay.scope"), width: 150, wrap: true, render: (c) => <span className="stack" style={{ gap: 0 }}><span>{c.scope.families.map((f) => word("family", f)).join(comma()) || t("prepay.everything")}</span><span className="muted">{c.giftMonths ? t("prepay.monthsN", { count: c.giftMonths }) : t("prepay.forever")}</span></span> },
    { key: "days", title: `${t("prepay.from")} – ${t("prepay.to")}`, width: 196, render: (c) => <span className="num">{c.validFrom} – {c.validTo ?? t("prepay.open")}</span> },
    { key: "org", title: t("prepay.org"), width: 120, render: (c) => <OrgName path={c.org} /> },
    { key: "turned", title: t("prepay.turned"), width: 156, wrap: true, render: (c) => (c.turnedAt ? <span title={c.reason || undefined}><bdi>{c.turnedBy}</bdi> <span className="muted"><At at={c.turnedAt} />{c.reason && <> · <bdi>{c.reason}</bdi></>}</span></span> : <span><bdi>{c.operator}</bdi> <span className="muted"><At at={c.createdAt} /></span></span>) },
    { key: "state", title: t("product.status"), width: 104, render: (c) => <Status group="prepayPhase" code={phase(c)} /> },
    ...(writes ? [{ key: "do", title: t("kit.actions"), width: 124, render: (c: Campaign) => (c.state === "inForce" ? <Button size="small" danger onClick={() => setTurning({ of: c, verb: "stop" })}>{t("prepay.stop")}</Button> : <Button size="small" onClick={() => setTurning({ of: c, verb: "start" })}>{t("prepay.start")}</Button>) }] : []),
  ];
  return (
    <div className="page">
      <PageHead title={t("prepay.title")} sub={t("prepay.what")}>
        <Link to="/app/counter">{t("nav.counter")}</Link>
        {writes && <Button type="primary" onClick={make} title="F2">{t("prepay.make")} <kbd className="onbrand">F2</kbd></Button>}
      </PageHead>
      <Panel flush>
        <Loaded of={found} what={t("prepay.title")}>{(all) => {
          const rows = search.phase ? all.filter((c) => phase(c) === search.phase) : all;
          return (
            <>
              <div className="filters"><Segments label={t("product.status")} at={search.phase ?? ""} onPick={(p) => set({ phase: p || undefined })} items={[{ id: "", title: t("security.any") }, ...PHASES.map((p) => ({ id: p as string, title: <>{word("prepayPhase", p)} <span className="num muted">{all.filter((c) => phase(c) === p).length || ""}</span></> }))]} /></div>
              <DataTable rows={rows} columns={columns} rowKey={(c) => c.id} label={t("prepay.title")} minWidth={1180} empty={<Nothing why={t("prepay.none")} action={writes && <button type="button" className="linkish" onClick={make}>{t("prepay.make")}</button>} />} />
            </>
          );
        }}</Loaded>
      </Panel>
      <ReasonDialog open={turning?.verb === "stop"} onClose={() => setTurning(null)} danger title={turning ? t("prepay.stopTitle", { name: name(turning.of) }) : ""} note={t("prepay.stopNote")} confirm={t("prepay.stop")} suggestions={[t("prepay.why1"), t("prepay.why2")]} onConfirm={(why) => turn(turning!.of, "stop", why)} />
      {turning?.verb === "start" && <Starting title={t("prepay.startTitle", { name: name(turning.of) })} run={() => turn(turning.of, "start")} onClose={() => setTurning(null)} />}
      {search.ask === "new" && writes && <Writing onClose={() => set({ ask: undefined })} />}
    </div>
  );
}

function Starting({ title, run, onClose }: { title: string; run: () => Promise<void>; onClose: () => void }) {
  const { t } = useTranslation();
  const go = useMutation({ mutationFn: run, onSuccess: onClose });
  return (
    <Modal open onCancel={onClose} title={title} width={440} footer={[<Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>, <Button key="yes" type="primary" autoFocus loading={go.isPending} onClick={() => go.mutate()}>{t("prepay.start")}</Button>]}>
      {go.error && <Failure error={go.error} what={t("prepay.start")} />}
    </Modal>
  );
}

function Writing({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const key = useRef(newKey());
  const [body, setBody] = useState({ name: "", nameEn: "", minFen: null as number | null, giftFen: null as number | null, giftMonths: 12, families: [] as string[], validFrom: today(), validTo: "", source: "" });
  const edit = (part: Partial<typeof body>) => { key.current = newKey(); setBody((b) => ({ ...b, ...part })); };
  const go = useMutation({
    mutationFn: (draft: boolean) => post<Campaign>("/counter/campaigns", {
      name: body.name.trim(), nameEn: body.nameEn.trim(), minFen: body.minFen, giftFen: body.giftFen, giftMonths: body.giftMonths, scope: { families: body.families, kinds: [], products: [] },
      validFrom: body.validFrom, validTo: body.validTo || undefined, source: body.source.trim(), draft,
    }, { idempotencyKey: key.current }),
    onError: () => { key.current = newKey(); },
    onSuccess: async (made) => { say.success(t(made.state === "draft" ? "prepay.saved" : "prepay.madeRun")); await client.invalidateQueries({ queryKey: ["campaigns"] }); onClose(); },
  });
  const wrongDays = body.validTo !== "" && body.validTo < body.validFrom;
  const ready = body.name.trim() !== "" && !!body.minFen && !!body.giftFen && body.validFrom !== "" && !wrongDays;
  return (
    <Modal open onCancel={onClose} title={t("prepay.make")} width={640} footer={null} afterOpenChange={(shown) => { if (shown) document.querySelector<HTMLElement>(".prepay input")?.focus(); }}>
      <form className="stack prepay" onSubmit={(e) => { e.preventDefault(); if (ready) go.mutate(true); }}>
        <div className="form">
          <Field label={t("prepay.name")}>{(f) => <Input {...f} maxLength={60} value={body.name} onChange={(e) => edit({ name: e.target.value })} />}</Field>
          <Field label={t("prepay.nameEn")}>{(f) => <Input {...f} maxLength={60} value={body.nameEn} onChange={(e) => edit({ nameEn: e.target.value })} />}</Field>
          <Field label={t("prepay.min")}>{(f) => <Yuan id={f.id} width={180} value={body.minFen} onChange={(minFen) => edit({ minFen })} />}</Field>
          <Field label={t("prepay.gift")} hint={body.minFen && body.giftFen ? t("prepay.rate", { min: yuan(body.minFen), gift: yuan(body.giftFen), percent: Math.round((body.giftFen * 1000) / body.minFen) / 10 }) : undefined}>{(f) => <Yuan id={f.id} width={180} value={body.giftFen} onChange={(giftFen) => edit({ giftFen })} />}</Field>
          <Field label={t("prepay.from")}>{(f) => <Day id={f.id} value={body.validFrom} onChange={(validFrom) => edit({ validFrom })} />}</Field>
          <Field label={t("prepay.to")} error={wrongDays ? t("prepay.badDays") : null}>{(f) => <Day id={f.id} value={body.validTo} onChange={(validTo) => edit({ validTo })} />}</Field>
          <Field label={t("prepay.months")}>{(f) => <Pick id={f.id} value={String(body.giftMonths)} width={180} onPick={(n) => edit({ giftMonths: Number(n) })} options={MONTHS.map((n) => ({ value: String(n), label: n ? t("prepay.monthsN", { count: n }) : t("prepay.forever") }))} />}</Field>
          <Field label={t("prepay.source")} hint={t("prepay.sourceHint")}>{(f) => <Input {...f} maxLength={100} value={body.source} onChange={(e) => edit({ source: e.target.value })} />}</Field>
          <Field label={t("prepay.scope")} full hint={body.families.length === 0 ? t("prepay.everything") : undefined}>{() => <Ticks label={t("prepay.scope")} at={body.families} onChange={(families) => edit({ families })} items={FAMILIES.map((id) => ({ id, title: word("family", id) }))} />}</Field>
        </div>
        {go.error && <Failure error={go.error} what={t("prepay.make")} />}
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button onClick={onClose}>{t("kit.cancel")}</Button>
          <Button htmlType="submit" loading={go.isPending && go.variables === true} disabled={!ready || go.isPending}>{t("prepay.saveDraft")}</Button>
          <Button type="primary" loading={go.isPending && go.variables === false} disabled={!ready || go.isPending} onClick={() => go.mutate(false)}>{t("prepay.saveRun")}</Button>
        </div>
      </form>
    </Modal>
  );
}
