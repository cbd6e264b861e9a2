// The daily log of receipts: ranges by clerk, void ones with their replacement, and whether a number is missing.
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey, post, send } from "../../lib/api";
import { today, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay, useSession } from "../../lib/session";
import { paging, useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { PageHead, Panel, Segments } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Loaded, Nothing } from "../../kit/states";
import { At, Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { DayPick } from "./DayPick";

interface Row {
  hall: string; seq: number; receiptNo: string; operatorId: string; subjectType: string; subjectId: string; at: string; amountFen: number; operator: string; method: string; kind: string; printed: number;
  void: { reason: string; replacedBy: string; by: string } | null;
}
interface Log {
  day: string; receipts: Row[]; gaps: { hall: string; missing: number; to: number }[];
  clerks: { hall: string; operatorId: string; operator: string; count: number; first: string; last: string; void: number; inFen: number; outFen: number }[];
}

export default function ReceiptsPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const { staff } = useSession();
  const { search, set } = useUrl();
  const { page, size, offset, limit } = paging(search);
  const date = search.date ?? today();
  const [asked, setAsked] = useState<Row | null>(null);
  const ask = { date, operator: search.operator, offset, limit };
  const found = useQuery({
    queryKey: ["receipt-log", ask], placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const answer = await send("/counter/receipt-log", { query: ask, signal });
      return { log: (await answer.json()) as Log, total: Number(answer.headers.get("x-total-count") ?? 0) };
    },
  });
  const refresh = () => client.invalidateQueries({ predicate: (q) => ["receipt-log", "payments"].includes(String(q.queryKey[0])) });
  const spoil = async (reason: string) => {
    const made = await post<{ receiptNo: string; replacedBy: string }>(`/counter/receipts/${asked!.subjectId}/void`, { reason, replace: true }, { idempotencyKey: newKey() });
    say.success(t("till.voided", { no: made.receiptNo, by: made.replacedBy }));
    await refresh();
  };
  const columns: Column<Row>[] = [
    { key: "no", title: t("payment.receiptNo"), width: 230, lead: true, render: (r) => <span className="num" style={r.void ? { textDecoration: "line-through" } : undefined}>{r.receiptNo}</span> },
    { key: "at", title: t("payment.at"), width: 160, render: (r) => <At at={r.at} seconds /> },
    { key: "kind", title: t("till.kind"), width: 110, render: (r) => word("receiptKind", r.kind) },
    { key: "method", title: t("payment.method"), width: 96, render: (r) => (r.method ? word("payMethod", r.method) : "—") },
    { key: "amount", title: t("payment.amount"), width: 120, right: true, render: (r) => <Money fen={r.amountFen} tone /> },
    { key: "by", title: t("payment.operator"), width: 110, render: (r) => <Name>{r.operator}</Name> },
    { key: "paper", title: t("till.paper"), wrap: true, render: (r) => (r.void ? <span className="bad">{t("till.voidBy", { why: r.void.reason })}{r.void.replacedBy && <span className="num"> → {r.void.replacedBy}</span>}</span> : r.printed === 0 ? <span className="muted">{t("till.unprinted")}</span> : r.printed === 1 ? t("till.printedOnce") : t("till.printedMore", { count: r.printed - 1 })) },
    { key: "do", title: t("kit.actions"), width: 92, render: (r) => (r.void || r.subjectType !== "payment" || !(may("payment.reverse_any") || (may("payment.reverse") && r.operatorId === staff.id)) ? null : <Button size="small" onClick={() => setAsked(r)}>{t("till.void")}</Button>) },
  ];
  return (
    <div className="page">
      <PageHead title={t("nav.receipts")}><Link to="/app/counter">{t("nav.counter")}</Link><Link to="/app/counter/payments">{t("nav.payments")}</Link></PageHead>
      <Loaded of={found} what={t("nav.receipts")}>
        {({ log, total }) => (
          <>
            {log.gaps.map((g) => <div key={g.hall} className="banner" role="alert">{t("till.gap", { hall: g.hall, count: g.missing })}</div>)}
            <Panel title={t("till.byClerk")} flush acts={log.gaps.length === 0 ? <span className="ok">{t("till.noGap")}</span> : undefined}>
              <DataTable rows={log.clerks} rowKey={(c) => c.hall + c.operatorId} label={t("till.byClerk")} minWidth={860} empty={<Nothing why={t("till.noReceipts", { date })} />} columns={[
                { key: "who", title: t("payment.operator"), width: 130, render: (c) => <Name>{c.operator}</Name> },
                { key: "range", title: t("till.range"), render: (c) => <span className="num">{c.first} – {c.last.slice(-6)}</span> },
                { key: "n", title: t("till.count"), width: 80, right: true, render: (c) => c.count },
                { key: "void", title: t("till.voids"), width: 80, right: true, render: (c) => <span className={c.void ? "bad" : undefined}>{c.void}</span> },
                { key: "in", title: t("till.in"), width: 130, right: true, render: (c) => <Money fen={c.inFen} /> },
                { key: "out", title: t("till.out"), width: 130, right: true, render: (c) => <Money fen={c.outFen} tone /> },
              ]} />
            </Panel>
            <Panel flush>
              <div className="filters">
                <DayPick date={date} onPick={(d) => set({ date: d })} />
                <Segments label={t("payment.operator")} at={search.operator ?? ""} onPick={(operator) => set({ operator })} items={[{ id: "", title: t("payment.everyone") }, { id: "me", title: t("payment.mine") }]} />
              </div>
              <DataTable rows={log.receipts} columns={columns} rowKey={(r) => r.receiptNo} label={t("nav.receipts")} minWidth={1080} empty={<Nothing why={t("till.noReceipts", { date })} />} />
              <Pager page={page} size={size} total={total} shown={log.receipts.length} onPage={(p) => set({ page: p }, true)} onSize={(n) => set({ size: n })} />
            </Panel>
          </>
        )}
      </Loaded>
      <ReasonDialog open={asked !== null} onClose={() => setAsked(null)} onConfirm={spoil} danger title={t("till.voidTitle", { no: asked?.receiptNo ?? "", amount: yuan(asked?.amountFen) })} note={t("till.voidNote")} confirm={t("till.void")} suggestions={[t("till.voidWhy1"), t("till.voidWhy2")]} />
    </div>
  );
}
