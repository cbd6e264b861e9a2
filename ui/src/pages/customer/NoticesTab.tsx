// What a customer is reminded of: cases of debt, messages sent lately, and what they want to get at which number.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { phone } from "../../lib/format";
import { comma, language, word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { DataTable } from "../../kit/DataTable";
import { Pick } from "../../kit/Pick";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { CaseDrawer } from "../dunning/CaseDrawer";
import { Level, NextStep } from "../dunning/parts";
import type { CaseRow } from "../dunning/types";
import "../dunning/dunning.css";
import { Block } from "./tabs";
import type { FullView } from "./types";

interface Wish { number: string; preference: { lang: string; business: boolean; marketing: boolean; channel: string; updatedBy: string } }
interface Kind { code: string; name: string; nameEn: string; category: string }
interface Message { id: string; number: string; purpose: string; text: string; at: string; channel: string; state: string; direction: string }

export function NoticesTab({ id, view }: { id: string; view: FullView }) {
  const may = useMay();
  return (
    <>
      {may("dunning.read") && <Cases id={id} />}
      {may("message.read") && <Wishes id={id} view={view} />}
      {may("message.read") && <Sent id={id} />}
    </>
  );
}

function Cases({ id }: { id: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<string | undefined>();
  const cases = useQuery({ queryKey: ["dunning", "customer", id], queryFn: () => call<CaseRow[]>(`/customers/${id}/dunning`) });
  return (
    <Block title={t("purse.cases")} more={<Link to="/app/dunning">{t("purse.allCases")}</Link>}>
      <Loaded of={cases} what={t("purse.cases")} rows={2}>{(rows) => (
        <DataTable rows={rows} rowKey={(c) => c.id} label={t("purse.cases")} minWidth={700} onOpen={(c) => setOpen(c.id)} empty={<Nothing why={t("purse.noCases")} />} columns={[
          { key: "at", title: t("dunning.opened"), width: 140, lead: true, render: (c) => <button type="button" className="linkish" onClick={() => setOpen(c.id)}><At at={c.openedAt} /></button> },
          { key: "account", title: t("dunning.account"), width: 200, render: (c) => <span className="num">{c.accountNo ?? "—"}</span> },
          { key: "owed", title: t("dunning.owed"), width: 100, right: true, render: (c) => <Money fen={c.overdueFen} /> },
          { key: "level", title: t("dunning.level"), width: 90, render: (c) => <Level of={c} /> },
          { key: "next", title: t("dunning.next"), render: (c) => (c.state === "open" ? <NextStep of={c} /> : <span className="muted">{word("dunClosed", c.closeReason)}</span>) },
        ]} />
      )}</Loaded>
      <CaseDrawer id={open} onClose={() => setOpen(undefined)} />
    </Block>
  );
}

/** One row a number: the telephone of the customer, which the server knows, the numbers held, and any that is looked up. */
function Wishes({ id, view }: { id: string; view: FullView }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [more, setMore] = useState<string[]>([]);
  const held = view.products.filter((p) => p.number && /^1\d{10}$/.test(p.number) && p.status !== "terminated").map((p) => p.number!);
  const mails = (view.customer.contacts ?? []).map((c) => c.email ?? "").filter((e) => e.includes("@") && !e.includes("*"));
  const all = [...new Set(["", ...held, ...mails, ...more])].slice(0, 12);
  const kinds = useQuery({ queryKey: ["messages", "kinds"], staleTime: 300_000, queryFn: () => call<Kind[]>("/message-templates") });
  const names = (category: string) => (kinds.data ?? []).filter((k) => k.category === category && !k.code.startsWith("preference.")).map((k) => (language() === "en" ? k.nameEn : k.name)).join(comma());
  const good = /^[\d+\-\s]{7,20}$/.test(text.trim()) || /^\S+@\S+\.\S+$/.test(text.trim());
  const add = () => { if (good) { setMore((m) => [...m, text.trim()]); setText(""); } };
  return (
    <Block title={t("wish.title")}>
      <div className="table-wrap">
        <table className="data wishes" aria-label={t("wish.title")} style={{ minWidth: 680 }}>
          <thead><tr><th scope="col">{t("wish.number")}</th><th scope="col" style={{ width: 140 }}>{t("wish.business")}</th><th scope="col" style={{ width: 132 }}>{t("wish.marketing")}</th><th scope="col" style={{ width: 110 }}>{t("wish.lang")}</th><th scope="col" style={{ width: 130 }}>{t("wish.said")}</th></tr></thead>
          <tbody>{all.map((number) => <One key={number} id={id} number={number} />)}</tbody>
        </table>
      </div>
      <div className="wish-foot">
        <form className="row" onSubmit={(e) => { e.preventDefault(); add(); }}>
          <Input size="small" aria-label={t("wish.other")} placeholder={t("wish.other")} value={text} maxLength={60} style={{ width: 200 }} onChange={(e) => setText(e.target.value)} />
          <Button size="small" htmlType="submit" disabled={!good}>{t("wish.add")}</Button>
        </form>
        {kinds.data && <p className="soft wrap">{t("wish.law", { list: names("service") })}<br />{t("wish.optional", { list: names("business") })} {t("wish.mark")}</p>}
      </div>
    </Block>
  );
}

function One({ id, number }: { id: string; number: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const prefers = useMay()("message.prefer");
  const [error, setError] = useState<unknown>(null);
  const key = ["wish", id, number];
  const wish = useQuery({ queryKey: key, retry: false, queryFn: () => call<Wish>(`/customers/${id}/message-preference`, { query: { number: number || undefined } }) });
  if (wish.error && !wish.data) return <tr><td colSpan={5}><Failure error={wish.error} what={number || t("wish.own")} /></td></tr>;
  const p = wish.data?.preference;
  const keep = async (part: Partial<Wish["preference"]>) => {
    if (!p) return;
    setError(null);
    const before = wish.data;
    const { business, marketing, lang } = { ...p, ...part };
    client.setQueryData<Wish>(key, (now) => now && { ...now, preference: { ...now.preference, ...part } });
    try {
      const saved = await call<Wish>(`/customers/${id}/message-preference`, { method: "PUT", body: { number: number || undefined, business, marketing, lang } });
      client.setQueryData(key, saved);
      say.success(t("wish.saved"));
    } catch (cause) { client.setQueryData(key, before); setError(cause); }
  };
  const shown = number || wish.data?.number || "";
  const tick = (name: "business" | "marketing") => (
    <label className="tick"><input type="checkbox" disabled={!prefers || !p} checked={p?.[name] ?? false} aria-label={`${shown || t("wish.own")} ${t(`wish.${name}`)}`} onChange={(e) => void keep({ [name]: e.target.checked })} />{p ? t(p[name] ? "wish.on" : "wish.off") : ""}</label>
  );
  return (
    <>
      <tr data-wish={number || "own"}>
        <td><span className="num">{shown.includes("@") ? shown : phone(shown)}</span>{!number && <span className="muted"> {t("wish.own")}</span>}</td>
        <td>{tick("business")}</td>
        <td>{tick("marketing")}</td>
        <td>{prefers && p ? <Pick label={t("wish.lang")} value={p.lang} onPick={(lang) => void keep({ lang })} options={[{ value: "zh", label: "中文" }, { value: "en", label: "English" }]} /> : p?.lang === "en" ? "English" : "中文"}</td>
        <td className="muted"><Name>{!p ? "" : p.channel === "mo" ? t("wish.mo") : p.channel ? t("wish.page", { by: p.updatedBy }) : t("wish.never")}</Name></td>
      </tr>
      {error ? <tr><td colSpan={5}><Failure error={error} what={t("wish.title")} /></td></tr> : null}
    </>
  );
}

function Sent({ id }: { id: string }) {
  const { t } = useTranslation();
  const rows = useQuery({ queryKey: ["messages", "customer", id], queryFn: () => call<Message[]>("/messages", { query: { customerId: id, limit: 10 } }) });
  return (
    <Block title={t("purse.sentTitle")} more={<Link to="/app/messages">{t("purse.allMessages")}</Link>}>
      <Loaded of={rows} what={t("purse.sentTitle")} rows={2}>{(all) => (
        <DataTable rows={all} rowKey={(m) => m.id} label={t("purse.sentTitle")} minWidth={700} empty={<Nothing why={t("purse.noMessages")} />} columns={[
          { key: "at", title: t("dunning.at"), width: 140, lead: true, render: (m) => <At at={m.at} /> },
          { key: "number", title: t("messages.number"), width: 130, render: (m) => <span className="num">{phone(m.number)}</span> },
          { key: "purpose", title: t("messages.purpose"), width: 104, wrap: true, render: (m) => word("messageKind", m.purpose.replaceAll(".", "_")) },
          { key: "text", title: t("messages.text"), wrap: true, render: (m) => <bdi className="wrap">{m.text}</bdi> },
          { key: "state", title: t("dunning.state"), width: 100, render: (m) => <Status group="messageStanding" code={m.state} /> },
        ]} />
      )}</Loaded>
    </Block>
  );
}
