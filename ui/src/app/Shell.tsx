// The frame around every page after log-in: top bar, rail, record tabs, palette, help, and the live stream.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../lib/api";
import { useKeys } from "../lib/keys";
import { startLive, useLiveState } from "../lib/live";
import { useRefresh } from "../lib/refresh";
import { useMay } from "../lib/session";
import type { FalloutSummary } from "../lib/types";
import { KeptPages } from "./KeptPages";
import { PLACES } from "./menu";
import { TabStrip } from "./TabStrip";
import { TopBar } from "./TopBar";

const CommandBox = lazy(() => import("./CommandBox"));
const Help = lazy(() => import("./Help"));

export default function Shell() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const may = useMay();
  const live = useLiveState();
  const [finding, setFinding] = useState(false);
  const [helping, setHelping] = useState(false);
  const [slow, setSlow] = useState(false);
  useEffect(() => { startLive(); }, []);
  useEffect(() => {
    if (live !== "silent") { setSlow(false); return; }
    const timer = setTimeout(() => setSlow(true), 2500);
    return () => clearTimeout(timer);
  }, [live]);
  useRefresh(client);

  const places = PLACES.filter((p) => p.anyOf.length === 0 || may(...p.anyOf));
  const go = (to: string) => void navigate({ to });
  useKeys({
    "mod+k": () => setFinding((on) => !on),
    "/": () => setFinding(true),
    "?": () => setHelping((on) => !on),
    ...Object.fromEntries(places.filter((p) => p.letter).map((p) => [`g ${p.letter}`, () => go(p.to)])),
    ...(may("customer.create") ? { "c c": () => go("/app/customers?new=1") } : {}),
    ...(may("order.create") ? { "c o": () => go("/app/sell") } : {}),
  });
  useKeys({ "mod+k": () => setFinding((on) => !on) }, { inDialog: true });

  const watches = may("fallout.read");
  const fallout = useQuery({ queryKey: ["falloutSummary"], queryFn: () => call<FalloutSummary>("/fallout/summary"), enabled: watches, retry: false });
  const rail = places.filter((p) => p.rail);
  // Who may do much has more places than fit: the present one is always in sight.
  useEffect(() => { document.querySelector(".rail a.on")?.scrollIntoView({ block: "nearest" }); }, [pathname]);
  const on = (to: string) => (to === "/app" ? pathname === "/app" || pathname === "/app/" : pathname === to || pathname.startsWith(`${to}/`));
  const item = (p: (typeof PLACES)[number]) => {
    const current = on(p.to) || (p.id === "staff" && pathname.startsWith("/app/admin/roles")) || (p.id === "counter" && pathname.startsWith("/app/bills"));
    const open = p.id === "fallout" ? (fallout.data?.open ?? 0) : 0;
    return (
      <Link key={p.id} to={p.to} className={current ? "on" : ""} aria-current={current ? "page" : undefined} title={p.letter ? `${t(`nav.${p.id}`)}  G ${p.letter.toUpperCase()}` : t(`nav.${p.id}`)}>
        <p.icon aria-hidden />
        <span>{t(`nav.${p.id}`)}</span>
        {open > 0 && <span className="badge">{open > 99 ? "99+" : open}</span>}
      </Link>
    );
  };
  return (
    <div className="shell">
      <a className="sr" href="#main">{t("shell.skip")}</a>
      <TopBar live={live} onFind={() => setFinding(true)} onHelp={() => setHelping(true)} />
      <nav className={`rail${rail.length > 13 ? " dense" : ""}`} aria-label={t("shell.rail")}>
        {rail.filter((p) => p.group === "work").map(item)}
        <span className="gap" />
        {rail.filter((p) => p.group === "rule").map(item)}
      </nav>
      <TabStrip />
      <main id="main" tabIndex={-1}>
        {slow && <div className="banner no-print" role="status" style={{ margin: "8px 16px 0" }}>{t("shell.silent")}</div>}
        <KeptPages />
      </main>
      <Suspense fallback={null}>
        {finding && <CommandBox onClose={() => setFinding(false)} onHelp={() => setHelping(true)} />}
        {helping && <Help onClose={() => setHelping(false)} />}
      </Suspense>
    </div>
  );
}
