// Two customers made one, with what moves shown before; the merges there were, and their undoing.
import { SwapOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Checkbox, Modal } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { phone } from "../../lib/format";
import { comma, titled, word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import type { FoundCustomer } from "../../lib/types";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import { Field, Panel } from "../../kit/layout";
import { CustomerPicker } from "../../kit/pickers";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Ago, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import type { MergeRow } from "./types";

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0);

export function MergesTab() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const merges = useMay()("identity.merge");
  const { search, set } = useUrl();
  const [splitting, setSplitting] = useState<MergeRow | null>(null);
  const all = useQuery({ queryKey: ["merges"], queryFn: () => call<MergeRow[]>("/customer-merges") });
  const open = search.merge === "new" || !!search.from;
  return (
    <Panel title={t("identity.merges")} flush acts={merges && <Button size="small" type="primary" onClick={() => set({ merge: "new" })}>{t("merge.new")}</Button>}>
      <Loaded of={all} what={t("identity.merges")} rows={5}>{(rows) => (
        <DataTable rows={rows} rowKey={(r) => r.id} label={t("identity.merges")} minWidth={980} empty={<Nothing why={t("merge.noMerges")} />} columns={[
          { key: "no", title: t("merge.no"), width: 190, lead: true, render: (r) => <span className="num">{r.mergeNo}</span> },
          { key: "from", title: t("merge.from"), render: (r) => <Link to="/app/customers/$id" params={{ id: r.fromId }} title={r.fromNo}><bdi>{r.fromName}</bdi></Link> },
          { key: "into", title: t("merge.into"), render: (r) => <Link to="/app/customers/$id" params={{ id: r.intoId }} title={r.intoNo}><bdi>{r.intoName}</bdi></Link> },
          { key: "moved", title: t("merge.preview"), width: 110, render: (r) => <span title={Object.entries(r.moved).map(([k, n]) => `${word("merge.item", k)} ${n}`).join(comma())}>{t("merge.movedCount", { count: sum(r.moved) })}</span> },
          { key: "why", title: t("kit.reason"), render: (r) => <Name>{r.splitReason ?? r.reason}</Name> },
          { key: "by", title: t("identity.operator"), width: 90, render: (r) => <Name>{r.splitBy ?? r.operator}</Name> },
          { key: "at", title: t("identity.at"), width: 96, render: (r) => <Ago at={r.splitAt ?? r.at} /> },
          { key: "state", title: t("merge.state"), width: 96, render: (r) => <Status group="mergeState" code={r.state === "merged" ? "done" : "undone"} /> },
          ...(merges ? [{ key: "do", title: "", width: 70, right: true, render: (r: MergeRow) => (r.state === "merged" ? <Button size="small" type="link" onClick={() => setSplitting(r)}>{t("merge.split")}</Button> : null) }] : []),
        ]} />
      )}</Loaded>
      <Modal open={open} onCancel={() => set({ merge: undefined, from: undefined, into: undefined })} footer={null} destroyOnHidden width={720} title={t("merge.title")}>
        {open && <MergeForm from={search.from} into={search.into} onDone={() => set({ merge: undefined, from: undefined, into: undefined })} />}
      </Modal>
      <ReasonDialog open={!!splitting} danger title={t("merge.split")} note={t("merge.splitNote")} confirm={t("merge.split")} suggestions={[t("merge.whySplit1")]} onClose={() => setSplitting(null)}
        onConfirm={async (reason) => {
          await post(`/customer-merges/${splitting!.id}/split`, { reason }, { idempotencyKey: newKey() });
          say.success(t("merge.splitDone"));
          await client.invalidateQueries({ queryKey: ["merges"] });
        }} />
    </Panel>
  );
}

interface Preview { from: FoundCustomer; into: FoundCustomer; problems: { code: string; reason: Record<string, string>; message: Record<string, string> }[]; moves: Record<string, number> }

function MergeForm({ from: first, into: second, onDone }: { from?: string; into?: string; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [from, setFrom] = useState<string | null>(first ?? null);
  const [into, setInto] = useState<string | null>(second ?? null);
  const [names, setNames] = useState<Record<string, string>>({});
  const [certificates, setCertificates] = useState(false);
  const [blacklist, setBlacklist] = useState(false);
  const [asking, setAsking] = useState(false);
  const key = useRef(newKey());
  const body = { from, into, certificatesConfirmed: certificates, blacklistConfirmed: blacklist };
  const both = !!from && !!into && from !== into;
  const look = useQuery({ queryKey: ["mergePreview", body], queryFn: () => post<Preview>("/customer-merges/preview", body), enabled: both, retry: false });
  useEffect(() => { if (look.data) setNames((n) => ({ ...n, [look.data.from.id]: `${look.data.from.name} · ${phone(look.data.from.phone)}`, [look.data.into.id]: `${look.data.into.name} · ${phone(look.data.into.phone)}` })); }, [look.data]);
  const codes = new Set(look.data?.problems.map((p) => p.code));
  const blocked = (look.data?.problems ?? []).filter((p) => p.code !== "identity.merge_certificates" && p.code !== "identity.merge_listed");
  const confirm = codes.has("identity.merge_certificates") || certificates;
  const listed = codes.has("identity.merge_listed") || blacklist;
  const moves = Object.entries(look.data?.moves ?? {}).filter(([, n]) => n > 0);
  return (
    <div className="stack">
      <div className="row top">
        <div className="grow"><Field label={t("merge.from")}>{(f) => <CustomerPicker key={`f${from}`} {...f} autoFocus={!first} value={from} shown={from ? names[from] : undefined} except={into ?? undefined} onPick={(c) => setFrom(c?.id ?? null)} />}</Field></div>
        <Button aria-label={t("merge.swap")} title={t("merge.swap")} icon={<SwapOutlined aria-hidden />} style={{ marginTop: 24 }} onClick={() => { setFrom(into); setInto(from); }} />
        <div className="grow"><Field label={t("merge.into")}>{(f) => <CustomerPicker key={`i${into}`} {...f} value={into} shown={into ? names[into] : undefined} except={from ?? undefined} onPick={(c) => setInto(c?.id ?? null)} />}</Field></div>
      </div>
      {!both ? <div className="soft">{t("merge.pickBoth")}</div> : (
        <Loaded of={look} what={t("merge.preview")} rows={3}>{(data) => (
          <>
            <div className="cols2">
              {[data.from, data.into].map((c, i) => (
                <dl key={c.id} className="facts">
                  <div><dt>{i === 0 ? t("merge.from") : t("merge.into")}</dt><dd><bdi className="strong">{c.name}</bdi></dd></div>
                  <div><dt>{t("identity.phones")}</dt><dd className="num">{c.phone ? phone(c.phone) : "—"}</dd></div>
                  <div><dt>{t("identity.certificate")}</dt><dd className="num">{c.certificate || "—"}</dd></div>
                  <div><dt>{t("identity.code")}</dt><dd className="num">{c.customerNo}</dd></div>
                </dl>
              ))}
            </div>
            <div><span className="muted">{t("merge.preview")} </span>{moves.length === 0 ? t("merge.nothing") : moves.map(([k, n]) => `${word("merge.item", k)} ${n}`).join(comma())}</div>
            {blocked.map((p) => <div key={p.code} className="failure" role="alert"><div className="stack tight grow"><div className="strong wrap">{titled(p.reason)}</div><div className="soft wrap">{titled(p.message)}</div></div></div>)}
            {confirm && <Checkbox checked={certificates} onChange={(e) => setCertificates(e.target.checked)}>{t("merge.confirmCertificate")}</Checkbox>}
            {listed && <Checkbox checked={blacklist} onChange={(e) => setBlacklist(e.target.checked)}>{t("merge.confirmBlacklist")}</Checkbox>}
            <div className="soft">{t("merge.oldFinds")}</div>
          </>
        )}</Loaded>
      )}
      {look.error && both ? <Failure error={look.error} what={t("merge.preview")} /> : null}
      <div className="row" style={{ justifyContent: "flex-end" }}><Button onClick={onDone}>{t("kit.cancel")}</Button><Button type="primary" disabled={!look.data || look.data.problems.length > 0} onClick={() => setAsking(true)}>{t("merge.go")}</Button></div>
      <ReasonDialog open={asking} title={t("merge.go")} confirm={t("merge.go")} suggestions={[t("merge.why1"), t("merge.why2"), t("merge.why3")]} onClose={() => setAsking(false)}
        onConfirm={async (reason) => {
          const made = await post<{ mergeNo: string }>("/customer-merges", { ...body, reason }, { idempotencyKey: key.current });
          say.success(t("merge.done", { no: made.mergeNo }));
          await client.invalidateQueries();
          onDone();
        }} />
    </div>
  );
}
