import { lexiconOf, primarySubtag, stemOf } from "../language/lexicon.ts";
import { numbersIn, type StatedNumber } from "../facts/numbers.ts";
import { numeralsOf } from "../facts/numerals.ts";

/** A number with the words beside it, which may name what it counts. */
export interface Counted extends StatedNumber {
  /** The stem of the word directly after it. Empty before a stop word or a mark. */
  readonly noun: string;
  /** The stems of the words near it in its clause. */
  readonly near: ReadonlySet<string>;
  /**
   * In English: "percent", a currency, "time" in days, "year" or "clock" for a point in time, "age", "date" for the day of
   * a date, or "plain".
   */
  readonly measure: string;
  /** The number in the unit of `measure`. */
  readonly amounts: readonly number[];
}

const NEAR_LETTERS = 40;
/** Separates one counted noun from the next. */
const BREAK = /[,;:]| and | und | et | y | e | en /;

/** Returns the numbers of one sentence (see `plainText`) with the words beside them. */
export function countedIn(sentence: string, language: string): readonly Counted[] {
  const { stopWords } = lexiconOf(language);
  return numbersIn(sentence, language).map((number) => {
    const after = sentence.slice(number.unitEnd ?? number.end);
    const next = /^[ -](\p{L}[\p{L}\p{M}]*)/u.exec(after)?.[1]?.toLowerCase() ?? "";
    const before = sentence.slice(Math.max(0, number.start - NEAR_LETTERS), number.start);
    const near = `${before.split(BREAK).at(-1) ?? ""} ${after.slice(0, NEAR_LETTERS).split(BREAK)[0] ?? ""}`;
    const noun = next === "" || stopWords.has(next) ? "" : stemOf(next);
    const measured = measureOf(number, sentence.slice(0, number.start), after);
    return Object.assign({ noun, near: stemsOf(near), ...measured }, number);
  });
}

const DAYS = new Map(
  Object.entries({ minute: 1 / 1440, hour: 1 / 24, night: 1, day: 1, week: 7, fortnight: 14 }),
);
for (const [unit, days] of Object.entries({ month: 30.44, year: 365.25, decade: 3652.5 }))
  DAYS.set(unit, days);
const TIME = new RegExp(
  String.raw`^(?:st|nd|rd|th)?[ -](?:(?!an? |the |per |every |last )\p{L}+ )?(${[...DAYS.keys()].join("|")})`,
  "u",
);
/** An age: "Aged nine", "a man of 71", "Rui Saldanha, 58, had". */
const AGED = /(?:\baged|\b(?:man|woman|boy|girl) of|\p{Lu}\p{L}+,) $/u;
const MONTH =
  "(?:January|February|March|April|May|June|July|August|September|October|November|December)";
const MONTH_BEFORE = new RegExp(`${MONTH} $`);
const MONTH_AFTER = new RegExp(`^ ${MONTH}`);
const NOTHING_COUNTED = /^(?:[,.;]| and\b|$)/;
const CLOCK = /^ ?([ap])\.?m\b/;
const POINTS = /^ (?:percentage )?points?\b/;
const YEAR = /^(?:1[5-9]|20)\d\d$/;

function measureOf(
  { values, kinds, text }: StatedNumber,
  before: string,
  after: string,
): Pick<Counted, "measure" | "amounts"> {
  const half = CLOCK.exec(after)?.[1];
  if (MONTH_BEFORE.test(before) || MONTH_AFTER.test(after))
    return { measure: "date", amounts: values };
  // "3.30 p.m." is half past three.
  const hourOf = (value: number) =>
    (Math.floor(value) % 12) + ((value % 1) * 100) / 60 + (half === "p" ? 12 : 0);
  if (half !== undefined) return { measure: "clock", amounts: values.map(hourOf) };
  if (AGED.test(before) && NOTHING_COUNTED.test(after)) return { measure: "age", amounts: values };
  const days = DAYS.get(TIME.exec(after)?.[1] ?? "");
  if (days !== undefined) return { measure: "time", amounts: values.map((value) => value * days) };
  if (YEAR.test(text)) return { measure: "year", amounts: values };
  const kind = kinds.find((kind) => kind !== "plain");
  return { measure: kind ?? (POINTS.test(after) ? "percent" : "plain"), amounts: values };
}

const SHARE =
  /(?<![\p{L}\d])(\p{L}+|\d{1,2}) (?:in|out of)(?: every)? (\p{L}+|\d{1,3})(?![\p{L}\d])/giu;
const PART =
  /(?<![\p{L}-])(an?|one|two|three|four|five|seven) (half|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth)s?(?=(?<=[dhr]s)\b| of\b(?! an? )| \p{L}+er\b| (?:more|less)\b|(?<=\bby an? \p{L}+)(?![\p{L}-]))/giu;
const HALF =
  /(?<!\b(?:first|second|other|and a|last|before|a) )\bhalf\b(?! an? | hour|-| (?:past|years?)\b)/giu;
const TWICE = /\btwice as (?:many|much)\b|\bdoubled\b/giu;

/** Replaces shares in an English sentence (see `plainText`): "nine in ten" becomes "90%", "a third of" becomes "33.3%". */
export function sharesInFigures(sentence: string, language: string): string {
  if (primarySubtag(language) !== "en") return sentence;
  const { words, ordinals } = numeralsOf(language);
  const valueOf = (word: string) =>
    words.get(word) ?? ordinals.get(word) ?? NAMED_PARTS.get(word) ?? Number(word);
  const inFigures = (whole: string, part: string, all: string) => {
    const [some, base] = [valueOf(part.toLowerCase()), valueOf(all.toLowerCase())];
    return some < base && base <= 100 ? `${String(Math.round((1000 * some) / base) / 10)}%` : whole;
  };
  return sentence
    .replaceAll(SHARE, inFigures)
    .replaceAll(PART, inFigures)
    .replaceAll(HALF, "50%")
    .replaceAll(TWICE, "200%")
    .replaceAll(/\ba decade\b/gi, "10 years");
}

const NAMED_PARTS = new Map(Object.entries({ a: 1, an: 1, one: 1, half: 2, quarter: 4 }));

/** Words that mark a number as rounded, with the side on which the exact number is and its greatest relative distance. */
const ROUNDING: readonly (readonly [side: -1 | 0 | 1, most: number, words: RegExp])[] = [
  [-1, 0.6, /(?:less than|fewer than|under|below|at most) \$?$/i],
  [-1, 0.12, /(?:nearly|almost|just under|close to|up to|not quite) \$?$/i],
  [1, 0.35, /(?:more than|over|at least|in excess of|upwards of|above) \$?$/i],
  [0, 0.12, /(?:about|around|some|roughly|approximately|or so|an estimated) \$?$/i],
];
/** The greatest relative distance of a number without such a word. */
const MOST_OFF = 0.004;
const MOST_OFF_SHARE = 0.015;

/** Whether an English sentence may state a number instead of an exact one: "nearly 100 million" for 96. */
export function mayStand(
  { start, measure, values: [written = 0] }: Pick<Counted, "start" | "measure" | "values">,
  value: number,
  exact: number,
  sentence: string,
): boolean {
  const before = sentence.slice(Math.max(0, start - 16), start);
  const [side, most] = ROUNDING.find(([, , words]) => words.test(before)) ?? [
    0,
    // "A third" is not an exact share.
    measure === "percent" ? MOST_OFF_SHARE : MOST_OFF,
  ];
  const off = exact - value;
  const least = measure === "percent" ? 1 : lastFigureOf(written) / written;
  return (
    Math.abs(off) <= Math.min(most, least) * Math.abs(value) &&
    (side === 0 || off === 0 || Math.sign(off) === side)
  );
}

/** Returns the value of 1 in the last figure of a number before its zeros. "More than 8" is not said of 9.4. */
function lastFigureOf(written: number): number {
  const [figures = "", power = "0"] = written.toExponential().split("e");
  return 10 ** (Number(power) - (figures.split(".")[1]?.length ?? 0));
}

/** Whether a number of an English sentence is one of the source, rounded or in another unit. */
export function isRoundingOf(number: Counted, other: Counted, sentence: string): boolean {
  return (
    number.measure === other.measure &&
    number.amounts.some((value) =>
      other.amounts.some((exact) => mayStand(number, value, exact, sentence)),
    )
  );
}

function stemsOf(text: string): ReadonlySet<string> {
  return new Set(
    Array.from(text.toLowerCase().matchAll(/[\p{L}\p{M}]+/gu), ([word]) => stemOf(word)),
  );
}
