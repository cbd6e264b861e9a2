// The balance books of an account: what is paid in advance, for what, until when, in the order in which it is used.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input, Modal } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { day, toFen, yuan } from "../../lib/format";
import { comma, language, word } from "../../lib/i18n";
import { useHere } from "../../lib/here";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import type { Book } from "../../lib/types";
import { DataTable } from "../../kit/DataTable";
import { Field, PageHead, Panel, Segments } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money } from "../../kit/text";
import { say } from "../../kit/toast";

interface Books { accountId: string; accountNo: string; books: Book[]; securityFen: number }
interface Entry { id: string; at: string; kind: string; subjectType: string; subjectId: string; amountFen: number }
const titleOf = (b: Book) => (language() === "en" && b.nameEn ? b.nameEn : b.name);

export default function BooksPage() {
  const { id } = useHere().params as { id: string };
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const { search, set } = useUrl();
  const [frozen, setFrozen] = useState<Book | null>(null);
  const [out, setOut] = useState<{ book: Book; kind: "refund" | "move" } | null>(null);
  const found = useQuery({ queryKey: ["books", id], queryFn: () => call<Books>(`/accounts/${id}/books`) });
  const at = search.book ?? "general";
  const refresh = () => client.invalidateQueries({ predicate: (q) => ["books", "entries", "dues", "refunds", "shift", "requests"].includes(String(q.queryKey[0])) });
  const turn = async (reason: string) => {
    await post(`/accounts/${id}/books/${frozen!.id}/${frozen!.state === "frozen" ? "free" : "freeze"}`, { reason }, { idempotencyKey: newKey() });
    await refresh();
  };
  const scope = (b: Book) => [...b.scope.families.map((f) => word("family", f)), ...b.scope.kinds.map((k) => word("priceType", k)), ...(b.scope.products.length ? [t("till.products", { count: b.scope.products.length })] : [])].join(comma()) || t("till.everything");
  return (
    <div className="page" style={{ maxWidth: 1280 }}>
      <Loaded of={found} what={t("till.booksTitle")}>
        {(f) => (
          <>
            <PageHead title={t("till.booksTitle")} sub={<span className="num">{f.accountNo}</span>}><Link to="/app/counter" search={{ q: f.accountNo } as never}>{t("customer.takePayment")}</Link></PageHead>
            <section className="panel" aria-label={t("till.booksTitle")}><div className="highlights"><dl>
              <div><dt>{t("till.allBooks")}</dt><dd className="num" style={{ fontSize: 18 }} data-testid="books-total">{yuan(f.books.reduce((n, b) => n + b.balanceFen, 0))}</dd></div>
              <div><dt>{t("till.refundable")}</dt><dd className="num">{yuan(f.books.filter((b) => b.refundable).reduce((n, b) => n + b.balanceFen, 0))}</dd></div>
              <div><dt>{t("till.security")}</dt><dd className="num">{yuan(f.securityFen)}</dd></div>
            </dl></div></section>
            <Panel title={t("till.order")} flush>
              <DataTable rows={f.books} rowKey={(b) => b.id} label={t("till.booksTitle")} minWidth={980} onOpen={(b) => set({ book: b.id })} columns={[
                { key: "name", title: t("till.book"), lead: true, render: (b) => <><bdi className={b.id === at ? "strong" : undefined}>{titleOf(b)}</bdi> {b.kind !== "general" && <span className="muted">{word("bookKind", b.kind)}</span>}</> },
                { key: "scope", title: t("till.scope"), width: 170, wrap: true, render: scope },
                { key: "until", title: t("till.until"), width: 120, render: (b) => (b.expires ? <span className="num">{day(b.expires)}</span> : t("till.never")) },
                { key: "back", title: t("till.refundable"), width: 110, render: (b) => (b.refundable ? t("till.yes") : t("till.no")) },
                { key: "state", title: t("product.status"), width: 100, render: (b) => <Status group="bookState" code={b.state} /> },
                { key: "sum", title: t("customer.balance"), width: 120, right: true, render: (b) => <span className="strong"><Money fen={b.balanceFen} /></span> },
                { key: "do", title: t("kit.actions"), width: 210, render: (b) => (
                  <span className="row" style={{ gap: 4 }}>
                    {b.refundable && b.balanceFen > 0 && b.state === "active" && may("payment.refund") && <Button size="small" onClick={() => setOut({ book: b, kind: "refund" })}>{t("till.refund")}</Button>}
                    {b.balanceFen > 0 && b.state === "active" && may("balance_book.write") && f.books.length > 1 && <Button size="small" onClick={() => setOut({ book: b, kind: "move" })}>{t("till.move")}</Button>}
                    {b.id !== "general" && (b.state === "active" || b.state === "frozen") && may("balance_book.write") && <Button size="small" onClick={() => setFrozen(b)}>{t(b.state === "frozen" ? "till.free" : "till.freeze")}</Button>}
                  </span>) },
              ]} />
            </Panel>
            <Entries account={id} book={f.books.find((b) => b.id === at) ?? f.books[0]!} />
            {out && <Out {...out} books={f.books} account={id} close={() => setOut(null)} refresh={refresh} />}
          </>
        )}
      </Loaded>
      <ReasonDialog open={frozen !== null} onClose={() => setFrozen(null)} onConfirm={turn} title={t(frozen?.state === "frozen" ? "till.freeTitle" : "till.freezeTitle", { name: frozen ? titleOf(frozen) : "" })} note={frozen?.state === "frozen" ? undefined : t("till.freezeNote")} confirm={t(frozen?.state === "frozen" ? "till.free" : "till.freeze")} />
    </div>
  );
}

function Entries({ account, book }: { account: string; book: Book }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["entries", account, book.id], queryFn: () => call<Entry[]>(`/accounts/${account}/books/${book.id}/entries`) });
  return (
    <Panel title={t("till.moved", { name: titleOf(book) })} flush>
      <Loaded of={found} what={t("till.moved", { name: titleOf(book) })}>
        {(rows) => <DataTable rows={rows} rowKey={(e) => e.id} label={t("till.moved", { name: titleOf(book) })} minWidth={560} empty={<Nothing why={t("till.noEntries")} />} columns={[
          { key: "at", title: t("payment.at"), width: 170, lead: true, render: (e) => <At at={e.at} seconds /> },
          { key: "kind", title: t("till.kind"), render: (e) => word("entryKind", e.kind) },
          { key: "sum", title: t("payment.amount"), width: 130, right: true, render: (e) => <Money fen={e.amountFen} tone /> },
        ]} />}
      </Loaded>
    </Panel>
  );
}

function Out({ book, kind, books, account, close, refresh }: { book: Book; kind: "refund" | "move"; books: Book[]; account: string; close: () => void; refresh: () => Promise<unknown> }) {
  const { t } = useTranslation();
  const [amount, setAmount] = useState("");
  const [method, setMethod] = useState("cash");
  const [to, setTo] = useState(books.find((b) => b.id !== book.id && b.state === "active")?.id ?? "general");
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [key] = useState(newKey);
  useEffect(() => setAmount(yuan(book.balanceFen, false).replaceAll(",", "")), [book.id]);
  const fen = toFen(amount);
  const ok = fen !== null && fen > 0 && fen <= book.balanceFen && reason.trim() !== "";
  const go = async (request: boolean) => {
    if (!ok || busy) return;
    setBusy(true);
    setError(null);
    try {
      if (kind === "move") await post(`/accounts/${account}/books/${book.id}/transfer`, { toBook: to, amountFen: fen, reason: reason.trim() }, { idempotencyKey: key });
      else if (request) await post("/counter/requests", { kind: "refund", accountId: account, book: book.id, amountFen: fen, method, reason: reason.trim() }, { idempotencyKey: `${key}r` });
      else {
        const made = await post<{ receiptNo: string }>("/counter/refunds", { accountId: account, book: book.id, amountFen: fen, method, reason: reason.trim() }, { idempotencyKey: key });
        say.success(t("till.refunded", { no: made.receiptNo, amount: yuan(fen) }));
      }
      if (request) say.success(t("till.requested"));
      await refresh();
      close();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  const code = (error as { code?: string } | null)?.code;
  const another = kind === "refund" && (code === "refund.approval" || code === "refund.method");
  return (
    <Modal open onCancel={close} title={t(kind === "refund" ? "till.refundTitle" : "till.moveTitle", { name: titleOf(book) })} width={460} destroyOnHidden footer={[
      <Button key="no" onClick={close}>{t("kit.cancel")}</Button>,
      another ? <Button key="ask" type="primary" loading={busy} onClick={() => void go(true)}>{t("till.ask")}</Button> : null,
      <Button key="yes" type={another ? "default" : "primary"} loading={busy} disabled={!ok} onClick={() => void go(false)}>{t(kind === "refund" ? "till.refund" : "till.move")}</Button>,
    ]}>
      <div className="stack">
        <div className="amount"><Field label={t("counter.amount")} error={amount !== "" && (fen === null || fen > book.balanceFen) ? t("till.atMost", { amount: yuan(book.balanceFen) }) : null}>
          {(p) => <Input {...p} autoFocus prefix="¥" inputMode="decimal" value={amount} maxLength={14} onChange={(e) => setAmount(e.target.value)} />}
        </Field></div>
        {kind === "refund" ? (
          <div className="stack" style={{ gap: 4 }}><span className="muted">{t("till.wayBack")}</span><Segments label={t("till.wayBack")} at={method} onPick={setMethod} items={["cash", "card", "qr", "transfer"].map((id) => ({ id, title: word("payMethod", id) }))} /></div>
        ) : (
          <div className="stack" style={{ gap: 4 }}><span className="muted">{t("till.toBook")}</span><Segments label={t("till.toBook")} at={to} onPick={setTo} items={books.filter((b) => b.id !== book.id && b.state === "active").map((b) => ({ id: b.id, title: titleOf(b) }))} /></div>
        )}
        <Field label={t("kit.reason")}>{(p) => <Input {...p} value={reason} maxLength={200} onChange={(e) => setReason(e.target.value)} onPressEnter={() => void go(false)} />}</Field>
        {error ? <Failure error={error} what={t("till.refund")} /> : null}
      </div>
    </Modal>
  );
}
