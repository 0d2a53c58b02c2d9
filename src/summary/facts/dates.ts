import { datePatternsOf, type DatePatterns } from "./calendar.ts";

/** Sorts after every year that is stated. */
export const UNKNOWN_YEAR = 9999;

/** A date or a period as a sentence states it; `[start, end)` are offsets in the sentence. */
export interface StatedDate {
  readonly when: string;
  /** ISO 8601: a day, a month, a year or an interval of them. */
  readonly iso?: string;
  readonly start: number;
  readonly end: number;
  /** Sorts dates by when they begin; of `UNKNOWN_YEAR` where nothing says which year it is. */
  readonly order: string;
  /** From 4, a day, to 1, a decade. */
  readonly precision: number;
}

/**
 * The dates that a sentence states, in its order: those of which it says that something happens then.
 * "By 2030", "the 2015 final" and "in 2000 cases" are none. Without a year, one is told by
 * `publishedAt` (ISO 8601) where that leaves no doubt, else the date has no `iso`. None in a language
 * without a calendar of ours.
 */
export function datesIn(
  sentence: string,
  language: string,
  publishedAt = "",
): readonly StatedDate[] {
  const patterns = datePatternsOf(language);
  if (!patterns) return [];
  return [...sentence.matchAll(patterns.whole)].flatMap((match) => {
    const found = stated(match, sentence, patterns);
    return found ? [dated(found, sentence, patterns, publishedAt)] : [];
  });
}

interface Found {
  readonly when: string;
  readonly start: number;
  readonly end: number;
  readonly lead: string;
  readonly period: Period;
  readonly isBoundary: boolean;
}

function stated(
  match: RegExpExecArray,
  sentence: string,
  patterns: DatePatterns,
): Found | undefined {
  const { lead = "", first = "", join = "", second = "" } = match.groups ?? {};
  const end = match.index + match[0].length;
  const start = end - first.length - join.length - second.length;
  const period = wholePeriod(first, second, patterns);
  if (!period || !isEvent(match, sentence, period, patterns)) return undefined;
  if (period.isYear && isCount(sentence.slice(end), patterns)) return undefined;
  const isPair = second !== "" && patterns.pairLead.test(lead);
  const isBoundary = patterns.boundary.test(lead);
  const isPeriod = isPair || patterns.through.test(join);
  if (second !== "" && !isPeriod)
    return {
      ...spanOf(sentence, start, end),
      lead,
      period: { ...period, iso: undefined, isOpen: true },
      isBoundary,
    };
  const keepsLead = isPair || isBoundary || /^(?:last|next)$/i.test(lead);
  return { ...spanOf(sentence, keepsLead ? match.index : start, end), lead, period, isBoundary };
}

function spanOf(sentence: string, start: number, end: number) {
  return { when: sentence.slice(start, end).trim(), start, end };
}

function wholePeriod(first: string, second: string, patterns: DatePatterns): Period | undefined {
  const from = periodOf(first, patterns);
  if (!from || second === "") return from;
  const to = periodOf(second, patterns);
  if (!to || to.precision !== from.precision) return undefined;
  const began = from.year === undefined && to.year !== undefined ? inYear(from, to.year) : from;
  const iso = began.iso && to.iso && began.iso <= to.iso ? `${began.iso}/${to.iso}` : undefined;
  return { ...began, iso, isOpen: true, isNarrowed: true };
}

/** A lead that says "then", or a date that can do without one; a date before a noun is its name. */
function isEvent(
  { index, groups }: RegExpExecArray,
  sentence: string,
  { needsLead, isNarrowed }: Period,
  patterns: DatePatterns,
): boolean {
  const { lead = "", second = "" } = groups ?? {};
  // "du 15 au 17 juin": the second half of a period that began with a bare day.
  if (
    /(?<!\p{N})\p{N}{1,2}[.º°]?\s?(?:\p{L}{1,5}\s|[–-])$/u.test(
      sentence.slice(Math.max(0, index - 12), index + lead.length).trimEnd() + " ",
    )
  )
    return false;
  const opens = /^["“„«]?$/.test(sentence.slice(0, index).trim());
  if (lead === "") {
    if (
      /(?:^|[^\p{L}])(?:the|an?|his|her|its|their|our|this|that|\p{L}+['’]s|\p{L}+s['’])\s$/iu.test(
        sentence.slice(0, index),
      )
    )
      return false;
    return !needsLead || (isNarrowed && opens);
  }
  if (patterns.boundary.test(lead)) return opens || (second !== "" && patterns.pairLead.test(lead));
  if (/\sthe$/i.test(lead)) return isNarrowed && patterns.plainLead.test(lead);
  return patterns.plainLead.test(lead) || (second !== "" && patterns.pairLead.test(lead));
}

/** "in 2000 cases": a number before what it counts, not a year. */
function isCount(after: string, { capitalNouns }: DatePatterns): boolean {
  if (capitalNouns && /^\s\p{Lu}/u.test(after)) return true;
  return (
    /^\s(?:\p{Ll}{2,}s|people|men|women|children)(?!\p{L})/u.test(after) &&
    !/^\s(?:was|has|as|is|his|its|this|les|des|dans|mais|plus|tres|los|las|sus|mas|os|as|nos|dos)(?!\p{L})/u.test(
      after,
    )
  );
}

function dated(
  found: Found,
  sentence: string,
  patterns: DatePatterns,
  publishedAt: string,
): StatedDate {
  const { when, start, end, lead, period, isBoundary } = found;
  const isAhead = patterns.ahead.test(sentence);
  const year = period.year ?? yearOf(period, lead, isAhead, publishedAt);
  const whole = year === undefined ? period : inYear(period, year);
  const iso = isBoundary ? undefined : whole.iso;
  const order = `${String(year ?? likelyYear(isAhead, publishedAt))}-${period.order}`;
  return {
    when,
    ...(iso !== undefined && { iso }),
    start,
    end,
    order,
    precision: period.precision,
  };
}

/**
 * Good enough to sort by where `yearOf` has its doubts: "in November", read in January, was the one just past
 * unless the sentence looks ahead.
 */
function likelyYear(isAhead: boolean, publishedAt: string): number {
  const now = Number(/^\d{4}/.exec(publishedAt)?.[0] ?? UNKNOWN_YEAR);
  return isAhead || now === UNKNOWN_YEAR ? now : now - 1;
}

/** Months back at which "in December", read in January, may well be the one just past. */
const NEAR_PAST = 4;

/** The year of a date without one, where the day of the paper leaves no doubt. */
function yearOf(
  period: Period,
  lead: string,
  isAhead: boolean,
  publishedAt: string,
): number | undefined {
  const [, year, month, day = "31"] = /^(\d{4})-(\d\d)(?:-(\d\d))?/.exec(publishedAt) ?? [];
  if (!year || !month) return undefined;
  const now = Number(year);
  const isPast = period.order.slice(0, 5).padEnd(5, "-00") <= `${month}-${day}`;
  if (/^last$/i.test(lead)) return period.order.slice(0, 2) < month ? now : now - 1;
  if (/^next$/i.test(lead)) return period.order.slice(0, 2) > month ? now : now + 1;
  const monthsBack = (Number(month) - Number(period.order.slice(0, 2)) + 12) % 12;
  if (isPast) return now;
  return isAhead && monthsBack > NEAR_PAST ? now : undefined;
}

/** A day, month, season, year or decade, as far as its words say. */
interface Period {
  readonly year?: number | undefined;
  readonly iso: string | undefined;
  /** `MM-DD` of its beginning, or near: what sorts periods of one year. */
  readonly order: string;
  readonly precision: number;
  /** Whether it is only a year, which any number may look like. */
  readonly isYear: boolean;
  /** Whether its words alone might mean something else: "may", 2000. */
  readonly needsLead: boolean;
  /** Whether it has a word that narrows it: "mid-", "end of". */
  readonly isNarrowed: boolean;
  /** Whether it is more than one day or month, so that a year alone does not resolve it. */
  readonly isOpen?: boolean;
}

/** The period that a date's words name, undefined for a day that no month has. */
function periodOf(text: string, patterns: DatePatterns): Period | undefined {
  const year = yearIn(text);
  if (patterns.day.some((day) => day.test(text))) return dayOf(text, year, patterns);
  if (patterns.season.test(text)) return seasonOf(year);
  if (patterns.month.test(text)) return monthOf(text, year, patterns);
  if (patterns.year.test(text)) return wholeYear(text, year);
  return patterns.decade.test(text) ? decadeOf(text) : undefined;
}

function yearIn(text: string): number | undefined {
  const year = /(?<!\d)(?:1[5-9]|20)\d\d(?!\d)/.exec(text)?.[0];
  return year === undefined ? undefined : Number(year);
}

function dayOf(
  text: string,
  year: number | undefined,
  { months }: DatePatterns,
): Period | undefined {
  const month = monthIn(text, months);
  const days = [...text.matchAll(/(?<!\d)\d{1,2}(?!\d)/g)].map(([day]) => day.padStart(2, "0"));
  const [day = "", last] = days;
  if (days.some((number) => Number(number) > lengthOf(month, year))) return undefined;
  const order = `${month}-${day}`;
  const base = { order, precision: 4, isYear: false, needsLead: false, isNarrowed: false };
  if (last !== undefined && year !== undefined) {
    return { ...base, year, iso: `${String(year)}-${order}/${String(year)}-${month}-${last}` };
  }
  const period = { ...base, iso: undefined, isOpen: last !== undefined };
  return year === undefined ? period : inYear(period, year);
}

function lengthOf(month: string, year = 2000): number {
  return new Date(Date.UTC(year, Number(month), 0)).getUTCDate();
}

function monthOf(text: string, year: number | undefined, { months }: DatePatterns): Period {
  const isNarrowed =
    !/^\p{L}+\.?(?:\W.*)?$/u.test(text) ||
    !months.some((month) => new RegExp(`^${month.source}`, "u").test(text));
  const order = `${monthIn(text, months)}${partOf(text)}`;
  const needsLead = year === undefined && !isNarrowed;
  const period = {
    order,
    iso: undefined,
    precision: isNarrowed ? 3.5 : 3,
    isYear: false,
    needsLead,
    isNarrowed,
  };
  return year === undefined ? period : inYear(period, year);
}

function monthIn(text: string, months: readonly RegExp[]): string {
  return String(months.findIndex((month) => month.test(text)) + 1).padStart(2, "0");
}

const LATE =
  /^(?:late|end|close|second|ende|jahresende|fin|la fin|finales|fines|fine|fim|final|eind)/i;
const MIDDLE = /^(?:mi[-dt]|half|medio|mediados|metà|meados)/i;

/** Where in its month a period lies, so that it is set between the days: "end of March" after March 28. */
function partOf(text: string): string {
  if (LATE.test(text)) return "-29";
  return MIDDLE.test(text) ? "-12" : "-00";
}

function wholeYear(text: string, year = 0): Period {
  const isNarrowed = !/^\d/.test(text);
  const order = LATE.test(text) ? "12-00" : MIDDLE.test(text) ? "06-00" : "00-00";
  return {
    year,
    iso: String(year),
    order,
    precision: 2,
    isYear: true,
    needsLead: true,
    isNarrowed,
  };
}

/** Half the world has its spring in September, and a winter lasts over New Year. */
function seasonOf(year = 0): Period {
  return {
    year,
    iso: undefined,
    order: "00-01",
    precision: 2.5,
    isYear: false,
    needsLead: false,
    isNarrowed: true,
  };
}

function decadeOf(text: string): Period | undefined {
  const digits = /\d+/.exec(text)?.[0] ?? "";
  const year = digits.length === 2 ? 1900 + Number(digits) : Number(digits);
  if (Number.isNaN(year)) return undefined;
  const iso = `${String(year)}/${String(year + 9)}`;
  return {
    year,
    iso,
    order: "00-00",
    precision: 1,
    isYear: false,
    needsLead: true,
    isNarrowed: true,
  };
}

/** The same period in a year that its own words do not name. */
function inYear(period: Period, year: number): Period {
  if (period.year !== undefined) return period;
  if (period.isOpen) return { ...period, year };
  if (period.precision < 4)
    return { ...period, year, iso: `${String(year)}-${period.order.slice(0, 2)}` };
  return { ...period, year, iso: `${String(year)}-${period.order}` };
}
