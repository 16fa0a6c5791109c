/** Charts, loaded only where charts are. Every figure shown was written by the server; the scale alone uses numbers. */
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([LineChart, BarChart, GridComponent, TooltipComponent, LegendComponent, MarkLineComponent, CanvasRenderer]);

interface Series {
  name: string;
  kind: "line" | "bar";
  values: (number | null)[];
  /** The same values as people read them. */
  shown: string[];
  tone?: "accent" | "calm" | "warn" | "good" | "faint";
  dashed?: boolean;
}

interface Spec {
  label: string;
  categories: string[];
  series: Series[];
  /** Links of the categories: a click opens the list behind the figure. */
  links?: string[];
  /** The scale's words, for example "Rp 20 jt" by the value of the tick. */
  ticks?: { value: number; shown: string }[];
  stacked?: boolean;
}

const TONES = { accent: "--accent", calm: "--calm", warn: "--warn", good: "--good", faint: "--ink-3" } as const;
const drawn = new Map<HTMLElement, EChartsType>();

/** A token as a colour a canvas takes. */
function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function draw(host: HTMLElement, spec: Spec): void {
  drawn.get(host)?.dispose();
  const chart = init(host, undefined, { renderer: "canvas" });
  drawn.set(host, chart);
  const font = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 };
  const faint = colour("--ink-3");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const ticks = spec.ticks ?? [];
  chart.setOption({
    animation: !still,
    animationDuration: 300,
    textStyle: font,
    grid: { left: ticks.length ? 8 : 4, right: 8, top: spec.series.length > 1 ? 34 : 12, bottom: 4, containLabel: true },
    legend: spec.series.length > 1 ? { top: 0, right: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: { color: colour("--ink-2"), ...font } } : undefined,
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      confine: true,
      backgroundColor: colour("--surface"),
      borderColor: colour("--line-2"),
      textStyle: { color: colour("--ink"), ...font },
      axisPointer: { type: "line", lineStyle: { color: colour("--line-2") } },
      formatter: (points: unknown) => {
        const at = (points as { dataIndex: number }[])[0]?.dataIndex ?? 0;
        return [spec.categories[at] ?? "", ...spec.series.map((one) => `${one.name}  ${one.shown[at] ?? ""}`)].join("\n");
      },
    },
    xAxis: {
      type: "category",
      data: spec.categories,
      boundaryGap: spec.series.some((one) => one.kind === "bar"),
      axisLine: { lineStyle: { color: colour("--line") } },
      axisTick: { show: false },
      axisLabel: { color: faint, hideOverlap: true, margin: 10, ...(spec.series.some((one) => one.kind === "bar") ? {} : { alignMinLabel: "left" as const, alignMaxLabel: "right" as const }), ...font },
    },
    yAxis: {
      type: "value",
      ...(ticks.length ? { min: ticks[0]?.value, max: ticks[ticks.length - 1]?.value, interval: (ticks[1]?.value ?? 1) - (ticks[0]?.value ?? 0) } : {}),
      splitLine: { lineStyle: { color: colour("--line") } },
      axisLabel: { show: ticks.length > 0, color: faint, ...font, formatter: (value: number) => ticks.find((tick) => tick.value === value)?.shown ?? "" },
    },
    series: spec.series.map((one, at) => {
      const main = colour(TONES[one.tone ?? (at === 0 ? "accent" : at === 1 ? "calm" : "faint")]);
      const shared = { name: one.name, data: one.values, ...(spec.stacked ? { stack: "all" } : {}), itemStyle: { color: main } };
      if (one.kind === "bar") return { ...shared, type: "bar" as const, barMaxWidth: 26, itemStyle: { color: main, borderRadius: spec.stacked ? 0 : [3, 3, 0, 0] } };
      const area = at === 0 && spec.series.every((other) => other.kind === "line");
      return { ...shared, type: "line" as const, symbol: "circle", symbolSize: 5, showSymbol: spec.categories.length < 3, lineStyle: { width: 2, color: main, type: one.dashed ? ("dashed" as const) : ("solid" as const) }, ...(area ? { areaStyle: { color: colour("--accent-soft"), opacity: 1 } } : {}) };
    }),
  });
  if (spec.links) {
    chart.getZr().on("click", (event) => {
      const found = chart.convertFromPixel({ gridIndex: 0 }, [event.offsetX, event.offsetY]) as number[] | undefined;
      const link = spec.links?.[Math.round(found?.[0] ?? -1)];
      if (link && chart.containPixel({ gridIndex: 0 }, [event.offsetX, event.offsetY])) location.assign(link);
    });
  }
}

function drawAll(root: ParentNode): void {
  for (const host of root.querySelectorAll<HTMLElement>("[data-chart]")) {
    const text = document.getElementById(host.dataset["chart"] ?? "")?.textContent;
    if (text) draw(host, JSON.parse(text) as Spec);
  }
}

const watch = new ResizeObserver((entries) => {
  for (const entry of entries) drawn.get(entry.target as HTMLElement)?.resize();
});

void document.fonts.ready.then(() => {
  drawAll(document);
  for (const host of drawn.keys()) watch.observe(host);
});
document.addEventListener("themechange", () => drawAll(document));
document.body.addEventListener("htmx:load", (event) => drawAll(event.target as HTMLElement));
