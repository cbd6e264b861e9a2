// Small text pieces: names that may hold anything, money, times, masked values behind a stated reason.
import { EyeOutlined } from "@ant-design/icons";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../lib/api";
import { ago, dateTime, phone as grouped, yuan } from "../lib/format";
import { useMay } from "../lib/session";
import { ReasonDialog } from "./ReasonDialog";

/** Text people typed: isolated from the direction of its neighbours, cut with the whole text on hover. */
export function Name({ children, className, wrap }: { children: string | null | undefined; className?: string; wrap?: boolean }) {
  if (!children) return <span className="muted">—</span>;
  return <bdi className={`${wrap ? "wrap" : "clip"} ${className ?? ""}`} title={wrap ? undefined : children}>{children}</bdi>;
}

export function Money({ fen, sign = true, tone }: { fen: number | null | undefined; sign?: boolean; tone?: boolean }) {
  const className = `num${tone && fen ? (fen < 0 ? " bad" : "") : ""}`;
  return <span className={className}>{yuan(fen, sign)}</span>;
}

export function Ago({ at }: { at: string | null | undefined }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 30_000);
    return () => clearInterval(timer);
  }, []);
  if (!at) return <span className="muted">—</span>;
  return <time dateTime={at} title={dateTime(at, true)} className="num">{ago(at)}</time>;
}
export function At({ at, seconds }: { at: string | null | undefined; seconds?: boolean }) {
  if (!at) return <span className="muted">—</span>;
  return <time dateTime={at} className="num">{dateTime(at, seconds)}</time>;
}

export function Masked({ value, customerId, field }: { value?: string | null; customerId: string; field: "phone" | "certificate" }) {
  const { t } = useTranslation();
  const reveals = useMay()("privacy.reveal");
  const [shown, setShown] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  if (!value) return <span className="muted">—</span>;
  const text = shown ?? value;
  const show = async (reason: string) => {
    const answer = await call<{ value: string }>(`/customers/${customerId}/reveal`, { query: { field, reason } });
    setShown(answer.value);
    setTimeout(() => setShown(null), 60_000);
  };
  return (
    <span className="row" style={{ gap: 6, display: "inline-flex" }}>
      <span className="num">{field === "phone" ? grouped(text) : text}</span>
      {reveals && !shown && value.includes("*") && (
        <button type="button" className="linkish" onClick={() => setAsking(true)} aria-label={t("kit.revealField", { field: t(`customer.${field}`) })}>
          <EyeOutlined aria-hidden /> {t("kit.reveal")}
        </button>
      )}
      <ReasonDialog
        open={asking} onClose={() => setAsking(false)} onConfirm={show} title={t("kit.revealTitle", { field: t(`customer.${field}`) })}
        note={t("kit.revealNote")} suggestions={[t("kit.revealWhy1"), t("kit.revealWhy2"), t("kit.revealWhy3")]} confirm={t("kit.reveal")}
      />
    </span>
  );
}
