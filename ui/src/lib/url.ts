// The address is the state of a list: filters, sort and page live in the query string as plain text.
import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { useHere } from "./here";

export type Search = Record<string, string>;
export const parseSearch = (text: string): Search => Object.fromEntries(new URLSearchParams(text));
export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== "") params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}

/** Reads the query string and changes parts of it; changing anything but the page goes back to page 1. */
export function useUrl() {
  const { search } = useHere();
  const navigate = useNavigate();
  const set = useCallback(
    (change: Record<string, string | number | undefined>, push = false) => {
      const turnsPage = "page" in change;
      void navigate({
        to: ".",
        replace: !push,
        resetScroll: false,
        search: ((old: Search) => {
          const next: Record<string, unknown> = { ...old, ...change };
          if (!turnsPage) delete next.page;
          for (const key of Object.keys(next)) if (next[key] === undefined || next[key] === "") delete next[key];
          return next;
        }) as never,
      });
    },
    [navigate],
  );
  return { search, set };
}

export function paging(search: Search) {
  const size = [20, 50, 100].includes(Number(search.size)) ? Number(search.size) : 20;
  const page = Math.max(1, Math.trunc(Number(search.page)) || 1);
  return { size, page, offset: (page - 1) * size, limit: size };
}
