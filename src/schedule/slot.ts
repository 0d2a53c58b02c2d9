import type { Config, Schedule } from "../config/config.ts";
import type { Environment } from "../platform/environment.ts";
import type { Clock } from "../platform/clock.ts";
import type { Ping } from "./io/alerts.ts";
import type { SqliteSlots, SlotState, SlotRecord } from "./io/sqlite-slots.ts";
import type { WebFlags } from "../sources/article-reader.ts";
import type { PlannedIssue } from "../delivery/ledger.ts";
import { BroadsheetError, ERROR_CODES, type ErrorCode, unbroken } from "../errors.ts";
import path from "node:path";
import { slotTime } from "../digest/slot.ts";
import { type Slot, slotsAfter } from "./agenda.ts";

/** What a run needs to work on the slots of a newsletter. */
export interface RunJob {
  readonly config: Config;
  readonly schedule: Schedule;
  readonly slots: SqliteSlots;
  readonly clock: Clock;
  readonly env: Environment;
  /** The folder that relative paths start from. */
  readonly cwd: string;
  readonly flags: WebFlags;
  /** Called when there is work, and with how it ended. */
  readonly ping?: Ping | undefined;
  /** Ends the work: messages in flight get their answers, and nothing else starts. */
  readonly signal: AbortSignal;
}

/** What the ledger knows of the issue of a slot, before anything is opened for sending. */
export async function plannedIssueOf(
  slot: string,
  { config, clock, env }: Pick<RunJob, "config" | "clock" | "env">,
): Promise<PlannedIssue | undefined> {
  // Most runs send nothing, and need no ledger.
  const { openLedger } = await import("../delivery/io/ledger/sqlite-ledger.ts");
  await using ledger = await openLedger(config.store, { clock, env, isLooking: true });
  return await ledger.issue({ newsletter: config.slug, slot });
}

/** Whether all recipients who are left are deferred until later. */
export function isAllDeferred({ counts, nextTry, expiresAt }: PlannedIssue, now: Date): boolean {
  if (counts.planned + counts.claimed + counts.sending > 0) return false;
  return nextTry !== undefined && nextTry > now && !(expiresAt && expiresAt < now);
}

/** What a run has done with a slot. */
export interface SlotOutcome {
  readonly slot: string;
  /** The slot's state now. */
  readonly state: SlotState;
  /** In one line. */
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
  state: SlotState,
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
export function failed(slot: string, state: SlotState, failure: Failure): SlotOutcome {
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
  if (error.code !== "INTERNAL") return { ...done(slot, "built", says), code: error.code };
  const { exit } = ERROR_CODES.FETCH_DEFERRED;
  return { slot, state: "built", says, ending: "fault", exit, code: error.code };
}

/** Codes that pass by themselves, or are reported when they don't: another run at work, and sources that can't be read. */
const PASSING = new Set<ErrorCode>(["LEDGER_BUSY", "FETCH_DEFERRED"]);

/** The state of a slot, as the end of a sentence. */
export const STATE_WORDS: Readonly<Record<SlotState, string>> = {
  begun: "its issue is not built yet",
  built: "it is built",
  waiting: "it waits to be approved",
  sending: "its sending has begun",
  sent: "it was sent",
  empty: "there was nothing new for it",
  skipped: "it was skipped",
  missed: "nothing ran in time",
  merged: "its stories went into a later one",
  expired: "it was too late for it",
};

/** The fix for a slot that is too late and may have no issue to send. */
export const FOR_THE_NEXT =
  "what is new is for the next issue; to have that one before its time: broadsheet run --now";

/** How many slots back `latest` looks. */
const RECENT = 50;

/** A slot's name, which may also be the folder of its issue. */
function slotName(name: string): string {
  const slot = path.basename(name);
  if (slotTime(slot) !== undefined) return slot;
  throw new BroadsheetError("USAGE", `${JSON.stringify(name)} is no issue`, {
    fix: "name its date, its week or its folder, as broadsheet schedule explain shows them",
  });
}

/**
 * The record of a slot by its name, its folder, or `latest`: the latest that waits to be approved.
 * @throws BroadsheetError ISSUE_MISSING, USAGE.
 */
export function slotNamed(name: string, slots: SqliteSlots): SlotRecord {
  const waiting = slots.latest(RECENT).filter(({ state }) => state === "waiting");
  const record = name === "latest" ? waiting[0] : slots.find(slotName(name));
  if (record) return record;
  const others = waiting.map(({ slot }) => slot).join(", ");
  const what =
    name === "latest" ? "no issue waits to be approved" : `no run has come to ${name} yet`;
  throw new BroadsheetError("ISSUE_MISSING", what, {
    fix: others ? `these wait: ${others}` : "see when issues are due: broadsheet schedule explain",
  });
}

/** @throws BroadsheetError USAGE where the newsletter is held. */
export function assertNotHeld(slots: SqliteSlots): void {
  if (!slots.timetable().heldAt) return;
  throw new BroadsheetError("USAGE", "the newsletter is held: nothing is sent", {
    fix: "let it go on first: broadsheet hold --off",
  });
}

interface SlotContext {
  readonly schedule: Schedule;
  readonly slots: SqliteSlots;
  readonly now: Date;
}

/**
 * Settles a slot so that nothing is sent for it: a future one, or one whose issue isn't being sent. What was new in
 * it is for the next issue. False where it is skipped already.
 * @throws BroadsheetError USAGE for a slot that is being sent or is settled, or that the schedule doesn't have.
 */
export function skipSlot(name: string, { schedule, slots, now }: SlotContext): boolean {
  const slot = slotName(name);
  const record = slots.find(slot);
  const state = record?.state ?? "missed";
  if (state === "skipped") return false;
  if (record && (state === "begun" || state === "built" || state === "waiting")) {
    if (slots.change(slot, { from: state, to: "skipped" })) return true;
    throw refused(slot, "a run is at work on it");
  }
  if (record && (state !== "missed" || record.at <= now)) throw refused(slot, STATE_WORDS[state]);
  slots.passOver([comingSlot(slot, schedule, now)], { state: "skipped" });
  return true;
}

/**
 * Undoes a skip, as long as there is time for the issue. False where the slot isn't skipped.
 * @throws BroadsheetError USAGE for a slot in another state; ISSUE_EXPIRED.
 */
export function unskipSlot(name: string, { schedule, slots, now }: SlotContext): boolean {
  const slot = slotName(name);
  const record = slots.find(slot);
  if (!record) return false;
  if (record.state !== "skipped") {
    throw new BroadsheetError("USAGE", `${slot} is not left out: ${STATE_WORDS[record.state]}`, {
      fix: "see where it stands: broadsheet status",
    });
  }
  if (now.getTime() - record.at.getTime() > schedule.maxLate) {
    throw new BroadsheetError("ISSUE_EXPIRED", `it is too late for ${slot}`, {
      fix: FOR_THE_NEXT,
    });
  }
  return slots.unskip(slot);
}

const MOST_COMING = 2_000;

function comingSlot(name: string, schedule: Schedule, now: Date): Slot {
  let seen = 0;
  // The slot may be due already, without a run since.
  for (const slot of slotsAfter(schedule, new Date(now.getTime() - schedule.maxLate))) {
    if (slot.name === name) return slot;
    if (++seen > MOST_COMING) break;
  }
  throw new BroadsheetError("USAGE", `no issue is due under the name of ${name}`, {
    fix: "see what they are called: broadsheet schedule explain",
  });
}

function refused(slot: string, why: string): BroadsheetError {
  return new BroadsheetError("USAGE", `${slot} can't be skipped: ${why}`, {
    fix: "see where it stands: broadsheet status",
  });
}
