import type { Schedule } from "../config/config.ts";
import { isOpen, type SlotRecord } from "./io/slot-record.ts";
import { type Slot, slotsAfter, slotsBetween } from "./slots.ts";

/** The slots that a store holds when a run begins. */
interface RecordedSlots {
  /** When the timetable began: slots before that are never run. */
  readonly since: Date;
  /** The open slots, and the settled ones of the last days. */
  readonly records: readonly SlotRecord[];
}

interface Moment {
  readonly now: Date;
  /** Where nothing is due, the next slot is taken before its time. */
  readonly isEarly?: boolean | undefined;
}

/** What a run has to do. */
export interface Agenda {
  /** Open slots for which it is too late, unless sending has begun. */
  readonly late: readonly SlotRecord[];
  /** Slots that are built, held back for an editor, or whose sending has begun, the earliest first. */
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
 * Slots that were missed longer ago are not noted: a newsletter whose first run was by a clock in 1970, as that of a
 * board without a battery is, would have millions of them.
 */
const LOOK_BACK_MS = 31 * 86_400_000;

/** What there is to do at a moment. No slot is run twice, however the clock or the config has been changed. */
export function agendaAt(
  { now, isEarly }: Moment,
  schedule: Schedule,
  { since, records }: RecordedSlots,
): Agenda {
  const seen = records.filter((record) => !isFromTheFuture(record, now));
  const names = new Set(seen.map(({ slot }) => slot));
  const isLate = ({ at }: SlotRecord) => now.getTime() - at.getTime() > schedule.maxLate;
  const open = seen.filter(({ state }) => isOpen(state));
  const begun = open.filter((record) => record.state === "begun" && !isLate(record));
  const earliest = new Date(now.getTime() - Math.max(schedule.maxLate, LOOK_BACK_MS));
  const passed = lastPassed(seen, since, now);
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
      (record) =>
        !isLate(record) &&
        (record.state === "built" ||
          record.state === "sending" ||
          (isHeldBack(record) && schedule.approval === "auto")),
    ),
    ...choice,
    ...(due && { due }),
  };
}

/** One that waits for approval alone has no reason with it. */
function isHeldBack({ state, why }: SlotRecord): boolean {
  return state === "waiting" && why !== undefined;
}

type Choice = Pick<Agenda, "due" | "merged" | "missed" | "overtaken">;

/**
 * A slot that was begun is tried again until it is too late, also where the policy skips missed slots. It makes way
 * for a later slot that is due.
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

/** The next slot that has no record yet. */
export function nextSlot(
  schedule: Schedule,
  now: Date,
  recorded: ReadonlySet<string>,
): Slot | undefined {
  for (const slot of slotsAfter(schedule, now)) if (!recorded.has(slot.name)) return slot;
  return undefined;
}

/** The slot was marked as missed by a clock that was ahead: its time is still to come. */
function isFromTheFuture({ state, changedAt }: SlotRecord, now: Date): boolean {
  return state === "missed" && changedAt > now;
}

/** The time of the last slot that has passed: all slots before it are settled. */
function lastPassed(records: readonly SlotRecord[], since: Date, now: Date): Date {
  const passed = records
    .filter(({ state, at }) => state !== "begun" && at <= now)
    .map(({ at }) => at.getTime());
  const begin = since < now ? since.getTime() : now.getTime();
  return new Date(Math.max(begin, ...passed));
}

function slotOf({ slot, at }: SlotRecord): Slot {
  return { name: slot, at };
}

/** What to do about slots at whose time no run came. */
interface CatchUp {
  /**
   * skip: a slot is run at its time or not at all. once: the latest slot is run late, up to `maxLate` milliseconds.
   * merge: the same, and its issue has the stories of the missed slots too.
   */
  readonly catchUp: "skip" | "once" | "merge";
  readonly maxLate: number;
}

/** What to do at a moment about the slots since the last settled one. */
interface Due {
  /** The slot to run now. */
  readonly slot?: Slot;
  /** Earlier slots whose stories go into that issue. */
  readonly merged: readonly Slot[];
  /** Slots that no issue will have, oldest first. */
  readonly missed: readonly Slot[];
}

/** Cron starts a little late, and a machine may be busy: a run is on time up to so long after the slot. */
export const ON_TIME_MS = 15 * 60_000;

/** `slots`: the slots since the last settled one, oldest first, none later than `now`. */
function dueSlot(slots: readonly Slot[], now: Date, policy: CatchUp): Due {
  const latest = slots.at(-1);
  if (!latest) return { merged: [], missed: [] };
  const earlier = slots.slice(0, -1);
  if (now.getTime() - latest.at.getTime() > graceMs(policy)) return { merged: [], missed: slots };
  if (policy.catchUp === "merge") return { slot: latest, merged: earlier, missed: [] };
  return { slot: latest, merged: [], missed: earlier };
}

/** How long after its time a slot is still run. */
export function graceMs({ catchUp, maxLate }: CatchUp): number {
  return catchUp === "skip" ? Math.min(ON_TIME_MS, maxLate) : maxLate;
}
