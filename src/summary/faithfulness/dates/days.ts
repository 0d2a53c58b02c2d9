import { dayWordsOf } from "./day-words.ts";

/** A day or a month as a text names it. At least the month is known. */
export interface NamedDay {
  readonly text: string;
  /** From 1. */
  readonly month: number;
  /** Several for "March 28-30". */
  readonly days: readonly number[];
  readonly year?: number;
}

/** 2031年3月28日, 3월 28일 */
const CJK =
  /(?:(?<year>\d{4})\s?[年년]\s?)?(?<!\d)(?<month>\d{1,2})\s?[月월](?:\s?(?<day>\d{1,2})\s?[日號号일])?/gu;
const ISO = /(?<!\d)(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?!\d)/g;
const DOTTED = /(?<![\d.])(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})(?![\d.])/g;

/** The days and months that a text (see `plainText`) names. A bare year is a number like others. */
export function daysIn(plain: string, language: string): readonly NamedDay[] {
  const { months, month } = dayWordsOf(language);
  const inWords = [...plain.matchAll(month)].flatMap(({ 0: text, groups }) => {
    const index = months.get(groups?.["month"]?.toLowerCase() ?? "");
    if (index === undefined) return [];
    const day = dayFrom(text, index + 1, groups);
    // "contre sept." ends a sentence.
    const isDoubtful = groups?.["month"]?.endsWith(".") && day.days.length === 0;
    return isDoubtful ? [] : [day];
  });
  const inFigures = [CJK, ISO, DOTTED].flatMap((pattern) =>
    [...plain.matchAll(pattern)].map(({ 0: text, groups }) =>
      dayFrom(text, Number(groups?.["month"]), groups),
    ),
  );
  return [...inWords, ...inFigures];
}

/** A weekday as a text names it, Sunday being 0. */
export interface NamedWeekday {
  readonly text: string;
  readonly weekday: number;
}

/** The weekdays that a text (see `plainText`) names. */
export function weekdaysIn(plain: string, language: string): readonly NamedWeekday[] {
  const { weekdays, weekday } = dayWordsOf(language);
  return [...plain.matchAll(weekday)].map(({ 0: text }) => ({
    text,
    weekday: weekdays.get(text.toLowerCase()) ?? -1,
  }));
}

type Groups = Readonly<Record<string, string | undefined>> | undefined;

function dayFrom(text: string, month: number, groups: Groups): NamedDay {
  const days = [groups?.["before"], groups?.["after"], groups?.["day"]]
    .flatMap((part) => part?.match(/\d+/g) ?? [])
    .map(Number);
  const year = groups?.["year"];
  const shown = text.trim().replace(/\.$/, "");
  return { text: shown, month, days, ...(year !== undefined && { year: Number(year) }) };
}
