import type { DayOfList } from "../../io/sqlite/audience/changes.ts";

/** A week or a month of a list. */
export interface Period {
  /** YYYY-MM-DD, its first day. */
  readonly from: string;
  readonly joined: number;
  readonly unsubscribed: number;
  /** Their mail came back, or they complained. */
  readonly lost: number;
  /** Suppressed by hand. */
  readonly manual: number;
  /** How many readers there were at its end. */
  readonly readers: number;
}

export type Rhythm = "week" | "month";

const DAY_MS = 86_400_000;
const MOST_WEEKS = 26;
const MOST_MONTHS = 48;

/** Weeks of a young list, months of others: the latest, in order, each whether anything happened in it or not. */
export function periodsOf(
  days: readonly DayOfList[],
  today: string,
  readers: number,
): { readonly rhythm: Rhythm; readonly periods: readonly Period[] } {
  const [first] = days;
  if (!first) return { rhythm: "week", periods: [] };
  const rhythm = timeOf(today) - timeOf(first.day) > MOST_WEEKS * 7 * DAY_MS ? "month" : "week";
  const starts = startsUntil(today, first.day, rhythm);
  // Backwards from what is known: how many there are now.
  let left = readers;
  const periods = starts.toReversed().map((from, index): Period => {
    const after = index === 0 ? undefined : starts.at(-index);
    const inside = days.filter(({ day }) => day >= from && (after === undefined || day < after));
    const count = (...what: readonly DayOfList["what"][]) =>
      inside.reduce((sum, day) => sum + (what.includes(day.what) ? day.count : 0), 0);
    const [joined, unsubscribed] = [count("joined"), count("unsubscribed")];
    const [lost, manual] = [count("bounced", "complained"), count("manual")];
    const period = { from, joined, unsubscribed, lost, manual, readers: left };
    left -= joined - unsubscribed - lost - manual;
    return period;
  });
  return { rhythm, periods: periods.toReversed() };
}

/** The first days of the periods from the one with `first` to the one with `today`, as many as are shown. */
function startsUntil(today: string, first: string, rhythm: Rhythm): string[] {
  const most = rhythm === "week" ? MOST_WEEKS + 1 : MOST_MONTHS;
  const starts: string[] = [];
  for (let back = 0; starts.length < most; back++) {
    const start = startOf(today, rhythm, back);
    starts.unshift(start);
    if (start <= first) break;
  }
  return starts;
}

/** The first day of the period so many before that of a day. Weeks begin on Monday (ISO 8601). */
function startOf(day: string, rhythm: Rhythm, back: number): string {
  const date = new Date(timeOf(day));
  if (rhythm === "month") date.setUTCMonth(date.getUTCMonth() - back, 1);
  else date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7) - 7 * back);
  return date.toISOString().slice(0, 10);
}

function timeOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}
