import type { Config } from "../config/config.ts";
import { quarantineError } from "../subscribers/judgement.ts";
import { SILENT } from "../platform/reporter.ts";
import { leftIn, leftWords, type PlannedIssue, refusedByAll } from "../delivery/ledger.ts";
import type { Sent } from "../delivery/deliver.ts";
import { BroadsheetError, unbroken } from "../errors.ts";
import type { RunOptions } from "../issue/io/sending/list-sending.ts";
import type { IssueState } from "../delivery/life.ts";
import { counted, many } from "../platform/text.ts";
import { sinceText } from "../issue/io/sending/load-issue.ts";
import { momentText } from "../platform/clock.ts";
import { sendIssue, type SentIssue, tooLate, unmade } from "../issue/send.ts";
import {
  type RunJob,
  isWaiting,
  plannedIssueOf,
  done,
  failed,
  later,
  type SlotOutcome,
} from "./slot.ts";

/** The part of a run's job that sending an issue needs. */
export type SendingJob = Pick<RunJob, "records" | "clock" | "env" | "signal"> & {
  readonly config: Config;
};

/** An issue in the state in which a run found it. */
interface SeenIssue {
  readonly slot: string;
  readonly state: IssueState;
  /** The hash of the digest that was approved. */
  readonly digestHash?: string | undefined;
}

/**
 * Sends the issue of a slot to the list, or to the readers who don't have it yet, as `send` does. Undefined if no reader is
 * due now.
 */
export async function sendSlot(
  { slot, state, digestHash }: SeenIssue,
  job: SendingJob,
): Promise<SlotOutcome | undefined> {
  const planned = await plannedIssueOf(slot, job);
  if (planned && leftIn(planned.counts) === 0) {
    // The run that sent the last message died before it recorded the end.
    await job.records.move({ slot }, { seen: state, event: "finish" });
    return finished(slot, planned);
  }
  if (planned && isWaiting(planned, job.clock())) return undefined;
  const result = await sendIssue(slot, job.config, {
    env: job.env,
    reporter: SILENT,
    isForced: planned !== undefined,
    isApproved: true,
    start: { seen: state, event: "release", at: (await job.records.find(slot))?.at, digestHash },
    agree: () => true,
    deliver: async (run) => untilHeld(slot, job, run),
  });
  const outcome = concluded(slot, result);
  const since = sinceText(result.issue);
  return since === undefined ? outcome : { ...outcome, says: `${outcome.says}; ${since}` };
}

/** The interval at which a sending checks whether the newsletter is held. */
const LOOK_MS = 1_000;

/** Sends until the process is asked to end, or the newsletter or the issue is held. */
async function untilHeld(
  slot: string,
  job: SendingJob,
  send: (stop: RunOptions) => Promise<Sent>,
): Promise<Sent> {
  const held = new AbortController();
  let lookedAt = performance.now();
  const onTurn = async (): Promise<void> => {
    if (performance.now() - lookedAt < LOOK_MS) return;
    lookedAt = performance.now();
    if (await isHeld(slot, job)) held.abort();
  };
  return send({ signal: AbortSignal.any([job.signal, held.signal]), onTurn });
}

/** Whether the newsletter or the issue is held. */
export async function isHeld(slot: string, { records }: Pick<RunJob, "records">): Promise<boolean> {
  const { heldAt } = await records.timetable();
  return (heldAt ?? (await records.find(slot))?.heldAt) !== undefined;
}

/** The outcome for an issue whose recipients are planned. */
export function concluded(slot: string, result: SentIssue): SlotOutcome {
  const { planned, sent, doubted } = result;
  if (!planned) throw new Error("an issue was planned and isn't there");
  // An issue that the canary stopped needs an operator's decision.
  const isStopped = result.withheld?.code === "CANARY_STOPPED";
  const trouble = withDoubt(isStopped ? result.withheld : troubleIn(slot, result), slot, doubted);
  if (leftIn(planned.counts) === 0) {
    const whole = finished(slot, planned);
    return trouble ? failed(slot, "sent", { error: trouble, planned }) : whole;
  }
  // Doubt about a reader is a new fault each time.
  const lasts = trouble === sent?.stoppedBy && doubted === 0;
  if (trouble) return failed(slot, "sending", { error: trouble, planned, lasts });
  const refusal = planned.postponed && refusalIn(sent);
  if (refusal) return failed(slot, "sending", { error: refusal, planned, lasts: true });
  const { withheld } = result;
  const says = withheld ? unbroken(withheld) : leftText(planned);
  return later(slot, "sending", says, planned);
}

function finished(slot: string, planned: PlannedIssue): SlotOutcome {
  const error = refusedByAll(planned);
  if (error) return failed(slot, "sent", { error, planned });
  const { accepted, rejected, uncertain } = planned.counts;
  const others = [
    [rejected, "refused"],
    [uncertain, "in doubt"],
  ] as const;
  const words = others
    .filter(([count]) => count > 0)
    .map(([count, what]) => `, ${counted(count)} ${what}`);
  return done(slot, "sent", `sent to ${counted(accepted)}${words.join("")}`, planned);
}

/** The fault that the operator has to know. Deferred readers are not a fault, because the next run tries them again. */
function troubleIn(
  slot: string,
  { sent, outlook: { expiredAt }, late }: SentIssue,
): BroadsheetError | undefined {
  // Only this run knows the quarantined readers. The next run reports a server that still refuses.
  const quarantine = quarantineError(sent?.quarantined);
  if (quarantine) return quarantine;
  if (sent?.stoppedBy) return sent.stoppedBy;
  if (expiredAt && late > 0) return tooLate(slot, expiredAt, late);
  return sent && sent.tally.unmade > 0 ? unmade(sent.tally.unmade) : undefined;
}

/** The fault of a run, with the number of readers in doubt after it. No later run reports them. */
function withDoubt(
  trouble: BroadsheetError | undefined,
  slot: string,
  doubted: number,
): BroadsheetError | undefined {
  if (doubted === 0) return trouble;
  const doubt = new BroadsheetError(
    "SMTP_UNCERTAIN",
    `${many(doubted, "reader")} may or may not have ${slot}`,
    { fix: `broadsheet reconcile ${slot} --accept, or --resend` },
  );
  if (!trouble) return doubt;
  const fixes = [trouble.fix, doubt.fix].filter((fix) => fix !== undefined);
  return new BroadsheetError(trouble.code, `${trouble.message}; ${doubt.message}`, {
    where: trouble.where,
    fix: fixes.join("; "),
    cause: trouble,
  });
}

/** The error for a recipient domain that refuses our mail. Its readers wait. */
function refusalIn({ paused = [] }: Partial<Sent> = {}): BroadsheetError | undefined {
  const refusal = paused.find(({ isRefusal }) => isRefusal);
  if (!refusal) return undefined;
  const { domain, said } = refusal;
  return new BroadsheetError("SMTP_DEFERRED", `${domain} refuses your mail: ${said}`, {
    fix: "its remaining readers are tried again in an hour; find out the reason, such as a block list or a missing DNS record",
  });
}

function leftText({ counts, nextTry }: PlannedIssue): string {
  const words = [
    `sent to ${counted(counts.accepted)}`,
    ...leftWords(counts),
    ...(nextTry ? [`next try from ${momentText(nextTry)}`] : []),
  ];
  return words.join(", ");
}
