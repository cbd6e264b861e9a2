// Mark, where one works, the finder, the live light, language, and the user's own menu.
import { DownOutlined, GlobalOutlined, QuestionCircleOutlined, SearchOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../lib/api";
import { LANGUAGES, language, setLanguage } from "../lib/i18n";
import type { LiveState } from "../lib/live";
import { useSession } from "../lib/session";
import { closeAllTabs } from "../lib/tabs";
import { Menu } from "../kit/Menu";

const PasswordDialog = lazy(() => import("./PasswordDialog"));

export function TopBar({ live, onFind, onHelp }: { live: LiveState; onFind: () => void; onHelp: () => void }) {
  const { t } = useTranslation();
  const { staff, roles, roleTitles } = useSession();
  const titles = roleTitles?.length ? roleTitles.map((r) => r[language()] ?? Object.values(r)[0]) : roles;
  const client = useQueryClient();
  const navigate = useNavigate();
  const [changing, setChanging] = useState(false);
  const leave = async () => {
    try { await send("/session", { method: "DELETE" }); } catch { /* the cookie may be gone already */ }
    closeAllTabs();
    client.clear();
    void navigate({ to: "/login" });
  };
  return (
    <header className="topbar">
      <Link to="/app" className="mark" title={t("shell.brand")}>一台</Link>
      <span className="where clip" title={staff.org}>{staff.orgName}</span>
      <button type="button" className="finder" onClick={onFind} aria-haspopup="dialog">
        <SearchOutlined aria-hidden />
        <span className="clip">{t("shell.finder")}</span>
        <kbd>/</kbd><kbd>Ctrl K</kbd>
      </button>
      <span className={`live ${live}`} role="status" title={t(`shell.live.${live}Hint`)}><i />{t(`shell.live.${live}`)}</span>
      <button type="button" className="plain" onClick={onHelp} aria-label={t("shell.help")} title={`${t("shell.help")}  ?`}><QuestionCircleOutlined aria-hidden /></button>
      <button type="button" className="plain" onClick={() => void setLanguage(language() === "en" ? "zh-CN" : "en")} title={t("shell.language")}>
        <GlobalOutlined aria-hidden /> {LANGUAGES.find((l) => l.id !== language())!.title}
      </button>
      <Menu
        className="plain" note={`${staff.login} · ${titles.join(", ")}`} button={<><bdi className="clip">{staff.name}</bdi> <DownOutlined aria-hidden style={{ fontSize: 10 }} /></>}
        items={[{ id: "password", title: t("shell.password"), run: () => setChanging(true) }, { id: "leave", title: t("shell.logout"), run: () => void leave() }]}
      />
      <Suspense fallback={null}>{changing && <PasswordDialog onClose={() => setChanging(false)} />}</Suspense>
    </header>
  );
}
