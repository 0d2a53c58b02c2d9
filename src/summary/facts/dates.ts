import { anyCase } from "../../platform/text.ts";
import { perLanguage } from "../language/lexicon.ts";
import written from "./calendars.json" with { type: "json" };

/** A date or period that a text states. `[start, end)` are its offsets. */
export interface NamedDate {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly kind: "day" | "month" | "season" | "year" | "decade";
  /** From 1; only for days and months. */
  readonly month?: number;
  /** Several for "March 28-30"; empty for other kinds than days. */
  readonly days: readonly number[];
  readonly year?: number;
  /** The third of the month or year, if the text states it: "mid-April". */
  readonly third?: Third;
}

/**
 * Returns the dates of a text in its order. Days and months are recognised in every language of CLDR and in figures;
 * seasons, years and decades in de, en, es, fr, it, nl and pt.
 */
export function datesIn(text: string, language: string): readonly NamedDate[] {
  const calendar = calendarOf(language);
  const { month, usage } = calendar;
  const found = [
    ...[...text.matchAll(month)].flatMap((match) => inWords(match, calendar) ?? []),
    ...IN_FIGURES.flatMap((pattern) => [...text.matchAll(pattern)].flatMap(inFigures)),
    ...(usage ? Array.from(text.matchAll(usage.period), periodOf) : []),
  ];
  let end = 0;
  return found
    .toSorted((a, b) => a.start - b.start || b.end - a.end)
    .filter((date) => {
      const isFree = date.start >= end;
      if (isFree) end = date.end;
      return isFree;
    });
}

type Match = RegExpExecArray;

function spanOf({ 0: text, index: start }: Match) {
  return { text, start, end: start + text.length };
}

function thirdOf({ groups }: Match): { readonly third?: Third } {
  const third = (["early", "mid", "late"] as const).find((name) => groups?.[name] !== undefined);
  return third ? { third } : {};
}

function inWords(match: Match, { months, shortMonths }: Calendar): NamedDate | undefined {
  const { before, after, year, month = "" } = match.groups ?? {};
  const word = month.toLowerCase();
  const number = months.get(word) ?? months.get(word.replace(/\.$/, ""));
  const days = [before, after].flatMap((part) => part?.match(/\d+/g) ?? []).map(Number);
  // "Mar" alone is more often a name, and "contre sept." ends a sentence.
  const isDoubtful = shortMonths.has(word.replace(/\.$/, "")) && days.length === 0 && !year;
  if (number === undefined || isDoubtful) return undefined;
  const named = {
    ...spanOf(match),
    month: number,
    days,
    ...(year !== undefined && { year: Number(year) }),
  };
  if (days.length === 0) return { ...named, kind: "month", ...thirdOf(match) };
  // In "a stabbing early April 8", "early" is not part of the date.
  const { early, mid, late } = match.groups ?? {};
  const lead = (early ?? mid ?? late ?? "").length;
  return { ...named, kind: "day", text: named.text.slice(lead), start: named.start + lead };
}

const IN_FIGURES = [
  /** 2031年3月28日, 3월 28일 */
  /(?:(?<year>\d{4})\s?[年년]\s?)?(?<!\d)(?<month>\d{1,2})\s?[月월](?:\s?(?<day>\d{1,2})\s?[日號号일])?/gu,
  /(?<!\d)(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?!\d)/g,
  /(?<![\d.])(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})(?![\d.])/g,
];

function inFigures(match: Match): readonly NamedDate[] {
  const { year, month, day } = match.groups ?? {};
  if (Number(month) < 1 || Number(month) > 12) return [];
  const named: NamedDate = {
    ...spanOf(match),
    kind: day === undefined ? "month" : "day",
    month: Number(month),
    days: day === undefined ? [] : [Number(day)],
    ...(year !== undefined && { year: Number(year) }),
  };
  return [named];
}

function periodOf(match: Match): NamedDate {
  const { season, decade } = match.groups ?? {};
  const digits = /\d+/.exec(match[0])?.[0] ?? "";
  return {
    ...spanOf(match),
    kind: season !== undefined ? "season" : decade !== undefined ? "decade" : "year",
    days: [],
    year: digits.length === 2 ? 1900 + Number(digits) : Number(digits),
    ...thirdOf(match),
  };
}

/** A weekday that a text states. Sunday is 0. */
export interface NamedWeekday {
  readonly text: string;
  readonly weekday: number;
}

/** Returns the weekdays that a text states, in every language of CLDR. */
export function weekdaysIn(text: string, language: string): readonly NamedWeekday[] {
  const { weekdays, weekday } = calendarOf(language);
  return Array.from(text.matchAll(weekday), ([found]) => ({
    text: found,
    weekday: weekdays.get(found.toLowerCase()) ?? -1,
  }));
}

/** The date format of one language, without its months and weekdays. Every string is the source of a regular expression. */
interface Written {
  /** Words for months that CLDR lacks, in lower case, with their numbers. */
  readonly otherMonths?: Readonly<Record<string, number>>;
  readonly seasons: string;
  /** Words that narrow a month or a year: "mid-", "end of ". Each pattern ends where the date begins. */
  readonly parts: Readonly<Record<Third, string>>;
  /** Words before a date that are never part of a name: "in", "between". */
  readonly leads: string;
  /** Words before a date that state the time of the event itself, not a time before or after it. */
  readonly plainLeads: string;
  /** Words that belong to the date because they change its meaning. They count only at the start of a sentence. */
  readonly boundaries: string;
  /** Words before two dates: "between". */
  readonly pairLeads: string;
  /** Words or marks inside a period: "to", "–". */
  readonly through: string;
  /** Words between two dates: "and". */
  readonly and: string;
  readonly decadeBefore: string;
  readonly decadeAfter: string;
  /** Words of a sentence about the future. */
  readonly ahead: string;
  /** Whether the month may come before the day. */
  readonly monthFirst?: boolean;
}

/** A third of a month or year. */
export type Third = "early" | "mid" | "late";

/** The names of months and weekdays in one language, from CLDR, and the patterns of its dates. */
export interface Calendar {
  /** From 1. */
  readonly months: ReadonlyMap<string, number>;
  /** Abbreviated months, without the full stop. */
  readonly shortMonths: ReadonlySet<string>;
  /** From 0, Sunday. */
  readonly weekdays: ReadonlyMap<string, number>;
  /**
   * Matches a day or a month. Its groups are `before` and `after` for the day, `month`, `year`, and `early`, `mid` and
   * `late` for a third of the month.
   */
  readonly month: RegExp;
  readonly weekday: RegExp;
  /** Present for languages with a date format of our own. */
  readonly usage?: Usage;
}

/** The patterns of one of our languages for periods, and for the words around a date. */
export interface Usage {
  /** Matches a season, decade or year. Its groups have these names; `early`, `mid` and `late` stand for thirds. */
  readonly period: RegExp;
  /** Matches at the end of the text before a date. */
  readonly lead: RegExp;
  readonly plainLead: RegExp;
  readonly boundary: RegExp;
  readonly pairLead: RegExp;
  /** Matches the text between two dates. */
  readonly through: RegExp;
  readonly join: RegExp;
  readonly ahead: RegExp;
}

const WRITTEN = new Map<string, Written>(Object.entries(written));

/** Returns the calendar of a language (BCP 47). A language that CLDR lacks has English months. */
export const calendarOf = perLanguage((primary): Calendar => {
  const locale = /^[a-z]{2,3}$/.test(primary) ? primary : "en";
  const own = WRITTEN.get(primary);
  const long = wordsOf(locale, { month: "long" });
  const months = monthsOf(locale, long, own?.otherMonths ?? {});
  const whole = new Set(Array.from({ length: 12 }, (_, index) => long(dayOf(index))).flat());
  const shortMonths = new Set(
    [...months.keys()].filter((word) => !whole.has(word)).map((word) => word.replace(/\.$/, "")),
  );
  const named = wordsOf(locale, { weekday: "long" });
  // 2 January 2000 was a Sunday.
  const weekdays = numbered(7, (index) => named(new Date(Date.UTC(2000, 0, 2 + index))));
  return {
    months: new Map([...months].map(([word, index]) => [word, index + 1])),
    shortMonths,
    weekdays,
    month: monthPattern(anyOf(months, locale, shortMonths), own),
    weekday: new RegExp(`${WORD_START}(?:${anyOf(weekdays, locale)})${WORD_END}`, "gu"),
    ...(own && { usage: usageOf(own) }),
  };
});

const DAY = String.raw`(?:[12]\d|3[01]|0?[1-9])(?!\d)`;
const YEAR = String.raw`(?:1\d|20)\d\d(?!\d)`;
/** A number of four digits from 1500 on is a year by itself. */
const BARE_YEAR = String.raw`(?:1[5-9]|20)\d\d(?!\d)`;
/** Text between a day and its month, and before a year, in any of our languages. */
const OF_MONTH = String.raw`(?:\.|st|nd|rd|th|er|º|°)?(?:\s(?:de|of|di|van))?\s?`;
const OF_YEAR = String.raw`\s(?:del?\s|of\s|van\s)?`;
const WORD_START = String.raw`(?<![\p{L}\p{M}])`;
const WORD_END = String.raw`(?![\p{L}\p{M}])`;
/** A date must not be part of a longer expression: "12/2014", "£2016", "2-1988". */
const NOT_AFTER = String.raw`(?<![\p{L}\p{N}$£€/'’-]|\p{N}[.,])`;
const NOT_BEFORE = String.raw`(?![\p{L}\p{N}%°]|[.,/:-]\p{N}|-\p{L})`;

function monthPattern(months: string, own: Written | undefined): RegExp {
  const before = String.raw`(?:(?<before>${DAY}(?:[-–/.]{1,2}${DAY})?)${OF_MONTH})?`;
  const after = String.raw`(?:\s(?<after>${DAY}(?:(?:\s?[-–]\s?|\sand\s|\sto\s)${DAY})?)(?![.,]\d|:)(?:st|nd|rd|th)?)?`;
  const isDayFirst = own !== undefined && own.monthFirst !== true;
  return new RegExp(
    String.raw`(?<![\p{L}\p{M}\p{N}])${thirdsOf(own)}${before}${WORD_START}(?<month>${months})${WORD_END}${isDayFirst ? "(?<after>(?!))?" : after}(?:,?${OF_YEAR}(?<year>${YEAR}))?`,
    "gu",
  );
}

/** Returns the pattern of the words that narrow a date, with a group for each third. */
function thirdsOf(own: Written | undefined): string {
  if (!own) return "";
  const { early, mid, late } = own.parts;
  return `(?:(?<early>${anyCase(early)})|(?<mid>${anyCase(mid)})|(?<late>${anyCase(late)}))?`;
}

function usageOf(own: Written): Usage {
  const { seasons, decadeBefore, decadeAfter, leads, plainLeads, boundaries, pairLeads } = own;
  const season = String.raw`(?<season>(?:${anyCase(seasons)})${OF_YEAR}${BARE_YEAR}(?:/\d\d)?)`;
  const decade = String.raw`(?<decade>(?:${anyCase(decadeBefore)})['’]?(?:(?:1[5-9]|20)\d0|[2-9]0)${decadeAfter}(?!\p{N}))`;
  return {
    period: new RegExp(
      `(?:${NOT_AFTER}|(?<=(?<!\\p{N})${BARE_YEAR}-))${thirdsOf(own)}(?:${season}|${decade}|(?<year>${BARE_YEAR}))(?:${NOT_BEFORE}|(?=-${BARE_YEAR}))`,
      "gu",
    ),
    lead: new RegExp(String.raw`${NOT_AFTER}(?<lead>${anyCase(leads)})\s(?:ca\.\s)?$`, "u"),
    plainLead: new RegExp(String.raw`^(?:${plainLeads})(?:\sthe)?$`, "iu"),
    boundary: new RegExp(`^(?:${boundaries})$`, "iu"),
    pairLead: new RegExp(`^(?:${pairLeads})$`, "iu"),
    through: new RegExp(`^(?:${own.through})$`, "u"),
    join: new RegExp(`^(?:${own.through}|${own.and})$`, "u"),
    ahead: new RegExp(String.raw`(?<!\p{L})(?:${own.ahead})(?!\p{L})`, "u"),
  };
}

/** Patterns for the text before and after a date that is not part of a longer expression. */
export const FREE = {
  before: new RegExp(`${NOT_AFTER}$`, "u"),
  after: new RegExp(`^${NOT_BEFORE}`, "u"),
};

/** Maps words to their numbers. A word with two numbers, such as Spanish "mar." in some lists, has the first. */
function numbered(
  count: number,
  wordsAt: (index: number) => readonly string[],
): ReadonlyMap<string, number> {
  const words = new Map<string, number>();
  for (let index = 0; index < count; index++) {
    for (const word of wordsAt(index)) if (!words.has(word)) words.set(word, index);
  }
  return words;
}

/** Abbreviated months count only with their full stop, except in English: "sept" is seven in French. */
function monthsOf(
  locale: string,
  long: (date: Date) => readonly string[],
  others: Readonly<Record<string, number>>,
): ReadonlyMap<string, number> {
  const short = wordsOf(locale, { month: "short" });
  const isClear = (word: string) => locale === "en" || word.endsWith(".");
  return numbered(12, (index) => {
    const date = dayOf(index);
    const own = Object.keys(others).filter((word) => others[word] === index + 1);
    const all = [...long(date), ...short(date).filter(isClear), ...own];
    return all.filter((word) => word.length > 1 && !/\d/.test(word));
  });
}

/** Returns a day in the month, counted from 0. */
function dayOf(month: number): Date {
  return new Date(Date.UTC(2000, month, 15));
}

/** Returns the forms of a word: alone, and inside a date, because Russian dates are in the genitive. */
function wordsOf(
  locale: string,
  alone: Intl.DateTimeFormatOptions,
): (date: Date) => readonly string[] {
  const zone = { timeZone: "UTC", calendar: "gregory", numberingSystem: "latn" } as const;
  const inDate = { month: "long", day: "numeric", year: "numeric" } as const;
  const formats = [alone, { ...inDate, ...alone }].map(
    (options) => new Intl.DateTimeFormat(locale, { ...options, ...zone }),
  );
  return (date) =>
    formats
      .flatMap((format) => format.formatToParts(date))
      .filter(({ type }) => type in alone)
      .map(({ value }) => value.toLowerCase());
}

/**
 * Returns a pattern of words, also with a capital. In English and German only capitalised words count, because "may" is not
 * a month.
 * @param short words that may end with a full stop
 */
function anyOf(
  words: ReadonlyMap<string, number>,
  locale: string,
  short: ReadonlySet<string> = new Set(),
): string {
  const small = [...words.keys()];
  const capitalised = small.map((word) =>
    word.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase()),
  );
  const all = locale === "en" || locale === "de" ? capitalised : [...small, ...capitalised];
  const safe = all.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  const stopped = safe.map((word) => (short.has(word.toLowerCase()) ? `${word}\\.?` : word));
  return [...new Set(stopped)].toSorted((a, b) => b.length - a.length).join("|") || "(?!)";
}
