// Files for banks: made of everything that is due, fetched, and followed until every item is answered.
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, list, send } from "../../lib/api";
import { language } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import { Meter, Panel } from "../../kit/layout";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { saveAs } from "./save";
import type { Bank, Batch, BatchItem } from "./types";
import { useDo } from "./useDo";

export function BatchesTab() {
  const { t } = useTranslation();
  const writes = useMay()("collection.write");
  const { search, set } = useUrl();
  const [bank, setBank] = useState("");
  const [failed, setFailed] = useState<unknown>(null);
  const { busy, error, run } = useDo(["batches"]);
  const banks = useQuery({ queryKey: ["banks"], queryFn: () => call<Bank[]>("/collection/banks"), staleTime: Infinity });
  const found = useQuery({ queryKey: ["batches"], queryFn: () => list<Batch>("/collection/batches", { limit: 50 }), refetchInterval: 20_000 });
  const zh = language() !== "en";
  const code = bank || banks.data?.[0]?.code || "";
  const make = async () => { const b = await run<Batch>("/collection/batches", { bankCode: code }); if (b) say.success(t("collect.made", { no: b.batchNo, n: b.items })); };
  const fetchFile = async (b: Batch, encoding: string) => {
    setFailed(null);
    try {
      const answer = await send(`/collection/batches/${b.id}/file`, { method: "POST", body: {}, query: { encoding } });
      saveAs(await answer.blob(), `${b.batchNo}.txt`);
      await found.refetch();
    } catch (cause) { setFailed(cause); }
  };
  const count = (b: Batch, state: string) => b.sums.find((s) => s.state === state)?.count ?? 0;
  const answered = (b: Batch) => b.items - count(b, "waiting");
  if (search.batch) return <Items batch={found.data?.rows.find((b) => b.id === search.batch)} id={search.batch} back={() => set({ batch: undefined })} />;
  return (
    <div className="stack">
      {writes && (
        <Panel>
          <div className="row spread wraps">
            <label className="row">{t("collect.bank")}<select className="pick" value={code} onChange={(e) => setBank(e.target.value)}>{banks.data?.map((b) => <option key={b.code} value={b.code}>{zh ? b.zh : b.en}</option>)}</select></label>
            <span className="muted grow">{t("collect.makeHint")}</span>
            <Button type="primary" loading={busy} disabled={!code} onClick={() => void make()}>{t("collect.make")}</Button>
          </div>
          {error ? <div style={{ marginTop: 10 }}><Failure error={error} what={t("collect.make")} /></div> : null}
        </Panel>
      )}
      {failed ? <Failure error={failed} what={t("collect.utf8")} /> : null}
      <Panel flush title={t("collect.batches")}>
        <Loaded of={found} what={t("collect.batches")} rows={5}>{(d) => (
          <DataTable rows={d.rows} rowKey={(r) => r.id} label={t("collect.batches")} minWidth={1080} empty={<Nothing why={t("collect.noBatches")} />} columns={[
            { key: "no", title: t("collect.batchNo"), width: 200, lead: true, render: (r) => <button type="button" className="linkish num" onClick={() => set({ batch: r.id }, true)}>{r.batchNo}</button> },
            { key: "bank", title: t("collect.bank"), render: (r) => <Name>{zh ? r.bankZh : r.bankEn}</Name> },
            { key: "state", title: t("collect.state"), width: 110, render: (r) => <Status group="collectState" code={r.state} /> },
            { key: "items", title: t("collect.items"), width: 70, right: true, render: (r) => <span className="num">{r.items}</span> },
            { key: "total", title: t("collect.total"), width: 104, right: true, render: (r) => <Money fen={r.totalFen} /> },
            { key: "collected", title: t("collect.collected"), width: 104, right: true, render: (r) => <Money fen={r.sums.reduce((n, s) => n + s.collectedFen, 0)} /> },
            { key: "meter", title: t("collect.results"), width: 96, render: (r) => <Meter done={answered(r)} total={r.items} label={t("collect.results")} /> },
            { key: "sent", title: t("collect.sentAt"), width: 132, render: (r) => (r.late ? <span className="bad">{t("collect.late")}</span> : <At at={r.sentAt} />) },
            { key: "do", title: "", width: 196, right: true, render: (r) => (writes && (r.state === "made" || r.state === "sent") ? (
              <span className="row" style={{ justifyContent: "flex-end" }}>
                <Button size="small" onClick={() => void fetchFile(r, "utf-8")}>UTF-8</Button><Button size="small" onClick={() => void fetchFile(r, "gbk")}>GBK</Button>
                {r.state === "made" && <Button size="small" type="link" danger onClick={() => void run(`/collection/batches/${r.id}/cancel`, {})}>{t("collect.cancel")}</Button>}
              </span>
            ) : null) },
          ]} />
        )}</Loaded>
      </Panel>
    </div>
  );
}

function Items({ batch, id, back }: { batch: Batch | undefined; id: string; back: () => void }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["batchItems", id], queryFn: () => call<BatchItem[]>(`/collection/batches/${id}/items`, { query: { limit: 500 } }) });
  const zh = language() !== "en";
  return (
    <Panel flush title={t("collect.itemsOf", { no: batch?.batchNo ?? "" })} acts={<Button size="small" onClick={back}>{t("collect.back")}</Button>}>
      <Loaded of={found} what={t("collect.detail")} rows={6}>{(rows) => (
        <DataTable rows={rows} rowKey={(r) => String(r.seq)} label={t("collect.detail")} minWidth={900} columns={[
          { key: "seq", title: t("collect.seq"), width: 70, render: (r) => <span className="num">{r.seq}</span> },
          { key: "payer", title: t("collect.payer"), lead: true, render: (r) => <Name>{r.payerName}</Name> },
          { key: "no", title: t("collect.no"), width: 190, render: (r) => <span className="num">{r.agreementNo}</span> },
          { key: "account", title: t("collect.bankAccount"), width: 130, render: (r) => <span className="num">{r.bankAccount}</span> },
          { key: "amount", title: t("collect.total"), width: 116, right: true, render: (r) => <Money fen={r.amountFen} /> },
          { key: "collected", title: t("collect.collected"), width: 116, right: true, render: (r) => <Money fen={r.collectedFen} /> },
          { key: "state", title: t("collect.state"), width: 110, render: (r) => <Status group="collectItemState" code={r.state} /> },
          { key: "code", title: t("collect.code"), width: 160, render: (r) => (r.code ? <>{r.code} {(zh ? r.codeZh : r.codeEn) ?? ""}</> : <span className="muted">—</span>) },
        ]} />
      )}</Loaded>
    </Panel>
  );
}
