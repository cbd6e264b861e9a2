// Figures with their definitions on hover; the path to a place.
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { language } from "../../lib/i18n";
import type { Definition } from "./types";

export function useDefinitions() {
  const found = useQuery({ queryKey: ["figureDefinitions"], queryFn: () => call<Definition[]>("/figures/definitions"), staleTime: Infinity });
  return (name: string) => { const d = found.data?.find((x) => x.name === name); return d ? (language() === "en" ? d.en : d.zh) : ""; };
}

export function Tile({ title, meaning, value, note, tone }: { title: string; meaning?: string; value: ReactNode; note?: ReactNode; tone?: "bad" | "ok" }) {
  return <div><dt>{meaning ? <span className="def" title={meaning} tabIndex={0}>{title}</span> : title}</dt><dd className={tone}>{value}{note && <small>{note}</small>}</dd></div>;
}

/** From the whole scope down to the place that is shown. */
export function Crumbs({ org, name, root, pick }: { org: string; name: string; root: boolean; pick: (org: string | undefined) => void }) {
  const { t } = useTranslation();
  // Above one's own scope there is nothing to see.
  if (root) return <b>{name}</b>;
  const up = org.split("/").length > 2 ? org.slice(0, org.lastIndexOf("/")) : null;
  return (
    <nav className="crumbs" aria-label={t("figs.place")}>
      <button type="button" className="linkish" onClick={() => pick(undefined)}>{t("figs.all")}</button>
      {up && <><span aria-hidden>›</span><button type="button" className="linkish" onClick={() => pick(up)}>{t("figs.up")}</button></>}
      <span aria-hidden>›</span><b>{name}</b>
    </nav>
  );
}

/** Yuan for charts: whole yuan, or ten thousands where they are many. */
export function scaled(fens: number[]): { unit: "figs.unitYuan" | "figs.unitWan"; of: (fen: number) => number } {
  const most = Math.max(0, ...fens.map(Math.abs));
  return most >= 1_000_000_00 ? { unit: "figs.unitWan", of: (fen) => Math.round(fen / 10_000_00 * 10) / 10 } : { unit: "figs.unitYuan", of: (fen) => Math.round(fen) / 100 };
}
