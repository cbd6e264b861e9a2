// Where a page stands: its parameters and its query string. A record that is kept in the background keeps its own, while
// the address bar is already somewhere else.
import { useParams, useSearch } from "@tanstack/react-router";
import { createContext, useContext } from "react";
import type { Search } from "./url";

export interface Here { params: Record<string, string>; search: Search; pathname: string }
export const HereContext = createContext<Here | null>(null);

export function useHere(): Pick<Here, "params" | "search"> {
  const kept = useContext(HereContext);
  const params = useParams({ strict: false }) as Record<string, string>;
  const search = useSearch({ strict: false }) as Search;
  return kept ?? { params, search };
}
