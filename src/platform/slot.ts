const DAY_MS = 86_400_000;
const SLOT =
  /^(\d{4})-(?:(\d{2})-(\d{2})(?:T(\d{2})(\d{2})([+-])(\d{2})(\d{2})|-extra)?|W(\d{2}))$/;

/** The name of an issue of a day whose date is already the name of a slot of the schedule. */
export function extraSlot(day: string): string {
  return `${day}-extra`;
}

/** The day of a slot, YYYY-MM-DD. For a week it is the Monday. Undefined if the text is not a slot. */
export function dayOfSlot(slot: string): string | undefined {
  const day = /^\d{4}-\d{2}-\d{2}/.exec(slot)?.[0];
  const time = slotTime(slot);
  if (time === undefined) return undefined;
  return day ?? new Date(time).toISOString().slice(0, 10);
}

/**
 * The time of a slot, in milliseconds since 1970: the instant that it names, the start of its day in UTC, or the start
 * of the Monday of its ISO week. Undefined if the text is not a slot, such as 30 February.
 */
export function slotTime(slot: string): number | undefined {
  const match = SLOT.exec(slot);
  if (!match) return undefined;
  const [, , , , , , sign] = match;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, , east = 0, eastMinute = 0, week] =
    match.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
  if (week !== undefined) return week >= 1 && week <= 53 ? mondayOf(year, week) : undefined;
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day || month < 1 || month > 12)
    return undefined;
  const offset = (sign === "-" ? -1 : 1) * (east * 60 + eastMinute);
  return Date.UTC(year, month - 1, day, hour, minute - offset);
}

/** ISO 8601: week 1 is the one with 4 January in it. */
function mondayOf(year: number, week: number): number {
  const fourth = Date.UTC(year, 0, 4);
  const daysSinceMonday = (new Date(fourth).getUTCDay() + 6) % 7;
  return fourth + ((week - 1) * 7 - daysSinceMonday) * DAY_MS;
}
