// Names to be verified again: what measure each has reached, and closing it with a verification.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import { Field, Panel, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { CustomerPicker } from "../../kit/pickers";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { VerifyForm } from "./VerifyForm";
import "./realname.css";

interface Review {
  id: string; customerId: string; customerName: string; customerNo: string; reason: string; level: number; state: string; measure: string; dueAt: string; openedAt: string; openedBy: string;
  endedAt: string | null; endedBy: string | null; endNote: string | null;
}
const STATES = ["open", "verified", "withdrawn"] as const;

export function ReviewsTab() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const writes = may("standing.write");
  const { search, set } = useUrl();
  const state = STATES.find((s) => s === search.state) ?? "open";
  const [verifying, setVerifying] = useState<Review | null>(null);
  const [withdrawing, setWithdrawing] = useState<Review | null>(null);
  const [opening, setOpening] = useState(false);
  const [asking, setAsking] = useState(false);
  const [who, setWho] = useState<string | null>(null);
  const [level, setLevel] = useState("1");
  const found = useQuery({ queryKey: ["nameReviews", state], queryFn: () => call<Review[]>("/name-reviews", { query: { state } }) });
  const again = () => client.invalidateQueries({ queryKey: ["nameReviews"] });
  return (
    <Panel flush>
      <div className="filters">
        <Segments label={t("merge.state")} at={state} onPick={(s) => set({ state: s === "open" ? undefined : s })} items={STATES.map((s) => ({ id: s, title: word("reviewState", s) }))} />
        <span className="grow" />
        {writes && <Button size="small" type="primary" onClick={() => { setWho(null); setLevel("1"); setOpening(true); }}>{t("realname.newReview")}</Button>}
      </div>
      <Loaded of={found} what={t("realname.reviews")}>{(rows) => (
        <DataTable rows={rows} rowKey={(r) => r.id} label={t("realname.reviews")} minWidth={860} empty={<Nothing why={t("realname.noReviews")} />} columns={[
          { key: "who", title: t("realname.name"), width: 150, lead: true, render: (r) => <Link to="/app/customers/$id" params={{ id: r.customerId }} title={r.customerNo}><bdi>{r.customerName}</bdi></Link> },
          { key: "why", title: t("realname.reason"), render: (r) => <Name>{r.endNote || r.reason}</Name> },
          { key: "measure", title: t("realname.measure"), width: 112, render: (r) => <span className={r.level > 1 && r.state === "open" ? "bad strong" : undefined}>{word("realname.measures", r.measure)}</span> },
          { key: "due", title: t("realname.due"), width: 140, render: (r) => <At at={r.endedAt ?? r.dueAt} /> },
          { key: "by", title: t("realname.operator"), width: 96, render: (r) => <Name>{r.endedBy ?? r.openedBy}</Name> },
          { key: "state", title: t("merge.state"), width: 100, render: (r) => <Status group="reviewState" code={r.state} /> },
          { key: "do", title: "", width: 180, right: true, render: (r) => (r.state !== "open" ? null : <span className="row" style={{ gap: 0, justifyContent: "flex-end" }}>{may("realname.verify") && <Button size="small" type="link" onClick={() => setVerifying(r)}>{t("realname.doReview")}</Button>}{writes && <Button size="small" type="link" onClick={() => setWithdrawing(r)}>{t("realname.withdraw")}</Button>}</span>) },
        ]} />
      )}</Loaded>
      <Modal open={!!verifying} onCancel={() => setVerifying(null)} footer={null} destroyOnHidden width={600} title={`${t("realname.doReview")} · ${verifying?.customerName ?? ""}`}>
        {verifying && <div className="stack"><div className="soft">{t("realname.reviewNote")}</div><VerifyForm customerId={verifying.customerId} role="holder" onDone={async (made) => {
          if (made.result !== "passed") return;
          await post(`/name-reviews/${verifying.id}/verify`, { verificationId: made.id });
          say.success(t("realname.reviewDone"));
          setVerifying(null);
          await again();
        }} /></div>}
      </Modal>
      <Modal open={opening} onCancel={() => setOpening(false)} destroyOnHidden width={460} title={t("realname.newReview")}
        footer={[<Button key="no" onClick={() => setOpening(false)}>{t("kit.cancel")}</Button>, <Button key="yes" type="primary" disabled={!who} onClick={() => setAsking(true)}>{t("realname.newReview")}</Button>]}>
        <div className="stack">
          <Field label={t("picker.customer")}>{(f) => <CustomerPicker {...f} autoFocus value={who} onPick={(c) => setWho(c?.id ?? null)} />}</Field>
          <Field label={t("realname.level")}>{(f) => <Pick id={f.id} value={level} onPick={setLevel} width="100%" options={(["notice", "refuseNew", "suspend"] as const).map((m, i) => ({ value: String(i + 1), label: t(`realname.measures.${m}`) }))} />}</Field>
        </div>
      </Modal>
      <ReasonDialog open={asking} title={t("realname.newReview")} confirm={t("realname.newReview")} suggestions={[t("realname.whyReview1"), t("realname.whyReview2"), t("realname.whyReview3")]} onClose={() => setAsking(false)}
        onConfirm={async (reason) => {
          const made = await post<{ opened: unknown[]; refused: { problem: Record<string, string> }[] }>("/name-reviews", { customerIds: [who], reason, level: Number(level) }, { idempotencyKey: newKey() });
          if (made.refused.length) say.warning(made.refused[0]!.problem["zh-CN"] ?? "");
          else say.success(t("realname.opened"));
          setOpening(false);
          await again();
        }} />
      <ReasonDialog open={!!withdrawing} title={t("realname.withdraw")} note={t("realname.withdrawNote")} confirm={t("realname.withdraw")} onClose={() => setWithdrawing(null)}
        onConfirm={async (reason) => { await post(`/name-reviews/${withdrawing!.id}/withdraw`, { reason }); await again(); }} />
    </Panel>
  );
}
