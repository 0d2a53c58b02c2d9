import path from "node:path";
import { slotTime } from "../digest/slot.ts";
import { BroadsheetError } from "../errors.ts";
import type { SlotRecord, SlotState } from "./io/slot-record.ts";
import type { SqliteSlots } from "./io/sqlite-slots.ts";
import type { Schedule } from "../config/config.ts";
import { type Slot, slotsAfter } from "./slots.ts";

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

const LOOK_AHEAD = 2_000;

function comingSlot(name: string, schedule: Schedule, now: Date): Slot {
  let seen = 0;
  // The slot may be due already, without a run since.
  for (const slot of slotsAfter(schedule, new Date(now.getTime() - schedule.maxLate))) {
    if (slot.name === name) return slot;
    if (++seen > LOOK_AHEAD) break;
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
