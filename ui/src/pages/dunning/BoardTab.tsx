// How many debts stand at each step and what they come to; below, the cases of the step that was picked.
import type { UseQueryResult } from "@tanstack/react-query";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { LazyChart } from "../../charts/LazyChart";
import { list } from "../../lib/api";
import { count, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import { Panel, Segments } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { Money } from "../../kit/text";
import { CaseDrawer } from "./CaseDrawer";
import { Level, NextStep } from "./parts";
import { COLUMNS } from "./types";
import type { Board, CaseRow } from "./types";

const SIZE = 20;
const VIEWS = ["open", "held", "restoring", "closed"] as const;

export function BoardTab({ board }: { board: UseQueryResult<Board> }) {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const page = Number(search.page ?? 1);
  const view = VIEWS.find((v) => v === search.view) ?? "open";
  const query = { step: search.step, state: view === "closed" ? "closed" : view === "restoring" ? "all" : "open", held: view === "held" ? "true" : undefined, restoring: view === "restoring" ? "true" : undefined, limit: SIZE, offset: (page - 1) * SIZE };
  const cases = useQuery({ queryKey: ["dunning", "cases", query], queryFn: () => list<CaseRow>("/dunning/cases", query) });
  return (
    <>
      <Loaded of={board} what={t("dunning.board")} rows={4}>{(b) => {
        const of = (step: string) => b.columns.find((c) => c.step === step) ?? { step, count: 0, amountFen: 0, held: 0 };
        return (
          <>
            <div className="dunboard" role="group" aria-label={t("dunning.board")}>
              {COLUMNS.map((step) => {
                const c = of(step);
                return (
                  <button key={step} type="button" className={`duncol ${step}`} aria-pressed={search.step === step} onClick={() => set({ step: search.step === step ? undefined : step, page: undefined })}>
                    <span className="muted">{word("dunStep", step)}</span>
                    <span className="big num">{count(c.count)}</span>
                    <span className="num">{yuan(c.amountFen)}</span>
                    <span className="muted">{c.held > 0 ? t("dunning.heldCount", { count: c.held }) : " "}</span>
                  </button>
                );
              })}
            </div>
            <div className="dunages">
              <Panel><LazyChart title={t("dunning.byAge")} unit={t("dunning.yuan")} kind="column" height={190} data={b.ages.map((a) => ({ label: word("dunAge", a.age), value: a.amountFen / 100, key: a.age }))} format={(sum) => yuan(Math.round(sum * 100), false)} /></Panel>
              <Panel title={t("dunning.watch")}>
                <dl className="facts">
                  <div><dt>{t("dunning.restoring")}</dt><dd><button type="button" className="linkish" onClick={() => set({ view: "restoring", step: undefined, page: undefined })}>{count(b.restoring)}</button></dd></div>
                  <div><dt>{t("dunning.restoringLate")}</dt><dd className={b.restoringLate > 0 ? "danger strong" : ""}>{count(b.restoringLate)}</dd></div>
                  <div><dt>{t("dunning.tasks")}</dt><dd><Link to="/app/dunning" search={{ tab: "tasks" } as never}>{count(b.tasks)}</Link></dd></div>
                </dl>
                <p className="soft">{t("dunning.restoreNote")}</p>
              </Panel>
            </div>
          </>
        );
      }}</Loaded>
      <Panel flush title={search.step ? t("dunning.casesAt", { step: word("dunStep", search.step) }) : t("dunning.cases")}
        acts={<Segments label={t("dunning.view")} at={view} onPick={(v) => set({ view: v === "open" ? undefined : v, page: undefined })} items={VIEWS.map((v) => ({ id: v, title: t(`dunning.view_${v}`) }))} />}>
        <Loaded of={cases} what={t("dunning.cases")} rows={6}>{(found) => (
          <>
            <DataTable rows={found.rows} rowKey={(r) => r.id} label={t("dunning.cases")} keys minWidth={1140} onOpen={(r) => set({ case: r.id })}
              empty={<Nothing why={t(search.step || view !== "open" ? "dunning.noneHere" : "dunning.noneAtAll")} />} columns={[
                { key: "who", title: t("dunning.customer"), lead: true, render: (r) => <Link to="/app/customers/$id" params={{ id: r.customerId }}><bdi>{r.customerName ?? "—"}</bdi></Link> },
                { key: "grade", title: t("dunning.grade"), width: 90, render: (r) => word("grade", r.grade) },
                { key: "account", title: t("dunning.account"), width: 190, render: (r) => <span className="num">{r.accountNo ?? "—"}</span> },
                { key: "owed", title: t("dunning.owed"), width: 120, right: true, render: (r) => <Money fen={r.overdueFen} /> },
                { key: "days", title: t("dunning.days"), width: 108, right: true, render: (r) => <span className="num">{r.state === "open" ? r.daysOverdue : "—"}</span> },
                { key: "step", title: t("dunning.step"), width: 178, render: (r) => <span>{word("dunStep", r.step)} <span className="muted num">{r.step === "none" ? "" : r.stepOn.slice(5)}</span></span> },
                { key: "level", title: t("dunning.level"), width: 106, render: (r) => <Level of={r} /> },
                { key: "next", title: t("dunning.next"), width: 250, wrap: true, render: (r) => <NextStep of={r} /> },
              ]} />
            {(found.total ?? 0) > SIZE && <Pager page={page} size={SIZE} total={found.total} shown={found.rows.length} onPage={(p) => set({ page: p === 1 ? undefined : String(p) })} />}
          </>
        )}</Loaded>
      </Panel>
      <CaseDrawer id={search.case} onClose={() => set({ case: undefined })} />
    </>
  );
}
