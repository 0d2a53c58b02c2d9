import { columnChart, columnNames, type Series } from "./chart.ts";
import { picture } from "./figures.ts";
import { MOST_ISSUES } from "./issues-part.ts";
import type { Part } from "./part.ts";
import type { Past, PastIssue } from "./past.ts";
import { listed, many, slotText, total } from "./words.ts";

interface Mishap {
  readonly name: string;
  readonly tone: Series["tone"];
  /** "2 were refused" */
  readonly was: readonly [one: string, more: string];
  readonly count: (issue: PastIssue) => number;
}

const MISHAPS: readonly Mishap[] = [
  {
    name: "Refused",
    tone: "wrong",
    was: ["was refused", "were refused"],
    count: ({ counts }) => counts.rejected,
  },
  {
    name: "In doubt",
    tone: "wrong",
    was: ["is in doubt", "are in doubt"],
    count: ({ counts }) => counts.uncertain,
  },
  {
    name: "Came back",
    tone: "wrong",
    was: ["came back", "came back"],
    count: ({ mishaps }) => mishaps.bounced,
  },
  {
    name: "Complained of",
    tone: "wrong",
    was: ["was complained of", "were complained of"],
    count: ({ mishaps }) => mishaps.complained,
  },
  {
    name: "Put off",
    tone: "half",
    was: ["was put off for a time", "were put off for a time"],
    count: ({ mishaps }) => mishaps.putOff,
  },
];

/** What went wrong on the way, each kind on a scale of its own; undefined where nothing was sent. */
export function mishapsPart({ issues }: Past): Part | undefined {
  if (issues.length === 0) return undefined;
  const shown = issues.slice(-MOST_ISSUES);
  const label = "On the way";
  const found = MISHAPS.filter(({ count }) => shown.some((issue) => count(issue) > 0));
  if (found.length === 0) return { label, headline: "Nothing went wrong on the way", html: "" };
  const strips = found.map((mishap) => stripOf(mishap, shown));
  const html = `${strips.join("\n")}\n${columnNames(shown.map(({ slot }) => slotText(slot, "short")))}`;
  return { label, headline: headlineOf(found, shown), html };
}

/** The two that matter most; the others stand below. */
function headlineOf(found: readonly Mishap[], issues: readonly PastIssue[]): string {
  const parts = found.slice(0, 2).map(({ was: [one, more], count }, at) => {
    const sum = total(issues.map(count));
    const words = sum === 1 ? one : more;
    return at === 0 ? `${many(sum, "message")} ${words}` : `${sum.toLocaleString("en")} ${words}`;
  });
  return listed(parts);
}

function stripOf({ name, tone, was: [one, more], count }: Mishap, issues: readonly PastIssue[]) {
  const values = issues.map(count);
  const sum = total(values);
  const most = Math.max(...values);
  const said =
    sum === most
      ? many(sum, "message")
      : `${many(sum, "message")}, ${many(most, "in one issue", "in one issue")} at most`;
  const titles = issues.map(
    ({ slot }, at) => `${slotText(slot)}: ${many(values[at] ?? 0, one, more)}`,
  );
  const chart = columnChart([{ name, tone, values }], { heightPx: 44, lines: 0, titles });
  return `<div class="strip">
<h3>${name}</h3><p class="aside">${said}</p>
${picture(`${name}: ${said}.`, chart)}
</div>`;
}
