// What banks answered: taken in as it is, booked in the background, refused lines to take away.
import { UploadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, send } from "../../lib/api";
import { useMay } from "../../lib/session";
import { DataTable } from "../../kit/DataTable";
import { Panel } from "../../kit/layout";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { saveAs } from "./save";
import type { BankResult } from "./types";

const LIVE = ["booking", "reversing"];
export function ResultsTab() {
  const { t } = useTranslation();
  const writes = useMay()("collection.write");
  const picker = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const found = useQuery({ queryKey: ["results"], queryFn: () => call<BankResult[]>("/collection/results"), refetchInterval: (q) => (q.state.data?.some((r) => LIVE.includes(r.state)) ? 1_000 : false) });
  const take = async (file: File | undefined) => {
    if (!file || busy) return;
    setBusy(true);
    setError(null);
    try {
      await send("/collection/results", { method: "POST", raw: file, contentType: "application/octet-stream" });
      say.success(t("collect.taken"));
      await found.refetch();
    } catch (cause) { setError(cause); } finally { setBusy(false); if (picker.current) picker.current.value = ""; }
  };
  const refused = async (r: BankResult) => {
    try { saveAs(await (await send(`/collection/results/${r.id}/refused`)).blob(), `refused-${r.serial}.csv`); } catch (cause) { setError(cause); }
  };
  const n = (value: number, tone = "") => <span className={`num ${value > 0 ? tone : "muted"}`}>{value}</span>;
  return (
    <div className="stack">
      {writes && (
        <Panel>
          <div className="fileline">
            <input ref={picker} type="file" hidden accept=".txt,.dat,.csv,text/plain" onChange={(e) => void take(e.target.files?.[0])} aria-label={t("collect.upload")} />
            <Button type="primary" icon={<UploadOutlined aria-hidden />} loading={busy} onClick={() => picker.current?.click()}>{t("collect.upload")}</Button>
            <span className="muted">{t("collect.uploadHint")}</span>
          </div>
          {error ? <div style={{ marginTop: 10 }}><Failure error={error} what={t("collect.upload")} /></div> : null}
        </Panel>
      )}
      <Panel flush title={t("collect.results")}>
        <Loaded of={found} what={t("collect.results")} rows={5}>{(rows) => (
          <DataTable rows={rows} rowKey={(r) => r.id} label={t("collect.results")} minWidth={1000} empty={<Nothing why={t("collect.noResults")} />} columns={[
            { key: "serial", title: t("collect.serial"), width: 140, lead: true, render: (r) => <Name>{r.serial}</Name> },
            { key: "kind", title: t("collect.kind"), width: 84, render: (r) => t(r.kind === "reversal" ? "collect.reversal" : "collect.answer") },
            { key: "state", title: t("collect.state"), width: 104, render: (r) => <Status group="collectResult" code={r.state} /> },
            { key: "lines", title: t("collect.lines"), width: 70, right: true, render: (r) => n(r.lines) },
            { key: "booked", title: t("collect.booked"), width: 70, right: true, render: (r) => n(r.booked, "ok") },
            { key: "fen", title: t("collect.total"), width: 116, right: true, render: (r) => <Money fen={r.bookedFen} /> },
            { key: "failed", title: t("collect.failed"), width: 70, right: true, render: (r) => n(r.failed, "warn") },
            { key: "reversed", title: t("collect.reversed"), width: 84, right: true, render: (r) => n(r.reversed + r.returned, "warn") },
            { key: "refused", title: t("collect.refused"), width: 70, right: true, render: (r) => n(r.refused, "bad") },
            { key: "at", title: t("collect.at"), width: 140, render: (r) => <At at={r.at} /> },
            { key: "by", title: t("collect.by"), render: (r) => <Name>{r.by}</Name> },
            { key: "do", title: "", width: 110, right: true, render: (r) => (r.refused > 0 ? <Button size="small" type="link" onClick={() => void refused(r)}>{t("collect.refusedFile")}</Button> : null) },
          ]} />
        )}</Loaded>
      </Panel>
    </div>
  );
}
