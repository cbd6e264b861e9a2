// One message: how it stands, its items, what it says, what went to and fro, and trying again.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Drawer } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, post } from "../../lib/api";
import { titled, word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { Facts, Panel } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At } from "../../kit/text";
import { say } from "../../kit/toast";
import type { MessageView } from "./types";

const pretty = (text: string) => {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
};

export function MessageDrawer({ id, onClose }: { id?: string; onClose: () => void }) {
  const { t } = useTranslation();
  const one = useQuery({ queryKey: ["networkMessage", id], queryFn: () => call<MessageView>(`/network/messages/${id}`), enabled: !!id, refetchInterval: (q) => (["completed", "cancelled", "failed"].includes(q.state.data?.state ?? "") ? false : 2500) });
  return (
    <Drawer open={!!id} onClose={onClose} size={720} destroyOnHidden title={t("network.message")}>
      {id && <Loaded of={one} what={t("network.message")}>{(m) => <View m={m} />}</Loaded>}
    </Drawer>
  );
}

function View({ m }: { m: MessageView }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const [asking, setAsking] = useState<"retry" | "ask" | null>(null);
  const act = async (reason: string) => {
    const now = await post<MessageView>(`/network/messages/${m.id}/${asking}`, { reason });
    client.setQueryData(["networkMessage", m.id], now);
    void client.invalidateQueries({ queryKey: ["networkMessages"] });
    say.success(t("kit.saved"));
  };
  const over = m.state === "completed" || m.state === "cancelled";
  return (
    <div className="stack">
      <div className="row wraps" style={{ gap: 10 }}>
        <Status group="messageState" code={m.state} />
        <span className="chip">{word("networkSystem", m.system)}</span>
        <span className="chip">{word("messagePurpose", m.purpose)}</span>
        {m.error && <span className="bad">{word("messageError", m.error)}</span>}
        {may("network.retry") && !over && (
          <span className="row" style={{ gap: 6, marginLeft: "auto" }}>
            <Button size="small" onClick={() => setAsking("ask")} disabled={!m.submittedAt}>{t("network.ask")}</Button>
            <Button size="small" type="primary" onClick={() => setAsking("retry")}>{t("network.retry")}</Button>
          </span>
        )}
      </div>
      <Facts two items={[
        [t("order.no"), <Link key="o" to="/app/orders/$id" params={{ id: m.orderId }} className="num">{m.orderNo || m.orderId}</Link>],
        [t("network.version"), <span key="v" className="num">{m.version}</span>],
        [t("network.created"), <At key="c" at={m.createdAt} seconds />],
        [t("network.submitted"), <At key="s" at={m.submittedAt} seconds />],
        [t("network.acked"), <At key="a" at={m.ackedAt} seconds />],
        [t("network.ended"), <At key="e" at={m.endedAt} seconds />],
        [t("network.externalId"), <span key="x" className="mono wrap">{m.externalId ?? "—"}</span>],
        [t("order.attempts"), <span key="n" className="num">{m.attempts}</span>],
      ]} />
      <Panel flush title={t("network.items", { count: m.items.length })}>
        <table className="data" aria-label={t("network.items", { count: m.items.length })}>
          <thead><tr><th>{t("network.task")}</th><th style={{ width: 90 }}>{t("network.verb")}</th><th style={{ width: 130 }}>{t("network.target")}</th><th style={{ width: 110 }}>{t("network.itemState")}</th></tr></thead>
          <tbody>{m.items.map((i) => (
            <tr key={i.step}><td className="wrapped"><span title={i.task}>{titled(i.title) || i.task}</span>{i.detail && <div className="bad wrap">{i.detail}</div>}</td><td>{word("networkVerb", i.verb)}</td><td>{word("target", i.target)}</td><td><Status group="messageItem" code={i.state} /></td></tr>
          ))}</tbody>
        </table>
      </Panel>
      <Panel title={t("network.trace")}>
        {m.trace.length === 0 ? <Nothing why={t("network.noTrace")} /> : (
          <ul className="tracks">{m.trace.map((x, i) => (
            <li key={i}>
              <details>
                <summary><span className="way">{word("traceWay", x.direction)}</span><At at={x.at} seconds /><span>{word("traceKind", x.kind)}</span><span className="soft wrap grow"><bdi>{x.summary.split(" · ").filter((part) => part.trim()).map((part) => word("traceWord", part.trim())).join(" · ")}</bdi></span></summary>
                {x.body && <pre className="payload" tabIndex={0}>{pretty(x.body)}</pre>}
              </details>
            </li>
          ))}</ul>
        )}
      </Panel>
      <Panel title={t("network.payload")}><pre className="payload" tabIndex={0} aria-label={t("network.payload")}>{JSON.stringify(m.payload, null, 2)}</pre></Panel>
      <ReasonDialog open={asking !== null} title={t(asking === "ask" ? "network.ask" : "network.retry")} confirm={t(asking === "ask" ? "network.ask" : "network.retry")} suggestions={[t("network.why1"), t("network.why2")]} onClose={() => setAsking(null)} onConfirm={act} />
    </div>
  );
}
