import type { PlannedIssue } from "../../delivery/ledger.ts";
import { counted } from "../counted.ts";
import { table } from "../table.ts";
import type { Style, Terminal } from "../terminal.ts";

/** An issue's whole state in the ledger, in the words of `send --json`. */
export function countsLine({ issue, counts, nextTry, plannedAt }: PlannedIssue) {
  const { planned, claimed, sending, ...rest } = counts;
  return { issue, planned: planned + claimed, sending, ...rest, plannedAt, nextTry };
}

type Row = readonly [word: string, style: Style, count: number, meaning: string];

/** What became of an issue's readers, and what happens now. */
export function countsView(planned: PlannedIssue, terminal: Terminal): string {
  const { counts, issue, nextTry } = planned;
  const { slot } = issue;
  const rows: Row[] = [
    ["Accepted", "ready", counts.accepted, "Nothing to do"],
    ["Waiting", "look", counts.planned + counts.claimed, `broadsheet send ${slot} goes on`],
    ["Under way", "look", counts.sending, "Being sent at this moment, or cut off: send settles it"],
    ["Put off", "look", counts.deferred, `Tried again from ${nextTry ? clock(nextTry) : "now"}`],
    ["Refused", "fix", counts.rejected, "broadsheet explain ADDRESS says why"],
    ["In doubt", "look", counts.uncertain, `broadsheet reconcile ${slot} --accept or --resend`],
    ["Suppressed", "dim", counts.suppressed, "Had left, or mail to them came back"],
    ["Skipped", "dim", counts.skipped, "broadsheet explain ADDRESS says why"],
  ];
  return table(
    [
      { heading: "Outcome", align: "left" },
      { heading: "Readers", align: "right" },
      { heading: "What happens now", align: "left" },
    ],
    rows
      .filter(([, , count]) => count > 0)
      .map(([word, style, count, meaning]) => [
        terminal.paint(style, word),
        counted(count),
        meaning,
      ]),
    terminal,
  );
}

/** A moment, to the minute, in UTC: a server's time zone is nobody's. */
export function clock(moment: Date): string {
  return `${moment.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
