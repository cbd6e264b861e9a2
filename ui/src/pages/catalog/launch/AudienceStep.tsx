// Step 4: who may buy it, where, through which channel, and with what. Nothing chosen is no restriction.
import { DeleteOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { call } from "../../../lib/api";
import { word } from "../../../lib/i18n";
import { Field, Segments } from "../../../kit/layout";
import { Pick } from "../../../kit/Pick";
import { OfferingPicker } from "../../../kit/pickers";
import { Section, Ticks, Whole } from "./fields";
import { CHANNELS, GRADES, KINDS, SINGLES } from "./types";
import type { Change, Design } from "./types";

interface Place { path: string; name: string; level: string }
/** Places by their path; the list is small and hardly changes. */
export function usePlaces() {
  const all = useQuery({ queryKey: ["catalogPlaces"], queryFn: () => call<Place[]>("/organizations"), staleTime: 600_000, retry: false });
  const name = (path: string) => all.data?.find((p) => p.path === path)?.name ?? path;
  return { all: all.data ?? [], name };
}

export function AudienceStep({ design: d, change }: { design: Design; change: Change }) {
  const { t } = useTranslation();
  const a = d.audience;
  const set = (patch: Partial<Design["audience"]>) => change({ audience: { ...a, ...patch } });
  const places = usePlaces();
  const relation = (i: number, patch: Partial<Design["relations"][number]>) => change({ relations: d.relations.map((r, n) => (n === i ? { ...r, ...patch } : r)) });
  return (
    <div className="stack">
      <Section title={t("launch.kinds")}><Ticks label={t("launch.kinds")} at={a.kinds} onChange={(kinds) => set({ kinds })} items={KINDS.map((k) => ({ id: k, title: t(`launch.${k}`) }))} /></Section>
      <Section title={t("launch.grades")}><Ticks label={t("launch.grades")} at={a.grades} onChange={(grades) => set({ grades })} items={GRADES.map((g) => ({ id: g, title: t(`launch.grade.${g}`) }))} /></Section>
      <Section title={t("launch.channels")}><Ticks label={t("launch.channels")} at={a.channels} onChange={(channels) => set({ channels })} items={CHANNELS.map((c) => ({ id: c, title: t(`launch.channel.${c}`) }))} /></Section>
      <Section title={t("launch.areas")} hint={t("launch.areasHint")}>
        <div className="row wraps">
          {a.areas.map((p) => <span key={p} className="chip"><bdi>{places.name(p)}</bdi><button type="button" className="chipx" aria-label={t("launch.removePart", { name: places.name(p) })} onClick={() => set({ areas: a.areas.filter((x) => x !== p) })}>×</button></span>)}
          <Pick width={220} label={t("launch.areas")} value="" onPick={(p) => { if (p && !a.areas.includes(p)) set({ areas: [...a.areas.filter((x) => !x.startsWith(`${p}/`) && !p.startsWith(`${x}/`)), p] }); }}
            options={[{ value: "", label: `+ ${t("launch.areas")}` }, ...places.all.filter((p) => !a.areas.includes(p.path)).map((p) => ({ value: p.path, label: `${"　".repeat(Math.max(0, p.path.split("/").length - 3))}${p.name}` }))]} />
        </div>
      </Section>
      <Section title={`${t("launch.age")} · ${t("launch.perCustomer")} · ${t("launch.hours")}`}>
        <div className="row wraps" style={{ gap: 16, alignItems: "end" }}>
          <Field label={`${t("launch.age")} ${t("launch.ageFrom")}`}>{(f) => <Whole id={f.id} value={a.minAge} onChange={(minAge) => set({ minAge })} />}</Field>
          <Field label={`${t("launch.age")} ${t("launch.ageTo")}`}>{(f) => <Whole id={f.id} value={a.maxAge} onChange={(maxAge) => set({ maxAge })} />}</Field>
          <Field label={t("launch.perCustomer")}>{(f) => <Whole id={f.id} value={a.maxPerCustomer} onChange={(maxPerCustomer) => set({ maxPerCustomer })} />}</Field>
          <div className="field"><span className="label">{t("launch.hours")}</span>
            <Segments label={t("launch.hours")} at={a.hours ? "some" : "all"} items={[{ id: "all", title: t("launch.allDay") }, { id: "some", title: a.hours ? `${a.hours.from}:00–${a.hours.to}:00` : "8:00–20:00" }]} onPick={(k) => set({ hours: k === "all" ? null : a.hours ?? { from: 8, to: 20 } })} />
          </div>
          {a.hours && <><Field label={t("launch.from")}>{(f) => <Whole id={f.id} value={a.hours!.from} onChange={(n) => set({ hours: { ...a.hours!, from: n ?? 0 } })} />}</Field><Field label={t("launch.to")}>{(f) => <Whole id={f.id} value={a.hours!.to} onChange={(n) => set({ hours: { ...a.hours!, to: n ?? 24 } })} />}</Field></>}
        </div>
      </Section>
      <Section title={t("launch.needsFamily")}><Ticks label={t("launch.needsFamily")} at={a.needsFamily} onChange={(needsFamily) => set({ needsFamily })} items={SINGLES.filter((s) => !["option", "device", "consulting"].includes(s)).map((s) => ({ id: s, title: word("family", s) }))} /></Section>
      <Section title={t("launch.relations")}>
        <div className="stack tight">
          {d.relations.length === 0 && <p className="muted">{t("launch.noRelations")}</p>}
          {d.relations.map((r, i) => (
            <div key={`${r.offeringId}${i}`} className="row wraps">
              <Pick width={110} label={t("launch.relations")} value={r.kind} onPick={(kind) => relation(i, { kind, alternative: kind === "excludes" ? null : r.alternative })} options={[{ value: "requires", label: t("launch.requiresOne") }, { value: "excludes", label: t("launch.excludes") }]} />
              <span className="chip"><bdi className="clip" style={{ maxWidth: 300 }}>{r.name || r.offeringId}</bdi></span>
              {r.kind === "requires" && <label className="tick"><input type="checkbox" checked={r.alternative !== null} onChange={(e) => relation(i, { alternative: e.target.checked ? "any" : null })} />{t("launch.alternative")}</label>}
              <Button size="small" type="text" icon={<DeleteOutlined aria-hidden />} aria-label={t("launch.removePart", { name: r.name })} onClick={() => change({ relations: d.relations.filter((_, n) => n !== i) })} />
            </div>
          ))}
          <div style={{ maxWidth: 380 }}><OfferingPicker key={d.relations.length} value={null} onPick={(o) => { if (o && !d.relations.some((r) => r.offeringId === o.id)) change({ relations: [...d.relations, { kind: "requires", offeringId: o.id, name: o.name, alternative: null }] }); }} /></div>
        </div>
      </Section>
    </div>
  );
}
