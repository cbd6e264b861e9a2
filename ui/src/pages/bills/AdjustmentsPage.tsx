// Adjustments: asked for by one person, decided by another where they exceed the limit, reversed by a new record.
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { yuan } from "../../lib/format";
import { useMay } from "../../lib/session";
import { paging, useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import { PageHead, Panel, Segments } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { OfCustomer } from "../customer/OfCustomer";
import { AdjustForm } from "./AdjustForm";
import { either } from "./parts";

export interface Adjustment {
  id: string; accountId: string; customerId: string; customerName: string | null; billId: string | null; productName: string; number: string; amountFen: number; reason: string; note: string; timing: string; state: string;
  requestedBy: string; requestedAt: string; decidedBy: string | null; decidedAt: string | null; decision: string; reverses: string | null; reversedBy: string | null; own: boolean;
}
export interface Reasons { reasons: { code: string; name: string; nameEn: string; direction: string; source: string }[]; limitFen: number }
const STATES = ["requested", "waiting", "applied", "rejected", "withdrawn"] as const;
type Verb = "approve" | "reject" | "withdraw" | "reverse";

export default function AdjustmentsPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const { search, set } = useUrl();
  const { page, size, offset, limit } = paging(search);
  const [asked, setAsked] = useState<{ of: Adjustment; verb: Verb } | null>(null);
  const ask = { state: search.state, customerId: search.customer, offset, limit };
  const found = useQuery({ queryKey: ["adjustments", ask], queryFn: () => call<{ items: Adjustment[] }>("/billing/adjustments", { query: ask }), placeholderData: keepPreviousData });
  const reasons = useQuery({ queryKey: ["adjustmentReasons"], queryFn: () => call<Reasons>("/billing/adjustment-reasons") });
  const why = (code: string) => { const r = reasons.data?.reasons.find((x) => x.code === code); return r ? either(r.name, r.nameEn) : code; };
  const open = search.ask !== undefined;
  const verbs = (a: Adjustment): Verb[] => [
    ...(a.state === "requested" && !a.own && may("adjustment.approve") ? (["approve", "reject"] as const) : []),
    ...((a.state === "requested" || a.state === "waiting") && a.own && may("adjustment.request") ? (["withdraw"] as const) : []),
    ...(a.state === "applied" && !a.reverses && !a.reversedBy && may("adjustment.request") ? (["reverse"] as const) : []),
  ];
  return (
    <div className="page">
      <PageHead title={t("adjust.title")} sub={t("adjust.what")}>
        {reasons.data && <span className="muted num">{t("adjust.limit", { amount: yuan(reasons.data.limitFen) })}</span>}
        {may("adjustment.request") && <Button type="primary" onClick={() => set({ ask: search.customer ?? "new" })}>{t("adjust.ask")}</Button>}
      </PageHead>
      <Panel flush>
        <div className="filters"><Segments label={t("adjust.state")} at={search.state ?? ""} onPick={(state) => set({ state })} items={[{ id: "", title: t("adjust.any") }, ...STATES.map((s) => ({ id: s as string, title: t(`adjustState.${s}`) }))]} /><OfCustomer /></div>
        <Loaded of={found} what={t("adjust.title")}>{(data) => (
          <>
            <DataTable rows={data.items} rowKey={(a) => a.id} label={t("adjust.title")} minWidth={1140} empty={<Nothing why={search.state ? t("adjust.noneOf", { state: t(`adjustState.${search.state as "requested"}`) }) : t("adjust.none")} />} columns={[
              { key: "who", title: t("adjust.customer"), width: 104, lead: true, render: (a) => (a.customerId ? <Link to="/app/customers/$id" params={{ id: a.customerId }}><Name>{a.customerName}</Name></Link> : <Name>{null}</Name>) },
              { key: "amount", title: t("adjust.amount"), width: 104, right: true, render: (a) => <span className="strong"><Money fen={a.amountFen} tone /></span> },
              { key: "reason", title: t("adjust.reason"), width: 120, wrap: true, render: (a) => <bdi className="wrap">{why(a.reason)}</bdi> },
              { key: "note", title: t("adjust.note"), wrap: true, render: (a) => <span className="wrap"><bdi>{a.note}</bdi>{a.decision && <span className="muted"> · <bdi>{a.decision}</bdi></span>}</span> },
              { key: "timing", title: t("adjust.timing"), width: 100, wrap: true, render: (a) => <span className="muted wrap">{a.timing === "nextBill" ? t("adjust.nextBill") : t("adjust.now")}</span> },
              { key: "state", title: t("adjust.state"), width: 108, render: (a) => (a.reversedBy ? <Status group="payState" code="reversed" /> : a.reverses ? <span className="chip">{t("adjust.isReversal")}</span> : <Status group="adjustStatus" code={a.state} />) },
              { key: "by", title: t("adjust.by"), width: 82, render: (a) => <Name>{a.requestedBy}</Name> },
              { key: "at", title: t("adjust.at"), width: 132, render: (a) => <At at={a.requestedAt} /> },
              { key: "decided", title: t("adjust.decided"), width: 82, render: (a) => <Name>{a.decidedBy}</Name> },
              { key: "do", title: t("kit.actions"), width: 136, right: true, render: (a) => <span className="row" style={{ justifyContent: "flex-end", gap: 0 }}>{a.billId && <Link to="/app/bills/$id" params={{ id: a.billId }} style={{ fontSize: 12, marginRight: 4 }}>{t("trace.bill")}</Link>}{verbs(a).map((verb) => <Button key={verb} size="small" type="link" danger={verb === "reject" || verb === "reverse"} onClick={() => setAsked({ of: a, verb })}>{t(`adjust.${verb}`)}</Button>)}</span> },
            ]} />
            {(data.items.length === limit || page > 1) && <Pager page={page} size={size} total={null} shown={data.items.length} onPage={(n) => set({ page: n }, true)} />}
          </>
        )}</Loaded>
      </Panel>
      <ReasonDialog open={!!asked} onClose={() => setAsked(null)} title={asked ? t(`adjust.${asked.verb}Title`, { amount: yuan(asked.of.amountFen) }) : ""} note={asked?.verb === "reverse" ? t("adjust.reverseNote") : asked ? `${why(asked.of.reason)} · ${asked.of.note}` : undefined}
        confirm={asked ? t(`adjust.${asked.verb}`) : ""} danger={asked?.verb === "reject" || asked?.verb === "reverse"}
        onConfirm={async (note) => {
          await post(`/billing/adjustments/${asked!.of.id}/${asked!.verb}`, { note }, { idempotencyKey: newKey() });
          await client.invalidateQueries({ predicate: (q) => ["adjustments", "statement", "bill", "dues"].includes(String(q.queryKey[0])) });
          say.success(t("adjust.changed"));
        }} />
      <Modal open={open} onCancel={() => set({ ask: undefined })} footer={null} destroyOnHidden width={620} title={t("adjust.ask")} afterOpenChange={(shown) => { if (shown) document.querySelector<HTMLElement>(search.ask === "new" ? ".ant-modal input" : ".ant-modal input[inputmode=decimal]")?.focus(); }}>
        {open && reasons.data && <AdjustForm customerId={search.ask === "new" ? "" : search.ask!} reasons={reasons.data} onDone={() => set({ ask: undefined })} />}
      </Modal>
    </div>
  );
}
