import { isCanaryOut } from "../delivery/canary.ts";
import { momentText, systemClock } from "../platform/clock.ts";
import type { PastRun, PlannedIssue, Bounces } from "../delivery/ledger.ts";
import { counted } from "../platform/text.ts";
import type { Quarantined } from "../subscribers/subscriber.ts";
import { table } from "./table.ts";
import type { Style, Terminal } from "./terminal.ts";

type Row = readonly [word: string, style: Style, count: number, meaning: string];

/** The states of an issue's readers, and the next step for each. */
export function countsView(planned: PlannedIssue, terminal: Terminal): string {
  const { counts, issue, nextTry, bounces, postponed } = planned;
  const { slot } = issue;
  const unsent = counts.planned + counts.claimed;
  const later = postponed?.count ?? 0;
  const until = postponed ? momentText(postponed.until) : "";
  const rows: Row[] = [
    ["Accepted", "ready", counts.accepted, "Nothing to do"],
    ["Planned", "look", unsent - later, waitText(planned)],
    ["Paused", "look", later, `Left alone until ${until}; then broadsheet send ${slot}`],
    ["Under way", "look", counts.sending, "Being sent at this moment, or cut off: send settles it"],
    [
      "Put off",
      "look",
      counts.deferred,
      `Tried again from ${nextTry ? momentText(nextTry) : "now"}`,
    ],
    ["Refused", "fix", counts.rejected, "broadsheet explain ADDRESS says why"],
    ["In doubt", "look", counts.uncertain, `broadsheet reconcile ${slot} --accept or --resend`],
    ["Suppressed", "dim", counts.suppressed, "Had left, or mail to them came back"],
    ["Skipped", "dim", counts.skipped, "broadsheet explain ADDRESS says why"],
    ...(bounces ? bounceRows(bounces) : []),
  ];
  return table(
    ["Outcome", { numbers: "Readers" }, "What happens now"],
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

/** The reason why planned readers are waiting. */
function waitText(planned: PlannedIssue): string {
  const { slot } = planned.issue;
  if (planned.canary?.verdict === "held")
    return `Held; to release it: broadsheet hold ${slot} --off`;
  if (!planned.canary || !isCanaryOut(planned, systemClock()))
    return `Not sent yet; to send: broadsheet send ${slot}`;
  return `Wait until ${momentText(planned.canary.until)} for bounces of the first ones; then: broadsheet send ${slot}`;
}

/** Bounces are a part of the accepted messages, because a server may accept a message and return it later. */
function bounceRows({ bounced, bouncedForNow, complained }: Bounces): Row[] {
  return [
    ["Bounced", "look", bounced, "Of those above; nothing is sent there any more"],
    [
      "Bounced for now",
      "dim",
      bouncedForNow,
      "Of those above; several in a row end what is sent there",
    ],
    ["Complained", "look", complained, "Of those above; nothing is sent there any more"],
  ];
}

/** The runs that changed the list. */
export function runsView(runs: readonly PastRun[], terminal: Terminal): string {
  const rows = runs.map(({ number, began, restored, ...counts }) => [
    String(number),
    momentText(began),
    ...[counts.accepted, counts.suppressed, counts.quarantined].map(counted),
    restored
      ? `Taken back at ${momentText(restored)}`
      : `To take that back: broadsheet subscribers restore --run ${number}`,
  ]);
  const numbers = ["Accepted", "Off the list", "Quarantined"].map((numbers) => ({ numbers }));
  return table(["Run", "Began", ...numbers, ""], rows, terminal);
}

/** Quarantined readers, with the replies of their servers. */
export function quarantineView(all: readonly Quarantined[], terminal: Terminal): string {
  const rows = all.map(({ address, since, said }) => [address, momentText(since), said]);
  return table(["Quarantined", "Since", "The server said"], rows, terminal);
}
