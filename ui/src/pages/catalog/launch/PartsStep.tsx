// Step 2: what is in the bundle. Parts come from the catalogue; each is always there, optional, or chosen within a group.
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, list } from "../../../lib/api";
import { yuan } from "../../../lib/format";
import { word } from "../../../lib/i18n";
import type { Offering } from "../../../lib/types";
import { Pick } from "../../../kit/Pick";
import { Suggest } from "../../../kit/pickers";
import { Nothing } from "../../../kit/states";
import { Name } from "../../../kit/text";
import { Section, Whole } from "./fields";
import type { Change, Design, Group, Part } from "./types";

const FIXED = "fixed";
const OPTIONAL = "optional";

export function PartsStep({ design: d, change }: { design: Design; change: Change }) {
  const { t } = useTranslation();
  const [again, setAgain] = useState(true);
  // Products that exist only inside bundles are not in the catalogue one browses.
  const inside = useQuery({ queryKey: ["bundleParts"], queryFn: () => call<{ offeringId: string; name: string; family: string }[]>("/catalog/bundle-parts"), staleTime: 60_000 });
  const usual = (inside.data ?? []).filter((o) => !d.parts.some((p) => p.offeringId === o.offeringId));
  const part = (i: number, patch: Partial<Part>) => change({ parts: d.parts.map((p, n) => (n === i ? { ...p, ...patch } : p)) });
  const group = (i: number, patch: Partial<Group>) => change({ groups: d.groups.map((g, n) => (n === i ? { ...g, ...patch } : g)) });
  const add = (o: { id: string; name: string; family: string }) => {
    if (d.parts.some((p) => p.offeringId === o.id)) return;
    const optional = ["content", "option", "smartHome", "device"].includes(o.family);
    change({ parts: [...d.parts, { offeringId: o.id, name: o.name, family: o.family, min: optional ? 0 : 1, max: 1, default: optional ? 0 : 1, group: null }] });
  };
  const how = (p: Part) => (p.group !== null ? p.group : p.min > 0 ? FIXED : OPTIONAL);
  const setHow = (i: number, value: string) => {
    const p = d.parts[i]!;
    if (value === FIXED) part(i, { group: null, min: Math.max(1, p.min), default: Math.max(1, p.default), max: Math.max(1, p.max) });
    else if (value === OPTIONAL) part(i, { group: null, min: 0, default: 0 });
    else part(i, { group: value, min: 0, max: Math.max(1, p.max), default: Math.min(1, p.default) });
  };
  const newGroup = () => {
    const id = `g${Math.max(0, ...d.groups.map((g) => Number(g.id.replace(/\D/g, "")) || 0)) + 1}`;
    change({ groups: [...d.groups, { id, name: "", min: 1, max: 1 }] });
  };
  const removeGroup = (id: string) => change({ groups: d.groups.filter((g) => g.id !== id), parts: d.parts.map((p) => (p.group === id ? { ...p, group: null } : p)) });
  return (
    <div className="stack">
      <Section title={t("launch.addPart")} hint={t("launch.addPartHint")}>
        <div className="stack tight">
          {usual.length > 0 && <div className="row wraps">
            <span className="muted">{t("launch.basicParts")}</span>
            {usual.map((o) => (
              <Button key={o.offeringId} size="small" icon={<PlusOutlined aria-hidden />} onClick={() => { setAgain(false); add({ id: o.offeringId, name: o.name, family: o.family }); }}>{o.name}</Button>
            ))}
            <span className="muted" style={{ fontSize: 12 }}>{t("launch.baseHint")}</span>
          </div>}
          <Suggest<Offering>
            key={d.parts.length} label={t("launch.addPart")} placeholder={t("launch.addPartHint")} shown="" source="bundle-part" min={1} autoFocus={again}
            search={async (q, signal) => (await list<Offering>("/catalog/offerings", { sellable: true, limit: 20, q }, signal)).rows.filter((o) => !o.isBundle)}
            keyOf={(o) => o.id} onPick={(o) => { if (o) { setAgain(true); add(o); } }}
            row={(o) => <div className="row"><Name className="grow">{o.name}</Name><span className="chip">{word("family", o.family)}</span><span className="num strong" style={{ minWidth: 76, textAlign: "right" }}>{o.priceFen === null ? (o.priceText ?? "—") : yuan(o.priceFen)}</span></div>}
          />
        </div>
      </Section>
      <Section title={t("launch.step.parts")}>
        {d.parts.length === 0 ? <Nothing why={t("launch.noParts")} /> : (
          <div className="table-wrap"><table className="data lparts" aria-label={t("launch.step.parts")}>
            <colgroup><col /><col style={{ width: 86 }} /><col style={{ width: 150 }} /><col style={{ width: 84 }} /><col style={{ width: 84 }} /><col style={{ width: 84 }} /><col style={{ width: 48 }} /></colgroup>
            <thead><tr><th>{t("launch.part")}</th><th>{t("launch.family")}</th><th>{t("launch.included")}</th><th>{t("launch.min")}</th><th>{t("launch.max")}</th><th>{t("launch.proposed")}</th><th><span className="sr">{t("launch.remove")}</span></th></tr></thead>
            <tbody>{d.parts.map((p, i) => (
              <tr key={p.offeringId}>
                <td><Name>{p.name || p.offeringId}</Name></td>
                <td className="muted">{word("family", p.family)}</td>
                <td><Pick width="100%" label={`${t("launch.included")} ${p.name}`} value={how(p)} onPick={(v) => setHow(i, v)}
                  options={[{ value: FIXED, label: t("launch.fixed") }, { value: OPTIONAL, label: t("launch.optional") }, ...d.groups.map((g) => ({ value: g.id, label: g.name || t("launch.inGroup") }))]} /></td>
                <td><Whole width={62} label={`${t("launch.min")} ${p.name}`} value={p.min} onChange={(n) => part(i, { min: n ?? 0, default: Math.max(p.default, n ?? 0), max: Math.max(p.max, n ?? 0) })} /></td>
                <td><Whole width={62} label={`${t("launch.max")} ${p.name}`} value={p.max} onChange={(n) => part(i, { max: n ?? 1, default: Math.min(p.default, n ?? 1) })} /></td>
                <td>{p.group !== null
                  ? <label className="tick"><input type="checkbox" aria-label={`${t("launch.proposed")} ${p.name}`} checked={p.default > 0} onChange={(e) => part(i, { default: e.target.checked ? 1 : 0 })} /></label>
                  : <Whole width={62} label={`${t("launch.proposed")} ${p.name}`} value={p.default} onChange={(n) => part(i, { default: n ?? 0 })} />}</td>
                <td><Button size="small" type="text" icon={<DeleteOutlined aria-hidden />} aria-label={t("launch.removePart", { name: p.name })} onClick={() => change({ parts: d.parts.filter((_, n) => n !== i) })} /></td>
              </tr>
            ))}</tbody>
          </table></div>
        )}
      </Section>
      <Section title={t("launch.groups")} acts={<Button size="small" icon={<PlusOutlined aria-hidden />} onClick={newGroup}>{t("launch.addGroup")}</Button>}>
        {d.groups.length === 0 ? <p className="muted">{t("launch.groupHint")}</p> : d.groups.map((g, i) => {
          const size = d.parts.filter((p) => p.group === g.id).length;
          return (
            <div key={g.id} className="row wraps lgroup">
              <Input style={{ width: 190 }} value={g.name} maxLength={40} aria-label={t("launch.groupName")} placeholder={t("launch.groupName")} autoFocus={!g.name} onChange={(e) => group(i, { name: e.target.value })} />
              <span className="muted">{t("launch.min")}</span><Whole width={58} label={`${t("launch.min")} ${g.name}`} value={g.min} onChange={(n) => group(i, { min: n ?? 0, max: Math.max(g.max, n ?? 0) })} />
              <span className="muted">{t("launch.max")}</span><Whole width={58} label={`${t("launch.max")} ${g.name}`} value={g.max} onChange={(n) => group(i, { max: n ?? 1 })} />
              <span className="muted">{t("launch.groupOf", { count: size })}</span>
              <Button size="small" type="text" icon={<DeleteOutlined aria-hidden />} aria-label={t("launch.removePart", { name: g.name })} onClick={() => removeGroup(g.id)} />
            </div>
          );
        })}
      </Section>
    </div>
  );
}
