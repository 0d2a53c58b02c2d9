import { ERROR_CODES } from "../errors.ts";
import { lockFileOfRuns, RunLock } from "../platform/sqlite/run-lock.ts";
import type { SlotRecord } from "./io/slots/slot-record.ts";
import { type Agenda, agendaAt } from "./agenda.ts";
import { ON_TIME_MS } from "./due.ts";
import type { RunJob } from "./run-job.ts";
import { isAllLater, standingOf } from "./standing.ts";
import type { Told } from "./told.ts";

export interface RunOptions {
  /** Where nothing is due or unfinished, the next slot is taken before its time. */
  readonly isEarly?: boolean | undefined;
}

/** What a run did; "busy" where another one is at work. */
export type RunOutcome = readonly Told[] | "busy";

/**
 * Does what is due now about the slots of a newsletter: goes on with what is unfinished, then makes and sends the
 * issue that is due. Each slot once, however many runs there are and wherever they die.
 */
export async function runDue(job: RunJob, options: RunOptions = {}): Promise<RunOutcome> {
  if (!job.slots.timetable().since) job.slots.enrol(new Date(job.clock().getTime() - ON_TIME_MS));
  if (isNothing(await agendaFor(job, options))) return [];
  const lock = new RunLock(lockFileOfRuns(job.config.store));
  if (!lock.take()) return "busy";
  try {
    // Another run may have done it meanwhile.
    return await watched(await agendaFor(job, options), job);
  } finally {
    lock.release();
  }
}

/** The watcher hears of work, not of every look whether there is some: that one asks nobody on the network. */
async function watched(agenda: Agenda, job: RunJob): Promise<readonly Told[]> {
  const { workOff } = await import("./work-off.ts");
  await job.ping?.start();
  try {
    const told = await workOff(agenda, job);
    const fault = told.find(({ ending }) => ending === "fault");
    await job.ping?.end(fault?.exit ?? 0, fault?.says);
    return told;
  } catch (error) {
    await job.ping?.end(ERROR_CODES.INTERNAL.exit);
    throw error;
  }
}

async function agendaFor(job: RunJob, { isEarly }: RunOptions): Promise<Agenda> {
  const { slots, schedule, clock } = job;
  const { since, heldAt } = slots.timetable();
  const now = clock();
  if (heldAt || !since) return NOTHING;
  const known = { since, records: slots.recent(now) };
  const agenda = agendaAt({ now }, schedule, known);
  const open = await Promise.all(
    [agenda.late, agenda.unfinished].map(async (records) => withoutThoseWhoWait(records, job)),
  );
  const [late = [], unfinished = []] = open;
  // Whoever asks again after a fault wants that issue, and not the one after it too.
  const isMore = isEarly && unfinished.length === 0;
  const { due } = isMore ? agendaAt({ now, isEarly }, schedule, known) : agenda;
  return { ...agenda, late, unfinished, ...(due && { due }) };
}

/** Where everybody who is left was put off until later, there is nothing to do now. */
async function withoutThoseWhoWait(
  records: readonly SlotRecord[],
  job: RunJob,
): Promise<readonly SlotRecord[]> {
  const some: SlotRecord[] = [];
  for (const record of records) {
    const planned = record.state === "sending" ? await standingOf(record.slot, job) : undefined;
    if (!planned || !isAllLater(planned, job.clock())) some.push(record);
  }
  return some;
}

const NOTHING: Agenda = { late: [], unfinished: [], merged: [], missed: [], overtaken: [] };

function isNothing({ late, unfinished, due, merged, missed, overtaken }: Agenda): boolean {
  return !due && [late, unfinished, merged, missed, overtaken].every(({ length }) => !length);
}
