import type { Schedule } from "../config/config.ts";
import { localText, offsetText, offsetMinutes, type Slot, slotsAfter, wallClock } from "./slots.ts";

/** A slot as `schedule explain` shows it. */
export interface ExplainedSlot {
  readonly slot: string;
  /** The instant, ISO 8601 in UTC. */
  readonly at: string;
  /** On the clock of the schedule's zone: `Tue 2026-11-24 07:00`. */
  readonly local: string;
  readonly offset: string;
  /** What a change of the clock does to this slot, where there is one. */
  readonly note?: string;
  /** The last moment at which its issue is still sent, ISO 8601 in UTC. */
  readonly sentUntil: string;
}

/** The next slots after a moment. */
export function explainSlots(
  schedule: Schedule,
  { from, count, graceMs }: { from: Date; count: number; graceMs: number },
): readonly ExplainedSlot[] {
  const found: ExplainedSlot[] = [];
  let before: Slot | undefined;
  for (const slot of slotsAfter(schedule, from)) {
    found.push(explained(slot, before, schedule.zone, graceMs));
    before = slot;
    if (found.length === count) break;
  }
  return found;
}

function explained(
  { name, at }: Slot,
  before: Slot | undefined,
  zone: string,
  graceMs: number,
): ExplainedSlot {
  const note = clockNote(at, before?.at, zone);
  return {
    slot: name,
    at: at.toISOString(),
    local: localText(at, zone),
    offset: offsetText(at, zone),
    ...(note && { note }),
    sentUntil: new Date(at.getTime() + graceMs).toISOString(),
  };
}

/** What a change of the clock does to a slot. */
function clockNote(at: Date, before: Date | undefined, zone: string): string | undefined {
  if (offsetMinutes(new Date(at.getTime() - 60_000), zone) < offsetMinutes(at, zone)) {
    return "just before, the clock goes forward: a time that it skips comes now";
  }
  const twin = TWIN_MINUTES.find((minutes) => showsTheSame(at, minutes, zone));
  if (twin !== undefined) {
    return `the clock shows this time twice: this is the ${twin > 0 ? "first" : "second"}`;
  }
  const change = before ? offsetMinutes(at, zone) - offsetMinutes(before, zone) : 0;
  if (change === 0) return undefined;
  const [direction, when] = change > 0 ? ["forward", "earlier"] : ["back", "later"];
  const by = minutesText(Math.abs(change));
  return `since the last one, the clock went ${direction} ${by}: it comes ${by} ${when} in UTC`;
}

/** By how much clocks are set back: on Lord Howe by half an hour, at Troll in Antarctica by two hours. */
const TWIN_MINUTES = [30, 60, 120, -30, -60, -120];

function showsTheSame(at: Date, minutes: number, zone: string): boolean {
  const other = new Date(at.getTime() + minutes * 60_000);
  return wallClock(other, zone).getTime() === wallClock(at, zone).getTime();
}

function minutesText(minutes: number): string {
  if (minutes % 60 !== 0) return `${minutes} minutes`;
  return minutes === 60 ? "an hour" : `${minutes / 60} hours`;
}
