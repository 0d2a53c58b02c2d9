import { quarantineError } from "../../subscribers/judgement.ts";
import { Option } from "commander";
import type { Config } from "../../config/config.ts";
import { openOutbox } from "../open-outbox.ts";
import { announcedToSend, announceNamed } from "../meant.ts";
import {
  NO_READERS,
  deliveryCounts,
  leftWords,
  refusedByAll,
  wordFor,
  type PlannedIssue,
} from "../../delivery/ledger.ts";
import { rateWords } from "../../delivery/settings.ts";
import type { Sent, Tally } from "../../delivery/deliver.ts";
import type { Issue } from "../../digest/digest.ts";
import { BroadsheetError, ERROR_CODES, unbroken } from "../../errors.ts";
import { verdictText, type IssueToSend, nameOf } from "../../issue/issue-to-send.ts";
import { issueInOutbox, sinceText } from "../../issue/io/sending/load-issue.ts";
import {
  composeCopy,
  type Copy,
  sendCopy,
  type State,
  stateAfter,
} from "../../issue/io/sending/mail-route.ts";
import type { SendingSettings, Outlook } from "../../issue/io/sending/list-sending.ts";
import {
  isDone,
  type Proposal,
  sendIssue,
  type SendOptions,
  type SentIssue,
  tooLate,
  unmade,
} from "../../issue/send.ts";
import { counted, many } from "../../platform/text.ts";
import { parseRecipient, type Recipient } from "../../subscribers/recipient.ts";
import { type Configure, outboxFlags, parseCount, parseLine, type OutboxFlags } from "../flags.ts";
import { durationText, Progress, reporterOn } from "../reporter.ts";
import { untilInterrupted } from "../until-interrupted.ts";
import { type Style, type Terminal, Interrupted } from "../terminal.ts";
import { momentText, systemClock } from "../../platform/clock.ts";
import { countsView } from "../counts-view.ts";
import { nextCommand } from "../next-steps.ts";
import { LABEL_GAP, labelled, shortened, withNote, wrapped } from "../table.ts";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

interface SendFlags extends OutboxFlags {
  readonly to?: string;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly limit?: number;
  readonly segment?: string;
  readonly force?: true;
  readonly revise?: true;
}

const send: Configure = (command, terminal) => {
  // A copy may go to an address that is not on the list. The ledger does not record it.
  const to = new Option("--to <ADDRESS>", 'one copy, to name@domain or "Name <name@domain>"');
  outboxFlags(command)
    .argument(
      "[ISSUE]",
      "its slot, its folder, or: latest (default: the issue that is being sent, or else the next open slot)",
    )
    .addOption(to.conflicts(["limit", "segment", "revise"]))
    .option("--yes", "send without asking")
    .option("--dry-run", "show what would be done, and send nothing")
    .option("--limit <N>", "send to at most this many readers", parseCount("--limit"))
    .option(
      "--segment <EXPR>",
      "send only to this segment, such as: tag:de",
      parseLine("--segment"),
    )
    .option("--force", "send despite the findings of the checks")
    .option("--revise", "send the current version to the readers who do not have it yet")
    .addHelpText("after", HELP)
    .action(async (name: string | undefined, flags: SendFlags) => {
      const config = await openOutbox(flags, terminal);
      if (name !== undefined) await announceNamed(name, config, terminal);
      const issue = name ?? (await announcedToSend(config, terminal)).slot;
      return flags.to === undefined
        ? sendToList(issue, config, flags, terminal)
        : sendOne(issue, config, { ...flags, to: flags.to }, terminal);
    });
};

const HELP = `
Sending is itself the approval: a draft, an issue that is waiting and one that is approved go out at once. The slot
of the issue is settled then, and \`broadsheet run\` makes no other issue for it. While an issue is being sent, send without a
name means only that one, so that repeating it never begins the next one.

Each subscriber gets an issue once. Readers may remain after a run, because a server has deferred them or the run was
stopped. Then the command exits with 75, and the same command sends to them later. After a first Ctrl-C it waits for
the answers to the messages in flight, and prints their number. A second one ends it at once, and those readers are in
doubt in the next run. SIGTERM, and a terminal whose connection breaks, end it within ten seconds. Readers without an
answer by then are in doubt.

With DATABASE_URL, --limit limits this command alone: workers that are up send to all other readers.

With "canary" in the config the first readers get it before the others. At a terminal the command waits for their
bounces. Otherwise it exits with 75; repeat the command when the time has passed.

The mail server is named by SMTP_URL, in the environment or in .env beside the config, and BROADSHEET_SECRET signs each
reader's unsubscribe link. If the server requires access tokens (Gmail, Microsoft 365), SMTP_URL has a user without a password,
and the data for token requests is in SMTP_OAUTH_CLIENT_ID, SMTP_OAUTH_CLIENT_SECRET, SMTP_OAUTH_REFRESH_TOKEN and
SMTP_OAUTH_TOKEN_URL (docs/sending.md). With transport: "sendmail" in the config a program on this machine takes the
mail, and no SMTP_URL is needed.

Examples:
  broadsheet send --to you@example.org
  broadsheet send --dry-run
  broadsheet send 2026-W49 --yes --json
  broadsheet send 2026-W49 --segment 'tag:harbour and not language:de' --limit 500`;

/** Sends an issue to the list, or to the readers who do not have it yet. */
async function sendToList(
  name: string,
  config: Config,
  flags: SendFlags,
  terminal: Terminal,
): Promise<void> {
  if (config.canary && !flags.dryRun) await readBounces(config, terminal);
  let heading = flags.dryRun ? "Nothing was sent: a dry run" : "Not sent";
  const result = await sendIssue(name, config, {
    env: process.env,
    reporter: reporterOn(terminal),
    segment: flags.segment,
    revise: flags.revise,
    isForced: flags.force,
    show: (proposal) => show(proposal, config, { flags, terminal }),
    agree: async (proposal) => isAgreed(proposal, flags, terminal),
    deliver: async (run, { outlook }) => {
      const most = Math.min(outlook.readers, flags.limit ?? Infinity);
      const { replyMs, sendMs } = config.smtp.timeouts;
      // A program gets the time of a whole SMTP transaction, because it only answers when it ends.
      const patienceMs = config.transport === "sendmail" ? sendMs : replyMs;
      const ended = await watched(run, { most, patienceMs, flags, terminal });
      heading = ended.heading;
      return ended.sent;
    },
  });
  const isNoneLeft = isDone(result.outlook) && !flags.dryRun;
  conclude({ ...result, heading: isNoneLeft ? "No reader remains" : heading }, flags, terminal);
  const until = result.withheld?.code === "CANARY_OUT" ? result.planned?.canary?.until : undefined;
  // A script repeats the command itself.
  if (!until || !terminal.isInteractive || flags.json || flags.limit !== undefined) return;
  terminal.note(
    `Waiting until ${momentText(until)}. If you stop this with Ctrl-C, repeat the command later`,
  );
  await passed(until);
  terminal.exitCode = 0;
  await sendToList(name, config, { ...flags, yes: true, revise: undefined }, terminal);
}

/** Bounces from the first readers of an issue decide about the others. */
async function readBounces(config: Config, terminal: Terminal): Promise<void> {
  const { readBouncesFirst } = await import("../../schedule/read-bounces-first.ts");
  const job = { config, clock: systemClock, env: process.env };
  await untilInterrupted(terminal, async (signal) =>
    readBouncesFirst(job, signal, (fault) => terminal.report(fault)),
  );
}

/** A wait reads the clock at this interval, because the clock may be changed, and timers stop while the machine sleeps. */
const LOOK_MS = 10_000;

async function passed(until: Date): Promise<void> {
  for (let ms = 1; ms > 0; ms = until.getTime() - systemClock().getTime())
    await sleep(Math.min(ms, LOOK_MS));
}

interface Shown {
  readonly flags: SendFlags;
  readonly terminal: Terminal;
}

function show(proposal: Proposal, config: SendingSettings, { flags, terminal }: Shown): void {
  const since = isDone(proposal.outlook) ? undefined : sinceText(proposal.issue);
  if (since !== undefined) terminal.warn(since, 0);
  if (flags.json) return;
  const shown = {
    ...proposal,
    bytes: proposal.size,
    verdict: proposal.report && verdictText(proposal.report, terminal.paint),
    from: config.from,
    to: readersLine(proposal.outlook, flags),
    through: throughLine(proposal, config),
    first: firstLine(proposal, config),
  };
  terminal.print(`${overview(shown, terminal)}\n`);
}

/** A script that sends to the list must give --yes. */
async function isAgreed(
  { issue, outlook }: Proposal,
  flags: SendFlags,
  terminal: Terminal,
): Promise<boolean> {
  if (flags.dryRun) return false;
  // An expired issue goes to no reader, and that is recorded for each.
  const isAsked = outlook.expiredAt === undefined && !flags.yes;
  if (isAsked && !(await isNamed(issue.digest.issue, outlook.readers, terminal))) return false;
  if (outlook.planned && flags.segment !== undefined) {
    terminal.note("Its readers were settled when its sending began: --segment changes nothing now");
  }
  return true;
}

/** The operator types the name of the issue, because a single key could be pressed by accident. */
async function isNamed(
  { number, slot }: Issue,
  count: number,
  { isInteractive }: Terminal,
): Promise<boolean> {
  if (isInteractive) {
    const name = String(number ?? slot);
    const answer = await ask(`Type ${name} to send it, or press Enter to stop: `);
    return answer.trim() === name;
  }
  throw new BroadsheetError(
    "USAGE",
    `there is no terminal at which to agree to ${many(count, "reader")}`,
    {
      fix: "add --yes to send it without being asked",
    },
  );
}

interface Watched extends Shown {
  /** The maximum number of readers who get the issue in this run. */
  readonly most: number;
  readonly patienceMs: number;
}

/** Delivers until the end or an interruption, with progress on stderr. */
async function watched(
  run: Parameters<SendOptions["deliver"]>[0],
  { most, patienceMs, flags, terminal }: Watched,
): Promise<{ readonly sent: Sent; readonly heading: string }> {
  const progress = new SendProgress(terminal, most);
  const begun = performance.now();
  let inFlight = 0;
  try {
    const { result: sent, isInterrupted } = await untilInterrupted(
      terminal,
      async (signal) =>
        run({
          atMost: flags.limit,
          signal,
          onTurn: (tally, sentNow) => {
            inFlight = sentNow;
            progress.show(tally);
          },
        }),
      { inFlight: () => inFlight, patienceMs },
    );
    const took = durationText((performance.now() - begun) / 1000);
    const isWhole = !isInterrupted && !sent.stoppedBy && sent.tally.late === 0;
    return { sent, heading: `${isWhole ? "Sent in" : "Stopped after"} ${took}, run ${sent.run}` };
  } finally {
    progress.close();
  }
}

/** The progress of sending, and the failures so far. The caller closes it. */
class SendProgress {
  readonly #progress: Progress;
  #done = 0;

  constructor(terminal: Terminal, total: number) {
    this.#progress = new Progress(terminal, "Sending", total);
  }

  show(tally: Tally): void {
    const done = DONE.reduce((sum, state) => sum + tally[state], 0);
    this.#progress.detail = DETAILS.filter((state) => tally[state] > 0)
      .map((state) => `${counted(tally[state])} ${wordFor(state)}`)
      .join(", ");
    this.#progress.step(done - this.#done);
    this.#done = done;
  }

  close(): void {
    this.#progress.close();
  }
}

const DONE = ["accepted", "deferred", "rejected", "uncertain", "suppressed", "skipped"] as const;

const DETAILS = ["deferred", "rejected", "uncertain", "skipped"] as const;

/** Sends one copy of an issue to an address. The ledger does not record it. */
async function sendOne(
  name: string,
  config: Config,
  flags: SendFlags & { readonly to: string },
  terminal: Terminal,
): Promise<void> {
  const to = parseRecipient(flags.to);
  const issue = await issueInOutbox(name, config, reporterOn(terminal));
  const copy = await composeCopy(issue, to, config);
  const bytes = copy.message.raw.length;
  const shown = { issue, bytes, from: copy.from, to: mailbox(to), through: copy.route.through };
  if (!flags.json) terminal.print(`${overview(shown, terminal)}\n`);
  const refused = flags.dryRun ? "Nothing was tried" : "Answer y to send it, or give --yes";
  const isSent = !flags.dryRun && (await isCopyAgreed(flags, terminal));
  if (isSent) await handOver(issue, copy, flags, terminal);
  else concludeCopy({ issue, state: "planned", answer: refused }, flags, terminal);
}

/** Asks a person at a terminal. A script has already decided with --to. */
async function isCopyAgreed({ yes }: SendFlags, terminal: Terminal): Promise<boolean> {
  if (yes || !terminal.isInteractive) return true;
  return confirm("Send it?");
}

async function handOver(
  issue: IssueToSend,
  copy: Copy,
  flags: SendFlags,
  terminal: Terminal,
): Promise<void> {
  try {
    concludeCopy({ issue, state: "accepted", answer: await sendCopy(copy) }, flags, terminal);
  } catch (error) {
    const state = stateAfter(error);
    if (!state) throw error;
    concludeCopy({ issue, state, answer: ANSWERS[state] }, flags, terminal);
    throw error;
  }
}

interface Conclusion {
  readonly issue: IssueToSend;
  readonly state: State;
  readonly answer: string;
}

/** Prints the result of the copy. */
function concludeCopy(
  { issue, state, answer }: Conclusion,
  flags: SendFlags,
  terminal: Terminal,
): void {
  const [word, style] = WORDS[state];
  if (flags.json)
    terminal.printJson(deliveryCounts(issue.digest.issue, { ...NO_READERS, [state]: 1 }));
  else terminal.print(`${terminal.paint(style, word)}   ${answer}`);
}

const WORDS: Readonly<Record<State, readonly [word: string, style: Style]>> = {
  planned: ["Not sent.", "fix"],
  accepted: ["Accepted", "ready"],
  deferred: ["Put off", "look"],
  rejected: ["Refused", "fix"],
  uncertain: ["In doubt", "look"],
};

const ANSWERS: Readonly<Record<State, string>> = {
  planned: "The server never got it",
  accepted: "",
  deferred: "The server wants it later",
  rejected: "The server won't have it",
  uncertain: "It may have arrived: look there before you send it again",
};

/**
 * Asks a question on stderr and returns whether the answer is yes. Enter and the end of input mean no.
 * @throws Interrupted on Ctrl-C.
 */
async function confirm(question: string): Promise<boolean> {
  return /^y(?:es)?$/i.test((await ask(`${question} [y/N] `)).trim());
}

/**
 * Asks a question on stderr and returns the answer; empty at the end of input.
 * @throws Interrupted on Ctrl-C.
 */
async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve, reject) => {
      lines.once("SIGINT", () => reject(new Interrupted()));
      lines.once("close", () => resolve(""));
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
  }
}

/** The details of the coming delivery. */
interface Overview {
  readonly issue: IssueToSend;
  readonly bytes: number;
  /** The result of the checks, if they were run. */
  readonly verdict?: string | undefined;
  readonly from: Recipient;
  readonly to: string;
  readonly through: string;
  /** The first readers, who get it before the others, if the config asks for that. */
  readonly first?: string | undefined;
}

/** The issue, its sender, its recipients and the transport, one line each. */
function overview(
  { issue, bytes, verdict, from, to, through, first }: Overview,
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
      ...(first === undefined ? [] : [["First", wrapped(first, room).join("\n")] as const]),
    ]),
  ].join("\n");
}

/** An address with its name, in the usual notation. */
function mailbox({ address, name }: Recipient): string {
  return name ? `${name} <${address}>` : address;
}

function readersLine(outlook: Outlook, { limit }: SendFlags): string {
  const { planned, readers: due, leftOut, expiredAt } = outlook;
  if (expiredAt) return `no reader any more: it could be sent until ${momentText(expiredAt)}`;
  const some = Math.min(due, limit ?? due);
  const others =
    leftOut > 0
      ? `. Left out: ${many(leftOut, "reader")} who left, ${leftOut === 1 ? "is quarantined or pauses" : "are quarantined or pause"}`
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

function throughLine(
  { through }: Proposal,
  { smtp, transport }: Pick<SendingSettings, "smtp" | "transport">,
): string {
  const { rate } = smtp;
  const isLimited = rate !== undefined && transport !== "outbox";
  return isLimited ? `${through}, ${rateWords(rate)} at most` : through;
}

function firstLine(
  { outlook: { planned, readers } }: Proposal,
  { canary }: Pick<SendingSettings, "canary">,
): string | undefined {
  if (!canary || planned?.canary || readers <= canary.readers) return undefined;
  const wait = many(canary.wait / 60_000, "minute");
  return `${many(canary.readers, "reader")}. The others get it ${wait} later, unless ${canary.stopAt * 100} % of these are refused, bounce or complain`;
}

/** The result of sending, for one line. */
interface Concluded extends SentIssue {
  readonly heading: string;
}

/** Prints the state of the issue and the reason why the run ended, and sets the exit code. */
function conclude(concluded: Concluded, flags: SendFlags, terminal: Terminal): void {
  const { issue, outlook, sent, planned, counts, heading, withheld } = concluded;
  const isStopped = withheld?.code === "CANARY_STOPPED";
  if (flags.json) {
    const line = deliveryCounts(issue.digest.issue, counts, planned?.nextTry);
    terminal.printJson({ ...line, run: sent?.run, canary: planned?.canary });
  } else {
    const table = planned ? `\n\n${countsView(planned, terminal)}` : "";
    terminal.print(`${terminal.paint("bold", heading)}${table}`);
    if (leftWords(counts).length > 0 && planned && !isStopped) {
      terminal.print(`\n${nextStep(planned.issue.slot, flags, terminal)}`);
    }
  }
  // The remaining readers were left on purpose, so nothing failed.
  if (flags.dryRun || (!sent && !withheld && !isDone(outlook))) return;
  if (planned) warnOfExpiry(planned, concluded.late, terminal);
  const quarantine = quarantineError(sent?.quarantined);
  // A script that sees 75 repeats the command, but quarantined readers need a person.
  if (quarantine) terminal.exitCode ||= ERROR_CODES[quarantine.code].exit;
  if (isStopped) terminal.report(withheld);
  else if (withheld) terminal.note(unbroken(withheld));
  leave(concluded, terminal);
  const refusal = planned && refusedByAll(planned);
  if (refusal && !sent?.stoppedBy) terminal.report(refusal);
  if (quarantine) terminal.report(quarantine);
}

/** The maximum number of domains named. */
const MOST_PAUSES = 5;
const TEMPORARY = ERROR_CODES.SMTP_DEFERRED.exit;

/** Reports the remaining readers on stderr, so that a script's log contains them, and sets the exit code. */
function leave({ counts, planned, sent }: SentIssue, terminal: Terminal): void {
  if (sent?.stoppedBy) terminal.report(sent.stoppedBy);
  if (sent && sent.tally.unmade > 0) warnOf(unmade(sent.tally.unmade), terminal);
  // A paused domain matters only if readers wait for it.
  const paused = planned?.postponed ? (sent?.paused ?? []) : [];
  for (const { domain, until, said } of paused.slice(0, MOST_PAUSES)) {
    terminal.note(`${domain} is left alone until ${momentText(until)}: ${said}`);
  }
  if (sent?.suppressed)
    terminal.note(
      `${many(sent.suppressed, "reader")} taken off the list; to take that back: broadsheet subscribers restore --run ${sent.run}`,
    );
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

/** Warns if the issue expired during this run, with the number of readers who did not get it. */
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

/** The command that continues, with the flags that name the newsletter. */
function nextStep(slot: string, flags: SendFlags, terminal: Terminal): string {
  const command = nextCommand(terminal.cwd, `send ${slot}`, flags);
  const note = terminal.paint("dim", "only to the rest");
  const room = terminal.columns - "Next".length - LABEL_GAP;
  return labelled([["Next", withNote(command, note, room)]]);
}

export const commands = { send };
