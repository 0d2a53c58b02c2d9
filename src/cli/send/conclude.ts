import type { Sent } from "../../delivery/sending/sending.ts";
import type { Counts, PlannedIssue } from "../../delivery/ledger.ts";
import type { Issue } from "../../digest/digest.ts";
import { ERROR_CODES } from "../../errors.ts";
import { systemClock, momentText } from "../../platform/clock.ts";
import type { Outlook } from "../../issue/io/sending/list-sending.ts";
import { isDone, type SentIssue } from "../../issue/send.ts";
import { counted } from "../../platform/counted.ts";
import { countsView } from "../ledger/counts-view.ts";
import { commandFrom, shellWord } from "../next-steps.ts";
import { LABEL_GAP, labelled } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { withAside } from "../wrapped.ts";
import { refusedByAll } from "../../delivery/refused-by-all.ts";
import type { SendFlags } from "./send-flags.ts";

/** An issue that was sent, or not, in one line. */
interface Concluded extends SentIssue {
  readonly heading: string;
}

/** Where every reader stands. */
interface Standing {
  readonly counts: Counts;
  readonly nextTry?: Date | undefined;
  readonly postponed?: PlannedIssue["postponed"];
}

/** The last words of a run: the whole state of the issue, why it ended, and the exit code. */
export function conclude(concluded: Concluded, flags: SendFlags, terminal: Terminal): void {
  const { issue, outlook, sent, planned, heading } = concluded;
  const standing: Standing = planned ?? { counts: outlookCounts(outlook) };
  if (flags.json) terminal.printJson(stateJson(issue.digest.issue, standing));
  else {
    const table = planned ? `\n\n${countsView(planned, terminal)}` : "";
    terminal.print(`${terminal.paint("bold", heading)}${table}`);
    if (openIn(standing.counts) > 0 && planned) {
      terminal.print(`\n${nextStep(planned.issue.slot, flags, terminal)}`);
    }
  }
  // What is left was meant to be left: nothing failed.
  if (flags.dryRun || (!sent && !isDone(outlook))) return;
  if (planned) tellLate(planned, concluded.late, terminal);
  leave(standing, sent, terminal);
  const refusal = planned && refusedByAll(planned);
  if (refusal && !sent?.stoppedBy) terminal.report(refusal);
}

/** What `--json` prints: a contract. */
function stateJson(issue: Issue, { counts, nextTry }: Standing): object {
  return {
    issue,
    planned: counts.planned + counts.claimed,
    accepted: counts.accepted,
    deferred: counts.deferred,
    rejected: counts.rejected,
    uncertain: inDoubt(counts),
    suppressed: counts.suppressed,
    skipped: counts.skipped,
    ...(nextTry && { nextTry: nextTry.toISOString() }),
  };
}

/** Of an issue that has never been planned. */
function outlookCounts({ readers: planned, leftOut: suppressed }: Outlook): Counts {
  const nobody = { claimed: 0, sending: 0, accepted: 0, deferred: 0 };
  return { ...nobody, planned, rejected: 0, uncertain: 0, suppressed, skipped: 0 };
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
function leave(
  { counts, nextTry, postponed }: Standing,
  sent: Sent | undefined,
  terminal: Terminal,
): void {
  if (sent?.stoppedBy) terminal.report(sent.stoppedBy);
  if (sent && sent.tally.unmade > 0) {
    const many = `${counted(sent.tally.unmade)} had no message made for them`;
    terminal.warn(`${many}: broadsheet explain ADDRESS says why`, ERROR_CODES.EMAIL_INVALID.exit);
  }
  // Where nobody waits for a domain, that it is left alone says nothing.
  for (const { domain, until, said } of (postponed && sent?.paused?.slice(0, MOST_PAUSES)) ?? []) {
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
