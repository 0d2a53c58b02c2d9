import type { Schedule } from "../config/config.ts";
import { openRecords } from "../delivery/io/issue-records.ts";
import type { Clock } from "../platform/clock.ts";
import type { NewsletterStore } from "../platform/sqlite/open-store.ts";
import { openCursor, type SourceHealth } from "../sources/io/cursor.ts";
import { localText, nextSlot, offsetText } from "./agenda.ts";

/** When the next issue of a newsletter is due, and how its sources were read for the last one. */
export interface ScheduleStatus {
  readonly nextSlot?: { readonly slot: string; readonly at: Date; readonly local: string };
  /** Without their addresses, which may hold a key. */
  readonly sources: readonly Omit<SourceHealth, "source">[];
}

interface Scheduled extends NewsletterStore {
  readonly schedule?: Schedule | undefined;
}

export async function scheduleStatus(config: Scheduled, clock: Clock): Promise<ScheduleStatus> {
  using records = await openRecords(config, clock, { isLooking: true });
  using cursor = await openCursor(config, clock, { isLooking: true });
  const { schedule } = config;
  const next = schedule && nextSlot(schedule, clock(), records.recent(clock()));
  const sources = cursor.sources().map(({ source: _source, ...shown }) => shown);
  if (!next) return { sources };
  const { name: slot, at } = next;
  const local = `${localText(at, schedule.zone)} ${offsetText(at, schedule.zone)}`;
  return { nextSlot: { slot, at, local }, sources };
}
