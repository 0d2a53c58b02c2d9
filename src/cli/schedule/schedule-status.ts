import type { Config, Schedule } from "../../config.ts";
import type { Clock } from "../../io/clock.ts";
import type { SourceHealth } from "../../io/sqlite/cursor/source-health.ts";
import { openCursor } from "../../io/sqlite/open-cursor.ts";
import { openSlots } from "../../io/sqlite/open-slots.ts";
import type { SlotRecord } from "../../io/sqlite/slots/slot-record.ts";
import type { Timetable } from "../../io/sqlite/slots/sqlite-slots.ts";
import { nextSlot } from "../../schedule/agenda.ts";
import { localText, offsetText } from "../../schedule/local-text.ts";
import type { Slot } from "../../schedule/slots.ts";
import { clock as momentText } from "../ledger/counts-view.ts";
import { PERSISTENT } from "./source-reports.ts";

/** What of a newsletter's schedule and sources a person wants to know. */
export interface ScheduleStatus {
  readonly nextSlot?: { readonly slot: string; readonly at: Date; readonly local: string };
  /** Without their addresses, which may hold a key. */
  readonly sources: readonly Omit<SourceHealth, "source">[];
  /** What somebody has to do something about. */
  readonly attention: readonly string[];
  /** Slots with which the next run goes on by itself. */
  readonly tended: ReadonlySet<string>;
}

/** So many slots back may be what is told. */
const LOOKED_AT = 50;

export async function scheduleStatus(config: Config, clock: Clock): Promise<ScheduleStatus> {
  const slots = await openSlots(config, clock, { isLooking: true });
  const cursor = await openCursor(config, clock, { isLooking: true });
  try {
    const { schedule } = config;
    const health = cursor.sources();
    const records = slots.latest(LOOKED_AT);
    const known = new Set(records.map(({ slot }) => slot));
    const next = schedule && nextSlot(schedule, clock(), known);
    return {
      ...(next && { nextSlot: nextSlotOf(next, schedule) }),
      sources: health.map(({ source: _source, ...told }) => told),
      attention: [
        ...(schedule ? slotsToSee(records, slots.timetable(), schedule) : []),
        ...health.filter(({ failures }) => failures >= PERSISTENT).map(failingText),
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

function slotsToSee(
  records: readonly SlotRecord[],
  { heldAt }: Timetable,
  schedule: Schedule,
): string[] {
  const held = heldAt && `held since ${momentText(heldAt)}: broadsheet hold --off`;
  // What became of an older one is history when a later one went out.
  const sentAt = records.findIndex(({ state }) => state === "sent");
  const since = sentAt < 0 ? records : records.slice(0, sentAt);
  const waiting = records.filter(({ state }) => state === "waiting");
  return [
    ...(held ? [held] : []),
    ...waiting.map((record) => waitingText(record, schedule)),
    ...since.flatMap(troubleText),
  ];
}

function waitingText({ slot, at }: SlotRecord, { maxLate }: Schedule): string {
  const until = momentText(new Date(at.getTime() + maxLate));
  return `${slot} waits to be approved until ${until}: broadsheet approve ${slot}`;
}

function troubleText({ slot, state, why }: SlotRecord): string[] {
  if (state === "expired")
    return [`${slot} was not sent in time: ${why ?? "it was never finished"}`];
  const isOpen = state === "begun" || state === "built" || state === "sending";
  return isOpen && why !== undefined
    ? [`${slot} is not sent yet: ${why.replace(/^not sent: /, "")}`]
    : [];
}

function failingText({ name, failures, error = "" }: SourceHealth): string {
  return `${name} could not be read for ${failures} issues: ${error}`;
}
