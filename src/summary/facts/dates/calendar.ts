import { primarySubtag } from "../../language/lexicon.ts";
import written from "./calendars.json" with { type: "json" };

/**
 * How one language writes dates. Every field but `months` and `seasons` is a regular-expression source;
 * leads and parts are matched in either case, as they can begin a sentence.
 */
export interface Calendar {
  /** Twelve, from January, each with its short forms: `January|Jan`. */
  readonly months: readonly string[];
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

const CALENDARS = new Map<string, Calendar>(
  Object.entries(written).map(([language, { months, ...calendar }]) => [
    language,
    { ...calendar, months: months.split(" ") },
  ]),
);

/** How a language (BCP 47) writes dates; undefined where we don't know. */
export function calendarOf(language: string): Calendar | undefined {
  return CALENDARS.get(primarySubtag(language));
}
