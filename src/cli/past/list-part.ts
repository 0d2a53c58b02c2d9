import { counted } from "../counted.ts";
import { columnChart, columnNames, legend, type Series } from "./chart.ts";
import { figures, picture } from "./figures.ts";
import type { Part } from "./part.ts";
import type { Past } from "./past.ts";
import { type Period, periodsOf, type Rhythm } from "./periods.ts";
import { dayText, listed, many, monthText, total } from "./words.ts";

/** How the list has grown, and why readers left it. */
export function listPart({ list, readers, today }: Past): Part {
  const label = "The list";
  const { rhythm, periods } = periodsOf(list, today, readers);
  if (periods.length === 0) {
    const html =
      "<p>Who joins will be counted here: <code>broadsheet subscribers import FILE</code></p>";
    return { label, headline: "Nobody is on the list yet", html };
  }
  const name = (period: Period, month: "long" | "short" = "long") =>
    rhythm === "month" ? monthText(period.from, month) : dayText(period.from, month);
  const series = seriesOf(periods);
  const headline = headlineOf(periods, rhythm);
  const size: Series = {
    name: "Readers",
    tone: "half",
    values: periods.map(({ readers }) => readers),
  };
  const ends = periods.map(
    (period) => `${name(period)}: ${many(period.readers, "reader")} at its end`,
  );
  return {
    label,
    headline,
    html: `<p>${sentence(periods, rhythm)}</p>
<p class="aside">Readers at the end of each ${rhythm}</p>
${picture(`Readers at the end of each ${rhythm}. ${headline}.`, columnChart([size], { heightPx: 110, lines: 2, titles: ends }))}
${legend(series)}
${picture(`Who joined and who left in each ${rhythm}. ${sentence(periods, rhythm)}`, columnChart(series, { heightPx: 140, lines: 3, titles: periods.map((period) => titleOf(name(period), period)) }))}
${columnNames(periods.map((period) => name(period, "short")))}
${figures(
  `The figures of each ${rhythm}`,
  HEADINGS,
  periods.toReversed().map((period) => rowOf(name(period), period)),
)}`,
  };
}

function seriesOf(periods: readonly Period[]): Series[] {
  const left = (of: (period: Period) => number) => periods.map((period) => -of(period));
  const all: Series[] = [
    { name: "Joined", tone: "full", values: periods.map(({ joined }) => joined) },
    { name: "Unsubscribed", tone: "half", values: left(({ unsubscribed }) => unsubscribed) },
    { name: "Bounced or complained", tone: "wrong", values: left(({ lost }) => lost) },
    { name: "Suppressed by hand", tone: "open", values: left(({ manual }) => manual) },
  ];
  return all.filter(({ values }) => total(values) !== 0);
}

function headlineOf(periods: readonly Period[], rhythm: Rhythm): string {
  const compared = periods.slice(rhythm === "month" ? -13 : -27);
  const [then, now] = [compared[0]?.readers ?? 0, compared.at(-1)?.readers ?? 0];
  const since = compared.length === 2 ? `a ${rhythm}` : many(compared.length - 1, rhythm);
  const readers = `${many(now, "reader")} ${now === 1 ? "is" : "are"} on the list`;
  if (compared.length === 1) return readers;
  if (now === then) return `${readers}, as many as ${since} ago`;
  return `${readers}, ${counted(Math.abs(now - then))} ${now > then ? "more" : "fewer"} than ${since} ago`;
}

function sentence(periods: readonly Period[], rhythm: Rhythm): string {
  const sum = (of: (period: Period) => number) => total(periods.map(of));
  const left = leavings(
    sum(({ unsubscribed }) => unsubscribed),
    sum(({ lost }) => lost),
    sum(({ manual }) => manual),
  );
  const joined = sum(({ joined }) => joined);
  const said = listed([`${counted(joined)} joined`, ...left]);
  const span = periods.length === 1 ? `this ${rhythm}` : `these ${many(periods.length, rhythm)}`;
  return `In ${span}, ${said}. Who was removed or forgotten isn’t counted.`;
}

function titleOf(name: string, { joined, unsubscribed, lost, manual }: Period): string {
  return `${name}: ${listed([`${counted(joined)} joined`, ...leavings(unsubscribed, lost, manual)])}`;
}

function leavings(unsubscribed: number, lost: number, manual: number): string[] {
  return [
    `${counted(unsubscribed)} unsubscribed`,
    ...(lost > 0 ? [`${counted(lost)} bounced or complained`] : []),
    ...(manual > 0
      ? [`${counted(manual)} ${manual === 1 ? "was" : "were"} suppressed by hand`]
      : []),
  ];
}

const HEADINGS = [
  "From",
  "Joined",
  "Unsubscribed",
  "Bounced or complained",
  "Suppressed by hand",
  "Readers at its end",
];

function rowOf(name: string, { joined, unsubscribed, lost, manual, readers }: Period) {
  return [name, joined, unsubscribed, lost, manual, readers];
}
