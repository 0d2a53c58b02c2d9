import type { Schedule } from "../config/config.ts";
import { BroadsheetError } from "../errors.ts";
import type { SqliteSlots } from "./io/sqlite-slots.ts";
import { type Slot, slotsAfter } from "./slots.ts";
import { FOR_THE_NEXT, slotName, STATE_WORDS } from "./slot-named.ts";

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
