// Ctrl+K or "/": one box that finds customers by phone, name, pinyin, initials, certificate, account or circuit; orders;
// offerings; and everything one can do from here. Ctrl+Enter on a customer starts a sale.
import { AppstoreOutlined, BankOutlined, FileTextOutlined, RightOutlined, SearchOutlined, UserOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../lib/api";
import { usePageCommands } from "../lib/commands";
import { phone, plainPhone, yuan } from "../lib/format";
import { language, setLanguage, word } from "../lib/i18n";
import { useMay } from "../lib/session";
import { useTabs } from "../lib/tabs";
import type { Found } from "../lib/types";
import { Status } from "../kit/Status";
import { Failure } from "../kit/states";
import { PLACES } from "./menu";

export default function CommandBox({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay();
  const tabs = useTabs();
  const page = usePageCommands();
  const [text, setText] = useState("");
  const [value, setValue] = useState("");
  const [asked, setAsked] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const before = useRef<Element | null>(document.activeElement);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), text ? 120 : 0);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => () => { if (before.current instanceof HTMLElement) before.current.focus(); }, []);
  const q = /^[\d\s\-+()]+$/.test(asked) ? plainPhone(asked) : asked;
  const find = useQuery({
    queryKey: ["find", q], queryFn: ({ signal }) => call<Found>("/find", { query: { q, limit: 8 }, signal }),
    enabled: q.length > 0, placeholderData: (old) => old, staleTime: 5000,
  });
  const found = useDeferredValue(q ? find.data : undefined);
  const settled = !find.isFetching && found?.query !== undefined;
  const go = (to: string) => { onClose(); void navigate({ to }); };
  const sells = may("order.create");
  const actions = [
    ...PLACES.filter((p) => p.anyOf.length === 0 || may(...p.anyOf)).map((p) => ({ id: p.to, title: t("palette.goTo", { place: t(`nav.${p.id}`) }), keys: p.letter ? `G ${p.letter.toUpperCase()}` : "", run: () => go(p.to) })),
    ...(may("customer.create") ? [{ id: "new-customer", title: t("palette.newCustomer"), keys: "C C", run: () => go("/app/customers?new=1") }] : []),
    { id: "language", title: t("palette.language"), keys: "", run: () => { onClose(); void setLanguage(language() === "en" ? "zh-CN" : "en"); } },
    { id: "help", title: t("shell.help"), keys: "?", run: () => { onClose(); onHelp(); } },
  ];
  const wanted = text.trim().toLowerCase();
  const here = page.filter((a) => !wanted || a.title.toLowerCase().includes(wanted)).slice(0, wanted ? 20 : 10);
  const offered = actions.filter((a) => !wanted || a.title.toLowerCase().includes(wanted));
  const onKey = (event: React.KeyboardEvent) => {
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); if (text) setText(""); else onClose(); }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && value.startsWith("customer:") && sells) {
      event.preventDefault();
      go(`/app/sell/${value.slice(9)}`);
    }
    if (event.key === "Tab") { event.preventDefault(); box.current?.querySelector("input")?.focus(); }
  };
  return (
    <div className="palette-veil" onMouseDown={(e) => { if (e.target === e.currentTarget) onClose(); }}>
      <div role="dialog" aria-modal="true" aria-label={t("palette.title")} className="palette" ref={box} onKeyDown={onKey}>
        <Command shouldFilter={false} label={t("palette.title")} value={value} onValueChange={setValue} loop>
          <div className="palette-in">
            <SearchOutlined aria-hidden />
            <Command.Input autoFocus value={text} onValueChange={setText} placeholder={t("palette.placeholder")} maxLength={200} />
            <kbd>Esc</kbd>
          </div>
          <Command.List>
            {find.error && q ? <div style={{ padding: 10 }}><Failure error={find.error} what={t("palette.search")} retry={() => void find.refetch()} /></div> : null}
            {settled && q && found.customers.length + found.orders.length + found.offerings.length === 0 && (
              <div className="palette-none" role="status">{t("palette.none", { q })}</div>
            )}
            {found && found.customers.length > 0 && (
              <Command.Group heading={t("palette.customers")}>
                {found.customers.map((c) => (
                  <Command.Item key={c.id} value={`customer:${c.id}`} onSelect={() => go(`/app/customers/${c.id}${c.match === "phone" && /^\d{11}$/.test(q) ? `?n=${q}` : ""}`)}>
                    {c.kind === "organization" ? <BankOutlined aria-hidden /> : <UserOutlined aria-hidden />}
                    <bdi className="clip strong" style={{ flex: "0 1 170px" }}>{c.name}</bdi>
                    <span className="num" style={{ flex: "0 0 112px" }}>{phone(c.phone)}</span>
                    <span className="clip muted grow">{c.customerNo}{c.orgName ? ` · ${c.orgName}` : ""}</span>
                    {c.match && <span className="chip">{word("match", c.match)}</span>}
                  </Command.Item>
                ))}
              </Command.Group>
            )}
            {found && found.orders.length > 0 && (
              <Command.Group heading={t("palette.orders")}>
                {found.orders.map((o) => (
                  <Command.Item key={o.id} value={`order:${o.id}`} onSelect={() => go(`/app/orders/${o.id}`)}>
                    <FileTextOutlined aria-hidden />
                    <span className="num strong" style={{ flex: "0 0 170px" }}>{o.orderNo}</span>
                    <bdi className="clip grow muted">{o.customerName}</bdi>
                    <Status group="orderState" code={o.state} />
                  </Command.Item>
                ))}
              </Command.Group>
            )}
            {found && found.offerings.length > 0 && (
              <Command.Group heading={t("palette.offerings")}>
                {found.offerings.map((o) => (
                  <Command.Item key={o.id} value={`offering:${o.id}`} onSelect={() => go(`/app/catalog?id=${encodeURIComponent(o.id)}`)}>
                    <AppstoreOutlined aria-hidden />
                    <bdi className="clip grow">{o.name}</bdi>
                    <span className="num">{o.priceFen === null ? "" : yuan(o.priceFen)}</span>
                  </Command.Item>
                ))}
              </Command.Group>
            )}
            {here.length > 0 && (
              <Command.Group heading={t("palette.here")}>
                {here.map((a) => (
                  <Command.Item key={a.id} value={`here:${a.id}`} onSelect={() => { onClose(); a.run(); }}>
                    <RightOutlined aria-hidden /><span className="grow clip">{a.title}</span>{a.keys && <kbd>{a.keys}</kbd>}
                  </Command.Item>
                ))}
              </Command.Group>
            )}
            {!wanted && tabs.length > 0 && (
              <Command.Group heading={t("palette.open")}>
                {tabs.map((tab) => (
                  <Command.Item key={tab.key} value={`tab:${tab.key}`} onSelect={() => go(tab.href)}>
                    <RightOutlined aria-hidden /><bdi className="clip grow">{tab.title}</bdi>
                  </Command.Item>
                ))}
              </Command.Group>
            )}
            {offered.length > 0 && (
              <Command.Group heading={t("palette.actions")}>
                {offered.map((a) => (
                  <Command.Item key={a.id} value={`do:${a.id}`} onSelect={a.run}>
                    <RightOutlined aria-hidden /><span className="grow clip">{a.title}</span>{a.keys && <kbd>{a.keys}</kbd>}
                  </Command.Item>
                ))}
              </Command.Group>
            )}
          </Command.List>
          <div className="palette-foot">
            <span><kbd>↑</kbd> <kbd>↓</kbd> {t("palette.move")}</span>
            <span><kbd>Enter</kbd> {t("palette.openIt")}</span>
            {sells && <span><kbd>Ctrl Enter</kbd> {t("palette.sell")}</span>}
            <span className="grow right muted">{t("palette.tip")}</span>
          </div>
        </Command>
      </div>
    </div>
  );
}
