import { calendarOf, type Calendar } from "./calendar.ts";
import { patternsOf, type DatePatterns } from "./date-patterns.ts";
import { inYear, periodOf, type Period } from "./period.ts";

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
  const calendar = calendarOf(language);
  if (!calendar) return [];
  const patterns = patternsOf(calendar);
  return [...sentence.matchAll(patterns.whole)].flatMap((match) => {
    const found = stated(match, sentence, patterns, calendar);
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
  calendar: Calendar,
): Found | undefined {
  const { lead = "", first = "", join = "", second = "" } = match.groups ?? {};
  const end = match.index + match[0].length;
  const start = end - first.length - join.length - second.length;
  const period = wholePeriod(first, second, patterns);
  if (!period || !isEvent(match, sentence, period, patterns)) return undefined;
  if (period.isYear && isCount(sentence.slice(end), calendar)) return undefined;
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
function isCount(after: string, { capitalNouns }: Calendar): boolean {
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
