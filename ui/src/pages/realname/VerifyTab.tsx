// The verifying desk: the form, how many numbers the certificate has, and the last verifications.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, post } from "../../lib/api";
import { word } from "../../lib/i18n";
import { DataTable } from "../../kit/DataTable";
import { Panel } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Ago, Name } from "../../kit/text";
import { VerifyForm } from "./VerifyForm";
import type { Verification } from "./VerifyForm";
import "./realname.css";

interface Cards { numbers: { number: string; status: string; here: boolean }[]; count: number; limit: number; full: boolean }

export function VerifyTab() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [last, setLast] = useState<Verification | null>(null);
  const recent = useQuery({ queryKey: ["verifications"], queryFn: () => call<Verification[]>("/verifications", { query: { limit: 30 } }) });
  const cards = useQuery({ queryKey: ["cards", last?.id], queryFn: () => post<Cards>("/realname/cards", { verificationId: last!.id }), enabled: last?.result === "passed", retry: false });
  const guardians = (recent.data ?? []).filter((v) => v.role === "guardian" && v.result === "passed" && new Date(v.expiresAt).getTime() > Date.now());
  return (
    <div className="cols2">
      <div className="stack">
        <Panel title={t("realname.verify")}>
          <VerifyForm guardians={guardians} onDone={(made) => { setLast(made); void client.invalidateQueries({ queryKey: ["verifications"] }); }} />
        </Panel>
        {last?.result === "passed" && (
          <Panel title={t("realname.cards")}>
            <Loaded of={cards} what={t("realname.cards")} rows={2}>{(data) => (
              <div className="stack tight">
                <div className={data.full ? "bad strong" : "strong"}>{t("realname.cardsOf", { count: data.count, limit: data.limit })}</div>
                {data.full && <div className="bad">{t("realname.cardsFull")}</div>}
                <div className="row wraps">{data.numbers.map((n, i) => <span key={i} className="chip num">{n.number} · {word("productState", n.status)}{n.here ? "" : ` · ${t("realname.otherHall")}`}</span>)}</div>
              </div>
            )}</Loaded>
          </Panel>
        )}
      </div>
      <Panel title={t("realname.recent")} flush>
        <Loaded of={recent} what={t("realname.recent")} rows={6}>{(rows) => (
          <DataTable rows={rows} rowKey={(r) => r.id} label={t("realname.recent")} minWidth={560} empty={<Nothing why={t("realname.none")} />} columns={[
            { key: "name", title: t("realname.name"), lead: true, render: (r) => <Name>{r.name}</Name> },
            { key: "card", title: t("realname.masked"), width: 176, render: (r) => <span className="num" title={word("realname.kinds", r.certificateType)}>{r.masked}</span> },
            { key: "role", title: t("realname.role"), width: 74, render: (r) => word("realname.roles", r.role) },
            { key: "how", title: t("realname.method"), width: 92, render: (r) => word("realname.methods", r.method) },
            { key: "result", title: t("realname.result"), width: 96, render: (r) => <Status group="verification" code={r.result === "passed" ? "done" : "failed"} /> },
            { key: "at", title: t("realname.at"), width: 88, render: (r) => <Ago at={r.at} /> },
          ]} />
        )}</Loaded>
      </Panel>
    </div>
  );
}
