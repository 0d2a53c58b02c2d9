import type { SlotState } from "../../io/sqlite/slots/slot-record.ts";
import { columnChart, columnNames, legend, type Series } from "./chart.ts";
import { figures, picture } from "./figures.ts";
import type { Part } from "./part.ts";
import type { Past, PastIssue } from "./past.ts";
import { listed, many, shareText, slotText, total } from "./words.ts";

/** So many columns can be told apart on a phone. */
export const MOST_ISSUES = 60;

/** How many readers got which issue. */
export function issuesPart({ issues, slots }: Past): Part {
  const label = "Issues";
  const latest = issues.at(-1);
  if (!latest) {
    const html = "<p>The first will stand here once it has gone to the list.</p>";
    return { label, headline: "No issue has been sent yet", html };
  }
  const shown = issues.slice(-MOST_ISSUES);
  const series = seriesOf(shown);
  const headline = headlineOf(latest);
  return {
    label,
    headline,
    html: `<p>${sentences(issues, slots)}</p>
${series.length > 1 ? legend(series) : '<p class="aside">Readers whose mail server accepted it</p>'}
${picture(`Readers of each issue. ${headline}.`, columnChart(series, { heightPx: 200, lines: 3, titles: shown.map(titleOf) }))}
${columnNames(shown.map(({ slot }) => slotText(slot, "short")))}
${figures("The figures of each issue", HEADINGS, shown.toReversed().map(rowOf))}`,
  };
}

function seriesOf(issues: readonly PastIssue[]): Series[] {
  const all: Series[] = [
    { name: "Accepted", tone: "full", values: issues.map(({ counts }) => counts.accepted) },
    { name: "Still to be sent", tone: "open", values: issues.map(waiting) },
    { name: "Refused or in doubt", tone: "wrong", values: issues.map(failed) },
  ];
  return all.filter(({ values, tone }) => tone === "full" || total(values) > 0);
}

function headlineOf({ slot, counts, ...rest }: PastIssue): string {
  const all = counts.accepted + waiting({ slot, counts, ...rest });
  const readers = many(all, "reader");
  const whose = `the issue of ${slotText(slot)}`;
  return counts.accepted < all
    ? `${counts.accepted.toLocaleString("en")} of ${readers} have ${whose}`
    : `${readers} ${all === 1 ? "has" : "have"} ${whose}`;
}

function sentences(issues: readonly PastIssue[], slots: Past["slots"]): string {
  const [first] = issues;
  const accepted = total(issues.map(({ counts }) => counts.accepted));
  const tried = accepted + total(issues.map(failed));
  const since = first && issues.length > 1 ? ` since ${slotText(first.slot)}` : "";
  const shown = issues.length > MOST_ISSUES ? `, of which the latest ${MOST_ISSUES} are shown` : "";
  return [
    `${many(issues.length, "issue")}${since}${shown}.`,
    ...(tried > 0
      ? [
          `Mail servers accepted ${shareText(accepted, tried)} of the ${many(tried, "message")} sent.`,
        ]
      : []),
    ...dueSentence(slots),
  ].join(" ");
}

/** What became of the times at which no issue went out, where the newsletter has a schedule. */
function dueSentence(slots: Past["slots"]): string[] {
  const told = UNSENT.flatMap(([state, words]) => {
    const count = slots.get(state) ?? 0;
    return count > 0 ? [`${count.toLocaleString("en")} ${words}`] : [];
  });
  const all = total([...slots.values()]);
  return told.length > 0 ? [`Of ${many(all, "time")} that one was due, ${listed(told)}.`] : [];
}

const UNSENT: readonly (readonly [SlotState, string])[] = [
  ["empty", "had nothing new"],
  ["merged", "went into a later one"],
  ["skipped", "had been called off"],
  ["missed", "passed while nothing ran"],
  ["expired", "came to nothing in time"],
];

function waiting({ counts }: PastIssue): number {
  return counts.planned + counts.claimed + counts.sending + counts.deferred;
}

function failed({ counts }: PastIssue): number {
  return counts.rejected + counts.uncertain;
}

function titleOf(issue: PastIssue): string {
  const parts = [
    many(issue.counts.accepted, "accepted", "accepted"),
    ...(waiting(issue) > 0 ? [many(waiting(issue), "still to be sent", "still to be sent")] : []),
    ...(failed(issue) > 0
      ? [many(failed(issue), "refused or in doubt", "refused or in doubt")]
      : []),
  ];
  return `${slotText(issue.slot)}: ${listed(parts)}`;
}

const HEADINGS = [
  "Issue",
  "Accepted",
  "To be sent",
  "Refused",
  "In doubt",
  "Left out",
  "Put off",
  "Came back",
  "Complaints",
];

function rowOf(issue: PastIssue) {
  const { slot, counts, mishaps } = issue;
  const { accepted, rejected, uncertain, suppressed, skipped } = counts;
  const { putOff, bounced, complained } = mishaps;
  const states = [accepted, waiting(issue), rejected, uncertain, suppressed + skipped];
  return [slot, ...states, putOff, bounced, complained];
}
