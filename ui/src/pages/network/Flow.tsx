// Work drawn in columns: what stands in one column runs side by side, and each column waits for those left of it.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { titled, word } from "../../lib/i18n";
import type { Title } from "./types";

export interface Node { id: string; title: Title; task: string; target: string; system: string | null; after: string[]; detached: boolean; shared: boolean; on?: string | null; state?: ReactNode; more?: ReactNode }

export function lanes<T extends { id: string; after: string[] }>(nodes: T[]): T[][] {
  const level = new Map<string, number>();
  const own = new Map(nodes.map((n) => [n.id, n]));
  const depth = (id: string, seen: string[]): number => {
    const known = level.get(id);
    if (known !== undefined) return known;
    const node = own.get(id);
    if (!node || seen.includes(id)) return -1;
    const n = 1 + Math.max(-1, ...node.after.map((a) => depth(a, [...seen, id])));
    level.set(id, n);
    return n;
  };
  const all: T[][] = [];
  for (const node of nodes) (all[depth(node.id, [])] ??= []).push(node);
  return all.filter(Boolean);
}

export function Flow({ nodes, label }: { nodes: Node[]; label: string }) {
  const { t } = useTranslation();
  return (
    <div className="flow" role="group" aria-label={label} tabIndex={0}>
      {lanes(nodes).map((lane, i) => (
        <div key={i} className="lane">
          {lane.map((n) => (
            <div key={n.id} className={`task ${n.target}${n.detached ? " detached" : ""}`} data-task={n.task}>
              <div className="head"><span className="name">{titled(n.title)}</span>{n.state}</div>
              <div className="meta">
                <span>{word("target", n.target)}</span>
                {n.system && n.system !== n.target && <span className="chip">{word("networkSystem", n.system)}</span>}
                {n.on && <span className="chip">{word("networkChange", n.on)}</span>}
                {n.shared && <span className="chip gold">{t("network.shared")}</span>}
                {n.detached && <span className="chip">{t("network.detached")}</span>}
              </div>
              {n.more}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
