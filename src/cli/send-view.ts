import { leftWords, refusedByAll, type PlannedIssue, deliveryCounts } from "../delivery/ledger.ts";
import { type BroadsheetError, ERROR_CODES, unbroken } from "../errors.ts";
import type { Outlook, SendingSettings } from "../issue/io/sending/list-sending.ts";
import { type IssueToSend, nameOf } from "../issue/issue-to-send.ts";
import {
  isDone,
  type Proposal,
  quarantined,
  type SentIssue,
  tooLate,
  unmade,
} from "../issue/send.ts";
import { momentText, systemClock } from "../platform/clock.ts";
import { counted, many } from "../platform/counted.ts";
import type { Recipient } from "../subscribers/recipient.ts";
import { countsView } from "./counts-view.ts";
import type { OutboxFlags } from "./flags.ts";
import { nextCommand } from "./next-steps.ts";
import { LABEL_GAP, labelled } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { shortened, withNote, wrapped } from "./wrapped.ts";

export interface SendFlags extends OutboxFlags {
  readonly to?: string;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly limit?: number;
  readonly segment?: string;
  readonly force?: true;
  readonly revise?: true;
}

/** What goes out. */
interface Overview {
  readonly issue: IssueToSend;
  readonly bytes: number;
  /** What the checks say of it, where they were run. */
  readonly verdict?: string | undefined;
  readonly from: Recipient;
  readonly to: string;
  readonly through: string;
}

/** What goes, from whom, to whom, and which way. */
export function overview(
  { issue, bytes, verdict, from, to, through }: Overview,
  { paint, columns }: Terminal,
): string {
  const { subject, template } = issue.digest;
  const heading = shortened(`${nameOf(issue)}, ${subject}`, 2 * columns);
  const size = `${(bytes / 1024).toFixed(1)} KB`;
  const room = columns - "Through".length - LABEL_GAP;
  return [
    paint("bold", wrapped(heading, columns).join("\n")),
    [template, size, verdict].filter(Boolean).join(", "),
    "",
    labelled([
      ["From", mailbox(from)],
      ["To", wrapped(to, room).join("\n")],
      ["Through", through],
    ]),
  ].join("\n");
}

/** As people write it. */
export function mailbox({ address, name }: Recipient): string {
  return name ? `${name} <${address}>` : address;
}

export function readersLine(outlook: Outlook, { limit }: SendFlags): string {
  const { planned, readers: due, leftOut, expiredAt } = outlook;
  if (expiredAt) return `no reader any more: it was worth sending until ${momentText(expiredAt)}`;
  const some = Math.min(due, limit ?? due);
  const others =
    leftOut > 0
      ? `. Left out: ${many(leftOut, "reader")} who left or ${leftOut === 1 ? "is" : "are"} quarantined`
      : "";
  if (planned)
    return `${many(some, "reader")} of ${counted(totalOf(planned.counts))} who haven't got it yet`;
  return some < due
    ? `${counted(some)} of ${many(due, "reader")}${others}`
    : `${many(due, "reader")}${others}`;
}

function totalOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

export function throughLine(
  { through }: Proposal,
  { smtp, transport }: Pick<SendingSettings, "smtp" | "transport">,
): string {
  const { rate } = smtp;
  const isLimited = rate !== undefined && transport !== "outbox";
  return isLimited ? `${through}, ${counted(rate)} a second at most` : through;
}

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
    if (leftWords(counts).length > 0 && planned) {
      terminal.print(`\n${nextStep(planned.issue.slot, flags, terminal)}`);
    }
  }
  // What is left was meant to be left: nothing failed.
  if (flags.dryRun || (!sent && !isDone(outlook))) return;
  if (planned) warnOfExpiry(planned, concluded.late, terminal);
  const quarantine = quarantined(sent);
  // A script that sees 75 goes on by itself, and quarantined readers need a person.
  if (quarantine) terminal.exitCode ||= ERROR_CODES[quarantine.code].exit;
  leave(concluded, terminal);
  const refusal = planned && refusedByAll(planned);
  if (refusal && !sent?.stoppedBy) terminal.report(refusal);
  if (quarantine) terminal.report(quarantine);
}

/** So many domains are named. */
const MOST_PAUSES = 5;
const TEMPORARY = ERROR_CODES.SMTP_DEFERRED.exit;

/** Says on stderr what is left, so that a script's log has it, and decides the exit code. */
function leave({ counts, planned, sent }: SentIssue, terminal: Terminal): void {
  if (sent?.stoppedBy) terminal.report(sent.stoppedBy);
  if (sent && sent.tally.unmade > 0) warnOf(unmade(sent.tally.unmade), terminal);
  // Where no reader waits for a domain, it doesn't matter that it is left alone.
  const paused = planned?.postponed ? (sent?.paused ?? []) : [];
  for (const { domain, until, said } of paused.slice(0, MOST_PAUSES)) {
    terminal.note(`${domain} is left alone until ${momentText(until)}: ${said}`);
  }
  if (sent && sent.tally.late > 0) {
    const many = `this one came too late for ${counted(sent.tally.late)}`;
    terminal.warn(`another run had taken over, and ${many}`, TEMPORARY);
  }
  const doubt = counts.uncertain + counts.sending;
  const words = [...leftWords(counts), ...(doubt > 0 ? [`${counted(doubt)} in doubt`] : [])];
  if (words.length === 0) return;
  const nextTry = planned?.nextTry;
  const next = nextTry ? `; next try from ${momentText(nextTry)}` : "";
  terminal.warn(`${words.join(", ")}${next}`, TEMPORARY);
}

/** Readers for whom it came to be too late in this run. */
function warnOfExpiry(
  { expiresAt, issue: { slot } }: PlannedIssue,
  late: number,
  terminal: Terminal,
): void {
  if (!expiresAt || expiresAt > systemClock() || late <= 0) return;
  warnOf(tooLate(slot, expiresAt, late), terminal);
}

function warnOf(error: BroadsheetError, terminal: Terminal): void {
  terminal.warn(unbroken(error), ERROR_CODES[error.code].exit);
}

/** The command that goes on, with the flags that name the newsletter. */
function nextStep(slot: string, flags: SendFlags, terminal: Terminal): string {
  const command = nextCommand(terminal.cwd, `send ${slot}`, flags);
  const note = terminal.paint("dim", "only to the rest");
  const room = terminal.columns - "Next".length - LABEL_GAP;
  return labelled([["Next", withNote(command, note, room)]]);
}
