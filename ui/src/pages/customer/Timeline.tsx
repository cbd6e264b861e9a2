// Everything that happened with a customer, newest first, filtered by kind.
import { CustomerServiceOutlined, FileTextOutlined, MessageOutlined, PhoneOutlined, TagOutlined, WalletOutlined, AccountBookOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import type { TimelineRow } from "../../lib/types";
import { Nothing } from "../../kit/states";
import { At, Name } from "../../kit/text";

const ICON: Record<TimelineRow["kind"], ComponentType<{ "aria-hidden"?: boolean }>> = {
  order: FileTextOutlined, product: TagOutlined, bill: WalletOutlined, payment: AccountBookOutlined, ticket: CustomerServiceOutlined, contact: PhoneOutlined, note: MessageOutlined,
};
const KINDS = ["order", "product", "bill", "payment", "ticket", "contact", "note"] as const;

function Leads({ row }: { row: TimelineRow }) {
  const to = row.ref?.type === "productOrder" || row.ref?.type === "order" ? "/app/orders/$id" : row.ref?.type === "customerBill" || row.ref?.type === "bill" ? "/app/bills/$id" : null;
  if (!to || !row.ref) return <bdi className="strong">{row.title}</bdi>;
  return <Link to={to} params={{ id: row.ref.id }} className="strong"><bdi>{row.title}</bdi></Link>;
}

export function Timeline({ rows, at, onPick }: { rows: TimelineRow[]; at: string; onPick: (kind: string) => void }) {
  const { t } = useTranslation();
  const [limit, setLimit] = useState(40);
  const kinds = KINDS.filter((k) => rows.some((r) => r.kind === k));
  const shown = at ? rows.filter((r) => r.kind === at) : rows;
  return (
    <>
      <div className="row wraps" style={{ padding: "8px 14px 4px", gap: 4 }} role="group" aria-label={t("customer.timelineFilter")}>
        {["", ...kinds].map((k) => (
          <button key={k} type="button" className={`filterchip${k === at ? " on" : ""}`} aria-pressed={k === at} onClick={() => onPick(k)}>
            {k ? t(`timeline.${k}` as "timeline.order") : t("kit.any")}
          </button>
        ))}
      </div>
      {shown.length === 0 ? <Nothing why={t("customer.noTimeline")} /> : (
        <ol className="timeline">
          {shown.slice(0, limit).map((row, i) => {
            const Icon = ICON[row.kind] ?? MessageOutlined;
            return (
              <li key={`${row.at}${i}`}>
                <span className={`dot ${row.kind}`}><Icon aria-hidden /></span>
                <div className="wrap" style={{ whiteSpace: "normal" }}><span className="sr">{t(`timeline.${row.kind}` as "timeline.order")}</span><Leads row={row} /></div>
                {row.detail && <div className="soft"><Name wrap>{row.detail}</Name></div>}
                <div className="meta"><At at={row.at} />{row.operator && <bdi>{row.operator}</bdi>}</div>
              </li>
            );
          })}
        </ol>
      )}
      {shown.length > limit && <div style={{ padding: "0 14px 12px" }}><button type="button" className="linkish" onClick={() => setLimit((n) => n + 60)}>{t("kit.more", { count: shown.length - limit })}</button></div>}
    </>
  );
}
