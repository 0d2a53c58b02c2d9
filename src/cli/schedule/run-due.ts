import { ERROR_CODES } from "../../errors.ts";
import { lockFileOfRuns, RunLock } from "../../io/sqlite/run-lock.ts";
import { type Agenda, agendaAt } from "../../schedule/agenda.ts";
import { ON_TIME_MS } from "../../schedule/due.ts";
import type { RunJob } from "./run-job.ts";
import type { Told } from "./told.ts";

export interface RunOptions {
  /** Where nothing is due, the next slot is taken before its time. */
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
  if (isNothing(agendaFor(job, options))) return [];
  const lock = new RunLock(lockFileOfRuns(job.config.store));
  if (!lock.take()) return "busy";
  try {
    // Another run may have done it meanwhile.
    return await watched(agendaFor(job, options), job);
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

function agendaFor({ slots, schedule, clock }: RunJob, { isEarly }: RunOptions): Agenda {
  const { since, heldAt } = slots.timetable();
  const now = clock();
  if (heldAt || !since) return NOTHING;
  return agendaAt({ now, isEarly }, schedule, { since, records: slots.recent(now) });
}

const NOTHING: Agenda = { late: [], unfinished: [], merged: [], missed: [], overtaken: [] };

function isNothing({ late, unfinished, due, merged, missed, overtaken }: Agenda): boolean {
  return !due && [late, unfinished, merged, missed, overtaken].every(({ length }) => !length);
}
