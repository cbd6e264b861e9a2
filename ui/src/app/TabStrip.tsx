// Open records. Own strip because antd's editable tabs fail axe. Alt+1…9 picks, Alt+[ and Alt+] step, Alt+W closes.
import { FileTextOutlined, ShoppingCartOutlined, UnorderedListOutlined, UserOutlined, WalletOutlined } from "@ant-design/icons";
import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { useKeys } from "../lib/keys";
import { closeTab, useTabs, wayTo } from "../lib/tabs";
import type { RecordTab } from "../lib/tabs";

const ICON: Record<RecordTab["kind"], ComponentType<{ "aria-hidden"?: boolean }>> = {
  customer: UserOutlined, order: FileTextOutlined, bill: WalletOutlined, sell: ShoppingCartOutlined, offering: UnorderedListOutlined,
};

export function TabStrip() {
  const { t } = useTranslation();
  const tabs = useTabs();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const at = tabs.findIndex((tab) => pathname === tab.href.split("?")[0]);
  const go = (i: number) => { const tab = tabs[i]; if (tab) void navigate({ to: wayTo(tab) }); };
  const close = (i: number) => {
    const tab = tabs[i];
    if (!tab) return;
    closeTab(tab.key);
    if (i !== at) return;
    const next = tabs[i + 1] ?? tabs[i - 1];
    void navigate({ to: next ? wayTo(next) : "/app" });
  };
  useKeys({
    "alt+w": () => close(at),
    "alt+[": () => go((at - 1 + tabs.length) % tabs.length),
    "alt+]": () => go((at + 1) % tabs.length),
    ...Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`alt+${i + 1}`, () => go(i)])),
  }, { off: tabs.length === 0 });
  if (tabs.length === 0) return <div style={{ gridArea: "tabs" }} />;
  return (
    <nav className="tabstrip" aria-label={t("shell.tabs")}>
      {tabs.map((tab, i) => {
        const Icon = ICON[tab.kind];
        return (
          <div key={tab.key} className={`tab${i === at ? " on" : ""}`} onAuxClick={(e) => { if (e.button === 1) close(i); }}>
            <Link to={wayTo(tab)} aria-current={i === at ? "page" : undefined} title={tab.title}>
              <Icon aria-hidden />
              <bdi className="clip">{tab.title || "…"}</bdi>
            </Link>
            <button type="button" onClick={() => close(i)} aria-label={t("shell.closeTab", { title: tab.title })} title={i === at ? "Alt+W" : undefined}>×</button>
          </div>
        );
      })}
    </nav>
  );
}
