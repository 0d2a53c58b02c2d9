import path from "node:path";
import type { Report } from "../check/finding.ts";
import { type Counts, NO_READERS, type PlannedIssue, type Start } from "../delivery/ledger.ts";
import { isFrozen, refusal, stateAfter } from "../delivery/life.ts";
import type { Sent } from "../delivery/deliver.ts";
import { BroadsheetError } from "../errors.ts";
import { openRecords } from "../delivery/io/issue-records.ts";
import { momentText, systemClock } from "../platform/clock.ts";
import { counted } from "../platform/text.ts";
import type { Environment } from "../platform/environment.ts";
import type { Reporter } from "../platform/reporter.ts";
import {
  ListSending,
  type Outlook,
  type PlanOptions,
  type RunOptions,
  type SendingSettings,
} from "./io/sending/list-sending.ts";
import type { SiteSettings } from "./io/sent-issues.ts";
import {
  issueForList,
  issueInOutbox,
  readReport,
  type StoredSettings,
  writeUnwritten,
} from "./io/sending/load-issue.ts";
import {
  type IssueToSend,
  articlesOf,
  assertFit,
  goneError,
  assertLookedAt,
  parseArticles,
} from "./issue-to-send.ts";

/** The delivery that is about to begin, before the user or the caller agrees. */
export interface Proposal {
  readonly issue: IssueToSend;
  /** The report of the checks; undefined if they were not run. */
  readonly report: Report | undefined;
  /** `host:port`, the program, or the folder for messages. */
  readonly through: string;
  /** The size of one message in bytes. */
  readonly size: number;
  readonly outlook: Outlook;
}

interface SendingStart extends Pick<Start, "seen" | "event" | "at"> {
  /** The hash of the approved digest. The issue is not sent if its digest has changed since. */
  readonly digestHash?: string | undefined;
}

export interface SendOptions extends Omit<PlanOptions, "start"> {
  readonly env: Environment;
  readonly reporter: Reporter;
  /** Whether the issue is sent although the checks found errors or marked lines of a model. */
  readonly isForced?: boolean | undefined;
  /** The state that a run has seen. Without it, an editor sends the issue in its current state. */
  readonly start?: SendingStart | undefined;
  /** Whether marked lines of a model do not stop it: an editor approved the issue, or the run found none. */
  readonly isApproved?: boolean | undefined;
  /** Shows the proposal. It is called before the report can stop the issue. */
  readonly show?: (proposal: Proposal) => void;
  /** Asks whether to send. It is called only if readers remain. */
  readonly agree: (proposal: Proposal) => Promise<boolean> | boolean;
  /** Runs the delivery. The caller sets its limits and its signal and follows its progress. */
  readonly deliver: (
    run: (options: RunOptions) => Promise<Sent>,
    proposal: Proposal,
  ) => Promise<Sent>;
}

/** The state of an issue after `sendIssue`. */
export interface SentIssue extends Proposal {
  /** The result of this run; undefined if nothing was sent. */
  readonly sent: Sent | undefined;
  /** The issue in the ledger; undefined if its sending never began. */
  readonly planned: PlannedIssue | undefined;
  /** The number of readers in each state; before sending begins, the expected numbers. */
  readonly counts: Counts;
  /** The number of readers who get nothing because the issue expired in this run. */
  readonly late: number;
  /** The number of readers who came into doubt in this run: they may or may not have the issue. */
  readonly doubted: number;
  /** The reason why the other readers do not get it now: the results of the first readers are pending, or stopped the issue. */
  readonly withheld?: BroadsheetError | undefined;
}

/**
 * Sends an issue to the list, or to the readers who do not have it yet. It loads the issue, freezes recipients and content,
 * delivers the messages and returns the result. With `archive` in the config, it first publishes the archive and throws the
 * errors of `publishArchive`.
 * @throws BroadsheetError USAGE if the state forbids it; ISSUE_CHANGED if the issue is not the approved one; CHECK_FAILED if
 * the checks found errors; CONTENT_DOUBTFUL if they marked lines of a model that no editor has accepted; ISSUE_MISSING; and
 * the errors of `ListSending`.
 */
export async function sendIssue(
  name: string,
  config: SendingSettings & StoredSettings & SiteSettings,
  options: SendOptions,
): Promise<SentIssue> {
  const load = options.revise ? issueInOutbox : issueForList;
  const issue = await load(name, config, options.reporter).catch(async (error: unknown) => {
    throw await missing(error, name, config);
  });
  const start = options.start ?? (await startByEditor(issue, config));
  assertSendable(issue, start);
  const report = await readReport(issue);
  const sending = await ListSending.open(issue, config, options.env);
  try {
    const { through, size } = sending;
    const outlook = await sending.outlook(options);
    const proposal = { issue, report, through, size, outlook };
    options.show?.(proposal);
    if (!options.isForced) assertFit(issue, report);
    const isBegun = outlook.planned !== undefined && !options.revise;
    const isApproved = options.isApproved === true || start.seen === "approved";
    if (!options.isForced && !isApproved && !isBegun) assertLookedAt(issue, report);
    const isToGo = !isDone(outlook) && (await options.agree(proposal));
    if (!isToGo) return conclude(proposal, await sending.plannedIssue());
    await sending.plan({ ...options, start: startOf(issue, start) });
    await writeUnwritten(issue, config);
    await publishPages(config);
    const { atMost: most, why } = await sending.canary();
    if (most === 0) return { ...conclude(proposal, await sending.plannedIssue()), withheld: why };
    const deliver = async (run: RunOptions) =>
      sending.run(most < Infinity ? { ...run, atMost: Math.min(run.atMost ?? most, most) } : run);
    const sent = await options.deliver(deliver, proposal);
    const { why: withheld } = await sending.canary();
    return { ...conclude(proposal, await sending.plannedIssue(), sent), withheld };
  } finally {
    await sending.close();
  }
}

/** The web pages must exist before the first message links to them. */
async function publishPages(config: StoredSettings & SiteSettings): Promise<void> {
  if (!config.archive) return;
  const { publishArchive } = await import("./io/sent-issues.ts");
  await publishArchive(config, config.archive.dir);
}

/** The error for an issue that can't be loaded, with a remedy if it waits or is approved. */
async function missing(
  error: unknown,
  name: string,
  { store, slug }: StoredSettings,
): Promise<unknown> {
  if (!(error instanceof BroadsheetError) || error.code !== "ISSUE_MISSING") return error;
  const slot = path.basename(name);
  await using records = await openRecords({ store, slug }, systemClock, { isLooking: true });
  const state = (await records.find(slot))?.state;
  return state === "waiting" || state === "approved" ? goneError(slot) : error;
}

/**
 * The state of an issue that an editor sends.
 * @throws BroadsheetError USAGE if it is held.
 */
async function startByEditor(
  { digest: { issue }, articlesText }: IssueToSend,
  { store }: Pick<StoredSettings, "store">,
): Promise<SendingStart> {
  const { newsletter, slot } = issue;
  await using records = await openRecords({ store, slug: newsletter }, systemClock, {
    isLooking: true,
  });
  const { state = "draft", at = slotTimeIn(articlesText) } = (await records.find(slot)) ?? {};
  await records.assertNotHeld(slot);
  return { seen: state, event: "send", at };
}

/** The time at which the schedule sends an issue, as recorded by its build. */
function slotTimeIn(articlesText: string | undefined): Date | undefined {
  const at = parseArticles(articlesText)?.at;
  return at === undefined ? undefined : new Date(at);
}

/** @throws BroadsheetError USAGE, ISSUE_CHANGED */
function assertSendable(
  { digest: { issue }, digestHash: hash }: IssueToSend,
  { seen, event, digestHash }: SendingStart,
): void {
  if (!isFrozen(seen) && stateAfter(seen, event) === undefined)
    throw refusal(issue.slot, seen, event);
  if (digestHash === undefined || digestHash === hash) return;
  const what = `${issue.slot} was changed after it had been approved`;
  throw new BroadsheetError("ISSUE_CHANGED", what, {
    fix: `look at it: broadsheet desk; then approve it again: broadsheet approve ${issue.slot}`,
  });
}

function startOf(issue: IssueToSend, { seen, event, at, digestHash }: SendingStart): Start {
  return {
    seen,
    seenHash: digestHash,
    event,
    at,
    articles: articlesOf(issue),
    number: issue.digest.issue.number,
  };
}

/** Whether no reader remains. A reader whose message was in flight in a crashed run must be settled too. */
export function isDone({ planned, readers }: Outlook): boolean {
  return planned !== undefined && readers === 0 && planned.counts.sending === 0;
}

function conclude(proposal: Proposal, planned: PlannedIssue | undefined, sent?: Sent): SentIssue {
  const before = proposal.outlook.planned?.counts;
  const { skipped = 0, uncertain = 0 } = planned?.counts ?? {};
  const unmade = sent?.tally.skipped ?? 0;
  return {
    ...proposal,
    sent,
    planned,
    counts: planned?.counts ?? {
      ...NO_READERS,
      planned: proposal.outlook.readers,
      suppressed: proposal.outlook.leftOut,
    },
    late: skipped - (before?.skipped ?? 0) - unmade,
    doubted: uncertain - (before?.uncertain ?? 0),
  };
}

/** The error for readers who get nothing because the issue expired. */
export function tooLate(slot: string, expiredAt: Date, late: number): BroadsheetError {
  const what = `it could be sent until ${momentText(expiredAt)}, and ${counted(late)} get it no longer`;
  return new BroadsheetError("ISSUE_EXPIRED", what, {
    fix: `to send it anyway: broadsheet retry ${slot}, then send`,
  });
}

/** The error for readers whose message could not be made. */
export function unmade(count: number): BroadsheetError {
  return new BroadsheetError(
    "EMAIL_INVALID",
    `${counted(count)} have no message, because it could not be made`,
    {
      fix: "broadsheet explain ADDRESS says why",
    },
  );
}
