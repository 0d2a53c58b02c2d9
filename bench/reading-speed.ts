import { createRequire } from "node:module";
import { boundMarkup } from "../src/article/html/bound-markup.ts";
import { parsePage, type PageDocument } from "../src/article/page/page-dom.ts";
import { readPage } from "../src/article/html.ts";
import type { Row } from "./reading.ts";
import { savedPages, type Readability } from "./reading-pages.ts";

/**
 * One page by one way: the time on the wall, and that of the processor, which neighbours do not
 * change.
 */
interface Time {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/**
 * The rows of speed: a page read whole, warm, beside three ways to do it with jsdom. "The same with
 * jsdom" is our steps with jsdom in linkedom's place, given the page as it is: jsdom parses as
 * browsers do, and what we take out of a page before linkedom sees it is what makes linkedom do.
 * Below it the two readings that bracket this one: Readability alone, which does less, and jsdom
 * given the page that we have halved for it.
 */
export function speedRows(): Row[] {
  const pages = [...savedPages("en"), ...savedPages("multilingual")].map(({ html }) => html);
  for (const html of pages) readOurs(html);
  for (const html of pages.slice(0, 20)) {
    readWithJsdom(html);
    readOnJsdom(html);
    readHalvedOnJsdom(html);
  }
  const timed = pages.map((html) => ({
    ours: time(readOurs, html),
    jsdom: time(readWithJsdom, html),
    same: time(readOnJsdom, html),
    halved: time(readHalvedOnJsdom, html),
  }));
  const ours = timed.map((page) => page.ours);
  const jsdom = timed.map((page) => page.jsdom);
  const same = timed.map((page) => page.same);
  const halved = timed.map((page) => page.halved);
  return [
    { ...times("wallMs", 0.5, ours, same), what: "ms a page, p50", must: "25" },
    { ...times("wallMs", 0.9, ours, same), what: "ms a page, p90" },
    { ...times("cpuMs", 0.5, ours, same), what: "CPU ms a page, p50" },
    { ...faster(ours, same), what: "times as fast", must: "4", other: "our steps on jsdom" },
    { ...faster(ours, jsdom), what: "times as fast", other: "jsdom and Readability alone" },
    { ...faster(ours, halved), what: "times as fast", other: "our steps on jsdom, page halved" },
  ];
}

function times(kind: keyof Time, share: number, ours: readonly Time[], beside: readonly Time[]) {
  const of = (all: readonly Time[]): string => at(all, kind, share).toFixed(1);
  return { ours: of(ours), beside: of(beside), other: "our steps on jsdom" };
}

function faster(ours: readonly Time[], beside: readonly Time[]) {
  return { ours: (at(beside, "cpuMs", 0.5) / at(ours, "cpuMs", 0.5)).toFixed(1), beside: "1" };
}

function at(all: readonly Time[], kind: keyof Time, share: number): number {
  const sorted = all.map((time) => time[kind]).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}

function time(read: (html: string) => void, html: string): Time {
  const cpu = process.cpuUsage();
  const start = performance.now();
  read(html);
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

function readOurs(html: string): void {
  readPage(boundMarkup(html), "page.html", parsePage);
}

function readOnJsdom(html: string): void {
  const { jsonLd } = boundMarkup(html);
  readPage({ html, jsonLd, weight: 0, isFragment: false }, "page.html", parseWithJsdom);
}

function readHalvedOnJsdom(html: string): void {
  readPage(boundMarkup(html), "page.html", parseWithJsdom);
}

interface Jsdom {
  readonly JSDOM: new (
    html: string,
    options: { readonly virtualConsole: object },
  ) => { readonly window: { readonly document: PageDocument } };
  readonly VirtualConsole: new () => object;
}

const load = createRequire(import.meta.url);
const { Readability }: Readability = load("@mozilla/readability");
const { JSDOM, VirtualConsole }: Jsdom = load("jsdom");

function readWithJsdom(html: string): void {
  new Readability(parseWithJsdom(html)).parse();
}

function parseWithJsdom(html: string): PageDocument {
  return new JSDOM(html, { virtualConsole: new VirtualConsole() }).window.document;
}
