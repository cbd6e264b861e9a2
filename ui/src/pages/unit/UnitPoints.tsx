// The unit's points: what stands, months, the last transactions.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { count } from "../../lib/format";
import { LazyChart } from "../../charts/LazyChart";
import { Loaded, Nothing } from "../../kit/states";
import { PointsLines, Standing } from "../loyalty/parts";
import type { PointsLine, PointsPicture } from "../loyalty/parts";
import type { UnitHome } from "./types";

interface UnitPoints { member: unknown; picture?: PointsPicture; lines?: PointsLine[]; months?: { month: string; kind: string; points: number }[] }

export function UnitPoints({ unit }: { unit: UnitHome }) {
  const { t } = useTranslation();
  const points = useQuery({ queryKey: ["unit", unit.id, "points"], queryFn: () => call<UnitPoints>(`/unit-accounts/${unit.id}/points`) });
  const link = <Link to="/app/customers/$id" params={{ id: unit.customerId }} search={{ tab: "points" } as never}>{t("unit.seePoints")}</Link>;
  return (
    <Loaded of={points} what={t("unit.tabPoints")} rows={6}>
      {(p) => {
        if (!p.picture) return <Nothing why={t("unit.pointsNone")} action={link} />;
        const months = [...new Set((p.months ?? []).map((m) => m.month))];
        return (
          <>
            <div className="row spread" style={{ padding: "12px 14px 0" }}><Standing of={p.picture} />{link}</div>
            {months.length > 0 && <div style={{ padding: 14 }}><LazyChart title={t("points.byMonth")} unit={t("points.unit")} kind="column" height={150} format={count} data={months.map((m) => ({ label: m.slice(2), value: (p.months ?? []).filter((x) => x.month === m && x.points > 0).reduce((n, x) => n + x.points, 0) }))} /></div>}
            <PointsLines lines={p.lines ?? []} />
          </>
        );
      }}
    </Loaded>
  );
}
