import { lexiconOf, primarySubtag, stemOf } from "../language/lexicon.ts";
import { numbersIn, type StatedNumber } from "../facts/numbers.ts";
import { numeralsOf } from "../facts/numerals.ts";

/** A number with the words beside it, which may say what it counts. */
export interface Counted extends StatedNumber {
  /** The stem of the word right after it; empty where a stop word or a mark is there. */
  readonly noun: string;
  /** The stems of the words near it, in its clause. */
  readonly near: ReadonlySet<string>;
}

const NEAR_LETTERS = 40;
/** What parts one count from the next. */
const BREAK = /[,;:]| and | und | et | y | e | en /;

/** The numbers of one sentence (see `plainText`), each with the words beside it. */
export function countedIn(sentence: string, language: string): readonly Counted[] {
  const { stopWords } = lexiconOf(language);
  return numbersIn(sentence, language).map((number) => {
    const after = sentence.slice(number.end);
    const next = /^[ -](\p{L}[\p{L}\p{M}]*)/u.exec(after)?.[1]?.toLowerCase() ?? "";
    const before = sentence.slice(Math.max(0, number.start - NEAR_LETTERS), number.start);
    const near = `${before.split(BREAK).at(-1) ?? ""} ${after.slice(0, NEAR_LETTERS).split(BREAK)[0] ?? ""}`;
    const noun = next === "" || stopWords.has(next) ? "" : stemOf(next);
    return Object.assign({ noun, near: stemsOf(near) }, number);
  });
}

const SHARE =
  /(?<![\p{L}\d])(\p{L}+|\d{1,2}) (?:in|out of)(?: every)? (\p{L}+|\d{1,3})(?![\p{L}\d])/giu;

/** An English sentence (see `plainText`) with "nine in ten" as "90%". */
export function sharesInFigures(sentence: string, language: string): string {
  if (primarySubtag(language) !== "en") return sentence;
  const { words } = numeralsOf(language);
  const valueOf = (word: string) =>
    words.get(word.toLowerCase()) ?? (word.toLowerCase() === "one" ? 1 : Number(word));
  return sentence.replaceAll(SHARE, (whole: string, part: string, all: string) => {
    const [some, base] = [valueOf(part), valueOf(all)];
    return some < base && base <= 100 ? `${String((100 * some) / base)}%` : whole;
  });
}

/** Words that say a number is not to be taken to the last figure, and on which side of it the true one is. */
const ROUNDING: readonly (readonly [side: -1 | 0 | 1, words: RegExp])[] = [
  [-1, /(?:nearly|almost|just under|close to|up to) \$?$/i],
  [1, /(?:more than|over|just over|at least|in excess of|upwards of) \$?$/i],
  [0, /(?:about|around|some|roughly|approximately|or so|an estimated) \$?$/i],
];
/** A rounded number is at most so far from the true one. */
const MOST_ROUNDED = 0.12;

/** Whether a number of an English sentence is one of the source in fewer figures, and says so: "nearly 100 million" for 96. */
export function isRoundingOf(
  { values, start }: Counted,
  other: Counted,
  sentence: string,
): boolean {
  const side = ROUNDING.find(([, words]) =>
    words.test(sentence.slice(Math.max(0, start - 16), start)),
  )?.[0];
  if (side === undefined) return false;
  return values.some((value) =>
    other.values.some(
      (exact) =>
        Math.abs(value - exact) <= MOST_ROUNDED * exact &&
        (side === 0 || Math.sign(exact - value) === side),
    ),
  );
}

function stemsOf(text: string): ReadonlySet<string> {
  return new Set(
    Array.from(text.toLowerCase().matchAll(/[\p{L}\p{M}]+/gu), ([word]) => stemOf(word)),
  );
}
