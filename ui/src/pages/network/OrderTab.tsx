// What an order became: its items, services and tasks with their state, and the messages that carry them.
import { ApartmentOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, list } from "../../lib/api";
import { titled, word } from "../../lib/i18n";
import { useUrl } from "../../lib/url";
import { Field, Panel } from "../../kit/layout";
import { Suggest } from "../../kit/pickers/Suggest";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Name } from "../../kit/text";
import { Flow } from "./Flow";
import { MessageDrawer } from "./MessageDrawer";
import type { Tree, TreeItem, TreeStep } from "./types";

interface Found { id: string; orderNo: string; customerName: string; summary?: string; state: string }

export function OrderTab() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const [message, setMessage] = useState<string | undefined>();
  const [shown, setShown] = useState("");
  const id = search.order;
  const tree = useQuery({ queryKey: ["orderTree", id], queryFn: () => call<Tree>(`/orders/${encodeURIComponent(id!)}/tree`), enabled: !!id, refetchInterval: (q) => (["done", "compensated", "abandoned"].includes(q.state.data?.sagaState ?? "") ? false : 3000) });
  const title = shown || tree.data?.order.orderNo || "";
  return (
    <>
      <Panel>
        <div style={{ maxWidth: 520 }}>
          <Field label={t("network.order")}>
            {(p) => (
              <Suggest<Found>
                {...p} label={t("network.order")} placeholder={t("network.orderHint")} shown={title} source="networkOrders" keyOf={(o) => o.id} none={t("network.noOrder")}
                search={async (q, signal) => (await list<Found>("/orders", { q, limit: 10 }, signal)).rows}
                row={(o) => <span className="row" style={{ gap: 8 }}><span className="num">{o.orderNo}</span><Name>{o.customerName}</Name><Status group="orderState" code={o.state} /></span>}
                onPick={(o) => { setShown(o?.orderNo ?? ""); set({ order: o?.id }); }}
              />
            )}
          </Field>
        </div>
      </Panel>
      {id ? (
        <Loaded of={tree} what={t("network.tab.order")}>
          {(data) => (
            <>
              <Panel>
                <div className="row wraps" style={{ gap: 12 }}>
                  <Link to="/app/orders/$id" params={{ id: data.order.id }} className="num strong">{data.order.orderNo}</Link>
                  <Status group="orderState" code={data.order.state} />
                  <Name>{data.order.customerName}</Name>
                  <span className="soft"><Name>{data.order.description}</Name></span>
                </div>
              </Panel>
              {data.items.length === 0 && <Panel><Nothing why={t("network.noSteps")} /></Panel>}
              {data.items.map((i) => <Item key={`${i.item}${i.productId}`} item={i} steps={data.steps} onMessage={setMessage} />)}
            </>
          )}
        </Loaded>
      ) : <Panel><Nothing icon={<ApartmentOutlined aria-hidden />} why={t("network.pickOrder")} /></Panel>}
      <MessageDrawer id={message} onClose={() => setMessage(undefined)} />
    </>
  );
}

function Item({ item, steps, onMessage }: { item: TreeItem; steps: TreeStep[]; onMessage: (id: string) => void }) {
  const { t } = useTranslation();
  const own = item.cfs.flatMap((c) => c.rfs.flatMap((r) => r.tasks));
  const mine = steps.filter((s) => own.includes(s.id));
  const by = new Map(steps.map((s) => [s.id, s]));
  return (
    <Panel flush title={<span className="row" style={{ gap: 8 }}>{item.family && <span className="chip">{word("family", item.family)}</span>}<Name>{item.name ?? item.item}</Name><Status group="productState" code={item.status} /></span>}>
      <div className="rulecols">
        <div className="side">
          <ul className="spectree" aria-label={t("network.services")}>
            {item.cfs.map((c) => (
              <li key={c.name}>
                <div className="row"><span className="kind">CFS</span><span className="strong">{c.name}</span></div>
                <ul>
                  {c.rfs.map((r) => (
                    <li key={r.name}>
                      <div className="row"><span className="kind">RFS</span><span>{r.name}</span></div>
                      <ul>{r.tasks.map((id) => { const s = by.get(id); return s ? <li key={id}><div className="row"><Status group="stepState" code={s.state} icon bare /><span>{titled(s.title)}</span></div></li> : null; })}</ul>
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
          {item.shared.map((s) => <p key={s.key} className="soft" style={{ margin: "10px 0 0" }}>{t("network.sharedUsers", { kind: word("networkThing", s.kind), count: s.users.length })}</p>)}
        </div>
        <div className="main">
          <Flow
            label={item.name ?? item.item}
            nodes={mine.map((s) => ({
              id: s.id, title: s.title, task: s.name, target: s.target, system: s.system, after: s.after.filter((a) => own.includes(a)), detached: s.detached === true, shared: !!s.shared, on: s.on,
              state: <Status group="stepState" code={s.state} bare icon />,
              more: (
                <>
                  {s.message && <button type="button" className="linkish" onClick={() => onMessage(s.message!.id)}>{t("network.message")} v{s.message.version} · {word("messageState", s.message.state)}</button>}
                  {s.error && <span className="bad wrap"><span className="mono">{s.error.code}</span> <bdi>{titled(s.error)}</bdi></span>}
                </>
              ),
            }))}
          />
        </div>
      </div>
    </Panel>
  );
}
