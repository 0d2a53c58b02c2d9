import { dayWordsOf } from "./day-words.ts";

/** A day or a month as a text names it. At least the month is known. */
export interface NamedDay {
  readonly text: string;
  /** From 1. */
  readonly month: number;
  /** Several for "March 28-30". */
  readonly days: readonly number[];
  readonly year?: number;
  /** Which third of the month, where it says so: "mid-April". */
  readonly third?: Third;
}

type Third = "early" | "mid" | "late";

/** 2031年3月28日, 3월 28일 */
const CJK =
  /(?:(?<year>\d{4})\s?[年년]\s?)?(?<!\d)(?<month>\d{1,2})\s?[月월](?:\s?(?<day>\d{1,2})\s?[日號号일])?/gu;
const ISO = /(?<!\d)(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?!\d)/g;
const DOTTED = /(?<![\d.])(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})(?![\d.])/g;

/** The days and months that a text (see `plainText`) names. A bare year is a number like others. */
export function daysIn(plain: string, language: string): readonly NamedDay[] {
  const { months, month } = dayWordsOf(language);
  const inWords = [...plain.matchAll(month)].flatMap(({ 0: text, index: at, groups }) => {
    const index = months.get(groups?.["month"]?.toLowerCase() ?? "");
    if (index === undefined) return [];
    const day = dayFrom(text, index + 1, groups);
    // "contre sept." ends a sentence.
    const isDoubtful = groups?.["month"]?.endsWith(".") && day.days.length === 0;
    const third =
      day.days.length === 0 ? thirdBefore(plain.slice(Math.max(0, at - 24), at)) : undefined;
    return isDoubtful ? [] : [{ ...day, ...(third && { third }) }];
  });
  const inFigures = [CJK, ISO, DOTTED].flatMap((pattern) =>
    [...plain.matchAll(pattern)].map(({ 0: text, groups }) =>
      dayFrom(text, Number(groups?.["month"]), groups),
    ),
  );
  return [...inWords, ...inFigures];
}

const THIRDS: readonly (readonly [third: Third, words: string])[] = [
  [
    "early",
    "early|beginning|start|anfang|début|principios|comienzos|inicios|inizio|início|começo|begin",
  ],
  ["mid", "mid|middle|mitte|mi|mediados|metà|meados|half|medio"],
  ["late", "late|end|close|ende|fin|finales|fines|fine|fim|final|eind"],
];
const BEFORE_MONTH = THIRDS.map(
  ([third, words]) =>
    [
      third,
      new RegExp(String.raw`(?<!\p{L})(?:${words})(?:(?: (?:of|de|di|the|la|du))* | d'|-)$`, "iu"),
    ] as const,
);

/** Which third of a month the words before it say. */
function thirdBefore(before: string): Third | undefined {
  return BEFORE_MONTH.find(([, pattern]) => pattern.test(before))?.[0];
}

/** Which third of its month a day is in; those at the edges are in both. */
export function thirdsOf(day: number): readonly Third[] {
  return [
    ...(day <= 11 ? ["early" as const] : []),
    ...(day >= 9 && day <= 21 ? ["mid" as const] : []),
    ...(day >= 19 ? ["late" as const] : []),
  ];
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
