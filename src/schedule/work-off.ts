import { NOTICE_WORDS, noticeText } from "../platform/notice.ts";
import { gatherNotices } from "./io/gather-notices.ts";
import type { Ready, Report } from "../check/finding.ts";
import { shownEntries } from "../digest/arrange/weights.ts";
import { isDoubted } from "../digest/digest.ts";
import { BroadsheetError, type ErrorCode } from "../errors.ts";
import { type IssueState, LIFE } from "../delivery/life.ts";
import type { Agenda, Slot, SlotRecord } from "./agenda.ts";
import { counted, many } from "../platform/text.ts";
import { buildSlot, sourceReports } from "./build-slot.ts";
import {
  type RunJob,
  plannedIssueOf,
  FOR_THE_NEXT,
  timed,
  done,
  failed,
  later,
  type SlotOutcome,
} from "./slot.ts";
import { isHeld, sendSlot } from "./send-slot.ts";
import { SILENT } from "../platform/reporter.ts";
import { escapeMailHtml } from "../platform/references.ts";
import type { Recipient } from "../subscribers/recipient.ts";
import { composeCopy, sendCopy } from "../issue/io/sending/mail-route.ts";
import {
  type IssueToSend,
  articlesOf,
  assertFit,
  findingLines,
  HELD,
  heldIn,
} from "../issue/issue-to-send.ts";
import { ListSending } from "../issue/io/sending/list-sending.ts";
import type { Email } from "../email/email.ts";
import { issueInOutbox, readReport } from "../issue/io/sending/load-issue.ts";
import { momentText } from "../platform/clock.ts";

/** Does the work of an agenda, and returns the outcome of each slot. The caller holds the lock of runs. */
export async function workOff(agenda: Agenda, job: RunJob): Promise<SlotOutcome[]> {
  const outcomes = await settled(job, agenda);
  const steps: (() => Promise<SlotOutcome | undefined>)[] = [
    ...agenda.unfinished.map((record) => async () => goOn(record, job, outcomes)),
    ...(agenda.due ? [startOf(agenda.due, await mergedInto(agenda, job), { job, outcomes })] : []),
  ];
  for (const step of steps) {
    if (job.signal.aborted) break;
    const result = await step();
    if (result) outcomes.push(result);
  }
  if (agenda.due) outcomes.push(...(await sourceReports(agenda.due, job)));
  return outcomes;
}

/** Ends the slots that get no issue. */
async function settled(job: RunJob, agenda: Agenda): Promise<SlotOutcome[]> {
  const { records } = job;
  const outcomes: SlotOutcome[] = [];
  for (const record of agenda.late) {
    const result =
      record.state === "sending" ? await goOn(record, job, outcomes) : await expire(record, job);
    if (result) outcomes.push(result);
  }
  for (const record of agenda.overtaken) {
    await records.move(record, { seen: "draft", event: "miss", why: record.why });
  }
  await records.passOver(agenda.missed.map(timed), "miss");
  outcomes.push(...missedOutcomes(agenda.missed));
  await records.passOver(agenda.merged.map(timed), "merge", agenda.due?.name);
  return outcomes;
}

/** Gives one outcome for all missed slots. */
function missedOutcomes(missed: readonly Slot[]): SlotOutcome[] {
  const latest = missed.at(-1);
  if (!latest) return [];
  const others = missed.length > 1 ? `, with ${counted(missed.length - 1)} before it` : "";
  return [done(latest.name, "missed", `missed${others}: nothing ran in time`)];
}

async function expire(
  { slot, state, why }: SlotRecord,
  { records }: RunJob,
): Promise<SlotOutcome | undefined> {
  const reason = state === "waiting" ? "it was not approved" : (why ?? "it was never finished");
  if (!(await records.move({ slot }, { seen: state, event: "expire", why: reason })))
    return undefined;
  const error = new BroadsheetError("ISSUE_EXPIRED", `not sent in time: ${reason}`, {
    fix:
      state === "draft"
        ? FOR_THE_NEXT
        : `its new articles go into the next issue; to send it all the same: broadsheet send ${slot}`,
  });
  return failed(slot, "expired", { error });
}

/** Continues an issue that was approved or held, or whose sending has begun. */
async function goOn(
  { slot, state, at, digestHash }: SlotRecord,
  job: RunJob,
  outcomes: SlotOutcome[],
): Promise<SlotOutcome | undefined> {
  return guarded(slot, state, job, async () => {
    try {
      await job.onIssue?.(slot);
      return await sendSlot({ slot, state, digestHash }, job);
    } catch (error) {
      if (!(await beginsAgain(slot, error, job))) throw error;
      if (isChange(error) && job.schedule.approval === "auto") return asksAgain(slot, error, job);
      return startOf({ name: slot, at }, [], { job, outcomes })();
    }
  });
}

async function inOutbox(slot: string, { config }: RunJob): Promise<IssueToSend> {
  return issueInOutbox(slot, config, SILENT);
}

function isChange(error: unknown): error is BroadsheetError {
  return error instanceof BroadsheetError && error.code === "ISSUE_CHANGED";
}

/** An issue that differs from the approved one waits for approval again, even if the schedule needs no approval. */
async function asksAgain(slot: string, error: BroadsheetError, job: RunJob): Promise<SlotOutcome> {
  await ask(await inOutbox(slot, job), job);
  return failed(slot, "waiting", { error, lasts: true });
}

/** Sends the draft that was built, or asks the editor first. */
async function release(slot: Slot, job: RunJob): Promise<SlotOutcome | undefined> {
  const { approval, notify } = job.schedule;
  if (approval === "manual" && notify) return askApproval(slot, notify, job);
  const approved = (await job.records.find(slot.name))?.digestHash;
  if (approved !== undefined && approved !== (await inOutbox(slot.name, job)).digestHash)
    return asksAgain(slot.name, builtAgain(slot.name), job);
  const why = await whyHeld(slot.name, job);
  if (why !== undefined) return heldBack(slot, why, job);
  return sendSlot({ slot: slot.name, state: "draft" }, job);
}

/** The error for an issue whose folder was gone, and whose new version differs from the approved one. */
function builtAgain(slot: string): BroadsheetError {
  const what = `the folder of ${slot} was gone, and it was built again: it differs from the approved issue`;
  return new BroadsheetError("ISSUE_CHANGED", what, {
    fix: `look at it: broadsheet desk; then approve it again: broadsheet approve ${slot}`,
  });
}

const DOUBTED = "all its stories were read with doubt";

/**
 * The reason why an issue waits for an editor: all its stories were read with doubt, the check marked lines of a model, or an
 * editor would probably not send it unseen.
 */
async function whyHeld(slot: string, job: RunJob, isHeld = false): Promise<string | undefined> {
  const issue = await inOutbox(slot, job);
  const stories = shownEntries(issue.digest);
  // A held issue goes out after the editor has accepted all doubted stories, and not after the first one.
  if (isHeld ? stories.some(isDoubted) : stories.every(isDoubted)) return DOUBTED;
  const report = await readReport(issue);
  if (heldIn(report).length > 0) return HELD;
  return unreadyText(await readinessOf(slot, report, job), job.config.leastReady);
}

/** The readiness of an issue. An issue of an older version is checked again. */
async function readinessOf(
  slot: string,
  report: Report | undefined,
  { config, cwd }: RunJob,
): Promise<Ready | undefined> {
  const isJudged = report?.ready ?? report?.notRun.some(({ rule }) => rule === "ready");
  if (isJudged) return report?.ready;
  const { checkStoredIssue } = await import("../issue/check-stored-issue.ts");
  return (await checkStoredIssue(slot, config, {}, { cwd, reporter: SILENT })).report.ready;
}

function unreadyText(ready: Ready | undefined, least: number): string | undefined {
  if (!ready || ready.chance >= least) return undefined;
  const [chance, asked] = [ready.chance, least].map((one) => `${Math.round(one * 100)} %`);
  const lines = ready.because.map(({ as, text }) => `${as} “${shortened(text)}”`).join(", ");
  return `an editor would send it unseen with a chance of ${chance}, and leastReady is ${asked} (${lines})`;
}

const LONGEST_LINE = 60;

function shortened(text: string): string {
  return text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE).toWellFormed()}…` : text;
}

/** Whether the reason still holds for which a run held an issue. An unreadable issue stays held, and `approve` reports the fault. */
export async function isStillHeld(slot: string, job: RunJob): Promise<boolean> {
  try {
    return (await whyHeld(slot, job, true)) !== undefined;
  } catch (error) {
    if (error instanceof BroadsheetError) return true;
    throw error;
  }
}

/** Lets an issue wait for an editor, like an issue that needs approval. The editor in the config gets a copy. */
async function heldBack(slot: Slot, why: string, job: RunJob): Promise<SlotOutcome> {
  const { name } = slot;
  await ask(await inOutbox(name, job), job, { why });
  const { notify } = job.schedule;
  if (notify) await sendForApproval(slot, notify, job);
  const error = new BroadsheetError("CONTENT_DOUBTFUL", `${why}, so it waits for an editor`, {
    fix: `look at it: broadsheet desk; to send it: broadsheet approve ${name}; to leave it out: broadsheet skip ${name}`,
  });
  return failed(name, "waiting", { error, lasts: true });
}

/**
 * Lets a draft wait for approval. If approval is asked by mail, it is for the digest in that mail. An issue that is held for a
 * reason will be changed, so no digest is recorded.
 */
async function ask(
  issue: IssueToSend,
  { records }: RunJob,
  { at, why }: { readonly at?: Date; readonly why?: string } = {},
): Promise<void> {
  const { slot, number } = issue.digest.issue;
  const digestHash = why === undefined ? issue.digestHash : undefined;
  const articles = articlesOf(issue);
  const noted = { why, digestHash, number, articles };
  await records.move({ slot, at }, { seen: "draft", event: "ask", ...noted });
}

/** The earlier slots whose stories go into the due slot's issue, including those that a dead run has recorded. */
async function mergedInto(
  { due, merged }: Agenda,
  { records, clock }: RunJob,
): Promise<readonly string[]> {
  const recent = await records.recent(clock());
  const before = recent.filter(({ why, state }) => state === "merged" && why === due?.name);
  const names = [...before.map(({ slot }) => slot), ...merged.map(({ name }) => name)];
  return [...new Set(names)];
}

/** Makes the issue of a slot and sends it. Articles that it has to leave out are added to the outcomes. */
function startOf(
  slot: Slot,
  merged: readonly string[],
  { job, outcomes }: { readonly job: RunJob; readonly outcomes: SlotOutcome[] },
): () => Promise<SlotOutcome | undefined> {
  return async () =>
    guarded(slot.name, "draft", job, async () => {
      await job.onIssue?.(slot.name);
      const claim = await job.records.begin(timed(slot));
      if (!claim) return undefined;
      const ended = await buildSlot({ slot, claim, merged, lost: outcomes }, job);
      if (ended) return ended;
      if (job.signal.aborted || (await isHeld(slot.name, job)))
        return later(slot.name, "draft", "built, and not sent yet");
      return guarded(slot.name, "draft", job, async () => release(slot, job));
    });
}

/**
 * Does a step, and records its failure with the slot. The next run continues the slot. While an issue is being sent, a step
 * without a lasting fault removes the former reason.
 */
async function guarded(
  slot: string,
  state: IssueState,
  job: RunJob,
  step: () => Promise<SlotOutcome | undefined>,
): Promise<SlotOutcome | undefined> {
  const { records } = job;
  try {
    const outcome = await step();
    // An issue that the canary stopped already has its reason.
    if (outcome?.state === "sending" && outcome.code !== "CANARY_STOPPED") {
      const { says, code } = outcome.lasts ? outcome : {};
      await records.note(slot, says, code);
    }
    return outcome;
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    // The outcome shows the counts of the issue. The ledger itself may be the fault, so its error is ignored here.
    const planned = await plannedIssueOf(slot, job).catch(() => undefined);
    const found = (await records.find(slot))?.state ?? state;
    const outcome = failed(slot, found, { error, planned, lasts: true });
    await records.note(slot, outcome.says, outcome.code);
    return outcome;
  }
}

/**
 * Makes an issue a draft again if it is gone from the outbox or differs from the approved one, and returns whether it is one.
 * An edit since then has already made it a draft.
 */
export async function beginsAgain(
  slot: string,
  error: unknown,
  { records }: Pick<RunJob, "records">,
): Promise<boolean> {
  const event = error instanceof BroadsheetError ? LOSSES[error.code] : undefined;
  const { state: seen, digestHash } = (await records.find(slot)) ?? {};
  if (event === undefined || seen === undefined) return false;
  return seen === LIFE[event].to || records.move({ slot }, { seen, event, digestHash });
}

const LOSSES: Partial<Record<ErrorCode, "lose" | "change">> = {
  ISSUE_MISSING: "lose",
  ISSUE_CHANGED: "change",
};

/**
 * Sends the editor a copy of an issue, with the findings of the checks and the command to approve it. A fault that would stop
 * the issue is reported now, and not after the approval.
 */
export async function askApproval(slot: Slot, to: Recipient, job: RunJob): Promise<SlotOutcome> {
  const issue = await sendForApproval(slot, to, job);
  await ask(issue, job, { at: slot.at });
  return done(slot.name, "waiting", `waits to be approved: broadsheet approve ${slot.name}`);
}

async function sendForApproval(slot: Slot, to: Recipient, job: RunJob): Promise<IssueToSend> {
  const { config } = job;
  const issue = await inOutbox(slot.name, job);
  const report = await readReport(issue);
  assertFit(issue, report);
  const words = wordsFor(slot, { goesTo: await goesTo(issue, job), job });
  const findings = [...findingLines(report, issue.digest), ...(await noticeLines(job))];
  const email = withWords(issue.email, { ...words, findings });
  await sendCopy(await composeCopy({ ...issue, email }, to, config));
  return issue;
}

/** The notices that need attention, besides the findings of the check. */
async function noticeLines({ config, clock, env }: RunJob): Promise<string[]> {
  const notices = await gatherNotices(config, { clock, env });
  return notices
    .filter(({ severity, about }) => severity !== "note" && about.rule === undefined)
    .map((notice) => `${NOTICE_WORDS[notice.severity]}: ${noticeText(notice)}`);
}

async function goesTo(issue: IssueToSend, { config, env }: RunJob): Promise<string> {
  const sending = await ListSending.open(issue, config, env);
  try {
    return many((await sending.outlook({})).readers, "reader");
  } finally {
    await sending.close();
  }
}

/** The text for the editor above the issue. */
interface Words {
  /** The issue, and the readers that it goes to. */
  readonly heading: string;
  /** The verdict of the checks, then a line for each finding and each notice that needs attention. */
  readonly findings: readonly string[];
  /** The commands to change, approve or skip it. */
  readonly waysOn: readonly string[];
}

interface Asking {
  readonly goesTo: string;
  readonly job: RunJob;
}

function wordsFor({ name, at }: Slot, { goesTo, job }: Asking): Omit<Words, "findings"> {
  const until = new Date(at.getTime() + job.schedule.maxLate);
  return {
    heading: `${name} waits for you, to go to ${goesTo}.`,
    waysOn: [
      `To look at it, change it and approve it in the browser: broadsheet desk --slot ${name}`,
      `To send it as it is: broadsheet approve ${name}`,
      `To leave it out: broadsheet skip ${name}`,
      `In ${job.config.folder}, until ${momentText(until)}; after that it is not sent.`,
    ],
  };
}

function withWords(email: Email, { heading, findings, waysOn }: Words): Email {
  const groups = [[heading], findings, waysOn];
  const paragraphs = groups.map(
    (lines) => `<p style="margin:0 0 8px">${lines.map(escapeMailHtml).join("<br>")}</p>`,
  );
  const box = `<div dir="ltr" lang="en" style="${BOX}">${paragraphs.join("")}</div>`;
  const text = groups.map((lines) => lines.join("\n")).join("\n\n");
  return {
    ...email,
    subject: `To approve: ${email.subject}`,
    html: email.html.replace(/<body[^>]*>/i, (body) => body + box),
    text: `${text}\n\n${"-".repeat(60)}\n\n${email.text}`,
  };
}

const BOX =
  "padding:12px 16px;background-color:#FFF3C4;color:#1A1A1A;font:14px/20px Arial,sans-serif;text-align:left";
