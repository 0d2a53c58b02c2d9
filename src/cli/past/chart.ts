import { scaleBand, scaleLinear } from "d3-scale";
import { stack, stackOffsetDiverging } from "d3-shape";
import { escapeHtml } from "../../article/paragraph-html.ts";

/** One kind of what is counted, in each column; below the line where it is negative. */
export interface Series {
  readonly name: string;
  /** Its class in the page's style. */
  readonly tone: "full" | "half" | "open" | "wrong";
  readonly values: readonly number[];
}

interface ChartOptions {
  readonly heightPx: number;
  /** What a pointer is told of each column. */
  readonly titles: readonly string[];
  /** About so many lines beside the one at 0; 0 for one as high as the highest column. */
  readonly lines: number;
}

type Across = ReturnType<typeof bandsFor>;
type Down = ReturnType<typeof heightsFor>;

/** Across, whatever the page gives it: a chart is stretched, and its words stand beside it in HTML. */
const ACROSS = 1000;
/** Fewer columns than these are no wider, and stand at the start. */
const LEAST_COLUMNS = 12;
/** One that is so many times as high as all others would leave nothing of them. */
const TOWERS = 4;

/**
 * Columns, in each of them the series on top of each other. One that towers above all others is cut off, and its
 * number written there.
 */
export function columnChart(series: readonly Series[], options: ChartOptions): string {
  const columns = [...options.titles.keys()];
  const heights = columns.map((column) => sum(series, column, 1));
  const depths = columns.map((column) => sum(series, column, -1));
  // Below the line nothing is cut off: there a reader would look for no mark.
  const most = Math.max(cutAt([...heights, ...depths]), ...depths);
  const down = heightsFor({ heights, depths, most, ...options });
  const across = bandsFor(columns.length);
  const layers = stack<unknown, number, number>()
    .keys(series.keys())
    .value((column, key) => series[key]?.values[column] ?? 0)
    .offset(stackOffsetDiverging)(columns);
  const bars = layers.flatMap((layer) =>
    layer.map(([from, to], column) =>
      from === to
        ? ""
        : `<rect class="${series[layer.key]?.tone}" ${box(across, column, [down(to), down(from)])}/>`,
    ),
  );
  const hits = options.titles.map(
    (title, column) =>
      `<rect class="hit" ${box(across, column, [0, options.heightPx])}><title>${escapeHtml(title)}</title></rect>`,
  );
  const cuts = columns.filter((column) => (heights[column] ?? 0) > most);
  return `<div class="plot" style="height:${options.heightPx}px">
<svg viewBox="0 0 ${ACROSS} ${options.heightPx}" preserveAspectRatio="none" aria-hidden="true">
${linesOf(down, options)}${bars.join("")}${cuts.map((column) => breakIn(across, column)).join("")}${lineAt(0, down)}${hits.join("")}
</svg>
${numbersOf(down, options)}${cuts.map((column) => cutMark(heights[column] ?? 0, across, column)).join("")}
</div>`;
}

/** The names of some columns under a chart: on a narrow page of those at its ends alone. */
export function columnNames(names: readonly string[]): string {
  const across = bandsFor(names.length);
  const last = names.length - 1;
  const spans = namedColumns(names.length).map((column) => {
    const isLast = column === last && column > 0;
    const place = isLast ? "last" : column === 0 ? "first" : "between";
    const at = (across(column) ?? 0) + (isLast ? across.bandwidth() : 0);
    return `<span class="${place}" style="left:${percent(at)}">${escapeHtml(names[column] ?? "")}</span>`;
  });
  return `<div class="names" aria-hidden="true">${spans.join("")}</div>`;
}

/** The first, the last and some between, as far apart as words are long. */
function namedColumns(columns: number): number[] {
  const last = columns - 1;
  const apart = Math.max(columns, LEAST_COLUMNS) / 5;
  const most = Math.min(4, Math.floor(last / apart));
  return most === 0
    ? [0]
    : Array.from({ length: most + 1 }, (_, at) => Math.round((at * last) / most));
}

/** What the series of a chart look like. */
export function legend(series: readonly Pick<Series, "name" | "tone">[]): string {
  const rows = series.map(
    ({ name, tone }) => `<li><span class="swatch ${tone}"></span>${escapeHtml(name)}</li>`,
  );
  return `<ul class="legend">${rows.join("")}</ul>`;
}

function bandsFor(columns: number) {
  return scaleBand<number>()
    .domain(Array(Math.max(columns, LEAST_COLUMNS)).keys())
    .range([0, ACROSS])
    .paddingInner(0.25);
}

function heightsFor(of: {
  readonly heights: readonly number[];
  readonly depths: readonly number[];
  readonly most: number;
  readonly heightPx: number;
  readonly lines: number;
}) {
  const high = (values: readonly number[]) => Math.min(of.most, Math.max(0, ...values));
  const [up, deep] = [high(of.heights), high(of.depths)];
  const down = scaleLinear().domain([-deep, Math.max(up, deep === 0 ? 1 : 0)]);
  return (of.lines === 0 ? down : down.nice(2 * of.lines)).range([of.heightPx, 0]).clamp(true);
}

/** What stands above the line (1) or below it (-1) in a column. */
function sum(series: readonly Series[], column: number, side: 1 | -1): number {
  const values = series.map(({ values }) => side * (values[column] ?? 0));
  return values.reduce((total, value) => total + Math.max(0, value), 0);
}

/** How high columns may be drawn. */
function cutAt(totals: readonly number[]): number {
  const [first = 0, second = 0] = totals.toSorted((a, b) => b - a);
  return second > 0 && first > TOWERS * second ? Math.ceil(second * 1.5) : Infinity;
}

function box(across: Across, column: number, edges: readonly [number, number]): string {
  const [top, bottom] = [Math.min(...edges), Math.max(...edges)];
  const [x, width] = [across(column) ?? 0, across.bandwidth()];
  return `x="${short(x)}" y="${short(top)}" width="${short(width)}" height="${short(bottom - top)}"`;
}

function ticksOf(down: Down, { lines }: ChartOptions): number[] {
  return lines === 0 ? [down.domain()[1] ?? 0] : down.ticks(lines).filter(Number.isInteger);
}

function linesOf(down: Down, options: ChartOptions): string {
  return ticksOf(down, options)
    .map((tick) => lineAt(tick, down))
    .join("");
}

function lineAt(tick: number, down: Down): string {
  const y = short(down(tick));
  return `<line class="${tick === 0 ? "zero" : "line"}" x1="0" x2="${ACROSS}" y1="${y}" y2="${y}"/>`;
}

function numbersOf(down: Down, options: ChartOptions): string {
  return ticksOf(down, options)
    .map((tick) => `<span class="tick" style="top:${short(down(tick))}px">${brief(tick)}</span>`)
    .join("");
}

/** Where a column that is cut off goes on. */
function breakIn(across: Across, column: number): string {
  return `<rect class="break" ${box(across, column, BREAK_PX)}/>`;
}

const BREAK_PX = [6, 9] as const;

function cutMark(height: number, across: Across, column: number): string {
  const at = percent((across(column) ?? 0) + across.bandwidth() / 2);
  return `<span class="cut" style="left:${at}">${brief(height)}</span>`;
}

/** What is below the line is a number like any other. */
function brief(number: number): string {
  const isLong = Math.abs(number) >= 100_000;
  return Math.abs(number).toLocaleString("en", isLong ? { notation: "compact" } : {});
}

function percent(at: number): string {
  return `${short((100 * at) / ACROSS)}%`;
}

function short(number: number): string {
  return String(Math.round(number * 100) / 100);
}
