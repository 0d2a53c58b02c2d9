import { dayIn, wallClock } from "../platform/clock.ts";
import { occurrencesAfter, type Rhythm } from "../platform/rhythm.ts";
import type { Schedule } from "../config/config.ts";
import type { IssueRecord, IssueRecords } from "../delivery/io/issue-records.ts";
import { isFrozen, isOpen } from "../delivery/life.ts";

/** A time at which an issue is due. */
export interface Slot {
  /** The name in the ledger and the outbox: `2026-W48`, `2026-11-24` or `2026-11-24T0700+0100`. */
  readonly name: string;
  readonly at: Date;
}

/** How slots are named: by the week if there is one a week, by the date if there is one a day, otherwise by the time. */
type Cadence = "week" | "day" | "moment";

/**
 * The slots of a rhythm after a time, soonest first. All names differ. A slot's name depends only on the rhythm and its own
 * time.
 */
export function* slotsAfter(rhythm: Rhythm, moment: Date): Generator<Slot> {
  const cadence = cadenceOf(rhythm);
  for (const at of occurrencesAfter(rhythm, moment)) yield slotAt(at, rhythm.zone, cadence);
}

/** The slots with `after < at ≤ until`, soonest first. If there are more than `limit`, only the latest ones. */
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
  // Most runs find no slot, and a run without work must be quick.
  if (found.length === 0) return [];
  const cadence = cadenceOf(rhythm);
  return found.map((at) => slotAt(at, rhythm.zone, cadence));
}

/** The most slots that are listed: a year of hourly slots. */
const MOST_MISSED = 9_000;

/** The time from which a rhythm is examined. Any year would do. */
const REFERENCE = new Date("2025-01-01T00:00:00Z");
const DAY_MS = 86_400_000;
/** The number of slots that are examined: two years for a monthly rhythm, half a year for a weekly one. */
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
  // Monthly slots fall into different weeks too, but they are named by the date.
  return isWeekly && isEveryWeek ? "week" : "day";
}

function slotAt(at: Date, zone: string, cadence: Cadence): Slot {
  const day = dayIn(zone, at);
  if (cadence === "day") return { name: day, at };
  if (cadence === "week") return { name: isoWeek(day), at };
  return { name: `${day}T${localTime(at, zone)}${offsetText(at, zone).replace(":", "")}`, at };
}

/** The ISO 8601 week of a day. It belongs to the year of its Thursday. */
function isoWeek(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  const thursday = new Date(date.getTime() + (3 - ((date.getUTCDay() + 6) % 7)) * DAY_MS);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = 1 + Math.floor((thursday.getTime() - first) / (7 * DAY_MS));
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, "0")}`;
}

/** The local time as HHMM. */
function localTime(at: Date, zone: string): string {
  return wallClock(at, zone).toISOString().slice(11, 16).replace(":", "");
}

/** The offset of a zone's clock from UTC at a time. */
function offsetMinutes(at: Date, zone: string): number {
  return Math.round((wallClock(at, zone).getTime() - at.getTime()) / 60_000);
}

/** A time on the clock of a zone: `Tue 2026-11-24 07:00`. */
export function localText(at: Date, zone: string): string {
  const wall = wallClock(at, zone);
  const weekday = new Intl.DateTimeFormat("en", { weekday: "short", timeZone: "UTC" }).format(wall);
  return `${weekday} ${wall.toISOString().slice(0, 16).replace("T", " ")}`;
}

/** The offset of a zone's clock from UTC: `+01:00`. */
export function offsetText(at: Date, zone: string): string {
  const minutes = offsetMinutes(at, zone);
  const hours = String(Math.floor(Math.abs(minutes) / 60)).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${hours}:${String(Math.abs(minutes) % 60).padStart(2, "0")}`;
}

/** A slot as `schedule explain` shows it. */
export interface ExplainedSlot {
  readonly slot: string;
  /** The time by ISO 8601, in UTC. */
  readonly at: string;
  /** The time on the clock of the schedule's zone: `Tue 2026-11-24 07:00`. */
  readonly local: string;
  readonly offset: string;
  /** The effect of a clock change on this slot, if there is one. */
  readonly note?: string;
  /** The last time at which its issue is still sent, by ISO 8601 in UTC. */
  readonly sentUntil: string;
}

/** The next slots after a time. */
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

/** The effect of a clock change on a slot. */
function clockNote(at: Date, before: Date | undefined, zone: string): string | undefined {
  if (offsetMinutes(new Date(at.getTime() - 60_000), zone) < offsetMinutes(at, zone)) {
    return "the clock goes forward just before: a time that it skips comes now";
  }
  const twin = TWIN_MINUTES.find((minutes) => showsTheSame(at, minutes, zone));
  if (twin !== undefined) {
    return `the clock shows this time twice: this is the ${twin > 0 ? "first" : "second"}`;
  }
  const change = before ? offsetMinutes(at, zone) - offsetMinutes(before, zone) : 0;
  if (change === 0) return undefined;
  const [direction, when] = change > 0 ? ["forward", "earlier"] : ["back", "later"];
  const by = minutesText(Math.abs(change));
  return `since the slot before, the clock went ${direction} ${by}: this slot comes ${by} ${when} in UTC`;
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

/** The records of a schedule in a store. */
interface Recorded {
  /** The beginning of the timetable. Slots before it are never run. */
  readonly since: Date;
  /** The open issues, and the finished ones of the last days. */
  readonly records: readonly IssueRecord[];
}

interface Moment {
  readonly now: Date;
  /** Whether the next slot is taken before its time if nothing is due. */
  readonly isEarly?: boolean | undefined;
}

/** The record of an issue that the schedule sends. */
export type SlotRecord = IssueRecord & { readonly at: Date };

export interface Agenda {
  /** Open issues for which it is too late. */
  readonly late: readonly SlotRecord[];
  /** Approved issues, issues that a run held for an editor, and issues that are being sent. The earliest comes first. */
  readonly unfinished: readonly SlotRecord[];
  /** The slot to make an issue for. */
  readonly due?: Slot;
  /** Earlier slots whose stories go into that issue. */
  readonly merged: readonly Slot[];
  /** Slots without an issue. */
  readonly missed: readonly Slot[];
  /** Drafts that a later due slot replaces. */
  readonly overtaken: readonly SlotRecord[];
}

/**
 * Slots that were missed longer ago are ignored. The first run may have had a clock in 1970, as on a computer without a
 * battery, and there would be millions of missed slots.
 */
const LOOK_BACK_MS = 31 * 86_400_000;

/** The work at a time. No slot is run twice, even if the clock or the config has changed. */
export function agendaAt(
  { now, isEarly }: Moment,
  schedule: Schedule,
  { since, records }: Recorded,
): Agenda {
  const seen = slotsIn(records).filter((record) => !isFromTheFuture(record, now));
  // An issue from before the schedule may have the name of a slot.
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
  // An editor may send an issue to some readers before the time of its slot. It is unfinished until that time.
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
          // An issue with a reason was held by a run. An issue that only waits for approval has no reason.
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

/** A run continues an issue at any time if a run began it. An issue that an editor began waits for the time of its slot. */
function isRunsTurn({ at, isRuns }: SlotRecord, now: Date): boolean {
  return isRuns || at <= now;
}

function isLate({ at }: SlotRecord, now: Date, { maxLate }: CatchUp): boolean {
  return now.getTime() - at.getTime() > maxLate;
}

/**
 * The slot that commands without a name mean: the earliest one that is neither finished nor being sent. The next run sends
 * its issue. Undefined if the schedule has no more slots.
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
  // Before the first run there is no timetable. The next run would begin it.
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
 * Chooses the slot to run. A due draft is tried again until it is too late, even if the policy skips missed slots. A later
 * due slot replaces it. `coming`: the slots since the last finished one until `now`, oldest first.
 */
function chosen(
  drafts: readonly SlotRecord[],
  coming: readonly Slot[],
  { now, schedule }: { readonly now: Date; readonly schedule: CatchUp },
): Choice {
  const due = coming.at(-1);
  if (due && now.getTime() - due.at.getTime() <= graceMs(schedule)) {
    const earlier = coming.slice(0, -1);
    return schedule.catchUp === "merge"
      ? { due, merged: [...drafts.map(slotOf), ...earlier], missed: [], overtaken: [] }
      : { due, merged: [], missed: earlier, overtaken: drafts };
  }
  const latest = drafts.at(-1);
  return {
    ...(latest && { due: slotOf(latest) }),
    merged: [],
    missed: coming,
    overtaken: drafts.slice(0, -1),
  };
}

/** The next slot whose issue is neither finished nor being sent. */
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

/** Whether a clock that was ahead marked the slot as missed, so that its time is still to come. */
function isFromTheFuture({ state, changedAt }: IssueRecord, now: Date): boolean {
  return state === "missed" && changedAt > now;
}

/** The time of the last slot that is finished or being sent. All slots before it are finished too. */
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

/** The policy for slots without a run at their time. */
type CatchUp = Pick<Schedule, "catchUp" | "maxLate">;

/** A run within this time after the slot is on time, because cron starts a little late and a machine may be busy. */
export const ON_TIME_MS = 15 * 60_000;

/** The time after a slot within which it is still run. */
export function graceMs({ catchUp, maxLate }: CatchUp): number {
  return catchUp === "skip" ? Math.min(ON_TIME_MS, maxLate) : maxLate;
}
