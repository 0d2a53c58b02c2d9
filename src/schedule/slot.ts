import type { Config, Schedule } from "../config/config.ts";
import type { Environment } from "../platform/environment.ts";
import type { Clock } from "../platform/clock.ts";
import { isCanaryOut } from "../delivery/canary.ts";
import type { IssueRecords } from "../delivery/io/issue-records.ts";
import { isOpen, type IssueState, refusal, STATE_TEXTS, stateAfter } from "../delivery/life.ts";
import type { WebFlags } from "../sources/article-reader.ts";
import type { PlannedIssue } from "../delivery/ledger.ts";
import { BroadsheetError, ERROR_CODES, type ErrorCode, unbroken } from "../errors.ts";
import type { NewsletterStore } from "../platform/store.ts";
import { slotTime } from "../platform/slot.ts";
import { type Slot, slotsAfter } from "./agenda.ts";
import path from "node:path";

export interface RunJob {
  readonly config: Config;
  readonly schedule: Schedule;
  readonly records: IssueRecords;
  readonly clock: Clock;
  readonly env: Environment;
  /** The folder to which relative paths refer. */
  readonly cwd: string;
  readonly flags: WebFlags;
  /** Called when work begins, and with its result. */
  readonly ping?: Ping | undefined;
  /** Called with each issue before a run works on it. */
  readonly onIssue?: ((slot: string) => Promise<void>) | undefined;
  /** Ends the work. Messages in flight get their replies, and nothing else begins. */
  readonly signal: AbortSignal;
}

/** Reports to a watcher that a job ran, so that the watcher notices when one did not. */
export interface Ping {
  readonly start: () => Promise<PingOutcome>;
  /** Reports the end of a run: its exit code, and a line that the watcher keeps. */
  readonly end: (exit: number, line?: string) => Promise<PingOutcome>;
}

/** Whether the watcher got the ping, and why not. */
export type PingOutcome = { readonly isOk: true } | { readonly isOk: false; readonly why: string };

/** @throws BroadsheetError CONFIG_INVALID if the config has no schedule. */
export function scheduleOf({ schedule }: Pick<Config, "schedule">): Schedule {
  if (schedule) return schedule;
  throw new BroadsheetError("CONFIG_INVALID", "the config has no schedule", {
    fix: 'add one, such as schedule: { cron: "0 7 * * 2" } for Tuesdays at 7:00',
  });
}

/** The issue of a slot in the ledger. Undefined if it is not planned. */
export async function plannedIssueOf(
  slot: string,
  { config, clock, env }: Pick<RunJob, "clock" | "env"> & { readonly config: NewsletterStore },
): Promise<PlannedIssue | undefined> {
  // The ledger is loaded here, because most runs send nothing.
  const { openLedger } = await import("../delivery/io/open-ledger.ts");
  await using ledger = await openLedger(config.store, { clock, env, isLooking: true });
  return await ledger.issue({ newsletter: config.slug, slot });
}

/** Whether all remaining recipients are deferred until later, or wait for the canary. */
export function isWaiting(planned: PlannedIssue, now: Date): boolean {
  const { counts, nextTry, expiresAt } = planned;
  if (isCanaryOut(planned, now)) return !(expiresAt && expiresAt < now);
  if (counts.planned + counts.claimed + counts.sending > 0) return false;
  return nextTry !== undefined && nextTry > now && !(expiresAt && expiresAt < now);
}

/** The outcome of a run for a slot. */
export interface SlotOutcome {
  readonly slot: string;
  /** The present state of the slot's issue. */
  readonly state: IssueState;
  /** The outcome in one line. */
  readonly says: string;
  /** "fault": the operator has to know. "later": the next run continues without the operator. */
  readonly ending: "done" | "later" | "fault";
  readonly exit: number;
  readonly planned?: PlannedIssue | undefined;
  readonly code?: ErrorCode;
  /** Whether the next run will meet the fault again unless the operator acts. */
  readonly lasts?: boolean | undefined;
}

interface Failure {
  readonly error: BroadsheetError;
  readonly planned?: PlannedIssue | undefined;
  readonly lasts?: boolean;
}

/** The outcome of work that succeeded. */
export function done(
  slot: string,
  state: IssueState,
  says: string,
  planned?: PlannedIssue,
): SlotOutcome {
  return { slot, state, says, ending: "done", exit: 0, planned };
}

/** The outcome of work that the next run continues. */
export function later(...result: Parameters<typeof done>): SlotOutcome {
  return { ...done(...result), ending: "later", exit: ERROR_CODES.SMTP_DEFERRED.exit };
}

/** The outcome of work that an error has ended for now. */
export function failed(slot: string, state: IssueState, failure: Failure): SlotOutcome {
  const { error, planned, lasts } = failure;
  const { code } = error;
  const { exit } = ERROR_CODES[code];
  const says = unbroken(error);
  const ending = PASSING.has(code) ? "later" : "fault";
  return { slot, state, says, ending, exit, code, planned, lasts };
}

/**
 * The outcome for an article that was left out, or that has only the text of its feed (`hasStandIn`). An error in Broadsheet is always
 * reported. A faulty source is reported if it keeps failing.
 */
export function withoutArticle(
  slot: string,
  error: BroadsheetError,
  { hasStandIn = false }: { readonly hasStandIn?: boolean } = {},
): SlotOutcome {
  const says = hasStandIn ? unbroken(error) : `left out: ${unbroken(error)}`;
  if (error.code !== "INTERNAL") return { ...done(slot, "draft", says), code: error.code };
  const { exit } = ERROR_CODES.FETCH_DEFERRED;
  return { slot, state: "draft", says, ending: "fault", exit, code: error.code };
}

/** Codes of temporary faults: another run works, or sources can't be read. Sources that keep failing are reported separately. */
const PASSING = new Set<ErrorCode>(["LEDGER_BUSY", "FETCH_DEFERRED"]);

/** The fix for a slot that is too late and may have no issue. */
export const FOR_THE_NEXT =
  "new articles go into the next issue; to send that one before its time: broadsheet run --now";

/** The number of slots among which `latest` is searched. */
const RECENT = 50;

/**
 * The slot that a command names by its name, by its folder, or as `latest`, the latest one that waits for approval.
 * @throws BroadsheetError ISSUE_MISSING, USAGE.
 */
export async function slotNamed(name: string, records: IssueRecords): Promise<string> {
  const slot = path.basename(name);
  if (slotTime(slot) !== undefined) return slot;
  if (name !== "latest") {
    throw new BroadsheetError("USAGE", `${JSON.stringify(name)} is not an issue`, {
      fix: "name its date, its week or its folder, as broadsheet schedule explain shows them",
    });
  }
  const waiting = (await records.latest(RECENT)).find(({ state }) => state === "waiting");
  if (waiting) return waiting.slot;
  throw new BroadsheetError("ISSUE_MISSING", "no issue waits for approval", {
    fix: "list the due times of issues: broadsheet schedule explain",
  });
}

interface SlotContext {
  readonly schedule: Schedule;
  readonly records: IssueRecords;
  readonly now: Date;
}

/**
 * Skips a slot, so that no issue is sent for it. Its articles go into the next issue. Returns false if it was skipped before.
 * @throws BroadsheetError USAGE for an issue that is being sent or is finished, or a slot that is not in the schedule.
 */
export async function skipSlot(
  slot: string,
  { schedule, records, now }: SlotContext,
): Promise<boolean> {
  const record = await records.find(slot);
  if (record?.state === "skipped") return false;
  if (record && stateAfter(record.state, "skip") !== undefined) {
    if (await records.move(record, { seen: record.state, event: "skip" })) return true;
    throw new BroadsheetError("LEDGER_BUSY", `a run is working on ${slot} now`, {
      fix: "try again in a minute",
    });
  }
  const isToCome = record?.state === "missed" && record.at !== undefined && record.at > now;
  if (record && !isToCome) throw refusal(slot, record.state, "skip");
  await records.passOver([timed(comingSlot(slot, schedule, now))], "skip");
  return true;
}

/**
 * Undoes a skip, while there is time for the issue. Returns false if the slot is not skipped.
 * @throws BroadsheetError USAGE for a slot in another state; ISSUE_EXPIRED.
 */
export async function unskipSlot(
  slot: string,
  { schedule, records, now }: SlotContext,
): Promise<boolean> {
  const record = await records.find(slot);
  if (!record || record.state === "draft") return false;
  const { state, at = now } = record;
  if (state !== "skipped") throw refusal(slot, state, "unskip");
  if (now.getTime() - at.getTime() > schedule.maxLate) {
    throw new BroadsheetError("ISSUE_EXPIRED", `it is too late for ${slot}`, {
      fix: FOR_THE_NEXT,
    });
  }
  return records.move(record, { seen: state, event: "unskip" });
}

/**
 * Holds one issue. Returns whether that changed anything.
 * @throws BroadsheetError USAGE for a finished issue, or a slot that is not in the schedule.
 */
export async function holdIssue(
  slot: string,
  {
    records,
    schedule,
    clock,
  }: Pick<RunJob, "records" | "clock"> & {
    readonly schedule: Schedule | undefined;
  },
): Promise<boolean> {
  const record = await records.find(slot);
  if (!record) {
    if (schedule) return records.holdIssue(timed(comingSlot(slot, schedule, clock())), true);
    throw new BroadsheetError("USAGE", `${slot} can't be held: it is not being sent`, {
      fix: "only broadsheet send sends it; to stop all issues: broadsheet hold",
    });
  }
  if (isOpen(record.state)) return records.holdIssue(record, true);
  throw new BroadsheetError("USAGE", `${slot} can't be held: it is ${STATE_TEXTS[record.state]}`, {
    fix: "look at its state: broadsheet status",
  });
}

/** A slot in the form of its record. */
export function timed({ name, at }: Slot): { readonly slot: string; readonly at: Date } {
  return { slot: name, at };
}

const MOST_COMING = 2_000;
/** A weekly slot may be eight days after the beginning of the week in its name. */
const NAME_SPAN_MS = 9 * 86_400_000;

/** The times at which the schedule sends the issues of these slots. Slots that it does not send are left out. */
export function comingTimes(
  names: readonly string[],
  schedule: Schedule,
  now: Date,
): ReadonlyMap<string, Date> {
  const last = Math.max(...names.map((name) => slotTime(name) ?? 0)) + NAME_SPAN_MS;
  const times = new Map<string, Date>();
  let seen = 0;
  // A slot may be due already if no run has come since.
  for (const { name, at } of slotsAfter(schedule, new Date(now.getTime() - schedule.maxLate))) {
    if (at.getTime() > last || ++seen > MOST_COMING) break;
    if (names.includes(name)) times.set(name, at);
  }
  return times;
}

/**
 * The slot of this name that the schedule will send or may still send.
 * @throws BroadsheetError USAGE if there is none.
 */
export function comingSlot(name: string, schedule: Schedule, now: Date): Slot {
  const at = comingTimes([name], schedule, now).get(name);
  if (at) return { name, at };
  throw new BroadsheetError("USAGE", `the schedule has no issue with the name ${name}`, {
    fix: "list the names: broadsheet schedule explain",
  });
}
