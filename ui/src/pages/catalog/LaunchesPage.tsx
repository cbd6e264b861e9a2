// Launches: what is being designed, what waits for approval, what went live.
import { PlusOutlined, SearchOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { list } from "../../lib/api";
import { word } from "../../lib/i18n";
import { useKeys } from "../../lib/keys";
import { useMay } from "../../lib/session";
import { paging, useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import { PageHead, Panel, Segments } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Ago, Money, Name } from "../../kit/text";
import type { LaunchRow } from "./launch/types";

const STATES = ["draft", "submitted", "approved", "live", "refused", "blocked"] as const;

export default function LaunchesPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay();
  const { search, set } = useUrl();
  const { page, size, offset, limit } = paging(search);
  const [text, setText] = useState(search.q ?? "");
  useEffect(() => setText(search.q ?? ""), [search.q]);
  useEffect(() => {
    const timer = setTimeout(() => { if (text.trim() !== (search.q ?? "")) set({ q: text.trim() }); }, 250);
    return () => clearTimeout(timer);
  }, [text, search.q, set]);
  const ask = { q: search.q, state: search.state, mine: search.mine, offset, limit };
  const found = useQuery({ queryKey: ["launches", ask], queryFn: ({ signal }) => list<LaunchRow>("/catalog/launches", ask, signal), placeholderData: keepPreviousData });
  const designs = may("catalog.launch");
  const begin = (kind: string) => void navigate({ to: "/app/launches/new" as never, search: { kind } as never });
  useKeys({ F2: () => { if (designs) begin("bundle"); } });
  const filtered = search.q || search.state || search.mine;
  return (
    <div className="page">
      <PageHead title={t("launch.title")} sub={t("launch.what")}>
        {designs && <Button onClick={() => begin("single")}>{t("launch.new")}</Button>}
        {designs && <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => begin("bundle")} data-testid="new-bundle">{t("launch.newBundle")} <kbd>F2</kbd></Button>}
      </PageHead>
      <Panel flush>
        <div className="filters" role="search">
          <Input style={{ width: 220 }} prefix={<SearchOutlined aria-hidden />} allowClear value={text} maxLength={80} aria-label={t("launch.find")} placeholder={t("launch.find")} onChange={(e) => setText(e.target.value)} />
          <Segments label={t("launch.state")} at={search.state ?? ""} onPick={(state) => set({ state })} items={[{ id: "", title: t("launch.anyState") }, ...STATES.map((s) => ({ id: s as string, title: t(`launchState.${s}`) }))]} />
          {designs && <label className="tick"><input type="checkbox" checked={search.mine === "true"} onChange={(e) => set({ mine: e.target.checked ? "true" : "" })} />{t("launch.mine")}</label>}
        </div>
        <Loaded of={found} what={t("launch.title")} rows={8}>
          {(data) => (
            <>
              <DataTable rows={data.rows} rowKey={(l) => l.id} label={t("launch.title")} keys minWidth={980} onOpen={(l) => void navigate({ to: `/app/launches/${l.id}` as never })}
                empty={<Nothing why={filtered ? t("launch.noneFound") : t("launch.none")} action={!filtered && designs ? <Button type="primary" onClick={() => begin("bundle")}>{t("launch.newBundle")}</Button> : undefined} />}
                columns={[
                  { key: "name", title: t("launch.name"), lead: true, render: (l) => <span className="row"><Name>{l.name || t("launch.unnamed")}</Name>{l.isChange && <span className="chip">{t("launch.isChange")}</span>}</span> },
                  { key: "family", title: t("launch.family"), width: 100, render: (l) => word("family", l.family) },
                  { key: "monthly", title: t("launch.monthly"), width: 110, right: true, render: (l) => <Money fen={l.monthlyFen} /> },
                  { key: "state", title: t("launch.state"), width: 150, render: (l) => <Status group="launchState" code={l.state} /> },
                  { key: "author", title: t("launch.author"), width: 110, render: (l) => <Name>{l.createdByName}</Name> },
                  { key: "decided", title: t("launch.decided"), width: 110, render: (l) => <Name>{l.decidedByName}</Name> },
                  { key: "changed", title: t("launch.changed"), width: 120, render: (l) => <Ago at={l.updatedAt} /> },
                ]} />
              {(data.total ?? 0) > 0 && <Pager total={data.total} shown={data.rows.length} page={page} size={size} onPage={(n) => set({ page: n })} onSize={(n) => set({ size: n })} />}
            </>
          )}
        </Loaded>
      </Panel>
    </div>
  );
}
