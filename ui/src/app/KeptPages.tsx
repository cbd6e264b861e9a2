// Open records stay as they were left: what was typed, folded open or scrolled to is there again when their tab is picked.
// A kept page that is not looked at is hidden by React's Activity, which also stops its effects.
import { CatchBoundary, Outlet, useRouter, useRouterState } from "@tanstack/react-router";
import { Activity, Suspense, useLayoutEffect, useRef } from "react";
import type { ComponentType } from "react";
import { HereContext } from "../lib/here";
import type { Here } from "../lib/here";
import { leftAt, useTabs } from "../lib/tabs";
import { stringifySearch } from "../lib/url";
import type { Search } from "../lib/url";
import { Waiting } from "../kit/states";
import { Broken } from "./Lost";

/** The pages of single records: each open one has a tab. */
const KEPT = new Set(["/app/customers/$id", "/app/sell/$customerId", "/app/orders/$id", "/app/bills/$id"]);
interface Kept extends Here { routeId: string }

export function KeptPages() {
  const router = useRouter();
  const tabs = useTabs();
  const kept = useRef(new Map<string, Kept>());
  const scrolled = useRef(new Map<string, number>());
  const leaf = useRouterState({
    select: (s) => {
      const match = s.matches.at(-1);
      return match && { routeId: match.routeId as string, params: match.params as Record<string, string>, search: match.search as Search, pathname: match.pathname, ready: match.status === "success" };
    },
    structuralSharing: true as never,
  });
  const here = leaf && leaf.ready && KEPT.has(leaf.routeId) ? leaf.pathname : null;
  const open = new Set(tabs.map((tab) => tab.href.split("?")[0]!));
  if (here && leaf) {
    kept.current.set(here, leaf);
    leftAt(here, here + stringifySearch(leaf.search));
  }
  for (const path of kept.current.keys()) if (path !== here && !open.has(path)) kept.current.delete(path);

  const main = () => document.getElementById("main");
  useLayoutEffect(() => {
    if (!here) return;
    main()?.scrollTo({ top: scrolled.current.get(here) ?? 0 });
    const places = scrolled.current;
    const note = () => places.set(here, main()?.scrollTop ?? 0);
    main()?.addEventListener("scroll", note, { passive: true });
    return () => main()?.removeEventListener("scroll", note);
  }, [here]);

  return (
    <>
      {!here && <Outlet />}
      {[...kept.current].map(([path, page]) => {
        const Page = router.routesById[page.routeId as never] as { options: { component?: ComponentType } };
        const Component = Page.options.component;
        return Component && (
          <Activity key={path} mode={path === here ? "visible" : "hidden"}>
            <HereContext.Provider value={page}>
              <CatchBoundary getResetKey={() => path} errorComponent={Broken}>
                <Suspense fallback={<Waiting rows={10} />}><Component /></Suspense>
              </CatchBoundary>
            </HereContext.Provider>
          </Activity>
        );
      })}
    </>
  );
}
