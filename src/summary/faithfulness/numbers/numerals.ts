import { primarySubtag } from "../../language/lexicon.ts";
import { WRITTEN, type Written } from "./number-words.ts";

/** How one language writes numbers. Words are lower case. */
export interface Numerals {
  /** What is before the decimals; where a language has both, either is read. */
  readonly decimal: NonNullable<Written["decimal"]>;
  /** Whether a space may part the thousands. */
  readonly isSpaced: boolean;
  /** From 2: "one" is more often a pronoun or an article. */
  readonly words: ReadonlyMap<string, number>;
  /** From 3: "second" is a part of a minute too. */
  readonly ordinals: ReadonlyMap<string, number>;
  /** Words that a number before them is multiplied by. */
  readonly scales: ReadonlyMap<string, number>;
  /** Those of them that are no number by themselves: "millions". */
  readonly plurals: ReadonlySet<string>;
  /** Between the hundreds and the rest: "two hundred and ten". */
  readonly and: string;
}

/** Languages that write 1,000.5; the others of Europe write 1.000,5 or 1 000,5. */
const WITH_POINT = new Set("en zh ja ko th he hi bn ta ur ar fa".split(" "));
const EITHER = new Set(["", "und", "x"]);

const cache = new Map<string, Numerals>();

/** How a language (BCP 47) writes numbers; in figures only, where we know no words. */
export function numeralsOf(language: string): Numerals {
  const primary = primarySubtag(language);
  const known = cache.get(primary) ?? compile(primary, WRITTEN.get(primary));
  cache.set(primary, known);
  return known;
}

function compile(primary: string, written: Written | undefined): Numerals {
  const usual = EITHER.has(primary) ? "either" : WITH_POINT.has(primary) ? "." : ",";
  return {
    decimal: written?.decimal ?? usual,
    isSpaced: written ? written.isSpaced === true : usual === ",",
    words: written ? wordsOf(written) : new Map(),
    ordinals: new Map(listed(written?.ordinals ?? "").map((word, index) => [word, index + 3])),
    scales: new Map(
      Object.entries(written?.scales ?? {}).flatMap(([factor, words]) =>
        listed(words).map((word) => [word, Number(factor)] as const),
      ),
    ),
    plurals: new Set(
      Object.values(written?.scales ?? {}).flatMap((words) => listed(words).slice(1)),
    ),
    and: written?.and ?? "",
  };
}

function wordsOf({ units, tens, join, isJoined, scales }: Written): ReadonlyMap<string, number> {
  const ones = listed(units);
  const words = new Map(ones.map((word, value) => [word, value] as const).slice(2));
  for (const [index, ten] of listed(tens).entries()) {
    const value = (index + 2) * 10;
    words.set(ten, value);
    for (let unit = 1; unit < 10; unit++) {
      for (const word of join(ten, ones[unit] ?? "", unit)) words.set(word, value + unit);
    }
  }
  // French counts on from sixty and from eighty.
  if (words.has("soixante-dix")) countOnFromSixty(words, ones);
  if (isJoined) joinScales(words, [scales["100"] ?? "", scales["1e3"] ?? ""]);
  return words;
}

/** "zweihundert" and "zwölftausend". */
function joinScales(
  words: Map<string, number>,
  [hundred, thousand]: readonly [string, string],
): void {
  const below100 = Array.from(words);
  for (const [word, value] of below100) {
    if (value < 10) words.set(word + hundred, value * 100);
    words.set(word + thousand, value * 1000);
  }
}

function countOnFromSixty(words: Map<string, number>, ones: readonly string[]): void {
  words.set("quatre-vingts", 80);
  for (let unit = 1; unit < 20; unit++) {
    words.set(`quatre-vingt-${ones[unit] ?? ""}`, 80 + unit);
    if (unit >= 10) words.set(`soixante-${ones[unit] ?? ""}`, 60 + unit);
  }
  words.set("soixante et onze", 71);
}

function listed(words: string): readonly string[] {
  return words.split(/\s+/).filter(Boolean);
}
