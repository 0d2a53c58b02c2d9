const DAY_MS = 86_400_000;
const SLOT = /^(\d{4})-(?:(\d{2})-(\d{2})(?:T(\d{2})(\d{2})([+-])(\d{2})(\d{2}))?|W(\d{2}))$/;

/**
 * When a slot is, in milliseconds since 1970: the instant it names, a day's first in UTC, or the
 * first of an ISO week's Monday. Undefined for what is no slot.
 */
export function slotTime(slot: string): number | undefined {
  const match = SLOT.exec(slot);
  if (!match) return undefined;
  const [, , , , , , sign] = match;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, , east = 0, eastMinute = 0, week] =
    match.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
  if (week !== undefined) return mondayOf(year, week);
  const offset = (sign === "-" ? -1 : 1) * (east * 60 + eastMinute);
  return Date.UTC(year, month - 1, day, hour, minute - offset);
}

/** ISO 8601: week 1 is the one with 4 January in it. */
function mondayOf(year: number, week: number): number {
  const fourth = Date.UTC(year, 0, 4);
  const daysSinceMonday = (new Date(fourth).getUTCDay() + 6) % 7;
  return fourth + ((week - 1) * 7 - daysSinceMonday) * DAY_MS;
}
