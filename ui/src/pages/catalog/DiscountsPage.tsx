// Who may grant what, and what was asked for beyond it.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, list, post } from "../../lib/api";
import { day, yuan } from "../../lib/format";
import { titled } from "../../lib/i18n";
import { useMay, useSession } from "../../lib/session";
import { paging, useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import { Field, PageHead, Panel, Segments } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { Whole, Yuan } from "./launch/fields";

interface Limit { role: string; title: Record<string, string>; maxPercent: number; maxFenMonth: number; source: string }
interface Limits { mine: { maxPercent: number; maxFenMonth: number }; roles: Limit[] }
interface Request {
  id: string; version: number; createdAt: string; offeringName: string; customerId: string; percent: number; fenMonth: number; months: number; reason: string; state: string;
  askedBy: string; askedByName: string; decidedByName: string | null; note: string; expiresAt: string;
}
const STATES = ["pending", "approved", "refused", "used"] as const;

export default function DiscountsPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const { staff } = useSession();
  const me = staff.id;
  const { search, set } = useUrl();
  const { page, size, offset, limit } = paging(search);
  const [editing, setEditing] = useState<Limit | null>(null);
  const [settling, setSettling] = useState<{ of: Request; verb: "approve" | "refuse" } | null>(null);
  const limits = useQuery({ queryKey: ["discountLimits"], queryFn: () => call<Limits>("/catalog/discount-authority") });
  const ask = { state: search.state, offset, limit };
  const requests = useQuery({ queryKey: ["discountRequests", ask], queryFn: () => list<Request>("/discounts/requests", ask) });
  const decides = may("discount.approve");
  const sets = may("catalog.approve") && staff.scope.split("/").length === 2; // the limits are the group's
  return (
    <div className="page">
      <PageHead title={t("discountDesk.title")} sub={t("discountDesk.what")} />
      <div className="cols2" style={{ gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1.6fr)" }}>
        <Panel title={t("discountDesk.limits")} flush acts={limits.data && <span className="muted">{t("discountDesk.mine")} <b className="num">{limits.data.mine.maxPercent}% · {yuan(limits.data.mine.maxFenMonth)}</b></span>}>
          <Loaded of={limits} what={t("discountDesk.title")} rows={7}>{(data) => (
            <DataTable rows={data.roles} rowKey={(r) => r.role} label={t("discountDesk.title")} columns={[
              { key: "role", title: t("discountDesk.role"), lead: true, render: (r) => <span title={r.source}>{titled(r.title)}</span> },
              { key: "percent", title: t("discountDesk.upTo"), width: 90, right: true, render: (r) => <span className="num">{r.maxPercent}%</span> },
              { key: "yuan", title: t("discountDesk.upToYuan"), width: 128, right: true, render: (r) => <Money fen={r.maxFenMonth} /> },
              ...(sets ? [{ key: "do", title: "", width: 72, right: true, render: (r: Limit) => <Button size="small" type="link" onClick={() => setEditing(r)}>{t("discountDesk.edit")}</Button> }] : []),
            ]} />
          )}</Loaded>
        </Panel>
        <Panel title={t("discountDesk.requests")} flush>
          <div className="filters"><Segments label={t("discountDesk.state")} at={search.state ?? ""} onPick={(state) => set({ state })} items={[{ id: "", title: t("discountDesk.anyState") }, ...STATES.map((s) => ({ id: s as string, title: t(`requestState.${s}`) }))]} /></div>
          <Loaded of={requests} what={t("discountDesk.requests")} rows={5}>{(data) => (
            <>
              <DataTable rows={data.rows} rowKey={(r) => r.id} label={t("discountDesk.requests")} minWidth={640} empty={<Nothing why={t("discountDesk.none")} />} columns={[
                { key: "offering", title: t("discountDesk.offering"), lead: true, render: (r) => <Name>{r.offeringName}</Name> },
                { key: "size", title: t("discountDesk.size"), width: 120, right: true, render: (r) => <span className="num strong">{r.percent > 0 ? `−${r.percent}%` : `−${yuan(r.fenMonth)}`}<span className="muted"> · {r.months ? t("offering.months", { count: r.months }) : t("discountDesk.always")}</span></span> },
                { key: "reason", title: t("discountDesk.reason"), render: (r) => <Name>{r.reason}</Name> },
                { key: "asked", title: t("discountDesk.asked"), width: 84, render: (r) => <Name>{r.askedByName}</Name> },
                { key: "state", title: t("discountDesk.state"), width: 96, render: (r) => <Status group="requestState" code={r.state} /> },
                { key: "do", title: "", width: 130, right: true, render: (r) => (r.state === "pending" && decides && r.askedBy !== me
                  ? <span className="row" style={{ justifyContent: "flex-end", gap: 0 }}><Button size="small" type="link" onClick={() => setSettling({ of: r, verb: "approve" })}>{t("discountDesk.approve")}</Button><Button size="small" type="link" danger onClick={() => setSettling({ of: r, verb: "refuse" })}>{t("discountDesk.refuse")}</Button></span>
                  : r.state === "approved" ? <span className="muted num" style={{ fontSize: 12 }}>{t("discountDesk.good")} {day(r.expiresAt).slice(5)}</span> : null) },
              ]} />
              {data.rows.length > 0 && <Pager total={data.total} shown={data.rows.length} page={page} size={size} onPage={(n) => set({ page: n })} />}
            </>
          )}</Loaded>
        </Panel>
      </div>
      <EditLimit of={editing} onClose={() => setEditing(null)} />
      <ReasonDialog open={!!settling} title={settling?.verb === "refuse" ? t("discountDesk.refuse") : t("discountDesk.approve")} note={settling?.verb === "refuse" ? t("discountDesk.refuseNote") : t("discountDesk.approveNote")}
        confirm={settling?.verb === "refuse" ? t("discountDesk.refuse") : t("discountDesk.approve")} danger={settling?.verb === "refuse"} onClose={() => setSettling(null)}
        onConfirm={async (note) => {
          await post(`/discounts/requests/${settling!.of.id}/${settling!.verb}`, { note });
          await client.invalidateQueries({ queryKey: ["discountRequests"] });
          say.success(settling!.verb === "refuse" ? t("discountDesk.refusedDone") : t("discountDesk.approved"));
        }} />
    </div>
  );
}

function EditLimit({ of, onClose }: { of: Limit | null; onClose: () => void }) {
  const { t } = useTranslation();
  return <Modal open={!!of} onCancel={onClose} footer={null} destroyOnHidden width={420} title={of ? titled(of.title) : ""}>{of && <LimitForm key={of.role} of={of} onClose={onClose} save={t("discountDesk.save")} />}</Modal>;
}

function LimitForm({ of, onClose, save }: { of: Limit; onClose: () => void; save: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [percent, setPercent] = useState<number | null>(of.maxPercent);
  const [fen, setFen] = useState<number | null>(of.maxFenMonth);
  const [source, setSource] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const go = async () => {
    setBusy(true);
    setError(null);
    try {
      await call(`/catalog/discount-authority/${of.role}`, { method: "PUT", body: { maxPercent: percent ?? 0, maxFenMonth: fen ?? 0, source } });
      await client.invalidateQueries({ queryKey: ["discountLimits"] });
      say.success(t("discountDesk.saved"));
      onClose();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  return (
    <form className="stack" onSubmit={(e) => { e.preventDefault(); void go(); }}>
      <div className="form">
        <Field label={t("discountDesk.percentField")}>{(f) => <Whole id={f.id} width={170} value={percent} onChange={setPercent} />}</Field>
        <Field label={t("discountDesk.yuanField")}>{(f) => <Yuan id={f.id} width={170} value={fen} onChange={setFen} />}</Field>
        <Field label={t("discountDesk.sourceField")} full>{(f) => <Input {...f} maxLength={300} value={source} onChange={(e) => setSource(e.target.value)} />}</Field>
      </div>
      {error ? <Failure error={error} what={save} /> : null}
      <div className="row" style={{ justifyContent: "flex-end" }}><Button onClick={onClose}>{t("kit.cancel")}</Button><Button type="primary" htmlType="submit" loading={busy} disabled={!source.trim()}>{save}</Button></div>
    </form>
  );
}
