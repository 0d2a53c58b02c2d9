import type { Config } from "../../config/config.ts";
import { openProject } from "../../config/io/load-config.ts";
import { TIMEOUTS } from "../../delivery/io/smtp/smtp-policy.ts";
import type { Sent } from "../../delivery/sending/sending.ts";
import type { Issue } from "../../digest/digest.ts";
import { BroadsheetError } from "../../errors.ts";
import { sinceText } from "../../issue/io/sending/load-issue.ts";
import { isDone, type Proposal, sendIssue, type SendOptions } from "../../issue/send.ts";
import { verdictLine } from "../../issue/assert-fit.ts";
import { readers } from "../../platform/counted.ts";
import { ask } from "../confirm.ts";
import { durationText, reporterOn } from "../reporter.ts";
import type { Terminal } from "../terminal.ts";
import { conclude } from "./conclude.ts";
import { overview } from "./overview.ts";
import type { SendFlags } from "./send-flags.ts";
import { SendProgress } from "./send-progress.ts";
import { untilInterrupted } from "./until-interrupted.ts";

/** A program is given as long as a whole message by SMTP, since it is heard of only when it ends. */
const PATIENCE_MS: Readonly<Record<Config["transport"], number>> = {
  smtp: TIMEOUTS.replyMs,
  sendmail: TIMEOUTS.sendMs,
  outbox: TIMEOUTS.replyMs,
};

/** Sends an issue to the list, or to those of it who haven't got it yet. */
export async function sendToList(
  name: string,
  flags: SendFlags,
  terminal: Terminal,
): Promise<void> {
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
    { ...result, heading: isNoneLeft ? "Nobody is left to send it to" : heading },
    flags,
    terminal,
  );
}

interface Shown {
  readonly flags: SendFlags;
  readonly terminal: Terminal;
}

function show(proposal: Proposal, config: Config, { flags, terminal }: Shown): void {
  const since = isDone(proposal.outlook) ? undefined : sinceText(proposal.issue);
  if (since !== undefined) terminal.warn(since, 0);
  if (flags.json) return;
  const verdict = verdictLine(proposal.report, terminal.paint);
  terminal.print(`${overview({ ...proposal, config, verdict }, flags, terminal)}\n`);
}

/** A list is not sent to because a script happened to say so: it says --yes. */
async function isAgreed(
  { issue, outlook }: Proposal,
  flags: SendFlags,
  terminal: Terminal,
): Promise<boolean> {
  if (flags.dryRun) return false;
  // One that has expired goes to nobody, which is noted of each.
  const isAsked = outlook.expiredAt === undefined && !flags.yes;
  if (isAsked && !(await isNamed(issue.digest.issue, outlook.readers, terminal))) return false;
  if (outlook.planned && flags.segment !== undefined) {
    terminal.note(
      "Whom it goes to was settled when its sending began: --segment changes nothing now",
    );
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
  throw new BroadsheetError("USAGE", `nobody is there to agree to ${readers(count)}`, {
    fix: "add --yes to send it without being asked",
  });
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
