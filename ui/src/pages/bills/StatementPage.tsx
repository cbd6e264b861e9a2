// One bill a customer: accounts, products, lines, and how each line came about; printing sets the bill flag once.
import { DownOutlined, RightOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { address, call, post } from "../../lib/api";
import { dateTime, day, phone, yuan } from "../../lib/format";
import { language, word } from "../../lib/i18n";
import { useHere } from "../../lib/here";
import { subjectOf, useRefreshRecord } from "../../lib/refresh";
import { useMay } from "../../lib/session";
import { openTab } from "../../lib/tabs";
import { useUrl } from "../../lib/url";
import { LazyChart } from "../../charts/LazyChart";
import { PageHead, Panel } from "../../kit/layout";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Money } from "../../kit/text";
import { say } from "../../kit/toast";
import { TraceWindow, either, lineName, rate } from "./parts";
import type { Account, Line, Statement } from "./parts";

export default function StatementPage() {
  const { customerId } = useHere().params as { customerId: string };
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const { search, set } = useUrl();
  const [traced, setTraced] = useState<{ billId: string; seq: number } | null>(null);
  const cycle = search.cycle;
  const found = useQuery({ queryKey: ["statement", customerId, cycle ?? ""], queryFn: () => call<Statement>(`/customers/${customerId}/statement`, { query: { cycle } }) });
  useRefreshRecord(client, ["statement", customerId], (e) => ["customerBill", "payment", "adjustment", "billRun"].includes(subjectOf(e)));
  const name = found.data?.customerName;
  useEffect(() => {
    if (!name) return;
    openTab({ key: `statement:${customerId}`, href: `/app/statements/${customerId}`, title: t("statement.statementOf", { name }), kind: "bill" });
    document.title = `${t("statement.statementOf", { name })} · 一台`;
  }, [customerId, name, t]);
  const pdf = (lang: string, month: string) => address(`/customers/${customerId}/statement.pdf?cycle=${month}&lang=${lang}`);
  const print = useMutation({
    mutationFn: (month: string) => post<{ bills: number; first: number }>(`/customers/${customerId}/statement/print`, { cycle: month }),
    onSuccess: async (done, month) => {
      say.success(t("statement.printedNow", done));
      window.open(pdf(language() === "en" ? "en" : "zh", month), "_blank", "noopener");
      await client.invalidateQueries({ queryKey: ["statement", customerId] });
    },
  });
  return (
    <div className="page" style={{ maxWidth: 1240 }}>
      <Loaded of={found} what={t("statement.title")} rows={12}>
        {(s) => (
          <>
            <PageHead title={<span style={{ whiteSpace: "nowrap" }}>{t("statement.title")} · <Link to="/app/customers/$id" params={{ id: customerId }}><bdi>{s.customerName}</bdi></Link></span>} sub={s.printedAt ? <span className="chip">{t("statement.printedAt", { at: dateTime(s.printedAt) })}</span> : <span className="chip">{t("statement.notPrinted")}</span>}>
              {may("adjustment.request") && <Link to="/app/billing/adjustments" search={{ ask: customerId } as never}>{t("statement.adjust")}</Link>}
              {s.dueFen + s.beforeFen > 0 && may("payment.take") && <Link to="/app/counter" search={{ customer: customerId } as never}>{t("statement.pay")}</Link>}
              {s.accounts.length > 0 && <>
                <a href={pdf("zh", s.cycle)} target="_blank" rel="noopener noreferrer">{t("statement.pdf")}</a>
                <a href={pdf("en", s.cycle)} target="_blank" rel="noopener noreferrer">{t("statement.pdfEn")}</a>
                {may("bill.print") && <Button type="primary" loading={print.isPending} onClick={() => print.mutate(s.cycle)}>{t("statement.print")}</Button>}
              </>}
            </PageHead>
            {print.error && <Failure error={print.error} what={t("statement.print")} />}
            <div className="segs" role="group" aria-label={t("statement.month")} style={{ marginBottom: 12, maxWidth: "100%", overflowX: "auto" }}>
              {s.trend.map((m) => <button key={m.month} type="button" aria-pressed={m.month === s.cycle} onClick={() => set({ cycle: m.month }, true)}><span className="num">{m.month}</span></button>)}
            </div>
            <section className="panel" aria-label={t("statement.title")}>
              <div className="highlights"><dl>
                <div><dt>{t("statement.total")}</dt><dd className="num" style={{ fontSize: 18 }} data-testid="statement-total">{yuan(s.totalFen)}</dd></div>
                <div><dt>{t("statement.paid")}</dt><dd className="num">{yuan(s.paidFen)}</dd></div>
                <div><dt>{t("statement.due")}</dt><dd className={`num ${s.dueFen > 0 ? "bad" : "ok"}`}>{yuan(s.dueFen)}</dd></div>
                <div><dt>{t("statement.before")}</dt><dd className={`num ${s.beforeFen > 0 ? "bad" : ""}`}>{yuan(s.beforeFen)}</dd></div>
                <div><dt>{t("statement.balance")}</dt><dd className="num">{yuan(s.balanceFen)}</dd></div>
                <div><dt>{t("bill.period")}</dt><dd className="num">{day(s.first)} – {day(s.last)}</dd></div>
              </dl></div>
            </section>
            {s.accounts.length === 0 && <Panel><Nothing why={t("statement.none", { month: s.cycle })} action={<Link to="/app/customers/$id" params={{ id: customerId }}>{t("statement.toCustomer")}</Link>} /></Panel>}
            {s.accounts.map((a) => <OneAccount key={a.id} of={a} onTrace={(l) => setTraced({ billId: l.billId, seq: l.seq })} />)}
            {s.accounts.length > 0 && (
              <div className="cols2">
                <Panel title={t("statement.kinds")} flush>
                  <table className="data" aria-label={t("statement.kinds")}>
                    <tbody>
                      {Object.entries(s.byKind).map(([kind, fen]) => <tr key={kind}><td>{word("lineKind", kind)}</td><td className="right"><Money fen={fen} tone /></td></tr>)}
                      {s.taxes.map((x) => <tr key={x.category}><td className="muted">{t("statement.tax")} · {word("taxKind", x.category)}{rate(x)}</td><td className="right muted"><Money fen={x.taxFen} /></td></tr>)}
                    </tbody>
                  </table>
                </Panel>
                <Panel><LazyChart title={t("statement.trend")} unit={t("statement.yuan")} kind="column" height={190} data={s.trend.map((m) => ({ label: m.month, value: m.amountFen / 100, key: m.month }))} format={(n) => n.toFixed(2)} onPick={(d) => set({ cycle: d.key }, true)} /></Panel>
              </div>
            )}
          </>
        )}
      </Loaded>
      <TraceWindow of={traced} onClose={() => setTraced(null)} />
    </div>
  );
}

function OneAccount({ of, onTrace }: { of: Account; onTrace: (line: Line) => void }) {
  const { t } = useTranslation();
  const [shut, setShut] = useState<Set<string>>(new Set());
  const turn = (id: string) => setShut((old) => { const next = new Set(old); if (!next.delete(id)) next.add(id); return next; });
  return (
    <Panel flush title={<>{t("statement.account")} <span className="num">{of.accountNo}</span> <span className="muted" style={{ fontWeight: 400 }}><bdi>{of.name}</bdi></span></>} acts={<span className="strong"><Money fen={of.amountFen} /></span>}>
      <div className="table-wrap"><table className="data" aria-label={`${t("statement.account")} ${of.accountNo}`} style={{ minWidth: 760 }}>
        <colgroup><col style={{ width: "30%" }} /><col style={{ width: 100 }} /><col /><col style={{ width: 120 }} /><col style={{ width: 92 }} /></colgroup>
        <thead><tr><th>{t("statement.line")}</th><th>{t("bill.lineType")}</th><th>{t("statement.how")}</th><th className="right">{t("statement.amount")}</th><th><span className="sr">{t("statement.trace")}</span></th></tr></thead>
        <tbody>{of.products.map((p) => {
          const open = !shut.has(p.productId);
          const title = p.productId ? p.name : t("statement.accountLevel");
          return [
            <tr key={p.productId || "-"} style={{ background: "var(--well)" }}>
              <td colSpan={3}><button type="button" className="linkish" style={{ fontWeight: 600 }} aria-expanded={open} onClick={() => turn(p.productId)}>{open ? <DownOutlined aria-hidden /> : <RightOutlined aria-hidden />} <bdi>{title}</bdi> {p.number && <span className="num muted" style={{ fontWeight: 400 }}>{phone(p.number)}</span>}</button></td>
              <td className="right strong"><Money fen={p.amountFen} tone /></td><td />
            </tr>,
            ...(open ? p.lines.map((l) => (
              <tr key={`${l.billId}-${l.seq}`}>
                <td className="wrapped" style={{ paddingLeft: 34 }}><bdi>{lineName(l)}</bdi></td>
                <td className="muted">{word("lineKind", l.type)}</td>
                <td className="wrapped muted"><bdi>{either(l.note, l.noteEn)}</bdi></td>
                <td className="right"><Money fen={l.amountFen} tone /></td>
                <td className="right"><Button size="small" type="link" onClick={() => onTrace(l)}>{t("statement.trace")}</Button></td>
              </tr>
            )) : []),
          ];
        })}</tbody>
      </table></div>
      <div className="filters" style={{ borderTop: "1px solid var(--line)", gap: "6px 20px", flexWrap: "wrap" }} role="group" aria-label={t("statement.bills")}>
        {of.bills.map((b) => (
          <span key={b.id} className="row" style={{ gap: 8 }}>
            <span className="muted">{word("billKind", b.kind)}</span><Link to="/app/bills/$id" params={{ id: b.id }}><span className="num">{b.billNo}</span></Link><Money fen={b.amountFen} /><Status group="billState" code={b.state} bare />
          </span>
        ))}
      </div>
    </Panel>
  );
}
