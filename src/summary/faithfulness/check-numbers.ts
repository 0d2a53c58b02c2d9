import type { Evidence } from "./evidence.ts";
import { daysIn, thirdsOf, weekdaysIn, type NamedDay } from "./dates/days.ts";
import { countedIn, type Counted } from "./numbers/counted.ts";
import { unfaithful, type Unfaithful } from "./unfaithful.ts";

/** A number that the source does not have, or has of something else. */
export function strayNumber(
  plain: string,
  { counted, language, lexicon }: Evidence,
): Unfaithful | undefined {
  for (const number of countedIn(plain, language)) {
    const alike = counted.filter((other) => isSame(number, other));
    if (alike.length === 0) {
      return unfaithful(
        "number",
        number.text,
        (shown) => `the number ${shown} is not in the article`,
      );
    }
    if (isOfAnother(number, alike, counted) && !lexicon.calendar.has(nounOf(number, plain))) {
      return unfaithful(
        "number",
        `${number.text} ${nounOf(number, plain)}`,
        (shown) => `the article has another number for “${shown}”`,
      );
    }
  }
  return undefined;
}

function isSame(number: Counted, other: Counted): boolean {
  return (
    number.values.some((value) => other.values.includes(value)) &&
    number.kinds.some((kind) => other.kinds.includes(kind))
  );
}

/** "40 injured", where the source has 12 injured, and 40 of nothing that is near that word. */
function isOfAnother(
  { noun, values }: Counted,
  alike: readonly Counted[],
  counted: readonly Counted[],
): boolean {
  // A year before a noun is a name's: "the 2014 race".
  if (noun === "" || values.some((value) => value > 1500 && value < 2100)) return false;
  if (alike.some(({ near }) => near.has(noun))) return false;
  return counted.some((other) => other.noun === noun && !alike.includes(other));
}

function nounOf({ end }: Counted, plain: string): string {
  return /^[ -](\p{L}+)/u.exec(plain.slice(end))?.[1] ?? "";
}

/** A day, month or weekday that the source does not name. */
export function strayDay(
  plain: string,
  { days, weekdays, language }: Evidence,
): Unfaithful | undefined {
  const stray =
    daysIn(plain, language).find((day) => !days.some((other) => isWithin(day, other))) ??
    weekdaysIn(plain, language).find(({ weekday }) => !weekdays.has(weekday));
  return (
    stray && unfaithful("date", stray.text, (shown) => `the date ${shown} is not in the article`)
  );
}

function isWithin(day: NamedDay, other: NamedDay): boolean {
  if (day.month !== other.month || !day.days.every((number) => other.days.includes(number)))
    return false;
  if (day.year !== undefined && day.year !== other.year) return false;
  return (
    day.third === undefined ||
    day.third === other.third ||
    other.days.some((number) => thirdsOf(number).includes(day.third ?? "mid"))
  );
}
