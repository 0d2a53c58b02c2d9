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

/** What a run needs to work on the slots of a newsletter. */
export interface RunJob {
  readonly config: Config;
  readonly schedule: Schedule;
  readonly records: IssueRecords;
  readonly clock: Clock;
  readonly env: Environment;
  /** The folder that relative paths start from. */
  readonly cwd: string;
  readonly flags: WebFlags;
  /** Called when there is work, and with how it ended. */
  readonly ping?: Ping | undefined;
  /** Called with each issue before a run works on it. */
  readonly onIssue?: ((slot: string) => Promise<void>) | undefined;
  /** Ends the work: messages in flight get their answers, and nothing else starts. */
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

/** @throws BroadsheetError CONFIG_INVALID where the config has no schedule. */
export function scheduleOf({ schedule }: Pick<Config, "schedule">): Schedule {
  if (schedule) return schedule;
  throw new BroadsheetError("CONFIG_INVALID", "the config has no schedule", {
    fix: 'add one, such as schedule: { cron: "0 7 * * 2" } for Tuesdays at 7:00',
  });
}

/** What the ledger knows of the issue of a slot, before anything is opened for sending. */
export async function plannedIssueOf(
  slot: string,
  { config, clock, env }: Pick<RunJob, "clock" | "env"> & { readonly config: NewsletterStore },
): Promise<PlannedIssue | undefined> {
  // Most runs send nothing, and need no ledger.
  const { openLedger } = await import("../delivery/io/open-ledger.ts");
  await using ledger = await openLedger(config.store, { clock, env, isLooking: true });
  return await ledger.issue({ newsletter: config.slug, slot });
}

/** Whether all recipients who are left are deferred until later, or wait for the first readers of the issue. */
export function isWaiting(planned: PlannedIssue, now: Date): boolean {
  const { counts, nextTry, expiresAt } = planned;
  if (isCanaryOut(planned, now)) return !(expiresAt && expiresAt < now);
  if (counts.planned + counts.claimed + counts.sending > 0) return false;
  return nextTry !== undefined && nextTry > now && !(expiresAt && expiresAt < now);
}

/** What a run has done with a slot. */
export interface SlotOutcome {
  readonly slot: string;
  /** The slot's state now. */
  readonly state: IssueState;
  /** What happened, in one line. */
  readonly says: string;
  /** "fault": the operator has to know. "later": the next run goes on, and the operator has nothing to do. */
  readonly ending: "done" | "later" | "fault";
  readonly exit: number;
  readonly planned?: PlannedIssue | undefined;
  readonly code?: ErrorCode;
  /** Whether the next run meets the fault again unless the operator does something. */
  readonly lasts?: boolean | undefined;
}

interface Failure {
  readonly error: BroadsheetError;
  readonly planned?: PlannedIssue | undefined;
  readonly lasts?: boolean;
}

/** The run did what it should. */
export function done(
  slot: string,
  state: IssueState,
  says: string,
  planned?: PlannedIssue,
): SlotOutcome {
  return { slot, state, says, ending: "done", exit: 0, planned };
}

/** The next run goes on. */
export function later(...result: Parameters<typeof done>): SlotOutcome {
  return { ...done(...result), ending: "later", exit: ERROR_CODES.SMTP_DEFERRED.exit };
}

/** An error that ended the work on a slot for now. */
export function failed(slot: string, state: IssueState, failure: Failure): SlotOutcome {
  const { error, planned, lasts } = failure;
  const { code } = error;
  const { exit } = ERROR_CODES[code];
  const says = unbroken(error);
  const ending = PASSING.has(code) ? "later" : "fault";
  return { slot, state, says, ending, exit, code, planned, lasts };
}

/** An article that had to be left out of a slot's issue. An error in Broadsheet is always reported; a faulty source is reported when it stays so. */
export function withoutArticle(slot: string, error: BroadsheetError): SlotOutcome {
  const says = `left out: ${unbroken(error)}`;
  if (error.code !== "INTERNAL") return { ...done(slot, "draft", says), code: error.code };
  const { exit } = ERROR_CODES.FETCH_DEFERRED;
  return { slot, state: "draft", says, ending: "fault", exit, code: error.code };
}

/** Codes that pass by themselves, or are reported when they don't: another run at work, and sources that can't be read. */
const PASSING = new Set<ErrorCode>(["LEDGER_BUSY", "FETCH_DEFERRED"]);

/** The fix for a slot that is too late and may have no issue to send. */
export const FOR_THE_NEXT =
  "what is new is for the next issue; to have that one before its time: broadsheet run --now";

/** How many slots back `latest` looks. */
const RECENT = 50;

/**
 * The slot that a command names: by itself, by its folder, or as `latest`, which is the latest that waits for approval.
 * @throws BroadsheetError ISSUE_MISSING, USAGE.
 */
export async function slotNamed(name: string, records: IssueRecords): Promise<string> {
  const slot = path.basename(name);
  if (slotTime(slot) !== undefined) return slot;
  if (name !== "latest") {
    throw new BroadsheetError("USAGE", `${JSON.stringify(name)} is no issue`, {
      fix: "name its date, its week or its folder, as broadsheet schedule explain shows them",
    });
  }
  const waiting = (await records.latest(RECENT)).find(({ state }) => state === "waiting");
  if (waiting) return waiting.slot;
  throw new BroadsheetError("ISSUE_MISSING", "no issue waits for approval", {
    fix: "see when issues are due: broadsheet schedule explain",
  });
}

interface SlotContext {
  readonly schedule: Schedule;
  readonly records: IssueRecords;
  readonly now: Date;
}

/**
 * Leaves a slot out, so that nothing is sent for it. What was new in its issue is for the next one. False where it is
 * skipped already.
 * @throws BroadsheetError USAGE for an issue that is being sent or is settled, or a slot that the schedule doesn't have.
 */
export async function skipSlot(
  slot: string,
  { schedule, records, now }: SlotContext,
): Promise<boolean> {
  const record = await records.find(slot);
  if (record?.state === "skipped") return false;
  if (record && stateAfter(record.state, "skip") !== undefined) {
    if (await records.move(record, { seen: record.state, event: "skip" })) return true;
    throw new BroadsheetError("LEDGER_BUSY", `a run is at work on ${slot} at this moment`, {
      fix: "try it again in a minute",
    });
  }
  const isToCome = record?.state === "missed" && record.at !== undefined && record.at > now;
  if (record && !isToCome) throw refusal(slot, record.state, "skip");
  await records.passOver([timed(comingSlot(slot, schedule, now))], "skip");
  return true;
}

/**
 * Undoes a skip, as long as there is time for the issue. False where the slot isn't skipped.
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
 * @throws BroadsheetError USAGE for an issue that nothing is done for any more, or a slot that the schedule doesn't have.
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
      fix: "nothing sends it but broadsheet send; to stop all issues: broadsheet hold",
    });
  }
  if (isOpen(record.state)) return records.holdIssue(record, true);
  throw new BroadsheetError("USAGE", `${slot} can't be held: it is ${STATE_TEXTS[record.state]}`, {
    fix: "see where it stands: broadsheet status",
  });
}

/** A slot as its record names it. */
export function timed({ name, at }: Slot): { readonly slot: string; readonly at: Date } {
  return { slot: name, at };
}

const MOST_COMING = 2_000;
/** A slot of a week may be eight days after the time that its name stands for. */
const NAME_SPAN_MS = 9 * 86_400_000;

/** When the schedule sends the issues of these slots. Those that it doesn't have, or sends no more, are left out. */
export function comingTimes(
  names: readonly string[],
  schedule: Schedule,
  now: Date,
): ReadonlyMap<string, Date> {
  const last = Math.max(...names.map((name) => slotTime(name) ?? 0)) + NAME_SPAN_MS;
  const times = new Map<string, Date>();
  let seen = 0;
  // A slot may be due already, without a run since.
  for (const { name, at } of slotsAfter(schedule, new Date(now.getTime() - schedule.maxLate))) {
    if (at.getTime() > last || ++seen > MOST_COMING) break;
    if (names.includes(name)) times.set(name, at);
  }
  return times;
}

/**
 * The slot of this name that the schedule has, or may still send.
 * @throws BroadsheetError USAGE where the schedule has none.
 */
export function comingSlot(name: string, schedule: Schedule, now: Date): Slot {
  const at = comingTimes([name], schedule, now).get(name);
  if (at) return { name, at };
  throw new BroadsheetError("USAGE", `no issue is due under the name of ${name}`, {
    fix: "see what they are called: broadsheet schedule explain",
  });
}
