import { dayIn, wallClock } from "../platform/clock.ts";
import { occurrencesAfter, type Rhythm } from "../platform/rhythm.ts";
import type { Schedule } from "../config/config.ts";
import type { IssueRecord, IssueRecords } from "../delivery/io/issue-records.ts";
import { isFrozen, isOpen } from "../delivery/life.ts";

/** A time at which an issue is due. */
export interface Slot {
  /** What the ledger and the outbox call it: `2026-W48`, `2026-11-24` or `2026-11-24T0700+0100`. */
  readonly name: string;
  readonly at: Date;
}

/** How slots are named: one a week by its week, one a day by its date, more by the moment. */
type Cadence = "week" | "day" | "moment";

/**
 * The slots of a rhythm after a moment, soonest first. No two have one name, and a slot's name depends on the
 * rhythm and its own time only.
 */
export function* slotsAfter(rhythm: Rhythm, moment: Date): Generator<Slot> {
  const cadence = cadenceOf(rhythm);
  for (const at of occurrencesAfter(rhythm, moment)) yield slotAt(at, rhythm.zone, cadence);
}

/** The slots with `after < at ≤ until`, soonest first; at most `limit`, the latest ones. */
export function slotsBetween(
  rhythm: Rhythm,
  { after, until, limit = MOST_MISSED }: { after: Date; until: Date; limit?: number },
): readonly Slot[] {
  const found: Date[] = [];
  for (const at of occurrencesAfter(rhythm, after)) {
    if (at > until) break;
    found.push(at);
    if (found.length > limit) found.shift();
  }
  // Most runs find none, and a run that has nothing to do must be quick.
  if (found.length === 0) return [];
  const cadence = cadenceOf(rhythm);
  return found.map((at) => slotAt(at, rhythm.zone, cadence));
}

/** A year of hourly slots: after a longer absence earlier ones aren't listed. */
const MOST_MISSED = 9_000;

/** Any year does: what matters is the shortest time between two slots of a rhythm. */
const REFERENCE = new Date("2025-01-01T00:00:00Z");
const DAY_MS = 86_400_000;
/** How many slots show a rhythm: it keeps the same hours on all its days, and these are two years of months or half a year of weeks. */
const LOOK_AHEAD = 25;

const CADENCES = new Map<string, Cadence>();

function cadenceOf(rhythm: Rhythm): Cadence {
  const key = `${rhythm.cron} in ${rhythm.zone}`;
  const cadence = CADENCES.get(key) ?? findCadence(rhythm);
  CADENCES.set(key, cadence);
  return cadence;
}

function findCadence(rhythm: Rhythm): Cadence {
  let before: Date | undefined;
  let isWeekly = true;
  let isEveryWeek = false;
  let seen = 0;
  for (const at of occurrencesAfter(rhythm, REFERENCE)) {
    if (++seen > LOOK_AHEAD) break;
    if (before) {
      if (dayIn(rhythm.zone, at) === dayIn(rhythm.zone, before)) return "moment";
      const days = Math.round((at.getTime() - before.getTime()) / DAY_MS);
      isWeekly &&= days % 7 === 0;
      isEveryWeek ||= days === 7;
    }
    before = at;
  }
  // The first of each month falls into one week each too, but is named by its date.
  return isWeekly && isEveryWeek ? "week" : "day";
}

function slotAt(at: Date, zone: string, cadence: Cadence): Slot {
  const day = dayIn(zone, at);
  if (cadence === "day") return { name: day, at };
  if (cadence === "week") return { name: isoWeek(day), at };
  return { name: `${day}T${localTime(at, zone)}${offsetText(at, zone).replace(":", "")}`, at };
}

/** The week of ISO 8601 that a day is in: that of its Thursday. */
function isoWeek(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  const thursday = new Date(date.getTime() + (3 - ((date.getUTCDay() + 6) % 7)) * DAY_MS);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = 1 + Math.floor((thursday.getTime() - first) / (7 * DAY_MS));
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, "0")}`;
}

/** HHMM */
function localTime(at: Date, zone: string): string {
  return wallClock(at, zone).toISOString().slice(11, 16).replace(":", "");
}

/** How far a zone's clock is ahead of UTC at a moment. */
function offsetMinutes(at: Date, zone: string): number {
  return Math.round((wallClock(at, zone).getTime() - at.getTime()) / 60_000);
}

/** A moment on the clock of a zone: `Tue 2026-11-24 07:00`. */
export function localText(at: Date, zone: string): string {
  const wall = wallClock(at, zone);
  const weekday = new Intl.DateTimeFormat("en", { weekday: "short", timeZone: "UTC" }).format(wall);
  return `${weekday} ${wall.toISOString().slice(0, 16).replace("T", " ")}`;
}

/** How far a zone's clock is ahead of UTC: `+01:00`. */
export function offsetText(at: Date, zone: string): string {
  const minutes = offsetMinutes(at, zone);
  const hours = String(Math.floor(Math.abs(minutes) / 60)).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${hours}:${String(Math.abs(minutes) % 60).padStart(2, "0")}`;
}

/** A slot as `schedule explain` shows it. */
export interface ExplainedSlot {
  readonly slot: string;
  /** The instant, ISO 8601 in UTC. */
  readonly at: string;
  /** The time on the clock of the schedule's zone: `Tue 2026-11-24 07:00`. */
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

/** The minutes by which clocks are set back: half an hour on Lord Howe, two hours at Troll in Antarctica. */
const TWIN_MINUTES = [30, 60, 120, -30, -60, -120];

function showsTheSame(at: Date, minutes: number, zone: string): boolean {
  const other = new Date(at.getTime() + minutes * 60_000);
  return wallClock(other, zone).getTime() === wallClock(at, zone).getTime();
}

function minutesText(minutes: number): string {
  if (minutes % 60 !== 0) return `${minutes} minutes`;
  return minutes === 60 ? "an hour" : `${minutes / 60} hours`;
}

/** What a store holds about the issues of a schedule. */
interface Recorded {
  /** When the timetable began: slots before that are never run. */
  readonly since: Date;
  /** The open issues, and the settled ones of the last days. */
  readonly records: readonly IssueRecord[];
}

interface Moment {
  readonly now: Date;
  /** Whether the next slot is taken before its time if nothing is due. */
  readonly isEarly?: boolean | undefined;
}

/** The record of an issue that the schedule sends. */
export type SlotRecord = IssueRecord & { readonly at: Date };

/** What a run has to do. */
export interface Agenda {
  /** Open issues for which it is too late. */
  readonly late: readonly SlotRecord[];
  /** Approved issues, issues that a run held back for an editor, and issues that are being sent, the earliest first. */
  readonly unfinished: readonly SlotRecord[];
  /** The slot to make an issue for. */
  readonly due?: Slot;
  /** Earlier slots whose stories go into that issue. */
  readonly merged: readonly Slot[];
  /** Slots that no issue will have. */
  readonly missed: readonly Slot[];
  /** Drafts that made way for a later slot. */
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
  { since, records }: Recorded,
): Agenda {
  const seen = slotsIn(records).filter((record) => !isFromTheFuture(record, now));
  // An issue that was sent before there was a schedule may have the name of a slot.
  const sent = records.filter(({ at, state }) => at === undefined && isFrozen(state));
  const names = new Set([...seen, ...sent].map(({ slot }) => slot));
  const open = seen.filter(({ state, heldAt }) => isOpen(state) && !heldAt);
  const late = open.filter((record) => isLate(record, now, schedule));
  const inTime = open.filter((record) => !late.includes(record) && isRunsTurn(record, now));
  const drafts = inTime.filter(({ state }) => state === "draft");
  const earliest = new Date(now.getTime() - Math.max(schedule.maxLate, LOOK_BACK_MS));
  const passed = lastPassed(seen, since, now);
  const after = passed > earliest ? passed : earliest;
  const coming = slotsBetween(schedule, { after, until: now });
  const choice = chosen(
    drafts,
    coming.filter(({ name }) => !names.has(name)),
    { now, schedule },
  );
  // An issue that an editor sends to some readers first is unfinished until the time of its slot.
  const isSentByHand = open.some(
    (record) => record.state === "sending" && !isRunsTurn(record, now),
  );
  const isTaken = isEarly && !choice.due && !isSentByHand;
  const early = isTaken ? nextSlot(schedule, now, records) : undefined;
  const { state, heldAt } = records.find(({ slot }) => slot === early?.name) ?? {};
  const isApproved = state === "approved";
  return {
    late,
    unfinished: [
      ...inTime.filter(
        ({ state, why }) =>
          state === "sending" ||
          state === "approved" ||
          // An issue that waits for approval alone has no reason with it.
          (state === "waiting" && why !== undefined && schedule.approval === "auto"),
      ),
      ...(isApproved ? open.filter(({ slot }) => slot === early?.name) : []),
    ],
    ...choice,
    ...(early && !isApproved && !heldAt && { due: early }),
  };
}

function slotsIn(records: readonly IssueRecord[]): SlotRecord[] {
  return records.filter((record): record is SlotRecord => record.at !== undefined);
}

/** A run goes on at any time with what a run began, and from the time of its slot on with what an editor did. */
function isRunsTurn({ at, isRuns }: SlotRecord, now: Date): boolean {
  return isRuns || at <= now;
}

function isLate({ at }: SlotRecord, now: Date, { maxLate }: CatchUp): boolean {
  return now.getTime() - at.getTime() > maxLate;
}

/**
 * The issue that commands mean where none is named: of the earliest slot that is neither settled nor being sent, which
 * is the next one that a run sends. Undefined where the schedule has no slot any more.
 */
export async function nextOpenSlot(
  schedule: Schedule,
  records: Pick<IssueRecords, "timetable" | "recent">,
  now: Date,
): Promise<Slot | undefined> {
  const recent = await records.recent(now);
  const asked = slotsIn(recent).filter(
    (record) =>
      (record.state === "waiting" || record.state === "approved" || isHeldDraft(record)) &&
      !isLate(record, now, schedule),
  );
  // If nothing has run yet, the next run begins the timetable.
  const { since = new Date(now.getTime() - ON_TIME_MS) } = await records.timetable();
  const { due } = agendaAt({ now }, schedule, { since, records: recent });
  const next = nextSlot(schedule, now, recent);
  return [...asked.map(slotOf), ...(due ? [due] : []), ...(next ? [next] : [])].sort(byTime)[0];
}

function isHeldDraft({ state, heldAt }: IssueRecord): boolean {
  return state === "draft" && heldAt !== undefined;
}

function byTime(a: Slot, b: Slot): number {
  return a.at.getTime() - b.at.getTime();
}

type Choice = Pick<Agenda, "due" | "merged" | "missed" | "overtaken">;

/**
 * A draft that is due is tried again until it is too late, also where the policy skips missed slots. It makes way for a
 * later slot that is due.
 */
function chosen(
  drafts: readonly SlotRecord[],
  coming: readonly Slot[],
  { now, schedule }: { readonly now: Date; readonly schedule: CatchUp },
): Choice {
  const { slot, merged, missed } = dueSlot(coming, now, schedule);
  if (slot) {
    const isMerged = schedule.catchUp === "merge";
    const again = isMerged ? drafts.map(slotOf) : [];
    return {
      due: slot,
      merged: [...again, ...merged],
      missed,
      overtaken: isMerged ? [] : drafts,
    };
  }
  const latest = drafts.at(-1);
  return {
    ...(latest && { due: slotOf(latest) }),
    merged: [],
    missed,
    overtaken: drafts.slice(0, -1),
  };
}

/** The next slot whose issue is not settled and not being sent yet. */
export function nextSlot(
  schedule: Schedule,
  now: Date,
  records: readonly IssueRecord[],
): Slot | undefined {
  const settled = new Set(
    records
      .filter(
        (record) =>
          record.state === "sending" || (!isOpen(record.state) && !isFromTheFuture(record, now)),
      )
      .map(({ slot }) => slot),
  );
  for (const slot of slotsAfter(schedule, now)) if (!settled.has(slot.name)) return slot;
  return undefined;
}

/** The slot was marked as missed by a clock that was ahead: its time is still to come. */
function isFromTheFuture({ state, changedAt }: IssueRecord, now: Date): boolean {
  return state === "missed" && changedAt > now;
}

/** The time of the last slot that has passed: all slots before it are settled. */
function lastPassed(records: readonly SlotRecord[], since: Date, now: Date): Date {
  const passed = records
    .filter(({ state, at }) => state !== "draft" && at <= now)
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
