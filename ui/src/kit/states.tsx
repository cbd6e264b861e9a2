// Waiting, empty and failed. A skeleton appears only after 150 ms; an empty state says why and offers one action.
import { InboxOutlined, WarningFilled } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../lib/api";

export function Waiting({ rows = 6, height }: { rows?: number; height?: number }) {
  const { t } = useTranslation();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label={t("kit.loading")} style={{ padding: 14, minHeight: height ?? rows * 34, visibility: late ? "visible" : "hidden" }}>
      {height
        ? <div className="bone" style={{ height: height - 28 }} />
        : Array.from({ length: rows }, (_, i) => <div key={i} className="bone" style={{ height: 14, margin: "0 0 20px", width: `${92 - ((i * 17) % 38)}%` }} />)}
    </div>
  );
}

export function Nothing({ why, action, icon }: { why: ReactNode; action?: ReactNode; icon?: ReactNode }) {
  return (
    <div className="nothing">
      {icon ?? <InboxOutlined aria-hidden />}
      <div className="why">{why}</div>
      {action}
    </div>
  );
}

export function Failure({ error, what, retry }: { error: unknown; what?: string; retry?: () => void }) {
  const { t } = useTranslation();
  const known = error instanceof ApiError ? error : null;
  const reason = known ? (known.status === 0 ? t("kit.unreachable") : known.reason || t("kit.httpStatus", { status: known.status })) : String((error as Error)?.message ?? error);
  return (
    <div className="failure" role="alert">
      <WarningFilled aria-hidden />
      <div className="stack tight grow">
        <div className="strong wrap">{what ? t("kit.failed", { what }) : t("kit.failedPlain")}</div>
        <div className="wrap"><bdi>{reason}</bdi></div>
        {known?.advice && known.advice !== reason && <div className="soft wrap"><bdi>{known.advice}</bdi></div>}
        {known && (
          <div className="codes">
            <span>{t("kit.code")} <span className="mono">{known.code}</span></span>
            {known.traceId && <span>{t("kit.trace")} <span className="mono">{known.traceId}</span></span>}
          </div>
        )}
      </div>
      {retry && <Button size="small" onClick={retry}>{t("kit.retry")}</Button>}
    </div>
  );
}

interface Answer<T> { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown }
/** The three states of one query in one place; old data stays on screen while a refetch fails. */
export function Loaded<T>({ of, what, rows, height, children }: {
  of: Answer<T>; what: string; rows?: number; height?: number; children: (data: T) => ReactNode;
}) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error) return <div style={{ padding: 12 }}><Failure error={of.error} what={what} retry={() => void of.refetch()} /></div>;
  return <Waiting rows={rows} height={height} />;
}
