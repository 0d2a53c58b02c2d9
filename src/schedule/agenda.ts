import type { Schedule } from "../config/config.ts";
import { isOpen, type SlotRecord } from "./io/slots/slot-record.ts";
import { type CatchUp, dueSlot } from "./due.ts";
import { type Slot, slotsAfter, slotsBetween } from "./slots.ts";

/** What is known of a newsletter's slots when a run begins. */
interface Known {
  /** Nobody waits for what was due before. */
  readonly since: Date;
  /** All that are open, and the settled ones of the last days. */
  readonly records: readonly SlotRecord[];
}

interface Moment {
  readonly now: Date;
  /** Where nothing is due, the next slot is taken before its time. */
  readonly isEarly?: boolean | undefined;
}

/** What a run has to do. */
export interface Agenda {
  /** Open ones for which it is too late, unless sending has begun. */
  readonly late: readonly SlotRecord[];
  /** Those that are built, or whose sending has begun, the earliest first. */
  readonly unfinished: readonly SlotRecord[];
  /** The slot to make an issue for. */
  readonly due?: Slot;
  /** Earlier slots whose stories go into that issue. */
  readonly merged: readonly Slot[];
  /** Slots that no issue will have. */
  readonly missed: readonly Slot[];
  /** Begun slots that made way for a later one. */
  readonly overtaken: readonly SlotRecord[];
}

/**
 * Those that were missed longer ago are not noted: a newsletter whose first run was by a clock in 1970, as that of a
 * board without a battery is, would have millions of them.
 */
const LOOK_BACK_MS = 31 * 86_400_000;

/** What there is to do at a moment. The same slot never twice, whatever the clock or the config has done. */
export function agendaAt(
  { now, isEarly }: Moment,
  schedule: Schedule,
  { since, records }: Known,
): Agenda {
  const known = records.filter((record) => !isFromTheFuture(record, now));
  const names = new Set(known.map(({ slot }) => slot));
  const isLate = ({ at }: SlotRecord) => now.getTime() - at.getTime() > schedule.maxLate;
  const open = known.filter(({ state }) => isOpen(state));
  const begun = open.filter((record) => record.state === "begun" && !isLate(record));
  const earliest = new Date(now.getTime() - Math.max(schedule.maxLate, LOOK_BACK_MS));
  const passed = lastPassed(known, since, now);
  const after = passed > earliest ? passed : earliest;
  const coming = slotsBetween(schedule, { after, until: now });
  const choice = chosen(
    begun,
    coming.filter(({ name }) => !names.has(name)),
    { now, schedule },
  );
  const due = choice.due ?? (isEarly ? nextSlot(schedule, now, names) : undefined);
  return {
    late: open.filter(isLate),
    unfinished: open.filter(
      (record) => !isLate(record) && (record.state === "built" || record.state === "sending"),
    ),
    ...choice,
    ...(due && { due }),
  };
}

type Choice = Pick<Agenda, "due" | "merged" | "missed" | "overtaken">;

/**
 * A slot that was begun is tried again until it is too late, whatever becomes of those that nobody was there for;
 * it makes way for a later one that is due.
 */
function chosen(
  begun: readonly SlotRecord[],
  coming: readonly Slot[],
  { now, schedule }: { readonly now: Date; readonly schedule: CatchUp },
): Choice {
  const { slot, merged, missed } = dueSlot(coming, now, schedule);
  if (slot) {
    const isMerged = schedule.catchUp === "merge";
    const again = isMerged ? begun.map(slotOf) : [];
    return {
      due: slot,
      merged: [...again, ...merged],
      missed,
      overtaken: isMerged ? [] : begun,
    };
  }
  const latest = begun.at(-1);
  return {
    ...(latest && { due: slotOf(latest) }),
    merged: [],
    missed,
    overtaken: begun.slice(0, -1),
  };
}

/** The next slot that nothing has become of yet. */
export function nextSlot(
  schedule: Schedule,
  now: Date,
  known: ReadonlySet<string>,
): Slot | undefined {
  for (const slot of slotsAfter(schedule, now)) if (!known.has(slot.name)) return slot;
  return undefined;
}

/** Missed by a clock that was ahead: it has its time yet before it. */
function isFromTheFuture({ state, changedAt }: SlotRecord, now: Date): boolean {
  return state === "missed" && changedAt > now;
}

/** The time of the last slot that has passed: what was before it is settled. */
function lastPassed(known: readonly SlotRecord[], since: Date, now: Date): Date {
  const passed = known
    .filter(({ state, at }) => state !== "begun" && at <= now)
    .map(({ at }) => at.getTime());
  const begin = since < now ? since.getTime() : now.getTime();
  return new Date(Math.max(begin, ...passed));
}

function slotOf({ slot, at }: SlotRecord): Slot {
  return { name: slot, at };
}
