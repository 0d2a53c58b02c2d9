import type { Calendar } from "./calendar.ts";
import { anyCase } from "../../language/any-case.ts";

/** The regular expressions that one language's dates are found and read with. */
export interface DatePatterns {
  /** One date or two with what is before them: groups `lead`, `first`, `join`, `second`. */
  readonly whole: RegExp;
  readonly day: readonly RegExp[];
  readonly month: RegExp;
  readonly season: RegExp;
  readonly decade: RegExp;
  readonly year: RegExp;
  readonly plainLead: RegExp;
  readonly boundary: RegExp;
  readonly pairLead: RegExp;
  readonly through: RegExp;
  readonly ahead: RegExp;
  readonly months: readonly RegExp[];
}

const DAY = String.raw`(?:[12]\d|3[01]|0?[1-9])(?:(?:st|nd|rd|th|er)(?!\p{L})|[.º°](?=\s\p{L}))?`;
const YEAR = String.raw`(?:1[5-9]|20)\d\d(?!\d)`;
const cache = new WeakMap<Calendar, DatePatterns>();

/** The patterns of a calendar, made when first asked for: most processes read one language. */
export function patternsOf(calendar: Calendar): DatePatterns {
  const known = cache.get(calendar);
  if (known) return known;
  const made = compile(calendar);
  cache.set(calendar, made);
  return made;
}

function compile(calendar: Calendar): DatePatterns {
  const atoms = atomsOf(calendar);
  const atom = [...atoms.day, atoms.season, atoms.month, atoms.decade, atoms.year].join("|");
  const join = `${calendar.through}|${calendar.and}`;
  return {
    whole: new RegExp(
      String.raw`(?<![\p{L}\p{N}$£€/'’-]|\p{N}[.,])(?:(?<lead>(?:${anyCase(calendar.leads)}))\s(?:ca\.\s)?)?(?<first>${atom})(?:(?<join>${join})(?<second>${atom}))?(?![\p{L}\p{N}%°]|[.,/:-]\p{N}|-\p{L})`,
      "gu",
    ),
    day: atoms.day.map(exactly),
    month: exactly(atoms.month),
    season: exactly(atoms.season),
    decade: exactly(atoms.decade),
    year: exactly(atoms.year),
    plainLead: new RegExp(String.raw`^(?:${calendar.plainLeads})(?:\sthe)?$`, "iu"),
    boundary: new RegExp(`^(?:${calendar.boundaries})$`, "iu"),
    pairLead: new RegExp(`^(?:${calendar.pairLeads})$`, "iu"),
    through: new RegExp(`^(?:${calendar.through})$`, "u"),
    ahead: new RegExp(String.raw`(?<!\p{L})(?:${calendar.ahead})(?!\p{L})`, "u"),
    months: calendar.months.map(
      (names) => new RegExp(String.raw`(?<!\p{L})(?:${names})(?!\p{L})`, "u"),
    ),
  };
}

function atomsOf(calendar: Calendar) {
  const { months, seasons, parts, of, decadeBefore, decadeAfter, monthFirst } = calendar;
  const month = `(?:${months.join("|")})`;
  const part = `(?:(?:${anyCase(parts)}))?`;
  const dayFirst = String.raw`${DAY}${of}${month}(?:,?${of}${YEAR})?`;
  const dayLast = String.raw`${month}\s${DAY}(?:\s?[–-]\s?${DAY})?(?:,?\s${YEAR})?`;
  return {
    day: monthFirst ? [dayLast, dayFirst] : [dayFirst],
    month: String.raw`${part}${month}(?!\p{L})(?:,?${of}${YEAR})?`,
    season: String.raw`${part}(?:${anyCase(seasons)})${of}${YEAR}(?:/\d\d)?`,
    decade: String.raw`(?:${anyCase(decadeBefore)})['’]?(?:(?:1[5-9]|20)\d0|[2-9]0)${decadeAfter}(?!\p{N})`,
    year: `${part}${YEAR}`,
  };
}

function exactly(source: string): RegExp {
  return new RegExp(`^(?:${source})$`, "u");
}
