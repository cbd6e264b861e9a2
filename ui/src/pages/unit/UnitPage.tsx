// The home page of a unit account: where its money is, members, allocation and collection, statements, figures.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { useHere } from "../../lib/here";
import { count, yuan } from "../../lib/format";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { PageHead, Panel, Tabs } from "../../kit/layout";
import { Loaded } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Money, Name } from "../../kit/text";
import { DifferencesPanel } from "./CardPanel";
import { FiguresTab } from "./FiguresTab";
import { FleetTab } from "./FleetTab";
import { FundDialog } from "./FundDialog";
import { MembersTab } from "./MembersTab";
import { MoveTab } from "./MoveTab";
import { OwnTab } from "./OwnTab";
import { RulesTab } from "./RulesTab";
import { SpentTab, StatementTab } from "./StatementTabs";
import { UnitPoints } from "./UnitPoints";
import type { UnitHome } from "./types";

export default function UnitPage() {
  const { id } = useHere().params as { id: string };
  const { t } = useTranslation();
  const home = useQuery({ queryKey: ["unit", id], queryFn: () => call<UnitHome>(`/unit-accounts/${id}`) });
  return <div className="page"><Loaded of={home} what={t("unit.title")} rows={14}>{(unit) => <Home unit={unit} />}</Loaded></div>;
}

function Home({ unit }: { unit: UnitHome }) {
  const { t } = useTranslation();
  const may = useMay();
  const { search, set } = useUrl();
  const [funding, setFunding] = useState<"in" | "out" | null>(null);
  const moves = may("unit.move") && unit.state === "active";
  const tabs = [
    { id: "members", title: t("unit.tabMembers"), count: unit.members.active + unit.members.lost + unit.members.suspended },
    ...(moves ? [{ id: "move", title: t("unit.tabMove") }] : []),
    { id: "statement", title: t("unit.tabStatement") }, { id: "spent", title: t("unit.tabSpent") }, { id: "figures", title: t("unit.tabFigures") }, { id: "points", title: t("unit.tabPoints") },
    { id: "fleet", title: t("unit.tabFleet") }, { id: "rules", title: t("unit.tabRules") }, { id: "own", title: t("unit.tabOwn") },
  ];
  const at = tabs.some((x) => x.id === search.tab) ? search.tab! : "members";
  const pick = (tab: string) => set({ tab: tab === "members" ? undefined : tab, kind: undefined, member: undefined, from: undefined, until: undefined, page: 1 });
  return (
    <>
      <PageHead title={unit.name} sub={<span className="row" style={{ gap: 8 }}><span className="num">{unit.unitNo}</span><Status group="unitState" code={unit.state} /><Link to="/app/customers/$id" params={{ id: unit.customerId }}><Name>{unit.customerName}</Name></Link></span>}>
        {moves && <Button type="primary" onClick={() => pick("move")}>{t("unit.tabMove")}</Button>}
        {moves && <Button onClick={() => setFunding("in")}>{t("unit.fund")}</Button>}
        {moves && <Button onClick={() => setFunding("out")}>{t("unit.withdraw")}</Button>}
      </PageHead>
      {unit.low && unit.state === "active" && <div className="banner" role="status">{t("unit.low", { amount: yuan(unit.warnFen) })}</div>}
      <section className="panel kpis" aria-label={t("unit.balance")} style={{ gridTemplateColumns: "repeat(5, minmax(0, 1fr))" }}>
        <div><div className="k">{t("unit.placeUnit")}</div><div className="v"><Money fen={unit.places.unitFen} /></div><div className="n">{t("unit.placeUnitNote")}</div></div>
        <div><div className="k">{t("unit.placeReserve")}</div><div className="v"><Money fen={unit.places.reserveFen} /></div><div className="n">{t("unit.placeReserveNote")}</div></div>
        <div><div className="k">{t("unit.placeLoaded")}</div><div className="v"><Money fen={unit.places.loadedFen} /></div><div className="n">{t("unit.placeLoadedNote")}</div></div>
        <div><div className="k">{t("unit.members")}</div><div className="v">{count(unit.members.active)}</div><div className="n">{t("unit.membersNote", { lost: unit.members.lost, suspended: unit.members.suspended })}</div></div>
        <div><div className="k">{t("unit.points")}</div><div className="v">{unit.points === null ? "—" : count(unit.points)}</div><div className="n">{t("unit.account")} <span className="num">{unit.accountNo}</span></div></div>
      </section>
      {unit.differences > 0 && <DifferencesPanel unit={unit} />}
      <Panel flush>
        <Tabs items={tabs} at={at} onPick={pick} label={t("unit.title")}>
          {at === "members" ? <MembersTab unit={unit} /> : at === "move" ? <MoveTab unit={unit} /> : at === "statement" ? <StatementTab unit={unit} /> : at === "spent" ? <SpentTab unit={unit} />
            : at === "figures" ? <FiguresTab unit={unit} /> : at === "points" ? <UnitPoints unit={unit} /> : at === "fleet" ? <FleetTab unit={unit} /> : at === "rules" ? <RulesTab unit={unit} /> : <OwnTab unit={unit} />}
        </Tabs>
      </Panel>
      {funding && <FundDialog unit={unit} out={funding === "out"} onClose={() => setFunding(null)} />}
    </>
  );
}
