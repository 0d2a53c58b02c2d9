import { occurrencesAfter, type Rhythm } from "../config/schedule.ts";

/** One time at which an issue is due. */
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
      if (localDay(at, rhythm.zone) === localDay(before, rhythm.zone)) return "moment";
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
  const day = localDay(at, zone);
  if (cadence === "day") return { name: day, at };
  if (cadence === "week") return { name: isoWeek(day), at };
  return { name: `${day}T${localTime(at, zone)}${offsetOf(at, zone)}`, at };
}

/** The week of ISO 8601 that a day is in: that of its Thursday. */
function isoWeek(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  const thursday = new Date(date.getTime() + (3 - ((date.getUTCDay() + 6) % 7)) * DAY_MS);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = 1 + Math.floor((thursday.getTime() - first) / (7 * DAY_MS));
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, "0")}`;
}

/** The day it is in a zone, YYYY-MM-DD. */
function localDay(at: Date, zone: string): string {
  return wallClock(at, zone).toISOString().slice(0, 10);
}

/** HHMM */
function localTime(at: Date, zone: string): string {
  return wallClock(at, zone).toISOString().slice(11, 16).replace(":", "");
}

/** ±HHMM */
function offsetOf(at: Date, zone: string): string {
  const minutes = offsetMinutes(at, zone);
  const hours = String(Math.floor(Math.abs(minutes) / 60)).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${hours}${String(Math.abs(minutes) % 60).padStart(2, "0")}`;
}

/** How far a zone's clock is ahead of UTC at a moment. */
export function offsetMinutes(at: Date, zone: string): number {
  return Math.round((wallClock(at, zone).getTime() - at.getTime()) / 60_000);
}

/** What the clock on the wall shows, as if it were UTC. */
export function wallClock(at: Date, zone: string): Date {
  const part = Object.fromEntries(
    formatIn(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes fifty times as long as using it. */
function formatIn(timeZone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en", {
    timeZone,
    calendar: "iso8601",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  FORMATS.set(timeZone, made);
  return made;
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
