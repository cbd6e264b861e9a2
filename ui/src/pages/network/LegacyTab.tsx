// The file exchange with the legacy system 97: what lies where, what went out, what came in, and the content of each file.
import { FileTextOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Drawer } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, list } from "../../lib/api";
import { word } from "../../lib/i18n";
import { paging, useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { Panel, Segments } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At } from "../../kit/text";
import type { LegacyIn, LegacyOut, LegacySummary } from "./types";

export function LegacyTab() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const [file, setFile] = useState<{ way: "in" | "out"; id: string } | null>(null);
  const way = search.way === "in" ? "in" : "out";
  const summary = useQuery({ queryKey: ["legacySummary"], queryFn: () => call<LegacySummary>("/network/legacy"), refetchInterval: 5000 });
  return (
    <>
      <Loaded of={summary} what={t("network.tab.legacy")} rows={2}>
        {(s) => (
          <Panel flush>
            {s.configured ? (
              <div className="counts">
                {["drop", "ack", "result", "archive", "bad"].map((name) => <div key={name}><b>{s.directories[name] ?? 0}</b><span>{word("legacyDirectory", name)}</span></div>)}
                <div><b>{(s.in.duplicate ?? 0) + (s.in.conflict ?? 0)}</b><span>{t("network.repeated")}</span></div>
                <div><b>{s.in.bad ?? 0}</b><span>{t("network.damaged")}</span></div>
                <div style={{ marginLeft: "auto", alignSelf: "center" }}><span className="chip">{t(s.simulated ? "network.simulated97" : "network.real97")}</span></div>
              </div>
            ) : <Nothing why={t("network.noDirectory")} />}
          </Panel>
        )}
      </Loaded>
      <Panel flush>
        <div className="filters">
          <Segments label={t("network.way")} at={way} onPick={(w) => set({ way: w === "out" ? undefined : w, state: undefined })} items={[{ id: "out", title: t("network.outward") }, { id: "in", title: t("network.inward") }]} />
        </div>
        {way === "out" ? <Out onFile={(id) => setFile({ way: "out", id })} /> : <In onFile={(id) => setFile({ way: "in", id })} />}
      </Panel>
      <Content file={file} onClose={() => setFile(null)} />
    </>
  );
}

function Out({ onFile }: { onFile: (id: string) => void }) {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const { page, size, offset, limit } = paging(search);
  const found = useQuery({ queryKey: ["legacyOut", offset, limit], queryFn: ({ signal }) => list<LegacyOut>("/network/legacy/out", { offset, limit }, signal), placeholderData: keepPreviousData, refetchInterval: 5000 });
  const columns: Column<LegacyOut>[] = [
    { key: "name", title: t("network.file"), width: 190, lead: true, render: (f) => <span className="mono">{f.name}</span> },
    { key: "kind", title: t("network.kind"), width: 90, render: (f) => word("legacyKind", f.kind) },
    { key: "order", title: t("network.order"), width: 120, render: (f) => <Link to="/app/orders/$id" params={{ id: f.orderId }}>{t("network.open")}</Link> },
    { key: "v", title: t("network.version"), width: 84, right: true, render: (f) => <span className="num">{f.version}</span> },
    { key: "state", title: t("network.state"), width: 156, render: (f) => <Status group="legacyState" code={f.state} /> },
    { key: "written", title: t("network.written"), width: 160, render: (f) => <At at={f.writtenAt} seconds /> },
    { key: "answered", title: t("network.answered"), width: 160, render: (f) => <At at={f.answeredAt} seconds /> },
    { key: "detail", title: t("network.detail"), render: (f) => (f.detail ? word("legacyDetail", f.detail) : <span className="muted">—</span>) },
  ];
  return (
    <Loaded of={found} what={t("network.outward")}>
      {(data) => (
        <>
          <DataTable rows={data.rows} columns={columns} rowKey={(f) => f.id} label={t("network.outward")} minWidth={1000} keys onOpen={(f) => onFile(f.id)} empty={<Nothing icon={<FileTextOutlined aria-hidden />} why={t("network.noFiles")} />} />
          <Pager page={page} size={size} total={data.total} shown={data.rows.length} onPage={(p) => set({ page: p }, true)} onSize={(n) => set({ size: n })} />
        </>
      )}
    </Loaded>
  );
}

function In({ onFile }: { onFile: (id: string) => void }) {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const { page, size, offset, limit } = paging(search);
  const found = useQuery({ queryKey: ["legacyIn", offset, limit], queryFn: ({ signal }) => list<LegacyIn>("/network/legacy/in", { offset, limit }, signal), placeholderData: keepPreviousData, refetchInterval: 5000 });
  const columns: Column<LegacyIn>[] = [
    { key: "name", title: t("network.file"), width: 190, lead: true, render: (f) => <span className="mono">{f.name}</span> },
    { key: "kind", title: t("network.kind"), width: 90, render: (f) => word("legacyKind", f.kind) },
    { key: "order", title: t("network.order"), width: 120, render: (f) => (f.orderId ? <Link to="/app/orders/$id" params={{ id: f.orderId }}>{t("network.open")}</Link> : <span className="muted">—</span>) },
    { key: "verdict", title: t("network.state"), width: 156, render: (f) => <Status group="legacyVerdict" code={f.verdict} /> },
    { key: "detail", title: t("network.detail"), render: (f) => (f.detail ? word("legacyDetail", f.detail) : <span className="muted">—</span>) },
    { key: "at", title: t("network.read"), width: 160, render: (f) => <At at={f.at} seconds /> },
  ];
  return (
    <Loaded of={found} what={t("network.inward")}>
      {(data) => (
        <>
          <DataTable rows={data.rows} columns={columns} rowKey={(f) => f.id} label={t("network.inward")} minWidth={860} keys onOpen={(f) => onFile(f.id)} empty={<Nothing icon={<FileTextOutlined aria-hidden />} why={t("network.noFiles")} />} />
          <Pager page={page} size={size} total={data.total} shown={data.rows.length} onPage={(p) => set({ page: p }, true)} onSize={(n) => set({ size: n })} />
        </>
      )}
    </Loaded>
  );
}

function Content({ file, onClose }: { file: { way: "in" | "out"; id: string } | null; onClose: () => void }) {
  const { t } = useTranslation();
  const one = useQuery({ queryKey: ["legacyFile", file], queryFn: () => call<{ name: string; content: string }>(`/network/legacy/${file!.way}/${file!.id}`), enabled: !!file });
  return (
    <Drawer open={!!file} onClose={onClose} size={640} destroyOnHidden title={<span className="mono">{one.data?.name ?? t("network.file")}</span>}>
      {file && <Loaded of={one} what={t("network.file")}>{(data) => <pre className="payload" style={{ maxHeight: "none" }} tabIndex={0} aria-label={data.name}>{data.content}</pre>}</Loaded>}
    </Drawer>
  );
}
