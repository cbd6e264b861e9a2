// One hall's day: its cashiers, what is to be banked against the slips, who has audited it, and what keeps it from passing.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, post } from "../../lib/api";
import { yuan } from "../../lib/format";
import { language, word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { DataTable } from "../../kit/DataTable";
import { PageHead, Panel } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { Drawers } from "./Drawers";
import { SlipForm } from "./SlipForm";
import type { Sheet, SlipRow } from "./types";
import { useDo } from "./useDo";
import "./cashier.css";

const LEVEL: Record<string, number> = { hall: 2, city: 3, province: 4, passed: 5 };

export default function SheetPage() {
  const { t } = useTranslation();
  const { id } = useParams({ strict: false }) as { id: string };
  const client = useQueryClient();
  const sheet = useQuery({ queryKey: ["sheet", id], queryFn: () => call<Sheet>(`/cashier/sheets/${id}`) });
  const fresh = (s: Sheet) => { client.setQueryData(["sheet", id], s); void client.invalidateQueries({ queryKey: ["sheets"] }); void client.invalidateQueries({ queryKey: ["watch"] }); };
  return (
    <div className="page">
      <Loaded of={sheet} what={t("takings.sheets")} rows={10}>{(s) => <Body sheet={s} fresh={fresh} />}</Loaded>
    </div>
  );
}

function Body({ sheet, fresh }: { sheet: Sheet; fresh: (s: Sheet) => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const zh = language() !== "en";
  const [returning, setReturning] = useState(false);
  const [dropping, setDropping] = useState<SlipRow | null>(null);
  const { busy, error, run } = useDo(["sheets", "watch"]);
  const right = { hall: "cashier.audit_hall", city: "cashier.audit_city", province: "cashier.audit_province" }[sheet.state];
  const acts = sheet.mayAct && right !== undefined && may(right);
  const path = `/cashier/sheets/${sheet.id}`;
  const act = async (what: string, body: unknown, told: string) => { const s = await run<Sheet>(`${path}/${what}`, body); if (s) { fresh(s); say.success(told); } return s !== null; };
  return (
    <>
      <PageHead title={`${sheet.hall} ${sheet.day}`} sub={<span className="row"><Status group="sheetState" code={sheet.state} />{sheet.overdue && <span className="bad">{t("takings.overdue")}</span>}{sheet.round > 1 && <span className="warn">{t("takings.round", { n: sheet.round })}</span>}</span>}>
        <Link to="/app/cashier">{t("takings.prev")}</Link>
        {acts && sheet.state !== "hall" && <Button danger loading={busy} onClick={() => setReturning(true)}>{t("takings.back")}</Button>}
        {acts && <Button type="primary" loading={busy} disabled={sheet.whyNot.length > 0} onClick={() => void act("pass", { note: "" }, t("takings.turnedPass"))}>{t("takings.pass")}</Button>}
      </PageHead>
      {error ? <Failure error={error} what={t("takings.pass")} /> : null}
      <div className="stack">
        <Panel flush>
          <ol className="levels">
            {sheet.levels.map((l) => {
              const step = [...sheet.steps].reverse().find((x) => x.level === l.level);
              const now = LEVEL[sheet.state] === l.level;
              const past = (LEVEL[sheet.state] ?? 0) > l.level;
              return (
                <li key={l.level} className={now ? "now" : past ? "past" : ""} aria-current={now ? "step" : undefined}>
                  <div className="what">{zh ? l.zh : l.en}{past && <span className="ok">{t("takings.passed")}</span>}</div>
                  <div className="when" title={l.source}>{past && step ? <>{step.by} <At at={step.at} /></> : <>{t("takings.from", { day: l.from })} {t("takings.until", { day: l.due })}</>}</div>
                </li>
              );
            })}
            <li><div className="what">{t("takings.code")}</div><div className="code">{sheet.auditCode}</div><div className="when">{t("takings.codeHint")}</div></li>
          </ol>
        </Panel>
        {sheet.state !== "passed" && sheet.whyNot.length > 0 && right !== undefined && may(right) && (
          <div className="banner" role="status" style={{ alignItems: "flex-start" }}>
            <div><b>{sheet.mayAct ? t("takings.cannot") : t("takings.mayNot")}</b><ul className="why">{sheet.whyNot.map((w, i) => <li key={i}>{zh ? w.zh : w.en}</li>)}</ul></div>
          </div>
        )}
        <Drawers sheet={sheet} acts={acts} fresh={fresh} />
        <div className="cols2">
          <div className="stack">
            <Panel title={t("takings.methods")} flush>
              <DataTable rows={sheet.methods} rowKey={(r) => r.method} label={t("takings.methods")} minWidth={460} empty={<Nothing why={t("drawer.nothing")} />} columns={[
                { key: "method", title: t("takings.method"), lead: true, render: (r) => word("payMethod", r.method) },
                { key: "due", title: t("takings.dueFen"), width: 120, right: true, render: (r) => <Money fen={r.dueFen} /> },
                { key: "slips", title: t("takings.slipsFen"), width: 120, right: true, render: (r) => <Money fen={r.slipsFen} /> },
                { key: "missing", title: t("drawer.difference"), width: 140, right: true, render: (r) => (r.missingFen === 0 ? <span className="ok">{t("takings.equal")}</span> : <span className="bad num">{t(r.missingFen > 0 ? "takings.missing" : "takings.surplus")} {yuan(Math.abs(r.missingFen))}</span>) },
              ]} />
            </Panel>
            <Panel title={t("takings.slips")} flush>
              <DataTable rows={sheet.slips} rowKey={(r) => r.id} label={t("takings.slips")} minWidth={620} empty={<Nothing why={t("takings.noSlips")} />}
                extra={(r) => (r.state === "withdrawn" ? <span className="muted">{t("takings.withdrawn")}：<bdi>{r.reason}</bdi></span> : null)}
                columns={[
                  { key: "number", title: t("takings.number"), lead: true, render: (r) => <Name>{r.number}</Name> },
                  { key: "kind", title: t("takings.kind"), width: 120, render: (r) => word("slipKind", r.kind) },
                  { key: "bank", title: t("takings.bank"), render: (r) => <Name>{r.bank}</Name> },
                  { key: "amount", title: t("takings.amount"), width: 112, right: true, render: (r) => <span className={r.state === "withdrawn" ? "muted" : ""}><Money fen={r.amountFen} /></span> },
                  { key: "do", title: t("takings.check"), width: 150, right: true, render: (r) => {
                    const mine = r.checks.find((c) => c.level === LEVEL[sheet.state]);
                    if (r.state === "withdrawn") return null;
                    return (
                      <span className="row" style={{ justifyContent: "flex-end" }}>
                        {mine ? <span className={mine.ok ? "ok" : "bad"}>{mine.ok ? t("takings.ok") : t("takings.query")}</span> : acts && <Button size="small" onClick={() => void act("check", { itemType: "slip", itemId: r.id, ok: true, note: "" }, t("takings.checked"))}>{t("takings.ok")}</Button>}
                        {acts && sheet.state === "hall" && <Button size="small" type="link" onClick={() => setDropping(r)}>{t("takings.withdraw")}</Button>}
                      </span>
                    );
                  } },
                ]} />
            </Panel>
          </div>
          <div className="stack">
            {acts && sheet.state === "hall" && <SlipForm sheet={sheet} fresh={fresh} />}
            <Panel title={t("takings.steps")} flush>
              <DataTable rows={sheet.steps} rowKey={(r) => r.at + r.action} label={t("takings.steps")} empty={<Nothing why={t("takings.noSteps")} />} columns={[
                { key: "at", title: t("drawer.at"), width: 140, render: (r) => <At at={r.at} /> },
                { key: "level", title: t("takings.check"), render: (r) => { const l = sheet.levels.find((x) => x.level === r.level); return <>{l ? (zh ? l.zh : l.en) : r.level} <span className={r.action === "pass" ? "ok" : "bad"}>{r.action === "pass" ? t("takings.passed") : t("takings.turnedBack")}</span></>; } },
                { key: "by", title: t("takings.by"), width: 90, render: (r) => <Name>{r.by}</Name> },
                { key: "note", title: t("takings.note"), wrap: true, render: (r) => <bdi className="wrap">{r.note}</bdi> },
              ]} />
            </Panel>
          </div>
        </div>
      </div>
      <ReasonDialog open={returning} onClose={() => setReturning(false)} title={t("takings.backTitle")} note={t("takings.backNote")} danger confirm={t("takings.back")} suggestions={[t("takings.whyBack1"), t("takings.whyBack2")]}
        onConfirm={async (note) => { fresh(await post<Sheet>(`${path}/return`, { note })); say.success(t("takings.turnedBack")); }} />
      <ReasonDialog open={dropping !== null} onClose={() => setDropping(null)} title={t("takings.withdrawTitle", { number: dropping?.number ?? "" })} danger confirm={t("takings.withdraw")} suggestions={[t("takings.why1"), t("takings.why2"), t("takings.why3")]}
        onConfirm={async (reason) => { fresh(await post<Sheet>(`/cashier/slips/${dropping!.id}/withdraw`, { reason })); say.success(t("takings.withdrawn")); }} />
    </>
  );
}
