import path from "node:path";
import { BroadsheetError, ERROR_CODES, type ErrorCode, unbroken } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import {
  forgetToldFaults,
  readToldFaults,
  toldFile,
  writeToldFaults,
} from "../../schedule/io/told-faults.ts";
import { newsOf } from "../../schedule/news.ts";
import { messageOf, type Terminal } from "../terminal.ts";
import type { RunFlags } from "./scheduled.ts";
import { isHeard } from "./tell.ts";
import type { Told } from "../../schedule/told.ts";
import { type Job, withJob } from "./with-job.ts";

/**
 * Whether somebody knows of what there is to tell of a slot; it is noted that they do from now on. What can't be
 * noted is told.
 */
export function isKnown(told: Told, job: Job): boolean {
  try {
    return noteTold(told, job);
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    return false;
  }
}

function noteTold(
  { slot, says, code, lasts, planned }: Told,
  { slots, schedule, clock }: Job,
): boolean {
  const known = slots.toldOf(slot);
  // While a domain is left alone nothing is mended.
  const isMended = code === undefined && !planned?.postponed;
  if (isMended && Object.keys(known).length > 0) slots.noteTold(slot, undefined);
  if (code === undefined || !lasts) return false;
  const at = slots.find(slot)?.at;
  const until = planned?.expiresAt ?? (at && new Date(at.getTime() + schedule.maxLate));
  const news = newsOf({ code, says, until }, known, clock());
  if (news) slots.noteTold(slot, news);
  return !news;
}

interface Telling {
  readonly flags: Pick<RunFlags, "config" | "verbose">;
  readonly terminal: Terminal;
}

/**
 * Does work that needs a config and a store. Where they are at fault, or we are, that is told, as seldom as the faults
 * of slots are; what the work gives, undefined then.
 */
export async function withKnownFaults<Result>(
  { flags, terminal }: Telling,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  const file = fileOf({ flags, terminal });
  try {
    const result = await work();
    await forgetToldFaults(file);
    return result;
  } catch (error) {
    const fault = faultOf(error);
    const news = newsOf(fault, await readToldFaults(file), systemClock());
    if (news) await writeToldFaults(file, news);
    if (news || isHeard(terminal, flags.verbose === true)) terminal.report(error);
    else terminal.exitCode ||= ERROR_CODES[fault.code].exit;
    return undefined;
  }
}

/** Has all faults told again. */
export async function forgetTold(telling: Telling): Promise<void> {
  const { flags, terminal } = telling;
  await withJob(flags, terminal, async ({ slots }) => slots.forgetTold());
  await forgetToldFaults(fileOf(telling));
}

function fileOf({ flags, terminal }: Telling): string {
  // Named as by 0.1.0, whatever the config's own name is.
  return toldFile(path.resolve(terminal.cwd, flags.config ?? "broadsheet.config.ts"));
}

function faultOf(error: unknown): { readonly code: ErrorCode; readonly says: string } {
  if (error instanceof BroadsheetError) return { code: error.code, says: unbroken(error) };
  return { code: "INTERNAL", says: messageOf(error) };
}
