import { Option } from "commander";
import { openProject } from "../../config/io/load-config.ts";
import { NO_READERS, deliveryCounts } from "../../delivery/ledger.ts";
import { TIMEOUTS } from "../../delivery/settings.ts";
import type { Sent, Tally } from "../../delivery/deliver.ts";
import type { Issue } from "../../digest/digest.ts";
import { BroadsheetError } from "../../errors.ts";
import { verdictText, type IssueToSend } from "../../issue/issue-to-send.ts";
import { issueInOutbox, sinceText } from "../../issue/io/sending/load-issue.ts";
import {
  composeCopy,
  type Copy,
  sendCopy,
  type State,
  stateAfter,
} from "../../issue/io/sending/mail-route.ts";
import type { SendingSettings } from "../../issue/io/sending/list-sending.ts";
import { isDone, type Proposal, sendIssue, type SendOptions } from "../../issue/send.ts";
import { counted, many } from "../../platform/counted.ts";
import { parseRecipient } from "../../subscribers/recipient.ts";
import { type Configure, outboxFlags, parseCount, parseLine } from "../flags.ts";
import { durationText, Progress, reporterOn } from "../reporter.ts";
import {
  conclude,
  mailbox,
  overview,
  readersLine,
  type SendFlags,
  throughLine,
} from "../send-view.ts";
import { untilInterrupted } from "../until-interrupted.ts";
import { type Style, type Terminal, Interrupted } from "../terminal.ts";
import { createInterface } from "node:readline";

const send: Configure = (command, terminal) => {
  // One copy may go to an address that isn't on the list: the ledger has no record of it.
  const to = new Option("--to <ADDRESS>", 'one copy, to name@domain or "Name <name@domain>"');
  outboxFlags(command)
    .argument("<ISSUE>", "its date, its folder, or: latest")
    .addOption(to.conflicts(["limit", "segment", "revise"]))
    .option("--yes", "don't ask before it goes")
    .option("--dry-run", "say what would be done, and send nothing")
    .option("--limit <N>", "send to so many readers and no more", parseCount("--limit"))
    .option("--segment <EXPR>", "only to these, such as: tag:de", parseLine("--segment"))
    .option("--force", "send in spite of what the checks found")
    .option("--revise", "send what the issue is now to the readers who haven't got it yet")
    .addHelpText("after", HELP)
    .action(async (name: string, flags: SendFlags) =>
      flags.to === undefined
        ? sendToList(name, flags, terminal)
        : sendOne(name, { ...flags, to: flags.to }, terminal),
    );
};

const HELP = `
Each subscriber gets an issue once. What is left after a run (put off by a server, or the run was stopped) is
sent by the same command, which leaves with 75 until nothing is left. A first Ctrl-C lets what is in flight
land, and says how many that is; a second one leaves at once, and the next run has those in doubt. SIGTERM, and a
terminal whose connection breaks, end it within ten seconds, with in doubt what has not landed by then.

The mail server is named by SMTP_URL, in the environment or in .env beside the config, and BROADSHEET_SECRET
signs each reader's way out. Where the server wants access tokens (Gmail, Microsoft 365), SMTP_URL has a user without
a password, and what tokens are fetched with is in SMTP_OAUTH_CLIENT_ID, SMTP_OAUTH_CLIENT_SECRET,
SMTP_OAUTH_REFRESH_TOKEN and SMTP_OAUTH_TOKEN_URL (docs/sending.md). With transport: "sendmail" in the config a
program on this machine takes the mail, and no SMTP_URL is needed.

Examples:
  broadsheet send 2026-11-24 --to you@example.org
  broadsheet send latest --dry-run
  broadsheet send latest --yes --json
  broadsheet send latest --segment 'tag:harbour and not language:de' --limit 500`;

/** A program is given as long as a whole message by SMTP, since it answers only when it ends. */
const PATIENCE_MS: Readonly<Record<SendingSettings["transport"], number>> = {
  smtp: TIMEOUTS.replyMs,
  sendmail: TIMEOUTS.sendMs,
  outbox: TIMEOUTS.replyMs,
};

/** Sends an issue to the list, or to those of it who haven't got it yet. */
async function sendToList(name: string, flags: SendFlags, terminal: Terminal): Promise<void> {
  const config = await openProject(flags, terminal);
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
      const patienceMs = PATIENCE_MS[config.transport];
      const ended = await watched(run, { most, patienceMs, flags, terminal });
      heading = ended.heading;
      return ended.sent;
    },
  });
  const isNoneLeft = isDone(result.outlook) && !flags.dryRun;
  conclude(
    { ...result, heading: isNoneLeft ? "No reader is left to send it to" : heading },
    flags,
    terminal,
  );
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
  };
  terminal.print(`${overview(shown, terminal)}\n`);
}

/** A script that sends to the list has to say --yes. */
async function isAgreed(
  { issue, outlook }: Proposal,
  flags: SendFlags,
  terminal: Terminal,
): Promise<boolean> {
  if (flags.dryRun) return false;
  // One that has expired goes to no reader, which is noted of each.
  const isAsked = outlook.expiredAt === undefined && !flags.yes;
  if (isAsked && !(await isNamed(issue.digest.issue, outlook.readers, terminal))) return false;
  if (outlook.planned && flags.segment !== undefined) {
    terminal.note("Its readers were settled when its sending began: --segment changes nothing now");
  }
  return true;
}

/** Whether the operator types the name of what is about to go out: a list is more than a yes that slipped. */
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
  /** So many readers at most get it in this run. */
  readonly most: number;
  readonly patienceMs: number;
}

/** Delivers until it ends or is interrupted, with its progress on stderr. */
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
    return { sent, heading: `${isWhole ? "Sent in" : "Stopped after"} ${took}` };
  } finally {
    progress.close();
  }
}

/** How far the sending has come, with what didn't go well so far. The caller closes it. */
class SendProgress {
  readonly #progress: Progress;
  #done = 0;

  constructor(terminal: Terminal, total: number) {
    this.#progress = new Progress(terminal, "Sending", total);
  }

  show(tally: Tally): void {
    const done = DONE.reduce((sum, state) => sum + tally[state], 0);
    this.#progress.detail = DETAILS.filter(([state]) => tally[state] > 0)
      .map(([state, word]) => `${counted(tally[state])} ${word}`)
      .join(", ");
    this.#progress.step(done - this.#done);
    this.#done = done;
  }

  close(): void {
    this.#progress.close();
  }
}

const DONE = ["accepted", "deferred", "rejected", "uncertain", "suppressed", "skipped"] as const;

const DETAILS = [
  ["deferred", "put off"],
  ["rejected", "refused"],
  ["uncertain", "in doubt"],
  ["skipped", "skipped"],
] as const;

/** Sends one copy of an issue to an address, of which the ledger knows nothing. */
async function sendOne(
  name: string,
  flags: SendFlags & { readonly to: string },
  terminal: Terminal,
): Promise<void> {
  const to = parseRecipient(flags.to);
  const config = await openProject(flags, terminal);
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

/** A person at a terminal is asked; a script has said what it wants by --to. */
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

/** The last line: what became of the copy. */
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
 * Whether the question, asked on stderr, is answered with yes; Enter and the end of input mean no.
 * @throws Interrupted on Ctrl-C.
 */
async function confirm(question: string): Promise<boolean> {
  return /^y(?:es)?$/i.test((await ask(`${question} [y/N] `)).trim());
}

/**
 * The answer to what is asked on stderr; empty at the end of input.
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

export const commands = { send };
