// The customer's file: open needs and follow-ups first, then preferences, contacts and hand-overs, newest first.
import { CheckOutlined, CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../../lib/api";
import { dateTime } from "../../lib/format";
import { word } from "../../lib/i18n";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Nothing } from "../../kit/states";
import { Ago, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { Block } from "./tabs";
import type { FullView, JournalEntry } from "./types";

const topicOf = (e: JournalEntry) => word("family", e.topic) !== e.topic ? word("family", e.topic) : word("topic", e.topic);

export function JournalTab({ id, view, onAdd, changed }: { id: string; view: FullView; onAdd?: (kind: "need" | "interaction") => void; changed: () => void }) {
  const { t } = useTranslation();
  const [closing, setClosing] = useState<{ entry: JournalEntry; status: "met" | "dropped" } | null>(null);
  const all = view.behaviour.journal ?? [];
  const open = all.filter((e) => e.status === "open");
  const rest = all.filter((e) => e.status !== "open");
  const end = async (reason: string) => {
    if (!closing) return;
    await post(`/customers/${id}/journal/${closing.entry.id}/close`, { status: closing.status, result: reason }, { idempotencyKey: `${closing.entry.id}:${closing.status}` });
    say.success(t("kit.saved"));
    changed();
  };
  return (
    <>
      <Block title={t("v360.openMatters")} more={onAdd && <span className="row"><button type="button" className="linkish" onClick={() => onAdd("need")}>{t("v360.addNeed")}</button><button type="button" className="linkish" onClick={() => onAdd("interaction")}>{t("v360.addContact")}</button></span>}>
        {open.length === 0 ? <div className="muted" style={{ padding: "2px 14px 14px" }}>{t("v360.nothingOpen")}</div> : (
          <ul className="matters">
            {open.map((e) => (
              <li key={e.id}>
                <span className="chip">{t(`v360.entry.${e.kind}` as "v360.entry.need")}</span>
                <div className="grow"><b><bdi>{topicOf(e)}</bdi></b>{e.text && <div className="soft"><Name wrap>{e.text}</Name></div>}<div className="muted" style={{ fontSize: 12 }}><Ago at={e.at} /> · <bdi>{e.operator}</bdi>{e.due && <span className="num"> · {t("v360.dueBy", { day: e.due })}</span>}</div></div>
                {onAdd && <span className="row"><Button size="small" icon={<CheckOutlined aria-hidden />} onClick={() => setClosing({ entry: e, status: "met" })}>{t("v360.met")}</Button><Button size="small" icon={<CloseOutlined aria-hidden />} onClick={() => setClosing({ entry: e, status: "dropped" })}>{t("v360.drop")}</Button></span>}
              </li>
            ))}
          </ul>
        )}
      </Block>
      <Block title={t("v360.contactsAndPreferences")}>
        {rest.length === 0 ? <Nothing why={t("v360.noJournal")} /> : (
          <table className="data" aria-label={t("v360.contactsAndPreferences")}>
            <thead><tr><th style={{ width: 132 }}>{t("v360.at")}</th><th style={{ width: 76 }}>{t("v360.kind")}</th><th style={{ width: 92 }}>{t("v360.channel")}</th><th style={{ width: 130 }}>{t("v360.topic")}</th><th>{t("v360.what")}</th><th style={{ width: 90 }}>{t("v360.by")}</th></tr></thead>
            <tbody>{rest.map((e) => (
              <tr key={e.id}><td className="num">{dateTime(e.at)}</td><td>{t(`v360.entry.${e.kind}` as "v360.entry.need")}</td><td className="muted">{e.channel ? `${word("contactChannel", e.channel)}${e.direction === "out" ? t("v360.outgoing") : ""}` : "—"}</td><td><Name>{topicOf(e)}</Name></td><td className="wrapped"><Name wrap>{[e.text, e.result].filter(Boolean).join(" · ") || "—"}</Name></td><td><Name>{e.operator}</Name></td></tr>
            ))}</tbody>
          </table>
        )}
      </Block>
      <ReasonDialog open={closing !== null} onClose={() => setClosing(null)} onConfirm={end} title={closing?.status === "met" ? t("v360.metTitle") : t("v360.dropTitle")} confirm={t("kit.save")} suggestions={closing?.status === "met" ? [t("v360.metWhy1"), t("v360.metWhy2")] : [t("v360.dropWhy1"), t("v360.dropWhy2")]} />
    </>
  );
}
