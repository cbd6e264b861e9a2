// The agent's desk, from the keyboard alone: F2 answer, F4 verify, digits for the ten quick actions, [ ] scripts, F8 end.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Input } from "antd";
import type { InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, list, newKey, post } from "../../lib/api";
import { plainPhone } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useKeys } from "../../lib/keys";
import { useSession } from "../../lib/session";
import { Field, PageHead, Panel } from "../../kit/layout";
import { CustomerPicker } from "../../kit/pickers";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { At, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { Caller } from "./Caller";
import { Scripts } from "./Scripts";
import { Wrap } from "./Wrap";
import { either } from "./types";
import type { Answer, Call, CallRow, Desk } from "./types";
import "./hotline.css";

export default function HotlinePage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const session = useSession();
  const desk = useQuery({ queryKey: ["hotline"], queryFn: () => call<Desk>("/hotline") });
  const mine = useQuery({ queryKey: ["calls", "mine"], queryFn: ({ signal }) => list<CallRow>("/calls", { mine: 1, limit: 12 }, signal) });
  const [number, setNumber] = useState("");
  const [answer, setAnswer] = useState<{ title: string; answer: Answer } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [topic, setTopic] = useState("greeting");
  const incoming = useRef<InputRef>(null);
  const tries = useRef<InputRef>(null);
  const wrap = useRef<HTMLSelectElement>(null);
  const c = desk.data?.call ?? null;
  const put = (next: Call | null) => client.setQueryData<Desk>(["hotline"], (d) => (d ? { ...d, call: next } : d));
  const guarded = async (work: () => Promise<void>) => { setError(null); try { await work(); } catch (cause) { setError(cause); void desk.refetch(); } };
  const take = () => void guarded(async () => {
    if (!number.trim() || c) return;
    put(await post<Call>("/calls", { number: plainPhone(number) }, { idempotencyKey: newKey() }));
    setNumber(""); setAnswer(null); setTopic("greeting");
    setTimeout(() => document.querySelector<HTMLElement>("[data-match]")?.focus(), 40);
  });
  const choose = (id: string) => void guarded(async () => { if (c) { put(await post<Call>(`/calls/${c.id}/customer`, { customerId: id }, { idempotencyKey: newKey() })); setTopic("verify"); setTimeout(() => tries.current?.focus(), 40); } });
  const act = (code: string) => void guarded(async () => {
    const action = c?.actions.find((a) => a.code === code);
    if (!c || !action) return;
    const done = await post<{ answer: Answer; call: Call }>(`/calls/${c.id}/actions/${code}`, {}, { idempotencyKey: newKey() });
    put(done.call);
    setAnswer({ title: either(action), answer: done.answer });
    const topics: Record<string, string> = { balance: "bill", lastBill: "bill", arrears: "bill", porting: "porting", changePlan: "tariff" };
    if (topics[code]) setTopic(topics[code]!);
    if (done.answer.open) void navigate({ to: "/app/customers/$id", params: { id: done.answer.open.customerId }, search: { do: done.answer.open.business } as never });
  });
  useEffect(() => { if (desk.data && !desk.data.call) setTimeout(() => incoming.current?.focus(), 40); }, [desk.data, c?.id]);
  const scripts = desk.data?.scripts ?? [];
  const step = (by: number) => { const i = scripts.findIndex((s) => s.topic === topic); if (scripts.length > 0) setTopic(scripts[(i + by + scripts.length) % scripts.length]!.topic); };
  useKeys({
    F2: () => incoming.current?.focus(),
    F4: () => tries.current?.focus(),
    F8: () => wrap.current?.focus(),
    "[": () => step(-1), "]": () => step(1),
    ...Object.fromEntries((c?.actions ?? []).map((a) => [a.hotkey, () => act(a.code)])),
  });
  return (
    <div className="page">
      <PageHead title={t("nav.hotline")} sub={t("hotline.sub")}>
        <div className="fkeys" role="group" aria-label={t("nav.hotline")}>
          <button type="button" disabled={!!c} onClick={() => incoming.current?.focus()}><kbd>F2</kbd>{t("hotline.fkTake")}</button>
          <button type="button" disabled={!c?.customer} onClick={() => tries.current?.focus()}><kbd>F4</kbd>{t("hotline.fkVerify")}</button>
          <button type="button" onClick={() => step(1)}><kbd>[ ]</kbd>{t("hotline.fkScript")}</button>
          <button type="button" disabled={!c} onClick={() => wrap.current?.focus()}><kbd>F8</kbd>{t("hotline.fkWrap")}</button>
        </div>
      </PageHead>
      <Loaded of={desk} what={t("nav.hotline")}>
        {(d) => (
          <div className="calldesk">
            <div className="stack">
              {!c ? (
                <Panel title={t("hotline.noCall")}>
                  <form className="stack tight" onSubmit={(e) => { e.preventDefault(); take(); }}>
                    <Field label={t("hotline.incoming")} hint={t("hotline.takeHint")}>{(p) => <Input {...p} ref={incoming} autoFocus size="large" inputMode="tel" maxLength={20} value={number} onChange={(e) => setNumber(e.target.value)} />}</Field>
                    <div><Button type="primary" htmlType="submit" disabled={!number.trim()}>{t("hotline.take")}</Button></div>
                  </form>
                </Panel>
              ) : (
                <>
                  {c.leaving && <div className="banner" role="status">{t("porting.customerLeaving")}</div>}
                  <Caller call={c} methods={d.methods} tries={tries} onChange={put} onVerified={() => { say.success(t("hotline.verified")); setError(null); (document.activeElement as HTMLElement | null)?.blur(); setTopic("bill"); }} send={() => act("sendCode")} />
                  {!c.customer && (
                    <Panel title={t("hotline.match")}>
                      <div className="stack tight">
                        {c.matches.map((m) => <Button key={m.id} data-match block onClick={() => choose(m.id)}><bdi className="strong">{m.name}</bdi> <span className="num">{m.phone}</span></Button>)}
                        <Field label={t("hotline.noMatch")}>{(p) => <CustomerPicker {...p} value={null} onPick={(x) => { if (x) choose(x.id); }} />}</Field>
                      </div>
                    </Panel>
                  )}
                  <Wrap call={c} wraps={d.wraps} field={wrap} onDone={() => { put(null); setAnswer(null); setTopic("greeting"); say.success(t("hotline.ended")); void mine.refetch(); }} />
                </>
              )}
            </div>
            <div className="stack">
              {error ? <Failure error={error} /> : null}
              {c ? (
                <>
                  <Panel title={t("hotline.quick")}>
                    <div className="quicks" role="group" aria-label={t("hotline.quick")}>
                      {c.actions.map((a) => <button key={a.code} type="button" className={c.used.includes(a.code) ? "used" : ""} aria-disabled={!a.allowed} title={a.allowed ? undefined : t("hotline.needs")} onClick={() => act(a.code)}><kbd>{a.hotkey}</kbd><span>{either(a)}</span>{!a.allowed && <small>{t("hotline.needs")}</small>}</button>)}
                    </div>
                  </Panel>
                  <Panel title={answer ? `${t("hotline.answer")} · ${answer.title}` : t("hotline.answer")}>
                    <div aria-live="polite" className="answer">{answer ? answer.answer.say.map((s, i) => <p key={i} className="wrap">{either(s)}</p>) : <span className="muted">{t("hotline.answerNone")}</span>}</div>
                  </Panel>
                  <Panel title={t("hotline.recent")}>
                    {c.recent.length === 0 ? <span className="muted">{t("hotline.noRecent")}</span> : <Rows rows={c.recent} wraps={d.wraps} />}
                  </Panel>
                </>
              ) : (
                <Panel title={t("hotline.mine")}>
                  <Loaded of={mine} what={t("hotline.mine")}>{(m) => (m.rows.length === 0 ? <Nothing why={t("hotline.noMine")} /> : <Rows rows={m.rows} wraps={d.wraps} />)}</Loaded>
                </Panel>
              )}
            </div>
            <Scripts scripts={scripts} at={topic} onPick={setTopic} agent={session.staff.name} name={c?.customer?.name ?? ""} />
          </div>
        )}
      </Loaded>
    </div>
  );
}

function Rows({ rows, wraps }: { rows: CallRow[]; wraps: Desk["wraps"] }) {
  return (
    <ul className="callrows">
      {rows.map((r) => {
        const why = wraps.find((w) => w.code === r.wrapCode);
        return (
          <li key={r.id}>
            <div className="row"><At at={r.beganAt} /><span className="strong clip">{why ? either(why) : word("callState", r.state)}</span><span className="grow" /><span className="num muted">{r.number}</span>{r.customerId && <Link to="/app/customers/$id" params={{ id: r.customerId }}>→</Link>}</div>
            <div className="soft wrap"><Name>{r.agentName}</Name>{r.summary ? ` · ${r.summary}` : ""}</div>
          </li>
        );
      })}
    </ul>
  );
}
