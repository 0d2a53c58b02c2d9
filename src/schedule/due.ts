import type { Slot } from "./slots.ts";

/** What becomes of slots that nobody was there for. */
export interface CatchUp {
  /**
   * skip: a slot is run at its time or not at all. once: the latest one is run late, up to `maxLate` milliseconds.
   * merge: the same, and the issue takes in what the missed ones would have had.
   */
  readonly catchUp: "skip" | "once" | "merge";
  readonly maxLate: number;
}

/** What is to be done at a moment about the slots since the last one that was settled. */
export interface Due {
  /** The slot to run now. */
  readonly slot?: Slot;
  /** Earlier slots whose stories go into that issue. */
  readonly merged: readonly Slot[];
  /** Slots that no issue will have, oldest first. */
  readonly missed: readonly Slot[];
}

/** Crons start a little late, and a machine may be busy: so much later still is the slot's own time. */
export const ON_TIME_MS = 15 * 60_000;

/** `slots`: those since the last one that was settled, oldest first, none later than `now`. */
export function dueSlot(slots: readonly Slot[], now: Date, policy: CatchUp): Due {
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
