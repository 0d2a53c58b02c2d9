import { deliveryCounts } from "../../delivery/delivery-counts.ts";
import { refusedByAll, type Counts, type PlannedIssue } from "../../delivery/ledger.ts";
import { ERROR_CODES } from "../../errors.ts";
import { systemClock, momentText } from "../../platform/clock.ts";
import { isDone, type SentIssue } from "../../issue/send.ts";
import { counted } from "../../platform/counted.ts";
import { countsView } from "../counts-view.ts";
import { commandFrom, shellWord } from "../next-steps.ts";
import { LABEL_GAP, labelled } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { withAside } from "../wrapped.ts";
import type { SendFlags } from "./send-flags.ts";

/** An issue that was sent, or not, in one line. */
interface Concluded extends SentIssue {
  readonly heading: string;
}

/** The last words of a run: the whole state of the issue, why it ended, and the exit code. */
export function conclude(concluded: Concluded, flags: SendFlags, terminal: Terminal): void {
  const { issue, outlook, sent, planned, counts, heading } = concluded;
  if (flags.json) terminal.printJson(deliveryCounts(issue.digest.issue, counts, planned?.nextTry));
  else {
    const table = planned ? `\n\n${countsView(planned, terminal)}` : "";
    terminal.print(`${terminal.paint("bold", heading)}${table}`);
    if (openIn(counts) > 0 && planned) {
      terminal.print(`\n${nextStep(planned.issue.slot, flags, terminal)}`);
    }
  }
  // What is left was meant to be left: nothing failed.
  if (flags.dryRun || (!sent && !isDone(outlook))) return;
  if (planned) tellLate(planned, concluded.late, terminal);
  leave(concluded, terminal);
  const refusal = planned && refusedByAll(planned);
  if (refusal && !sent?.stoppedBy) terminal.report(refusal);
}

/** So many domains are named. */
const MOST_PAUSES = 5;
const TEMPORARY = ERROR_CODES.SMTP_DEFERRED.exit;

function openIn({ planned, claimed, deferred }: Counts): number {
  return planned + claimed + deferred;
}

function inDoubt({ uncertain, sending }: Counts): number {
  return uncertain + sending;
}

/** Says on stderr what is left, so that a script's log has it, and decides the exit code. */
function leave({ counts, planned, sent }: SentIssue, terminal: Terminal): void {
  if (sent?.stoppedBy) terminal.report(sent.stoppedBy);
  if (sent && sent.tally.unmade > 0) {
    const many = `${counted(sent.tally.unmade)} had no message made for them`;
    terminal.warn(`${many}: broadsheet explain ADDRESS says why`, ERROR_CODES.EMAIL_INVALID.exit);
  }
  // Where nobody waits for a domain, that it is left alone says nothing.
  for (const { domain, until, said } of (planned?.postponed &&
    sent?.paused?.slice(0, MOST_PAUSES)) ??
    []) {
    terminal.note(`${domain} is left alone until ${momentText(until)}: ${said}`);
  }
  if (sent && sent.tally.late > 0) {
    const many = `this one came too late for ${counted(sent.tally.late)}`;
    terminal.warn(`another run had taken over, and ${many}`, TEMPORARY);
  }
  const left = [
    [counts.planned + counts.claimed, "not sent yet"],
    [counts.deferred, "put off"],
    [inDoubt(counts), "in doubt"],
  ] as const;
  const words = left
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${counted(count)} ${what}`);
  if (words.length === 0) return;
  const nextTry = planned?.nextTry;
  const next = nextTry ? `; next try from ${momentText(nextTry)}` : "";
  terminal.warn(`${words.join(", ")}${next}`, TEMPORARY);
}

/** Those for whom it came to be too late in this run. */
function tellLate(
  { expiresAt, issue: { slot } }: PlannedIssue,
  late: number,
  terminal: Terminal,
): void {
  if (!expiresAt || expiresAt > systemClock() || late <= 0) return;
  const what = `it was worth sending until ${momentText(expiresAt)}, and ${counted(late)} get it no more`;
  const { exit } = ERROR_CODES.ISSUE_EXPIRED;
  terminal.warn(`${what}; to send it all the same: broadsheet retry ${slot}`, exit);
}

/** The command that goes on, with the flags that name the newsletter. */
function nextStep(slot: string, { config, out }: SendFlags, terminal: Terminal): string {
  const words = [
    commandFrom(terminal.cwd),
    `send ${slot}`,
    ...(config === undefined ? [] : ["--config", shellWord(config)]),
    ...(out === undefined ? [] : ["--out", shellWord(out)]),
  ];
  const aside = terminal.paint("dim", "the rest; nobody gets it twice");
  const room = terminal.columns - "Next".length - LABEL_GAP;
  return labelled([["Next", withAside(words.join(" "), aside, room)]]);
}
