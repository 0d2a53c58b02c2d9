import type { Config, Schedule } from "../config/config.ts";
import type { Clock } from "../platform/clock.ts";
import type { SourceHealth } from "../sources/io/cursor/source-health.ts";
import { openCursor } from "../sources/io/cursor/sqlite-cursor.ts";
import { openSlots } from "./io/open-slots.ts";
import { nextSlot } from "./agenda.ts";
import { localText, offsetText } from "./local-text.ts";
import type { Slot } from "./slots.ts";
import { type Attention, failingSources, slotsToSee } from "./attention.ts";

/** What of a newsletter's schedule and sources a person wants to know. */
export interface ScheduleStatus {
  readonly nextSlot?: { readonly slot: string; readonly at: Date; readonly local: string };
  /** Without their addresses, which may hold a key. */
  readonly sources: readonly Omit<SourceHealth, "source">[];
  readonly attention: readonly Attention[];
  /** Slots with which the next run goes on by itself. */
  readonly tended: ReadonlySet<string>;
}

export async function scheduleStatus(config: Config, clock: Clock): Promise<ScheduleStatus> {
  const slots = await openSlots(config, clock, { isLooking: true });
  const cursor = await openCursor(config, clock, { isLooking: true });
  try {
    const { schedule } = config;
    const health = cursor.sources();
    const records = slots.recent(clock());
    const known = new Set(records.map(({ slot }) => slot));
    const next = schedule && nextSlot(schedule, clock(), known);
    return {
      ...(next && { nextSlot: nextSlotOf(next, schedule) }),
      sources: health.map(({ source: _source, ...told }) => told),
      attention: [
        ...(schedule ? slotsToSee(schedule, slots, clock) : []),
        ...failingSources(health, config),
        ...health.flatMap(leftOutText),
      ],
      tended: new Set(records.filter(({ state }) => state === "sending").map(({ slot }) => slot)),
    };
  } finally {
    slots.close();
    cursor.close();
  }
}

function nextSlotOf({ name, at }: Slot, { zone }: Schedule) {
  return { slot: name, at, local: `${localText(at, zone)} ${offsetText(at, zone)}` };
}

/** What a source that could be read has beside, and the last issue had to go without. */
function leftOutText({ failures, error }: SourceHealth): Attention[] {
  const isPartial = failures === 0 && error !== undefined;
  return isPartial ? [{ says: `left out of the last issue: ${error}` }] : [];
}
