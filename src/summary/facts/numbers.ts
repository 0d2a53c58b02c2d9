import written from "./numbers.json" with { type: "json" };
import { anyCase } from "../language/any-case.ts";
import { perLanguage } from "../language/lexicon.ts";

/** A number in figures as a sentence states it; `[start, end)` are offsets in the sentence, the unit inside. */
export interface StatedNumber {
  /** With its qualifier, currency and scale: "at least 33", "£6,400", "61 million". */
  readonly value: string;
  readonly unit: string | undefined;
  readonly kind: "count" | "money" | "share" | "measure";
  readonly amount: number;
  readonly start: number;
  readonly end: number;
}

interface NumberWords {
  readonly qualifiers: string;
  readonly scales: string;
  readonly currencies: string;
  readonly percent: string;
  readonly units: string;
  /** What is between thousands. */
  readonly thousands: string;
  /** What is before the decimals. */
  readonly decimal: string;
}

/** Units that are the same in all languages are written down once. */
const SI = written.si;
const WORDS = new Map<string, NumberWords>(Object.entries(written.languages));

const readerOf = perLanguage((primary) => {
  const words = WORDS.get(primary);
  return words && { words, pattern: compile(words) };
});

/** The numbers of a sentence, in order; none in a language whose numbers we don't read. */
export function numbersIn(sentence: string, language: string): readonly StatedNumber[] {
  const known = readerOf(language);
  if (!known || !/\d/.test(sentence)) return [];
  const { words, pattern } = known;
  return [...sentence.matchAll(pattern)].flatMap((match) => read(match, words) ?? []);
}

function compile(words: NumberWords): RegExp {
  const { qualifiers, scales, currencies, percent, units, thousands, decimal } = words;
  return new RegExp(
    String.raw`(?<![\p{L}\p{N}.,:/#@'’“"-])(?<qualifier>(?:(?:${anyCase(qualifiers)})\s){0,2})(?<sign>US\$|A\$|C\$|[$£€¥])?(?<digits>\d{1,3}(?:[${thousands}]\d{3})+|\d+)(?<decimals>[${decimal}]\d+)?(?:(?<=[$£€¥][\d.,]+)(?<short>m|bn|k)(?!\p{L})|[\s\u00A0-](?<scale>${scales})(?!\p{L}))?(?:(?:[\s\u00A0])?(?<unit>${percent}|(?:${currencies}|${SI}|${units})(?![\p{L}\p{N}])))?(?![\p{L}\p{N}:/°'’]|[.,]\p{N}|-\p{N}|[-–]\p{L})`,
    "gu",
  );
}

function read(match: RegExpExecArray, words: NumberWords): StatedNumber | undefined {
  const { qualifier = "", sign, digits = "", decimals = "", unit } = match.groups ?? {};
  const amount = Number(digits.replace(/\D/g, "") + decimals.replace(/\D/, "."));
  const kind = kindOf(sign, unit, words);
  const end = match.index + match[0].length;
  const value = (unit === undefined ? match[0] : match[0].slice(0, -unit.length)).trim();
  // "some" and "only" colour a number, they don't change it.
  const plain = value.replace(/^(?:some|only|nur)\s/i, "");
  if (qualifier === "" && kind === "count" && /^(?:1[5-9]|20)\d\d$/.test(value)) return undefined;
  return { value: plain, unit, kind, amount, start: match.index, end };
}

function kindOf(
  sign: string | undefined,
  unit: string | undefined,
  { currencies, percent }: NumberWords,
): StatedNumber["kind"] {
  if (sign !== undefined) return "money";
  if (unit === undefined) return "count";
  if (new RegExp(`^(?:${percent})$`).test(unit)) return "share";
  return new RegExp(`^(?:${currencies})$`).test(unit) ? "money" : "measure";
}
