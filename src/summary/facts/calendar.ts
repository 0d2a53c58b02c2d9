import { perLanguage } from "../language/lexicon.ts";
import written from "./calendars.json" with { type: "json" };
import { anyCase } from "../language/any-case.ts";

/**
 * How one language writes dates. Every field but `months` and `seasons` is a regular-expression source;
 * leads and parts are matched in either case, as they can begin a sentence.
 */
interface Calendar {
  /** Twelve between spaces, from January, each with its short forms: `January|Jan`. */
  readonly months: string;
  readonly seasons: string;
  /** What narrows a month or a year: "mid-", "end of ". Ends where the month begins. */
  readonly parts: string;
  /** Words before a date that belong to no one's name: "in", "between". */
  readonly leads: string;
  /** Leads that say what happened then, not before or after. */
  readonly plainLeads: string;
  /** Leads without which the date says something else; only heard at the start of a sentence. */
  readonly boundaries: string;
  /** Leads of two dates: "between". */
  readonly pairLeads: string;
  /** Between the ends of a period: "to", "–". */
  readonly through: string;
  /** Between two dates: "and". */
  readonly and: string;
  /** Between day, month and year: Spanish "de". */
  readonly of: string;
  readonly decadeBefore: string;
  readonly decadeAfter: string;
  /** Words of a sentence that looks ahead. */
  readonly ahead: string;
  /** Whether the month may come before the day. */
  readonly monthFirst?: boolean;
  /** Whether nouns are written with a capital, so that "von 2000 Menschen" looks like a year and a name. */
  readonly capitalNouns?: boolean;
}

const CALENDARS = new Map<string, Calendar>(Object.entries(written));

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
  /** See `Calendar`. */
  readonly capitalNouns: boolean;
}

const DAY = String.raw`(?:[12]\d|3[01]|0?[1-9])(?:(?:st|nd|rd|th|er)(?!\p{L})|[.º°](?=\s\p{L}))?`;
const YEAR = String.raw`(?:1[5-9]|20)\d\d(?!\d)`;

/** The patterns of a language's dates (BCP 47); undefined where we don't know how it writes them. */
export const datePatternsOf = perLanguage((primary) => {
  const calendar = CALENDARS.get(primary);
  return calendar && compile(calendar);
});

function compile(calendar: Calendar): DatePatterns {
  const months = calendar.months.split(" ");
  const atoms = atomsOf(calendar, months);
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
    months: months.map((names) => new RegExp(String.raw`(?<!\p{L})(?:${names})(?!\p{L})`, "u")),
    capitalNouns: calendar.capitalNouns === true,
  };
}

function atomsOf(calendar: Calendar, months: readonly string[]) {
  const { seasons, parts, of, decadeBefore, decadeAfter, monthFirst } = calendar;
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
