import path from "node:path";
import { slotTime } from "../digest/slot.ts";
import { BroadsheetError } from "../errors.ts";
import type { SlotRecord, SlotState } from "./io/slot-record.ts";
import type { SqliteSlots } from "./io/sqlite-slots.ts";

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
export function slotName(name: string): string {
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
