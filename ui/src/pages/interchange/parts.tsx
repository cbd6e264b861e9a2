// Pieces that several tabs show.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { language, word } from "../../lib/i18n";
import { useUrl } from "../../lib/url";
import type { System } from "./types";

export function useSystems() {
  return useQuery({ queryKey: ["billingSystems"], queryFn: () => call<System[]>("/collaboration/systems"), staleTime: 30_000 });
}

/** The name of a billing system; the embedded one has none of its own. */
export function useSystemName() {
  const { t } = useTranslation();
  const all = useSystems().data ?? [];
  return (code: string) => {
    if (code === "" || code === "embedded") return t("interchange.embedded");
    const known = all.find((s) => s.code === code);
    return (known && (language() === "en" ? known.nameEn || known.name : known.name)) || word("interchangeSource", code);
  };
}

export function States({ all, group }: { all: string[]; group: string }) {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  return (
    <span className="row wraps" role="group" aria-label={t("interchange.state")} style={{ gap: 4 }}>
      {["", ...all].map((s) => (
        <button key={s} type="button" className={`filterchip${(search.state ?? "") === s ? " on" : ""}`} aria-pressed={(search.state ?? "") === s} onClick={() => set({ state: s || undefined })}>
          {s ? word(group, s) : t("interchange.any")}
        </button>
      ))}
    </span>
  );
}
