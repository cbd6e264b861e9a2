// The only place that knows ECharts: bars, drawn as SVG (fewer than two thousand points), from the house palette.
import { BarChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import type { ChartProps } from "./LazyChart";

use([BarChart, GridComponent, TooltipComponent, SVGRenderer]);

export default function Drawn({ data, kind, height = 200, format = String, onPick, unit }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof init> | null>(null);
  useEffect(() => {
    const c = init(box.current!, undefined, { renderer: "svg" });
    chart.current = c;
    const watch = new ResizeObserver(() => c.resize());
    watch.observe(box.current!);
    return () => { watch.disconnect(); c.dispose(); };
  }, []);
  useEffect(() => {
    const c = chart.current;
    if (!c) return;
    const flat = kind === "column";
    const names = { type: "category" as const, data: data.map((d) => d.label), inverse: !flat, axisTick: { show: false }, axisLine: { lineStyle: { color: "#cfd6e0" } }, axisLabel: { color: "#586376", fontSize: 11, width: flat ? undefined : 92, overflow: "truncate" as const } };
    const values = { type: "value" as const, minInterval: 1, splitNumber: 3, splitLine: { lineStyle: { color: "#edf0f4" } }, axisLabel: { color: "#586376", fontSize: 11, show: flat } };
    c.setOption({
      animationDuration: 250,
      grid: flat ? { left: 4, right: 8, top: 14, bottom: 2, outerBoundsMode: "same" } : { left: 4, right: 44, top: 4, bottom: 0, outerBoundsMode: "same" },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (v: unknown) => `${format(Number(v))} ${unit}`, confine: true, textStyle: { fontSize: 12, color: "#18212f" } },
      xAxis: flat ? names : values,
      yAxis: flat ? values : names,
      series: [{
        type: "bar", data: data.map((d) => d.value), barMaxWidth: flat ? 22 : 13, cursor: onPick ? "pointer" : "default",
        itemStyle: { color: "#2f6fd0", borderRadius: flat ? [2, 2, 0, 0] : [0, 2, 2, 0] }, emphasis: { itemStyle: { color: "#0a4bb8" } },
        label: { show: !flat, position: "right", color: "#414d60", fontSize: 11, formatter: (p: { value: unknown }) => format(Number(p.value)) },
      }],
    });
    c.off("click");
    if (onPick) c.on("click", (p) => { const d = data[p.dataIndex as number]; if (d) onPick(d); });
  }, [data, kind, format, onPick, unit]);
  return <div ref={box} style={{ height }} aria-hidden />;
}
