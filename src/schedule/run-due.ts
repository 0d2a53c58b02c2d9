import type { IssueRecord } from "../delivery/io/issue-records.ts";
import { BroadsheetError, ERROR_CODES } from "../errors.ts";
import { busyError, lockOfRuns } from "../platform/store.ts";
import { type Agenda, agendaAt, ON_TIME_MS, type SlotRecord } from "./agenda.ts";
import { failed, type RunJob, isWaiting, plannedIssueOf, type SlotOutcome } from "./slot.ts";

export interface RunOptions {
  /** Whether the next slot is taken before its time if nothing is due or unfinished. */
  readonly isEarly?: boolean | undefined;
}

/** The outcomes of a run, or LEDGER_BUSY if another run began at the same time. */
export type RunOutcome = readonly SlotOutcome[] | BroadsheetError;

/** If two schedulers start a run within this time of each other, that is not a fault. */
const AT_ONCE_MS = 60_000;

/**
 * Does the work that is due for the slots of a newsletter. It continues unfinished issues, then makes and sends the due
 * issue. Each slot is run once, even if there are many runs and some of them die.
 * @throws BroadsheetError STORE_MOVED; LEDGER_BUSY if another run has worked for more than a minute.
 */
export async function runDue(job: RunJob, options: RunOptions = {}): Promise<RunOutcome> {
  await job.records.assertAtHome(job.env);
  const { since } = await job.records.timetable();
  const passed = since ? [] : await beginTimetable(job);
  if (isNothing(await agendaFor(job, options))) return passed;
  const lock = await lockOfRuns(job.config);
  if (!(await lock.take())) {
    const holder = await lock.holder();
    const busy = busyError("at work", holder);
    if (holder.heldMs < AT_ONCE_MS) return busy;
    throw busy;
  }
  try {
    // Another run may have done the work meanwhile.
    return [...passed, ...(await watched(await agendaFor(job, options), job))];
  } finally {
    await lock.release();
  }
}

/**
 * Begins the timetable with the first run of a newsletter. Drafts whose time has passed are missed. They are reported,
 * because their editor was shown a time at which they would go out.
 */
async function beginTimetable({
  config,
  records,
  schedule,
  clock,
}: RunJob): Promise<SlotOutcome[]> {
  const now = clock().getTime();
  const since = new Date(now - ON_TIME_MS);
  await records.enrol(since);
  const { draftsBetween } = await import("./left-behind.ts");
  const drafts = await draftsBetween(new Date(now - schedule.maxLate), since, config);
  const known = await records.all();
  const passed = drafts.filter(({ slot }) => !known.has(slot));
  await records.passOver(passed, "miss");
  return passed.map(({ slot }) => failed(slot, "missed", { error: passedBefore(slot) }));
}

function passedBefore(slot: string): BroadsheetError {
  const what = `${slot} was not sent: its time had passed when the schedule was run for the first time`;
  return new BroadsheetError("ISSUE_EXPIRED", what, { fix: `to send it: broadsheet send ${slot}` });
}

/** Does the work of an agenda with pings to the watcher. A run without work does not ping, so that it uses no network. */
async function watched(agenda: Agenda, job: RunJob): Promise<readonly SlotOutcome[]> {
  const { workOff } = await import("./work-off.ts");
  await job.ping?.start();
  try {
    const outcomes = await workOff(agenda, job);
    const fault = outcomes.find(({ ending }) => ending === "fault");
    await job.ping?.end(fault?.exit ?? 0, fault?.says);
    return outcomes;
  } catch (error) {
    await job.ping?.end(ERROR_CODES.INTERNAL.exit);
    throw error;
  }
}

async function agendaFor(job: RunJob, { isEarly }: RunOptions): Promise<Agenda> {
  const { records, schedule, clock } = job;
  const { since, heldAt } = await records.timetable();
  const now = clock();
  if (heldAt || !since) return NOTHING;
  const recorded = { since, records: await recordsOf(job) };
  const agenda = agendaAt({ now }, schedule, recorded);
  const late = await withoutThoseWhoWait(agenda.late, job);
  const unfinished = await withoutHeld(await withoutThoseWhoWait(agenda.unfinished, job), job);
  // If `run --now` is repeated after a fault, it means the failed issue, and not also the next one.
  if (!isEarly || unfinished.length > 0) return { ...agenda, late, unfinished };
  const early = agendaAt({ now, isEarly }, schedule, recorded);
  return {
    ...early,
    late,
    unfinished: early.unfinished.filter(({ state }) => state === "approved"),
  };
}

/** The records that matter now. A waiting issue that is no longer in the outbox becomes a draft again. */
async function recordsOf({ records, clock, config }: RunJob): Promise<readonly IssueRecord[]> {
  const recent = await records.recent(clock());
  const waiting = recent.filter(({ state }) => state === "waiting");
  for (const { slot, state: seen, digestHash } of waiting) {
    if (await isGone(slot, config))
      await records.move({ slot }, { seen, event: "lose", digestHash });
  }
  return waiting.length > 0 ? records.recent(clock()) : recent;
}

async function isGone(slot: string, { outbox, slug }: RunJob["config"]): Promise<boolean> {
  // The code is loaded here, because most runs find no waiting issue.
  const { readIssue } = await import("../issue/io/outbox.ts");
  try {
    await readIssue(outbox, slug, slot);
    return false;
  } catch (error) {
    if (error instanceof BroadsheetError) return error.code === "ISSUE_MISSING";
    throw error;
  }
}

/** Leaves out issues whose remaining recipients are all deferred. They need no work now. */
async function withoutThoseWhoWait(
  records: readonly SlotRecord[],
  job: RunJob,
): Promise<readonly SlotRecord[]> {
  const some: SlotRecord[] = [];
  for (const record of records) {
    const planned = record.state === "sending" ? await plannedIssueOf(record.slot, job) : undefined;
    if (!planned || !isWaiting(planned, job.clock())) some.push(record);
  }
  return some;
}

/** Leaves out issues that a run held for an editor, if the reason still holds. */
async function withoutHeld(
  records: readonly SlotRecord[],
  job: RunJob,
): Promise<readonly SlotRecord[]> {
  const some = records.filter(({ state }) => state !== "waiting");
  if (some.length === records.length) return records;
  const { isStillHeld } = await import("./work-off.ts");
  for (const record of records) {
    if (record.state === "waiting" && !(await isStillHeld(record.slot, job))) some.push(record);
  }
  return some;
}

const NOTHING: Agenda = { late: [], unfinished: [], merged: [], missed: [], overtaken: [] };

function isNothing({ late, unfinished, due, merged, missed, overtaken }: Agenda): boolean {
  return !due && [late, unfinished, merged, missed, overtaken].every(({ length }) => !length);
}

/**
 * Sends an approved issue whose time has come. If another run works, LEDGER_BUSY is returned, and the next run sends it.
 * @throws BroadsheetError as `sendApproved`.
 */
export async function sendWhenFree(
  slot: string,
  job: RunJob,
): Promise<SlotOutcome | BroadsheetError | undefined> {
  const lock = await lockOfRuns(job.config);
  if (!(await lock.take())) return busyError("at work", await lock.holder());
  try {
    return await sendApproved(slot, job);
  } finally {
    await lock.release();
  }
}

/**
 * Sends the issue of a slot that an editor has approved. The caller holds the lock of runs.
 * @throws BroadsheetError the errors of sending; ISSUE_MISSING if the next run will build the issue again.
 */
async function sendApproved(slot: string, job: RunJob): Promise<SlotOutcome | undefined> {
  // The code that sends an issue is loaded only here, because most runs send nothing.
  const [{ sendSlot }, { beginsAgain }, { goneError }] = await Promise.all([
    import("./send-slot.ts"),
    import("./work-off.ts"),
    import("../issue/issue-to-send.ts"),
  ]);
  try {
    const { digestHash } = (await job.records.find(slot)) ?? {};
    return await sendSlot({ slot, state: "approved", digestHash }, job);
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    const isAgain = await beginsAgain(slot, error, job);
    const reported = isAgain && error.code === "ISSUE_MISSING" ? goneError(slot) : error;
    const { says, code } = failed(slot, "approved", { error: reported });
    await job.records.note(slot, says, code);
    throw reported;
  }
}
