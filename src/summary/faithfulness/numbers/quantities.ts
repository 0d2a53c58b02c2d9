import type { Bare } from "./bare.ts";
import { figuresIn } from "./figures-in.ts";
import { kanjiNumbersIn } from "./kanji-numbers.ts";
import { kindOf } from "./kinds.ts";
import { numeralsOf } from "./numerals.ts";
import { numberWordsIn } from "./number-words-in.ts";

/** A number that a text states; `[start, end)` are offsets in the text, its unit not inside. */
export interface Quantity {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** What it may stand for: "1.250" is two things where a language has both signs. */
  readonly values: readonly number[];
  /** "percent", a currency's sign, or "plain". The first number of "10 to 15 percent" may be either. */
  readonly kinds: readonly string[];
}

/** The numbers of a text (see `plainText`), in figures and, in the languages we know, in words. */
export function quantitiesIn(plain: string, language: string): readonly Quantity[] {
  const numerals = numeralsOf(language);
  const figures = figuresIn(plain, numerals);
  const taken = new Set(figures.map(({ end }) => end));
  const all = [
    ...figures,
    ...numberWordsIn(plain, numerals).filter(({ end }) => !taken.has(end)),
    ...kanjiNumbersIn(plain),
  ].toSorted((a, b) => a.start - b.start);
  return all.map((number, index) => quantityOf(number, all[index + 1], plain));
}

/** In "10 to 15 million euros" what the second number is may go for the first. */
function quantityOf(number: Bare, next: Bare | undefined, plain: string): Quantity {
  const { start, end } = number;
  const isRange =
    next !== undefined && /^ ?(?:[-~]|\p{L}{1,5}) ?$/u.test(plain.slice(end, next.start));
  const both = isRange ? [number, next] : [number];
  const scales = new Set(both.map(({ scale }) => scale));
  return {
    text: plain.slice(start, end),
    start,
    end,
    values: [...scales].flatMap((scale) => number.values.map((value) => value * scale)),
    kinds: [...new Set(both.map((each) => kindOf(each, plain)))],
  };
}
