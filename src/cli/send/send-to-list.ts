import type { Config } from "../../config/config.ts";
import { BroadsheetError } from "../../errors.ts";
import type { IssueToSend } from "../../issue/issue-to-send.ts";
import { limitMemory } from "../../issue/io/sending/limit-memory.ts";
import { ListSending, type Outlook, type RunOptions } from "../../issue/io/sending/list-sending.ts";
import { TIMEOUTS } from "../../delivery/io/smtp/smtp-policy.ts";
import {
  issueForList,
  issueInOutbox,
  sinceText,
  writeUnwritten,
} from "../../issue/io/sending/load-issue.ts";
import { durationText } from "../progress.ts";
import { openProject } from "../../config/io/open-project.ts";
import { reporterOn } from "../reporter.ts";
import type { Terminal } from "../terminal.ts";
import { conclude, type Ending } from "./conclude.ts";
import { confirmByName } from "./confirm-by-name.ts";
import { readers } from "../../platform/counted.ts";
import { overview } from "./overview.ts";
import type { SendFlags } from "./send-flags.ts";
import { SendProgress } from "./send-progress.ts";
import { untilInterrupted } from "./until-interrupted.ts";
import { readReport } from "../../issue/io/read-report.ts";
import { assertFit, verdictLine } from "../../issue/verdict.ts";

interface Job {
  readonly issue: IssueToSend;
  readonly sending: ListSending;
  readonly outlook: Outlook;
  readonly config: Config;
}

/** Sends an issue to the list, or to those of it who haven't got it yet. */
export async function sendToList(
  name: string,
  flags: SendFlags,
  terminal: Terminal,
): Promise<void> {
  limitMemory();
  const config = await openProject(flags, terminal);
  const read = flags.revise ? issueInOutbox : issueForList;
  const issue = await read(name, config, reporterOn(terminal));
  const report = await readReport(issue);
  const sending = await ListSending.open(issue, config, process.env);
  try {
    const outlook = await sending.outlook(flags);
    const since = isDone(outlook) ? undefined : sinceText(issue);
    if (since !== undefined) terminal.warn(since, 0);
    const job = { issue, sending, outlook, config };
    if (!flags.json) {
      const verdict = verdictLine(report, terminal.paint);
      terminal.print(`${overview({ ...job, verdict }, flags, terminal)}\n`);
    }
    if (!flags.force) assertFit(issue, report);
    const ending = await sendIfAgreed(job, flags, terminal);
    await conclude({ ...job, ending }, flags, terminal);
  } finally {
    await sending.close();
  }
}

async function sendIfAgreed(job: Job, flags: SendFlags, terminal: Terminal): Promise<Ending> {
  const { issue, sending, outlook } = job;
  if (flags.dryRun) return { heading: "Nothing was sent: a dry run", isHalted: true };
  if (isDone(outlook)) return { heading: "Nobody is left to send it to" };
  // One that has expired goes to nobody, which is noted of each.
  const isAsked = outlook.expiredAt === undefined;
  if (isAsked && !(await isAgreed(job, flags, terminal)))
    return { heading: "Not sent", isHalted: true };
  if (outlook.planned && flags.segment !== undefined) {
    terminal.note(
      "Whom it goes to was settled when its sending began: --segment changes nothing now",
    );
  }
  await sending.plan(flags);
  await writeUnwritten(issue);
  return run(job, flags, terminal);
}

/** Whoever a run that died was sending to is to be settled too. */
function isDone({ planned, readers: left }: Outlook): boolean {
  return planned !== undefined && left === 0 && planned.counts.sending === 0;
}

/** A program is given as long as a whole message by SMTP, since it is heard of only when it ends. */
const PATIENCE_MS: Readonly<Record<Config["transport"], number>> = {
  smtp: TIMEOUTS.replyMs,
  sendmail: TIMEOUTS.sendMs,
  outbox: TIMEOUTS.replyMs,
};

async function run(
  { sending, outlook, config: { transport } }: Job,
  flags: SendFlags,
  terminal: Terminal,
): Promise<Ending> {
  const progress = new SendProgress(terminal, Math.min(outlook.readers, flags.limit ?? Infinity));
  const begun = performance.now();
  try {
    let inFlight = 0;
    const onTurn: RunOptions["onTurn"] = (tally, sentNow) => {
      inFlight = sentNow;
      progress.show(tally);
    };
    const { result, isInterrupted } = await untilInterrupted(
      terminal,
      async (signal) => sending.run({ atMost: flags.limit, signal, onTurn }),
      { inFlight: () => inFlight, patienceMs: PATIENCE_MS[transport] },
    );
    const took = durationText((performance.now() - begun) / 1000);
    const isWhole = !isInterrupted && !result.stoppedBy && result.tally.late === 0;
    return { heading: `${isWhole ? "Sent in" : "Stopped after"} ${took}`, sent: result };
  } finally {
    progress.close();
  }
}

/** A list is not sent to because a script happened to say so: it says --yes. */
async function isAgreed(
  { issue, outlook }: Job,
  flags: SendFlags,
  terminal: Terminal,
): Promise<boolean> {
  if (flags.yes) return true;
  const { number, slot } = issue.digest.issue;
  if (terminal.isInteractive) return confirmByName(String(number ?? slot));
  throw new BroadsheetError("USAGE", `nobody is there to agree to ${readers(outlook.readers)}`, {
    fix: "add --yes to send it without being asked",
  });
}
