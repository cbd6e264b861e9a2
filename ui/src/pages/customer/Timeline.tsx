// Everything that happened with a customer, newest first, by kind; older rows are fetched as they are asked for.
import { AccountBookOutlined, BulbOutlined, CustomerServiceOutlined, FileTextOutlined, MessageOutlined, PhoneOutlined, SwapOutlined, TagOutlined, WalletOutlined } from "@ant-design/icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { word } from "../../lib/i18n";
import { Failure, Nothing } from "../../kit/states";
import { At, Name } from "../../kit/text";

export const KINDS = ["order", "product", "bill", "payment", "ticket", "contact", "need", "change", "note"] as const;
type Kind = (typeof KINDS)[number];
export interface Row { at: string; kind: Kind; title: string; detail?: string; ref?: { type: string; id: string } | null; operator?: string | null; cursor?: string }
interface Page { timeline: Row[]; more: boolean }
const ICON: Record<Kind, ComponentType<{ "aria-hidden"?: boolean }>> = {
  order: FileTextOutlined, product: TagOutlined, bill: WalletOutlined, payment: AccountBookOutlined, ticket: CustomerServiceOutlined, contact: PhoneOutlined, need: BulbOutlined, change: SwapOutlined, note: MessageOutlined,
};

function Leads({ row }: { row: Row }) {
  const to = row.ref?.type === "productOrder" || row.ref?.type === "order" ? "/app/orders/$id" : row.ref?.type === "customerBill" || row.ref?.type === "bill" ? "/app/bills/$id" : null;
  if (!to || !row.ref) return <bdi className="strong">{row.title}</bdi>;
  return <Link to={to} params={{ id: row.ref.id }} className="strong"><bdi>{row.title}</bdi></Link>;
}

/** `rows` came with the view; a filter or a page beyond them is asked for. */
export function Timeline({ id, rows, more, dataTime, at, onPick }: { id: string; rows: Row[]; more: boolean; dataTime: string; at: string; onPick: (kind: string) => void }) {
  const { t, i18n } = useTranslation();
  const pages = useInfiniteQuery({
    queryKey: ["timeline", id, at, i18n.language, dataTime],
    queryFn: ({ pageParam, signal }) => call<Page>(`/customers/${id}/timeline`, { query: { kind: at, before: pageParam, limit: 40 }, signal }),
    initialPageParam: "",
    getNextPageParam: (last) => (last.more ? last.timeline.at(-1)?.cursor : undefined),
    initialData: at ? undefined : { pages: [{ timeline: rows, more }], pageParams: [""] },
    placeholderData: (old) => old,
    staleTime: 60_000,
  });
  const shown = pages.data?.pages.flatMap((p) => p.timeline) ?? [];
  return (
    <>
      <div className="row wraps" style={{ padding: "8px 14px 4px", gap: 4 }} role="group" aria-label={t("customer.timelineFilter")}>
        {["", ...KINDS].map((k) => (
          <button key={k} type="button" className={`filterchip${k === at ? " on" : ""}`} aria-pressed={k === at} onClick={() => onPick(k)}>{k ? word("timeline", k) : t("kit.any")}</button>
        ))}
      </div>
      {pages.error ? <div style={{ padding: 12 }}><Failure error={pages.error} what={t("customer.timeline")} retry={() => void pages.refetch()} /></div>
        : shown.length === 0 && !pages.isPending ? <Nothing why={t("customer.noTimeline")} /> : (
          <ol className="timeline" style={{ opacity: pages.isPlaceholderData ? 0.6 : 1 }}>
            {shown.map((row, i) => {
              const Icon = ICON[row.kind] ?? MessageOutlined;
              return (
                <li key={row.cursor ?? `${row.at}${i}`}>
                  <span className={`dot ${row.kind}`}><Icon aria-hidden /></span>
                  <div className="wrap" style={{ whiteSpace: "normal" }}><span className="sr">{word("timeline", row.kind)}</span><Leads row={row} /></div>
                  {row.detail && <div className="soft"><Name wrap>{row.detail}</Name></div>}
                  <div className="meta"><At at={row.at} />{row.operator && <bdi>{row.operator}</bdi>}</div>
                </li>
              );
            })}
          </ol>
        )}
      {pages.hasNextPage && <div style={{ padding: "0 14px 12px" }}><button type="button" className="linkish" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>{t("v360.older")}</button></div>}
    </>
  );
}
