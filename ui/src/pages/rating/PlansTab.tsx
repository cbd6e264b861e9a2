// All plans, each by its newest version; a file brings several at once.
import { PlusOutlined, UploadOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { DataTable, Pager } from "../../kit/DataTable";
import { Panel, Segments } from "../../kit/layout";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Ago, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { list, send } from "../../lib/api";
import { day } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import type { PlanRow } from "./types";
import { either } from "./types";

const STATES = ["all", "draft", "active", "retired"] as const;

export function PlansTab() {
  const { t } = useTranslation();
  const writes = useMay()("rating.write");
  const client = useQueryClient();
  const go = useNavigate();
  const { search, set } = useUrl();
  const [q, setQ] = useState(search.q ?? "");
  const [error, setError] = useState<unknown>(null);
  const file = useRef<HTMLInputElement>(null);
  const page = Number(search.page ?? 1);
  const query = { q: search.q, state: search.state, limit: 50, offset: (page - 1) * 50 };
  const plans = useQuery({ queryKey: ["rating", "plans", query], placeholderData: keepPreviousData, queryFn: ({ signal }) => list<PlanRow>("/rating/plans", query, signal) });
  const bring = async (chosen: File) => {
    setError(null);
    try {
      const answer = await send("/rating/plans/import", { method: "POST", raw: chosen, contentType: "text/csv" });
      const made = ((await answer.json()) as { plans: { id: string; same: boolean }[] }).plans;
      say.success(t("rating.imported", { count: made.filter((p) => !p.same).length, same: made.filter((p) => p.same).length }));
      await client.invalidateQueries({ queryKey: ["rating"] });
    } catch (cause) { setError(cause); }
  };
  return (
    <div className="stack">
      {error ? <Failure error={error} what={t("rating.import")} /> : null}
      <Panel flush>
        <div className="rating-filter">
          <Segments label={t("rating.state")} at={STATES.find((s) => s === search.state) ?? "all"} onPick={(s) => set({ state: s === "all" ? undefined : s, page: undefined })} items={STATES.map((s) => ({ id: s, title: s === "all" ? t("rating.all") : word("planState", s) }))} />
          <form onSubmit={(e) => { e.preventDefault(); set({ q: q.trim() || undefined, page: undefined }); }}><Input size="small" aria-label={t("rating.find")} placeholder={t("rating.find")} value={q} allowClear onChange={(e) => { setQ(e.target.value); if (!e.target.value) set({ q: undefined }); }} style={{ width: 200 }} /></form>
          <span className="grow" />
          {writes && <>
            <input ref={file} type="file" accept=".csv,text/csv" hidden aria-hidden onChange={(e) => { const chosen = e.target.files?.[0]; e.target.value = ""; if (chosen) void bring(chosen); }} />
            <Button icon={<UploadOutlined aria-hidden />} title={t("rating.importNote")} onClick={() => file.current?.click()}>{t("rating.import")}</Button>
            <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => void go({ to: "/app/rating/plans/$id", params: { id: "new" } })}>{t("rating.newPlan")}</Button>
          </>}
        </div>
        <Loaded of={plans} what={t("rating.plans")} rows={8}>{(p) => (
          <>
            <DataTable<PlanRow> rows={p.rows} rowKey={(r) => r.id} label={t("rating.plans")} minWidth={820} onOpen={(r) => void go({ to: "/app/rating/plans/$id", params: { id: r.id } })} empty={<Nothing why={t("rating.noPlans")} />} columns={[
              { key: "name", title: t("rating.name"), lead: true, render: (r) => <Name>{either(r.name, r.nameEn)}</Name> },
              { key: "id", title: t("rating.id"), width: 190, render: (r) => <Name className="num">{r.id}</Name> },
              { key: "v", title: t("rating.version"), width: 70, right: true, render: (r) => <span className="num">{r.version}</span> },
              { key: "state", title: t("rating.state"), width: 110, render: (r) => <Status group="planState" code={r.state} /> },
              { key: "origin", title: t("rating.origin"), width: 110, render: (r) => word("planOrigin", r.origin) },
              { key: "from", title: t("rating.validFrom"), width: 110, render: (r) => <span className="num">{day(r.validFrom)}</span> },
              { key: "by", title: t("rating.changed"), width: 170, render: (r) => <><Ago at={r.changedAt} /> <span className="muted">{r.changedByName}</span></> },
            ]} />
            {(p.total ?? 0) > 50 && <Pager page={page} size={50} total={p.total} shown={p.rows.length} onPage={(n) => set({ page: n })} />}
          </>
        )}</Loaded>
      </Panel>
    </div>
  );
}
