// Sales that were begun and not ordered yet, here or at another desk of the hall. Enter goes on with one.
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Popconfirm } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { comma } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { Panel, Segments } from "../../kit/layout";
import { Failure, Nothing, Waiting } from "../../kit/states";
import { Ago, Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { deleteDraft, dropDraft, resumeDraft } from "./draft";
import type { CartRow } from "./types";

export function Drafts() {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [whose, setWhose] = useState<"hall" | "mine">("hall");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const found = useQuery({ queryKey: ["carts", whose], queryFn: ({ signal }) => call<CartRow[]>("/carts", { query: { mine: whose === "mine" || undefined, limit: 30 }, signal }), enabled: may("cart.read"), placeholderData: keepPreviousData, staleTime: 0 });
  if (!may("cart.read")) return null;
  const go = async (row: CartRow) => {
    if (busy) return;
    setBusy(row.id);
    setError(null);
    try {
      const problems = await resumeDraft(row.id, row.customerId);
      if (problems.length > 0) say.warning(problems.map((p) => p.reason).join("；"));
      await navigate({ to: "/app/sell/$customerId", params: { customerId: row.customerId } });
    } catch (cause) { setError(cause); void found.refetch(); } finally { setBusy(null); }
  };
  const drop = async (row: CartRow) => {
    try { await deleteDraft(row.id); dropDraft(row.customerId); void client.invalidateQueries({ queryKey: ["carts"] }); } catch (cause) { setError(cause); }
  };
  return (
    <Panel flush title={t("sale.drafts")} acts={<Segments label={t("sale.whose")} at={whose} onPick={setWhose} items={[{ id: "hall", title: t("sale.ofHall") }, { id: "mine", title: t("sale.mine") }]} />}>
      {error ? <div style={{ padding: 12 }}><Failure error={error} what={t("sale.resume")} /></div> : null}
      {found.error ? <div style={{ padding: 12 }}><Failure error={found.error} what={t("sale.drafts")} retry={() => void found.refetch()} /></div>
        : found.isPending ? <Waiting rows={3} />
        : found.data.length === 0 ? <Nothing why={t("sale.noDrafts")} />
        : (
          <ul data-testid="drafts">
            {found.data.map((row) => (
              <li key={row.id} className="draftrow">
                <button type="button" className="draftgo" disabled={busy === row.id} onClick={() => void go(row)}>
                  <Name className="strong">{row.customerName}</Name>
                  <span className="clip"><bdi>{row.items?.length ? row.items.join(comma()) : row.label || t("sale.itemCount", { count: row.itemCount })}</bdi>{row.stale.length > 0 && <span className="warn"> · {t("sale.stale", { count: row.stale.length })}</span>}</span>
                  <span className="muted clip">{row.mine ? t("sale.mine") : <bdi>{row.operator}</bdi>} · <Ago at={row.updatedAt} /></span>
                  <span className="right"><Money fen={row.totalFen} /></span>
                  <span className="linkish">{row.mine ? t("sale.resume") : t("sale.takeOver")}</span>
                </button>
                {row.mine && <Popconfirm title={t("sale.deleteAsk")} okText={t("sale.delete")} cancelText={t("kit.cancel")} onConfirm={() => void drop(row)}><Button size="small" type="text" aria-label={t("sale.deleteOf", { name: row.customerName })}>×</Button></Popconfirm>}
              </li>
            ))}
          </ul>
        )}
    </Panel>
  );
}
