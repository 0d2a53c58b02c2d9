import { createRequire } from "node:module";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { boundMarkup } from "../../src/article/page/bound-markup.ts";
import { readPage } from "../../src/article/page.ts";
import type { PageDocument } from "../../src/article/page/page-dom.ts";
import { samplesOf, type Sample } from "./corpus.ts";
import { parsePlainly, readOurs, type Readability } from "./readers.ts";
import type { Row } from "./table.ts";

/** The time for one page in one way: wall time, and CPU time, which other processes do not change. */
interface Time {
  readonly wallMs: number;
  readonly cpuMs: number;
}

const load = createRequire(import.meta.url);
const { Readability }: Readability = load("@mozilla/readability");
const { JSDOM, VirtualConsole }: Jsdom = load("jsdom");

const WAYS = {
  ours: readOurs,
  Readability: ({ html }: Sample): unknown => new Readability(parsePlainly(html)).parse(),
  /** Our reader with jsdom as its parser. It gets the unchanged page, because jsdom parses like a browser. */
  jsdom: ({ html }: Sample): unknown =>
    readPage(
      { html, jsonLd: boundMarkup(html).jsonLd, cost: 0, isFragment: false, unsure: [] },
      "page.html",
      parseWithJsdom,
    ),
};

/** The rows of speed, for whole pages in a warm process. Must run first, before other parts fill the memory. */
export function speedRows(): Row[] {
  const samples = [...samplesOf("en"), ...samplesOf("multilingual")];
  const memory = memoryRow(samples);
  for (const way of Object.values(WAYS)) samples.slice(0, 20).forEach(way);
  // The ways take turns, so that other load on the machine affects all of them.
  const timed = samples.map((sample) => ({
    ours: time(WAYS.ours, sample),
    Readability: time(WAYS.Readability, sample),
    jsdom: time(WAYS.jsdom, sample),
  }));
  const ours = timed.map((page) => page.ours);
  const plain = timed.map((page) => page.Readability);
  const jsdom = timed.map((page) => page.jsdom);
  return [
    { ...times("wallMs", 0.5, ours, plain), what: "ms a page, p50", must: "25" },
    { ...times("wallMs", 0.9, ours, plain), what: "ms a page, p90" },
    { ...times("cpuMs", 0.5, ours, plain), what: "CPU ms a page, p50" },
    {
      what: "CPU of a page beside it",
      must: "1.25",
      ours: ratio(ours, plain),
      beside: "1",
      other: PLAIN,
    },
    { what: "times as fast", must: "4", ours: ratio(jsdom, ours), beside: "1", other: "on jsdom" },
    memory,
  ];
}

const PLAIN = "Readability and linkedom";

function times(kind: keyof Time, share: number, ours: readonly Time[], beside: readonly Time[]) {
  const of = (all: readonly Time[]): string => at(all, kind, share).toFixed(1);
  return { ours: of(ours), beside: of(beside), other: PLAIN };
}

function ratio(of: readonly Time[], to: readonly Time[]): string {
  return (at(of, "cpuMs", 0.5) / at(to, "cpuMs", 0.5)).toFixed(2);
}

function at(all: readonly Time[], kind: keyof Time, share: number): number {
  const sorted = all.map((time) => time[kind]).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}

function time(read: (sample: Sample) => unknown, sample: Sample): Time {
  const cpu = process.cpuUsage();
  const start = performance.now();
  read(sample);
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

const MANY = 1000;

/** The live memory while pages are read, and the size of the process at the end. */
function memoryRow(samples: readonly Sample[]): Row {
  setFlagsFromString("--expose-gc");
  const collectGarbage: () => void = runInNewContext("gc");
  const alive: number[] = [];
  for (let read = 0; read < MANY; read++) {
    const sample = samples[read % samples.length];
    if (sample) readOurs(sample);
    if ((read + 1) % (MANY / 4) !== 0) continue;
    collectGarbage();
    alive.push(process.memoryUsage().heapUsed);
  }
  const [shown, rss] = [alive.map(toMegabytes).join(" "), toMegabytes(process.memoryUsage.rss())];
  return {
    what: "MB after 250, 500, 750, 1,000 pages",
    must: "flat",
    ours: `${shown}, RSS ${rss}`,
  };
}

function toMegabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

interface Jsdom {
  readonly JSDOM: new (
    html: string,
    options: { readonly virtualConsole: object },
  ) => { readonly window: { readonly document: PageDocument } };
  readonly VirtualConsole: new () => object;
}

function parseWithJsdom(html: string): PageDocument {
  return new JSDOM(html, { virtualConsole: new VirtualConsole() }).window.document;
}
