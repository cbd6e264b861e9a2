// Batches of cards: made or imported, their PINs fetched once, activated, voided.
import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { list, post, send } from "../../lib/api";
import { dateTime, toFen } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { DataTable } from "../../kit/DataTable";
import { Field, Meter, Panel } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Money } from "../../kit/text";
import { say } from "../../kit/toast";
import { saveAs } from "./save";
import type { CardBatch } from "./types";
import { useDo } from "./useDo";

const later = () => { const d = new Date(); d.setFullYear(d.getFullYear() + 2); return d.toISOString().slice(0, 10); };
export function CardBatches() {
  const { t } = useTranslation();
  const may = useMay();
  const writes = may("rechargecard.write");
  const [face, setFace] = useState("50.00");
  const [cards, setCards] = useState("100");
  const [validTo, setValidTo] = useState(later);
  const [asked, setAsked] = useState<{ batch: CardBatch; verb: "activate" | "void" | "pins" } | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const picker = useRef<HTMLInputElement>(null);
  const { busy, error, run } = useDo(["cardBatches"]);
  const found = useQuery({ queryKey: ["cardBatches"], queryFn: () => list<CardBatch>("/recharge-cards/batches", { limit: 50 }), refetchInterval: (q) => (q.state.data?.rows.some((b) => b.state === "making") ? 1_000 : false) });
  const fen = toFen(face);
  const make = async () => { const b = await run<CardBatch>("/recharge-cards/batches", { faceFen: fen, cards: Number(cards), validTo }); if (b) say.success(t("rcard.made")); };
  const take = async (file: File | undefined) => {
    if (!file) return;
    setFailed(null);
    try {
      const b = (await (await send("/recharge-cards/import", { method: "POST", raw: file, contentType: "text/csv", query: { faceFen: fen, validTo } })).json()) as CardBatch;
      say.success(t("rcard.imported", { n: b.cards }));
      await found.refetch();
    } catch (cause) { setFailed(cause); } finally { if (picker.current) picker.current.value = ""; }
  };
  const confirm = async (reason: string) => {
    const { batch, verb } = asked!;
    if (verb === "pins") {
      const answer = await send(`/recharge-cards/batches/${batch.id}/pins`, { method: "POST", body: { reason } });
      saveAs(await answer.blob(), `${batch.batchNo}.csv`);
    } else await post(`/recharge-cards/batches/${batch.id}/${verb}`, { reason });
    await found.refetch();
    say.success(t("rcard.done2"));
  };
  return (
    <div className="stack">
      {writes && (
        <Panel title={t("rcard.make")}>
          <form className="form" onSubmit={(e) => { e.preventDefault(); if (fen && Number(cards) > 0 && !busy) void make(); }}>
            <Field label={t("rcard.face")}>{(p) => <Input {...p} prefix="¥" inputMode="decimal" value={face} maxLength={8} onChange={(e) => setFace(e.target.value)} />}</Field>
            <Field label={t("rcard.count")}>{(p) => <Input {...p} inputMode="numeric" value={cards} maxLength={6} onChange={(e) => setCards(e.target.value.replace(/\D/g, ""))} />}</Field>
            <Field label={t("rcard.validTo")}>{(p) => <input id={p.id} type="date" className="pick" value={validTo} onChange={(e) => setValidTo(e.target.value)} />}</Field>
            <div className="full stack">
              {error ? <Failure error={error} what={t("rcard.make")} /> : null}
              {failed ? <Failure error={failed} what={t("rcard.import")} /> : null}
              <div className="row spread wraps">
                <span className="row"><input ref={picker} type="file" hidden accept=".csv,.txt" aria-label={t("rcard.import")} onChange={(e) => void take(e.target.files?.[0])} /><Button onClick={() => picker.current?.click()}>{t("rcard.import")}</Button><span className="muted" style={{ fontSize: 12 }}>{t("rcard.importHint")}</span></span>
                <Button type="primary" htmlType="submit" loading={busy} disabled={!fen || !Number(cards)}>{t("rcard.make")}</Button>
              </div>
            </div>
          </form>
        </Panel>
      )}
      <Panel flush title={t("rcard.batches")}>
        <Loaded of={found} what={t("rcard.batches")} rows={4}>{(d) => (
          <DataTable rows={d.rows} rowKey={(r) => r.id} label={t("rcard.batches")} minWidth={1000} empty={<Nothing why={t("rcard.none")} />}
            extra={(r) => (r.pinsFetchedAt ? <span className="soft">{t("rcard.fetched", { by: r.pinsFetchedBy ?? "", at: dateTime(r.pinsFetchedAt) })}</span> : null)}
            columns={[
              { key: "no", title: t("rcard.batchNo"), width: 120, lead: true, render: (r) => <span className="num">{r.batchNo}</span> },
              { key: "source", title: t("rcard.source"), width: 110, render: (r) => t(r.source === "generated" ? "rcard.generated" : "rcard.importedSource") },
              { key: "face", title: t("rcard.face"), width: 90, right: true, render: (r) => <Money fen={r.faceFen} /> },
              { key: "cards", title: t("rcard.count"), width: 76, right: true, render: (r) => <span className="num">{r.cards}</span> },
              { key: "valid", title: t("rcard.validTo"), width: 108, render: (r) => <span className="num">{r.validTo}</span> },
              { key: "state", title: t("rcard.state"), width: 104, render: (r) => <Status group="rcardState" code={r.state} /> },
              { key: "counts", title: t("rcard.counts"), wrap: true, render: (r) => (r.state === "making" ? <Meter done={r.made} total={r.cards} label={t("rcard.progress")} /> : <span className="row wraps" style={{ gap: "2px 12px" }}>{Object.entries(r.counts).map(([s, n]) => <span key={s} className="num">{word("rcardState", s)} {n}</span>)}</span>) },
              { key: "do", title: "", width: 220, right: true, render: (r) => (
                <span className="row" style={{ justifyContent: "flex-end" }}>
                  {may("rechargecard.pins") && r.pinsThere && <Button size="small" onClick={() => setAsked({ batch: r, verb: "pins" })}>{t("rcard.pins")}</Button>}
                  {writes && r.state === "made" && <Button size="small" type="primary" onClick={() => setAsked({ batch: r, verb: "activate" })}>{t("rcard.activate")}</Button>}
                  {writes && (r.state === "made" || r.state === "active") && <Button size="small" type="link" danger onClick={() => setAsked({ batch: r, verb: "void" })}>{t("rcard.void")}</Button>}
                </span>
              ) },
            ]} />
        )}</Loaded>
      </Panel>
      <ReasonDialog open={asked !== null} onClose={() => setAsked(null)} danger={asked?.verb === "void"}
        title={asked ? t(asked.verb === "pins" ? "rcard.pinsTitle" : asked.verb === "void" ? "rcard.voidTitle" : "rcard.activateTitle", { no: asked.batch.batchNo }) : ""}
        note={asked?.verb === "pins" ? t("rcard.pinsNote") : asked?.verb === "void" ? t("rcard.voidNote") : undefined}
        confirm={asked ? t(asked.verb === "pins" ? "rcard.pins" : asked.verb === "void" ? "rcard.void" : "rcard.activate") : ""}
        suggestions={[asked?.verb === "pins" ? t("rcard.pinsWhy") : asked?.verb === "void" ? t("rcard.voidWhy") : t("rcard.activateWhy")]} onConfirm={confirm} />
    </div>
  );
}
