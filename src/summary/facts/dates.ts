import { type Calendar, calendarOf, type Third } from "./calendar.ts";

/** A date or a period as a text names it; `[start, end)` are its offsets. */
export interface NamedDate {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly kind: "day" | "month" | "season" | "year" | "decade";
  /** From 1; of days and months. */
  readonly month?: number;
  /** Several for "March 28-30"; none but for days. */
  readonly days: readonly number[];
  readonly year?: number;
  /** Which third of its month or year, where it says so: "mid-April". */
  readonly third?: Third;
}

/**
 * The dates that a text names, in its order: days and months in any language of CLDR and in figures; seasons, years
 * and decades in de, en, es, fr, it, nl and pt.
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
  // "Mar" by itself is more often a name, and "contre sept." ends a sentence.
  const isDoubtful = shortMonths.has(word.replace(/\.$/, "")) && days.length === 0 && !year;
  if (number === undefined || isDoubtful) return undefined;
  const named = {
    ...spanOf(match),
    month: number,
    days,
    ...(year !== undefined && { year: Number(year) }),
  };
  if (days.length === 0) return { ...named, kind: "month", ...thirdOf(match) };
  // "a stabbing early April 8": early that day.
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

/** A weekday as a text names it, Sunday being 0. */
export interface NamedWeekday {
  readonly text: string;
  readonly weekday: number;
}

/** The weekdays that a text names, in any language of CLDR. */
export function weekdaysIn(text: string, language: string): readonly NamedWeekday[] {
  const { weekdays, weekday } = calendarOf(language);
  return Array.from(text.matchAll(weekday), ([found]) => ({
    text: found,
    weekday: weekdays.get(found.toLowerCase()) ?? -1,
  }));
}
