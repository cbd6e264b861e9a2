// The relation graph drawn: the customer in the middle, those around it on rings, accounts and products below. Every node is a
// link one can reach with Tab; the same facts stand in a table.
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { word } from "../../lib/i18n";
import { Segments } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Name } from "../../kit/text";

interface Node { id: string; type: "customer" | "account" | "product"; name: string; kind?: string; grade?: string; family?: string; status?: string; level: number }
interface Edge { from: string; to: string; type: string; title: string }
interface Graph { centre: string; nodes: Node[]; edges: Edge[]; more: boolean }
interface Placed extends Node { x: number; y: number }

const W = 820;
const H = 430;
/** Where the picture begins when there is nobody around the customer. */
const TOP = 200;
const cut = (text: string, n: number) => ([...text].length > n ? `${[...text].slice(0, n - 1).join("")}…` : text);

/** People on rings around the middle in the upper part, what is held and who pays below: the same graph is always the same picture. */
function place(graph: Graph): Map<string, Placed> {
  const out = new Map<string, Placed>();
  const alone = graph.nodes.every((n) => n.type !== "customer" || n.id === graph.centre);
  const cy = alone ? TOP + 40 : graph.nodes.some((n) => n.type !== "customer") ? H * 0.42 : H / 2;
  const centre = graph.nodes.find((n) => n.id === graph.centre);
  if (centre) out.set(centre.id, { ...centre, x: W / 2, y: cy });
  const around = graph.nodes.filter((n) => n.type === "customer" && n.id !== graph.centre);
  for (const level of [1, 2, 3]) {
    const ring = around.filter((n) => n.level === level);
    const parentAngle = (n: Node) => {
      const edge = graph.edges.find((e) => (e.from === n.id && (out.get(e.to)?.level ?? 9) < level) || (e.to === n.id && (out.get(e.from)?.level ?? 9) < level));
      const p = edge && out.get(edge.from === n.id ? edge.to : edge.from);
      return p ? Math.atan2(p.y - cy, p.x - W / 2) : 0;
    };
    const ordered = level === 1 ? ring : [...ring].sort((a, b) => parentAngle(a) - parentAngle(b));
    const rx = level === 1 ? 210 : level === 2 ? 345 : 385;
    const ry = level === 1 ? 105 : level === 2 ? 160 : 185;
    ordered.forEach((n, i) => {
      const angle = Math.PI + ((i + 0.5) / ordered.length) * (graph.nodes.some((x) => x.type !== "customer") ? Math.PI : 2 * Math.PI);
      out.set(n.id, { ...n, x: W / 2 + rx * Math.cos(angle), y: cy + ry * Math.sin(angle) });
    });
  }
  const accounts = graph.nodes.filter((n) => n.type === "account");
  const products = graph.nodes.filter((n) => n.type === "product");
  accounts.forEach((n, i) => out.set(n.id, { ...n, x: (W / (accounts.length + 1)) * (i + 1), y: H - 128 }));
  const perRow = Math.max(1, Math.min(6, products.length));
  products.slice(0, 12).forEach((n, i) => {
    const row = Math.floor(i / perRow);
    const inRow = Math.min(perRow, products.length - row * perRow);
    out.set(n.id, { ...n, x: (W / (inRow + 1)) * ((i % perRow) + 1), y: H - 62 + row * 40 });
  });
  return out;
}

export function GraphTab({ id }: { id: string }) {
  const { t, i18n } = useTranslation();
  const [shape, setShape] = useState<"graph" | "table">("graph");
  const found = useQuery({ queryKey: ["graph", id, i18n.language], queryFn: () => call<Graph>(`/customers/${id}/graph`, { query: { depth: 2 } }), staleTime: 30_000 });
  return (
    <Loaded of={found} what={t("customer.tab.relations")} height={H}>
      {(graph) => graph.nodes.length <= 1 ? <Nothing why={t("customer.noRelations")} /> : (
        <>
          <div className="row spread" style={{ padding: "8px 14px" }}>
            <span className="muted">{graph.more ? t("v360.graphMore") : t("v360.graphHint")}</span>
            <Segments label={t("customer.tab.relations")} at={shape} onPick={setShape} items={[{ id: "graph", title: t("kit.showChart") }, { id: "table", title: t("kit.showData") }]} />
          </div>
          {shape === "graph" ? <Drawn graph={graph} /> : <Listed graph={graph} />}
        </>
      )}
    </Loaded>
  );
}

function Drawn({ graph }: { graph: Graph }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const places = useMemo(() => place(graph), [graph]);
  const open = (n: Node) => { if (n.type === "customer" && n.id !== graph.centre) void navigate({ to: "/app/customers/$id", params: { id: n.id } }); };
  const drawn = graph.edges.filter((e) => places.has(e.from) && places.has(e.to));
  return (
    <svg className="graph" viewBox={graph.nodes.some((n) => n.type === "customer" && n.id !== graph.centre) ? `0 0 ${W} ${H}` : `0 ${TOP} ${W} ${H - TOP}`} role="group" aria-label={t("v360.graphSays", { count: graph.nodes.length })}>
      {drawn.map((e, i) => {
        const a = places.get(e.from)!;
        const b = places.get(e.to)!;
        const people = a.type === "customer" && b.type === "customer";
        return (
          <g key={i}>
            <line x1={a.x} y1={a.y} x2={b.x} y2={b.y} className={people ? "people" : "things"} />
            {people && <text x={(a.x + b.x) / 2} y={(a.y + b.y) / 2 - 3} className="edge">{e.title}</text>}
          </g>
        );
      })}
      {[...places.values()].map((n) => {
        const links = n.type === "customer" && n.id !== graph.centre;
        const label = n.type === "customer" ? cut(n.name, 9) : n.type === "account" ? n.name.slice(-8) : cut(n.name, 11);
        const w = n.type === "customer" ? 118 : n.type === "account" ? 104 : 128;
        return (
          <g
            key={n.id} className={`node ${n.type}${n.id === graph.centre ? " centre" : ""}${links ? " links" : ""}`} transform={`translate(${n.x - w / 2} ${n.y - 17})`}
            role={links ? "link" : undefined} tabIndex={links ? 0 : undefined} aria-label={links ? n.name : undefined}
            onClick={() => open(n)} onKeyDown={(e) => { if (e.key === "Enter") open(n); }}
          >
            <title>{n.name}</title>
            <rect width={w} height={34} rx={n.type === "customer" ? 17 : 5} />
            <text x={w / 2} y={n.type === "customer" ? 15 : 14} className="name">{label}</text>
            <text x={w / 2} y={27} className="sub">{n.type === "customer" ? `${n.kind === "organization" ? t("kind.organization") : t("kind.individual")}${n.grade ? ` · ${word("grade", n.grade)}` : ""}` : n.type === "account" ? t("v360.account") : word("family", n.family)}</text>
          </g>
        );
      })}
    </svg>
  );
}

function Listed({ graph }: { graph: Graph }) {
  const { t } = useTranslation();
  const of = new Map(graph.nodes.map((n) => [n.id, n]));
  const cell = (n?: Node) => (n?.type === "customer" && n.id !== graph.centre ? <Link to="/app/customers/$id" params={{ id: n.id }}><Name>{n.name}</Name></Link> : <Name>{n?.name}</Name>);
  return (
    <table className="data" aria-label={t("customer.tab.relations")}>
      <thead><tr><th>{t("v360.one")}</th><th style={{ width: 130 }}>{t("v360.relation")}</th><th>{t("v360.other")}</th></tr></thead>
      <tbody>{graph.edges.map((e, i) => <tr key={i}><td>{cell(of.get(e.from))}</td><td className="muted">{e.title}</td><td>{cell(of.get(e.to))}</td></tr>)}</tbody>
    </table>
  );
}
