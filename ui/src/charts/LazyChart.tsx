// A chart with its title, unit, data table and description. ECharts itself arrives in a chunk of its own.
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Waiting } from "../kit/states";

const Drawn = lazy(() => import("./echarts"));

export interface BarData { label: string; value: number; key?: string }
export interface ChartProps {
  title: string; unit: string; data: BarData[]; kind: "column" | "bar"; height?: number; format?: (value: number) => string; onPick?: (datum: BarData) => void;
}

export function LazyChart(props: ChartProps) {
  const { t } = useTranslation();
  const [table, setTable] = useState(false);
  const { title, unit, data, height = 200, format = String } = props;
  const best = data.reduce<BarData | null>((a, b) => (!a || b.value > a.value ? b : a), null);
  const sum = data.reduce((n, d) => n + d.value, 0);
  const description = best ? t("kit.chartSays", { title, count: data.length, sum: format(sum), best: best.label, value: format(best.value), unit }) : title;
  return (
    <figure>
      <figcaption className="row spread">
        <h2>{title} <span className="muted" style={{ fontWeight: 400, fontSize: 12 }}>{unit}</span></h2>
        <button type="button" className="linkish" style={{ fontSize: 12 }} onClick={() => setTable((on) => !on)} aria-pressed={table}>{table ? t("kit.showChart") : t("kit.showData")}</button>
      </figcaption>
      {table ? (
        <div style={{ maxHeight: height, overflow: "auto" }} tabIndex={0} role="group" aria-label={title}>
          <table className="data"><tbody>{data.map((d) => <tr key={d.label}><td>{d.label}</td><td className="right">{format(d.value)}</td></tr>)}</tbody></table>
        </div>
      ) : (
        <div className="chartbox" style={{ height }} role="img" aria-label={description}>
          <Suspense fallback={<Waiting height={height} />}><Drawn {...props} height={height} /></Suspense>
        </div>
      )}
    </figure>
  );
}
