import { perLanguage } from "../language/lexicon.ts";

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
interface NamedWeekday {
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

/** The words of one language for months and weekdays, as CLDR has them, and how it writes dates with them. */
interface DayWords {
  readonly months: ReadonlyMap<string, number>;
  readonly weekdays: ReadonlyMap<string, number>;
  /** Groups `before` and `after` for the day, `month` and `year`. */
  readonly month: RegExp;
  readonly weekday: RegExp;
}

/** The words for days in a language (BCP 47). */
const dayWordsOf = perLanguage((primary) => compile(/^[a-z]{2,3}$/.test(primary) ? primary : "en"));

const DAY = String.raw`(?:[12]\d|3[01]|0?[1-9])(?!\d)`;
const YEAR = String.raw`(?:1\d|20)\d\d(?!\d)`;
const OF = String.raw`(?:\.|st|nd|rd|th|er|º|°)?(?: (?:de|of|di))? ?`;

function compile(locale: string): DayWords {
  const months = monthsOf(locale);
  const named = wordsOf(locale, { weekday: "long" });
  // 2 January 2000 was a Sunday.
  const weekdays = numbered(7, (index) => named(new Date(Date.UTC(2000, 0, 2 + index))));
  const before = String.raw`(?:(?<before>${DAY}(?:[-/.]{1,2}${DAY})?)${OF})?`;
  const after = String.raw`(?: (?<after>${DAY}(?:(?:-| and | to )${DAY})?)(?![.,]\d|:)(?:st|nd|rd|th)?)?`;
  const year = `(?:,? (?:de |del )?(?<year>${YEAR}))?`;
  return {
    months,
    weekdays,
    month: new RegExp(
      `${before}${NOT_IN_WORD}(?<month>${anyOf(months, locale)})\\.?${WORD_END}${after}${year}`,
      "gu",
    ),
    weekday: new RegExp(`${NOT_IN_WORD}(?:${anyOf(weekdays, locale)})${WORD_END}`, "gu"),
  };
}

const NOT_IN_WORD = String.raw`(?<![\p{L}\p{M}])`;
const WORD_END = String.raw`(?![\p{L}\p{M}])`;

/** Words by their number; one that stands for two, such as Spanish "mar." in some lists, for the first. */
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

/** Short ones only with their stop, outside English: "sept" is seven in French. */
function monthsOf(locale: string): ReadonlyMap<string, number> {
  const long = wordsOf(locale, { month: "long" });
  const short = wordsOf(locale, { month: "short" });
  const isClear = (word: string) => locale === "en" || word.endsWith(".");
  return numbered(12, (index) => {
    const date = new Date(Date.UTC(2000, index, 15));
    const usual = locale === "en" && index === 8 ? ["sept"] : [];
    const all = [...long(date), ...short(date).filter(isClear), ...usual];
    return all.filter((word) => word.length > 1 && !/\d/.test(word));
  });
}

/** A word by itself, and as a date has it: Russian dates are in the genitive. */
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

/** With a capital too, as a sentence begins; in English and German only so: "may" is no month. */
function anyOf(words: ReadonlyMap<string, number>, locale: string): string {
  const small = [...words.keys()];
  const capitalised = small.map((word) =>
    word.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase()),
  );
  const all = locale === "en" || locale === "de" ? capitalised : [...small, ...capitalised];
  const safe = all.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return [...new Set(safe)].toSorted((a, b) => b.length - a.length).join("|") || "(?!)";
}
