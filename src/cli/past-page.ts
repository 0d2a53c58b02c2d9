import { scaleBand, scaleLinear, scaleUtc } from "d3-scale";
import { area, curveStepAfter, stack } from "d3-shape";
import { escapeHtml } from "../platform/references.ts";
import { counted, many } from "../platform/text.ts";
import { selfContainedPage, PAGE_TOKENS } from "./self-contained-page.ts";
import { dayOfSlot } from "../platform/slot.ts";
import { type Clock, dayIn } from "../platform/clock.ts";
import { type Ledger, leftIn } from "../delivery/ledger.ts";
import { type ListConfig, openAudience } from "../subscribers/io/audience.ts";
import { openCursor } from "../sources/io/cursor.ts";
import { openRecords } from "../delivery/io/issue-records.ts";
import { sourceName } from "../sources/io/read-sources.ts";

/** The mark that identifies a page written by Broadsheet. */
export const PAST_PAGE = "broadsheet status --html";

/** The minimum and maximum number of columns in a chart. A phone can't show more. */
const [LEAST_COLUMNS, MOST_COLUMNS] = [12, 60];

/** A page with the history of a newsletter. */
export function pastPage(past: Past): string {
  const body = `<header><h1 dir="auto">${escapeHtml(past.name)}</h1>
<p class="folio"><span>Its past in figures</span><span>${dayText(past.today)}</span></p></header>
<main>${issuesPart(past)}${listPart(past)}${sourcesPart(past)}</main>
<footer>Drawn from the store by <code>${PAST_PAGE}</code>. Readers are counted, and no reader’s address is in this page.</footer>`;
  const title = `${past.name}: its past in figures`;
  return selfContainedPage({ mark: PAST_PAGE, title, style: PAST_STYLE, body });
}

function part(label: string, headline: string, html = ""): string {
  const id = label.toLowerCase().replaceAll(" ", "-");
  return `<section aria-labelledby="${id}"><h2 id="${id}">${label}</h2>
<div><p class="headline">${escapeHtml(headline)}</p>${html}</div></section>\n`;
}

type Issue = Past["issues"][number];
type Fate = keyof Issue["fates"];

const SENT: readonly Fate[] = ["accepted", "to be sent", "refused", "in doubt"];
const WRONG: readonly Fate[] = ["refused", "in doubt", "came back", "complained of"];

function issuesPart({ issues, slots }: Past): string {
  const shown = issues.slice(-MOST_COLUMNS);
  const [first, latest] = [issues[0], issues.at(-1)];
  if (!first || !latest) return part("Issues", "No issue has been sent yet");
  const sum = (...of: Fate[]) => total(issues.flatMap(({ fates }) => of.map((one) => fates[one])));
  const countsOf = (fates: readonly Fate[]) =>
    listed(fates.flatMap((fate) => (sum(fate) > 0 ? [`${counted(sum(fate))} ${fate}`] : [])));
  const { accepted, "to be sent": left } = latest.fates;
  const headline = `${left > 0 ? `${counted(accepted)} of ` : ""}${many(accepted + left, "reader")} got the issue of ${dayText(latest.day)}`;
  const due = [...slots].map(([state, count]) => `${counted(count)} ${state}`);
  const html = `<p>${many(issues.length, "issue")} since ${dayText(first.day)}${issues.length > MOST_COLUMNS ? `, of which the latest ${MOST_COLUMNS} are shown` : ""}.
Mail servers accepted ${counted(sum("accepted"))} of the ${many(sum("accepted", "refused", "in doubt"), "message")} sent.
${due.length > 1 ? `Of ${many(total([...slots.values()]), "time")} that one was due: ${listed(due)}.` : ""}</p>`;
  const fates: Fate[] = [...SENT, ...WRONG.slice(2), "deferred", "left out"];
  const rows = shown.map((issue) => [
    escapeHtml(issue.slot),
    ...fates.map((fate) => issue.fates[fate]),
  ]);
  const wrong = countsOf(WRONG) || "Nothing went wrong on the way";
  const figures = details("issue", fates, rows.toReversed());
  return `${part("Issues", headline, html + columns(SENT, shown, headline) + figures)}
${part("On the way", wrong, columns(WRONG, shown, wrong))}`;
}

/** A column for each issue, with the counts of messages by outcome stacked. */
function columns(fates: readonly Fate[], issues: readonly Issue[], said: string): string {
  const drawn = fates.filter((fate) => issues.some((issue) => issue.fates[fate] > 0));
  if (drawn.length === 0) return "";
  const places = Math.max(issues.length, LEAST_COLUMNS);
  const across = scaleBand<number>(Array(places).keys(), [0, ACROSS]).padding(0.12);
  const stacked = stack<unknown, Issue, Fate>().value(({ fates }, fate) => fates[fate]);
  const layers = stacked.keys(drawn)(issues);
  const down = heights(layers.flat(2));
  const bar = (at: number, tone: string, [from = 0, to = 0]: readonly number[]) =>
    `<rect class="${tone}" x="${across(at)}" width="${across.bandwidth()}" y="${down(to)}" height="${down(from) - down(to)}"/>`;
  const bars = issues.map((issue, at) => {
    const counts = drawn.map((fate) => `${counted(issue.fates[fate])} ${fate}`);
    const parts = layers.map((layer) => bar(at, layer.key, layer[at] ?? []));
    return `<g><title>${dayText(issue.day)}: ${listed(counts)}</title>${parts.join("")}${bar(at, "hit", down.domain())}</g>`;
  });
  const legend = drawn.map((fate) => `<li class="${fate}">${fate}</li>`).join("");
  const ends = issues.map((issue) => dayText(issue.day, "short"));
  const frame = { down, ends, share: issues.length / places };
  return `<ul class="legend">${legend}</ul>${plot(said, bars.join(""), frame)}`;
}

/** The number of readers after each day or month, computed backwards from the current number. */
function sizes({ list, readers }: Pick<Past, "list" | "readers">, length: number) {
  let left = readers;
  const groups = [...Map.groupBy(list, ({ day }) => day.slice(0, length))].toReversed();
  return groups.map(([day, changes]) => {
    const sums = sumsOf(changes);
    const size = { day, sums, readers: left };
    left += total(sums) - 2 * (sums[0] ?? 0);
    return size;
  });
}

const CHANGES = ["joined", "unsubscribed", "bounced", "complained", "manual"] as const;
const CHANGE_NAMES = CHANGES.map((what) => (what === "manual" ? "suppressed by hand" : what));

function sumsOf(list: Past["list"]): readonly number[] {
  return CHANGES.map((what) => total(list.map((day) => (day.what === what ? day.count : 0))));
}

function listPart(past: Past): string {
  const { list, quarantined, readers, today } = past;
  const days = sizes(past, "YYYY-MM-DD".length);
  const oldest = days.at(-1);
  if (!oldest) return part("The list", "No reader is on the list yet");
  const yearAgo = `${Number(today.slice(0, 4)) - 1}${today.slice(4)}`;
  const more = readers - (days.find(({ day }) => day <= yearAgo) ?? oldest).readers;
  const since = dayText(oldest.day > yearAgo ? oldest.day : yearAgo);
  const headline = `${many(readers, "reader")} on the list, ${counted(Math.abs(more))} ${more < 0 ? "fewer" : "more"} than on ${since}`;
  const sums = sumsOf(list).flatMap((sum, at) =>
    sum > 0 ? [`${counted(sum)} ${CHANGE_NAMES[at]}`] : [],
  );
  const across = scaleUtc([new Date(oldest.day), new Date(today)], [0, ACROSS]);
  const down = heights(days.map((day) => day.readers));
  const points = [...days.toReversed(), { day: today, readers }].map((one): [number, number] => [
    across(new Date(one.day)),
    down(one.readers),
  ]);
  const shape = area().y0(HIGH_PX).curve(curveStepAfter)(points);
  const ends = [dayText(oldest.day, "short"), dayText(today, "short")];
  const rows = sizes(past, "YYYY-MM".length).map(({ day, sums, readers }) =>
    Array.of<string | number>(day).concat(sums, readers),
  );
  const waiting = quarantined > 0 ? ` ${many(quarantined, "reader")} in quarantine.` : "";
  const html = `<p>Since ${dayText(oldest.day)}: ${listed(sums)}.${waiting} Who was removed or forgotten isn’t counted.</p>
${plot(headline, `<path class="size" d="${shape}"/>`, { down, ends, share: 1 })}
${details("month", [...CHANGE_NAMES, "readers at its end"], rows)}`;
  return part("The list", headline, html);
}

/** The sources of articles and their failures, as text that needs no colour. */
function sourcesPart({ sources }: Past): string {
  const current = sources.filter(({ isCurrent }) => isCurrent);
  const failing = current.filter(({ failures }) => failures > 0).length;
  const all = many(current.length, "source");
  const articles = many(total(sources.map((source) => source.articles)), "article");
  const rows = sources.map(({ name, articles, lastFetch, failures, isCurrent }) => {
    // Omits the scheme, and allows line breaks between the parts of an address.
    const shown = escapeHtml(name.replace(/^https?:\/\//, "")).replace(/[/?&]+(?=.)/g, "$&<wbr>");
    const fails = `<strong>could not be read for ${many(failures, "issue")}</strong>`;
    const state = !isCurrent ? "no longer in the config" : failures > 0 ? fails : "";
    const read = lastFetch ? dayText(lastFetch.toISOString().slice(0, 10), "short") : "not yet";
    return [`<bdi>${shown}</bdi> ${state}`, articles, read];
  });
  const headline =
    failing > 0 ? `${counted(failing)} of ${all} could not be read` : `${articles} from ${all}`;
  return part("Sources", headline, table(["Source", "Articles", "Last read"], rows));
}

/** Charts are stretched to the width of the page, so their labels are HTML beside them. */
const [ACROSS, HIGH_PX] = [1000, 160];

function heights(values: readonly number[]) {
  return scaleLinear([0, Math.max(1, ...values)], [HIGH_PX, 0]).nice(4);
}

/** The frame of a chart: its scale, the labels of both ends, and the share of the width that its columns use. */
type Frame = Readonly<{ down: ReturnType<typeof heights>; ends: string[]; share: number }>;

function plot(said: string, inside: string, { down, ends, share }: Frame): string {
  const ticks = down.ticks(3).filter(Number.isInteger);
  const lines = ticks.map((tick) => `<line x2="${ACROSS}" y1="${down(tick)}" y2="${down(tick)}"/>`);
  const numbers = ticks.map((tick) => `<span style="top:${down(tick)}px">${counted(tick)}</span>`);
  const names = ends.slice(1).length > 0 ? [ends[0], ends.at(-1)] : ends;
  return `<div class="plot" style="height:${HIGH_PX}px"><svg role="img" viewBox="0 0 ${ACROSS} ${HIGH_PX}" preserveAspectRatio="none">
<title>${escapeHtml(said)}</title>${lines.join("")}${inside}</svg><div aria-hidden="true">${numbers.join("")}</div></div>
<p class="names" aria-hidden="true" style="width:${100 * share}%">${names.map((name) => `<span>${name}</span>`).join("")}</p>`;
}

type Rows = readonly (readonly (string | number)[])[];

/** The figures of a chart, in a collapsed section. */
function details(each: string, headings: readonly string[], rows: Rows): string {
  return `<details><summary>The figures of each ${each}</summary>
<div role="region" aria-label="The figures of each ${each}" tabindex="0">${table([each, ...headings], rows)}</div></details>`;
}

function table(headings: readonly string[], rows: Rows): string {
  const head = headings.map((heading) => `<th scope="col">${heading}</th>`).join("");
  const rowOf = ([first, ...cells]: Rows[number]) =>
    `<tr><th scope="row">${first}</th>${cells.map((it) => `<td>${typeof it === "number" ? counted(it) : it}</td>`).join("")}</tr>`;
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.map(rowOf).join("")}</tbody></table>`;
}

/** For example "3 October 2025" or "3 Oct 2025". */
function dayText(day: string, month: "long" | "short" = "long"): string {
  const format = { day: "numeric", month, year: "numeric", timeZone: "UTC" } as const;
  return new Date(day).toLocaleDateString("en-GB", format);
}

function listed(parts: readonly string[]): string {
  return new Intl.ListFormat("en-GB").format(parts);
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/** The design of an issue: masthead, rules, and labels beside their content. */
const PAST_STYLE = `${PAGE_TOKENS}* { box-sizing: border-box; margin: 0; padding: 0; }
body { max-width: 1000px; margin: 0 auto; padding: 32px clamp(20px, 4vw, 40px) 0; background: var(--paper); color: var(--ink2); font: 17px/28px var(--serif); overflow-wrap: break-word; }
h1 { color: var(--ink); font: 400 clamp(32px, 7vw, 56px)/1.1 var(--serif); letter-spacing: -1px; text-align: center; text-wrap: balance; }
h2 { flex: 0 0 120px; color: var(--ink); font: 600 14px/28px var(--sans); }
.folio, .names { display: flex; justify-content: space-between; gap: 12px; }
.folio, footer { margin-top: 24px; padding: 8px 0; border-top: 3px double var(--rule); color: var(--muted); font: 14px/20px var(--sans); }
footer { margin-top: 48px; padding-bottom: 40px; }
section { display: flex; flex-wrap: wrap; padding: 16px 0 32px; border-top: 1px solid var(--rule); }
section > div { flex: 1 1 560px; display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; min-width: 0; }
.headline { color: var(--ink); font: 700 22px/28px var(--serif); text-wrap: balance; }
.names, .legend, details, table, .plot span { color: var(--muted); font: 14px/20px var(--sans); font-variant-numeric: tabular-nums; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; list-style: none; }
.legend li::before { content: ""; display: inline-block; width: 12px; height: 12px; margin-inline-end: 8px; background: var(--tone); }
.accepted, .came.back { --tone: var(--ink); fill: var(--tone); }
.complained { --tone: var(--muted); fill: var(--tone); }
.size { fill: var(--hair); stroke: var(--muted); vector-effect: non-scaling-stroke; }
.refused { --tone: var(--accent); fill: var(--tone); }
.doubt { --tone: var(--look); fill: var(--tone); }
.sent { --tone: var(--paper); fill: var(--tone); stroke: var(--muted); vector-effect: non-scaling-stroke; }
.legend .sent::before { border: 1px solid var(--muted); }
.hit { fill: transparent; }
g:hover .hit { fill: var(--muted); fill-opacity: 0.3; }
.plot { position: relative; margin: 8px 0 0 60px; }
.plot span { position: absolute; inset-inline-end: 100%; padding-inline-end: 8px; transform: translateY(-50%); }
svg { width: 100%; height: 100%; }
line { stroke: var(--hair); vector-effect: non-scaling-stroke; }
.names { min-width: max-content; max-width: calc(100% - 60px); margin-inline-start: 60px; }
summary { padding: 12px 0 4px; color: var(--accent); cursor: pointer; }
details div { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 8px 0 8px 16px; text-align: end; vertical-align: baseline; font-weight: 400; }
th:first-child { padding-inline-start: 0; text-align: start; }
tbody tr { border-top: 1px solid var(--hair); }
details tbody th { white-space: nowrap; }
bdi { display: block; color: var(--ink); font: 17px/24px var(--serif); overflow-wrap: anywhere; }
strong { color: var(--accent); }
`;

export type Past = Awaited<ReturnType<typeof pastOf>>;

interface PastSettings extends ListConfig {
  readonly name: string;
  readonly timeZone: string;
  readonly sources: readonly { readonly name: string }[];
}

/** The history of a newsletter's issues, list and sources, the oldest first: only sums, and no reader's address. */
export async function pastOf(ledger: Ledger, config: PastSettings, clock: Clock) {
  const looking = { isLooking: true } as const;
  await using audience = await openAudience(config, clock, looking);
  await using cursor = await openCursor(config, clock, looking);
  await using records = await openRecords(config, clock, looking);
  const { active, quarantined, paused } = await audience.counts();
  const mishaps = new Map((await ledger.mishaps(config.slug)).map((one) => [one.slot, one]));
  const issues = await ledger.issues(config.slug);
  const taken = await cursor.takenBySource();
  const health = new Map((await cursor.sources()).map((one) => [one.source, one]));
  const current = new Set(config.sources.map(({ name }) => name));
  return {
    name: config.name,
    today: dayIn(config.timeZone, clock()),
    /** All readers who have not left. */
    readers: active + quarantined + paused,
    quarantined,
    issues: issues.toReversed().map(({ issue: { slot }, counts: of }) => ({
      slot,
      day: dayOfSlot(slot) ?? slot,
      /** The outcomes of its messages. A message may have two of them. */
      fates: {
        accepted: of.accepted,
        "to be sent": leftIn(of),
        refused: of.rejected,
        "in doubt": of.uncertain,
        "came back": mishaps.get(slot)?.bounced ?? 0,
        "complained of": mishaps.get(slot)?.complained ?? 0,
        deferred: mishaps.get(slot)?.deferred ?? 0,
        "left out": of.suppressed + of.skipped,
      },
    })),
    /** The number of scheduled times by final state. */
    slots: await records.counts(),
    list: await audience.changesByDay(),
    /** The sources in the config in their order, then earlier ones. */
    sources: [...new Set([...current, ...health.keys()])].map((source) => {
      const { name = sourceName(source), lastFetch, failures = 0 } = health.get(source) ?? {};
      const articles = taken.get(source) ?? 0;
      return { name, articles, lastFetch, failures, isCurrent: current.has(source) };
    }),
  };
}
