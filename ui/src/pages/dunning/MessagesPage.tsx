// Messages sent and received, what became of them, and the texts they are made from.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal, Select } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, post } from "../../lib/api";
import { count, phone } from "../../lib/format";
import { language, word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import { Field, PageHead, Panel, Tabs } from "../../kit/layout";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { failed } from "./failed";
import "./dunning.css";

interface Message { id: string; direction: string; number: string; purpose: string; text: string; at: string; channel: string; subject: string; category: string; state: string; notBefore: string | null; attempts: number; parts: number; endedAt: string | null; error: string }
interface Summary { counts: { state: string; channel: string; count: number }[]; gateways: { smtp: string | null; smpp: string | null; smtpError: string; smppError: string; smppBound: boolean } }
interface Text { lang: string; channel: string; version: number; subject: string; body: string; updatedBy: string }
interface Kind { code: string; name: string; nameEn: string; category: string; variables: string[]; required: string[]; urgent: boolean; source: string; texts: Text[] }

const STATES = ["waiting", "sending", "sent", "delivered", "undelivered", "failed", "expired", "received"] as const;
const SIZE = 50;

export default function MessagesPage() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const at = search.tab ?? "records";
  return (
    <div className="page">
      <PageHead title={t("messages.title")} sub={t("messages.what")} />
      <Tabs label={t("messages.title")} at={at} onPick={(tab) => set({ tab: tab === "records" ? undefined : tab, state: undefined, channel: undefined, page: undefined })} items={[{ id: "records", title: t("messages.records") }, { id: "texts", title: t("messages.texts") }]}>
        {at === "texts" ? <Texts /> : <Records />}
      </Tabs>
    </div>
  );
}

function Records() {
  const { t } = useTranslation();
  const may = useMay();
  const client = useQueryClient();
  const { search, set } = useUrl();
  const page = Number(search.page ?? 1);
  const [number, setNumber] = useState(search.number ?? "");
  const query = { state: search.state, channel: search.channel, number: search.number, limit: SIZE, offset: (page - 1) * SIZE };
  const summary = useQuery({ queryKey: ["messages", "summary"], queryFn: () => call<Summary>("/messages/summary"), refetchInterval: 10_000 });
  const rows = useQuery({ queryKey: ["messages", query], queryFn: () => call<Message[]>("/messages", { query }) });
  const again = async (id: string) => {
    try { await post(`/messages/${id}/retry`, {}); say.success(t("messages.again")); await client.invalidateQueries({ queryKey: ["messages"] }); } catch (cause) { failed(cause); }
  };
  return (
    <div className="dunstack">
      <Loaded of={summary} what={t("messages.title")} rows={2}>{(s) => {
        const of = (state: string) => s.counts.filter((c) => c.state === state).reduce((n, c) => n + c.count, 0);
        return (
          <>
            <div className="dunboard" role="group" aria-label={t("messages.week")}>
              {STATES.map((state) => (
                <button key={state} type="button" className="duncol" aria-pressed={search.state === state} onClick={() => set({ state: search.state === state ? undefined : state, page: undefined })}>
                  <span className="muted">{word("messageStanding", state)}</span><span className={`big num${(state === "failed" || state === "undelivered") && of(state) > 0 ? " danger" : ""}`}>{count(of(state))}</span>
                </button>
              ))}
            </div>
            <Panel title={t("messages.gateways")}>
              <dl className="facts two">
                <Gateway name={t("messages.smpp")} url={s.gateways.smpp} error={s.gateways.smppError} up={s.gateways.smppBound} none={t("messages.fetched")} />
                <Gateway name={t("messages.smtp")} url={s.gateways.smtp} error={s.gateways.smtpError} up={!s.gateways.smtpError} none={t("messages.noMail")} />
              </dl>
            </Panel>
          </>
        );
      }}</Loaded>
      <Panel flush title={t("messages.records")} acts={(
        <span className="row">
          <Input.Search allowClear style={{ width: 210 }} placeholder={t("messages.number")} aria-label={t("messages.number")} value={number} onChange={(e) => setNumber(e.target.value)} onSearch={(v) => set({ number: v.trim() || undefined, page: undefined })} />
          <Select style={{ width: 110 }} aria-label={t("messages.channel")} value={search.channel ?? ""} onChange={(v) => set({ channel: v || undefined, page: undefined })} options={[{ value: "", label: t("messages.allChannels") }, { value: "sms", label: t("dunning.sms") }, { value: "mail", label: t("dunning.mail") }]} />
        </span>
      )}>
        <Loaded of={rows} what={t("messages.records")} rows={8}>{(found) => (
          <>
            <DataTable rows={found} rowKey={(r) => r.id} label={t("messages.records")} minWidth={1080} empty={<Nothing why={t("messages.none")} />} columns={[
              { key: "at", title: t("dunning.at"), width: 140, render: (r) => <At at={r.at} /> },
              { key: "to", title: t("messages.number"), width: 140, render: (r) => <span className="num">{r.direction === "in" ? "← " : ""}{r.channel === "mail" ? r.number : phone(r.number)}</span> },
              { key: "what", title: t("messages.purpose"), width: 128, wrap: true, render: (r) => word("messageKind", r.purpose.replaceAll(".", "_")) },
              { key: "text", title: t("messages.text"), lead: true, render: (r) => <Name>{r.subject ? `${r.subject} · ${r.text}` : r.text}</Name> },
              { key: "state", title: t("dunning.state"), width: 106, render: (r) => <Status group="messageStanding" code={r.state} /> },
              { key: "more", title: t("messages.more"), width: 130, render: (r) => <span className="muted clip" title={r.error}>{r.error || (r.state === "waiting" && r.notBefore && r.notBefore > new Date().toISOString() ? <>{t("messages.notBefore")} <At at={r.notBefore} /></> : r.parts > 1 ? t("messages.parts", { count: r.parts }) : r.attempts > 1 ? t("messages.attempts", { count: r.attempts }) : "")}</span> },
              { key: "do", title: "", width: 80, right: true, render: (r) => (["failed", "undelivered", "expired"].includes(r.state) && may("message.operate") ? <Button size="small" onClick={() => void again(r.id)}>{t("messages.retry")}</Button> : null) },
            ]} />
            {(page > 1 || found.length === SIZE) && <Pager page={page} size={SIZE} total={null} shown={found.length} onPage={(p) => set({ page: p === 1 ? undefined : String(p) })} />}
          </>
        )}</Loaded>
      </Panel>
    </div>
  );
}

function Gateway({ name, url, error, up, none }: { name: string; url: string | null; error: string; up: boolean; none: string }) {
  const { t } = useTranslation();
  return <div><dt>{name}</dt><dd>{!url ? <span className="muted">{none}</span> : <><span className="mono">{url}</span> {error ? <span className="danger wrap">{t("messages.down")}：<bdi>{error}</bdi></span> : <span className="muted">{t(up ? "messages.up" : "messages.idle")}</span>}</>}</dd></div>;
}

function Texts() {
  const { t } = useTranslation();
  const may = useMay();
  const [editing, setEditing] = useState<{ kind: Kind; text: Text } | null>(null);
  const kinds = useQuery({ queryKey: ["messages", "texts"], queryFn: () => call<Kind[]>("/message-templates") });
  return (
    <Panel flush title={t("messages.texts")} acts={<span className="muted">{t("messages.textsNote")}</span>}>
      <Loaded of={kinds} what={t("messages.texts")} rows={8}>{(rows) => (
        <DataTable rows={rows.flatMap((kind) => kind.texts.map((text) => ({ kind, text })))} rowKey={(r) => `${r.kind.code}${r.text.lang}${r.text.channel}`} label={t("messages.texts")} minWidth={1000} columns={[
          { key: "kind", title: t("messages.purpose"), width: 200, lead: true, wrap: true, render: (r) => <bdi className="wrap">{language() === "en" ? r.kind.nameEn : r.kind.name}</bdi> },
          { key: "category", title: t("messages.category"), width: 146, render: (r) => word("messageCategory", r.kind.category) },
          { key: "channel", title: t("messages.channel"), width: 110, render: (r) => `${t(r.text.channel === "mail" ? "dunning.mail" : "dunning.sms")} · ${r.text.lang === "zh" ? "中文" : "English"}` },
          { key: "body", title: t("messages.text"), wrap: true, render: (r) => <bdi>{r.text.body.replaceAll("\\n", " ")}</bdi> },
          { key: "version", title: t("messages.version"), width: 60, right: true, render: (r) => <span className="num">{r.text.version}</span> },
          { key: "do", title: "", width: 70, right: true, render: (r) => (may("message.write") ? <Button size="small" onClick={() => setEditing(r)}>{t("dunning.edit")}</Button> : null) },
        ]} />
      )}</Loaded>
      {editing && <TextEditor kind={editing.kind} text={editing.text} onClose={() => setEditing(null)} />}
    </Panel>
  );
}

function TextEditor({ kind, text, onClose }: { kind: Kind; text: Text; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [subject, setSubject] = useState(text.subject);
  const [body, setBody] = useState(text.body);
  const [asked, setAsked] = useState(body);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => { const timer = setTimeout(() => setAsked(body), 250); return () => clearTimeout(timer); }, [body]);
  const shown = useQuery({ queryKey: ["textPreview", kind.code, asked], queryFn: () => post<{ text: string; length: number; parts: number; alphabet: string }>(`/message-templates/${kind.code}/preview`, { body: asked }) });
  const go = async () => {
    setError(null);
    try {
      await call(`/message-templates/${kind.code}`, { method: "PUT", body: { lang: text.lang, channel: text.channel, subject, body } });
      say.success(t("messages.saved"));
      await client.invalidateQueries({ queryKey: ["messages"] });
      onClose();
    } catch (cause) { setError(cause); }
  };
  return (
    <Modal open title={language() === "en" ? kind.nameEn : kind.name} onCancel={onClose} okText={t("kit.save")} cancelText={t("kit.cancel")} onOk={() => void go()} okButtonProps={{ disabled: !body.trim() }} width={620}>
      <div className="stack">
        {text.channel === "mail" && <Field label={t("messages.subject")}>{(f) => <Input {...f} maxLength={120} value={subject} onChange={(e) => setSubject(e.target.value)} />}</Field>}
        <Field label={t("messages.text")} hint={kind.variables.length > 0 ? t("messages.variables", { list: kind.variables.map((v) => `{${v}}`).join(" ") }) : undefined}>{(f) => <Input.TextArea {...f} rows={5} value={body} onChange={(e) => setBody(e.target.value)} />}</Field>
        {kind.variables.length > 0 && <div className="row wraps">{kind.variables.map((v) => <Button key={v} size="small" onClick={() => setBody((b) => `${b}{${v}}`)}>{word("messageVariable", v)}</Button>)}</div>}
        {shown.data && <div className="dunnote"><bdi className="wrap" style={{ whiteSpace: "pre-line" }}>{shown.data.text}</bdi>{text.channel === "sms" && <div className="muted">{t("messages.size", { length: shown.data.length, parts: shown.data.parts, alphabet: shown.data.alphabet })}</div>}</div>}
        {error ? <Failure error={error} what={t("messages.texts")} /> : null}
      </div>
    </Modal>
  );
}
