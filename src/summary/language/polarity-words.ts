import { perLanguage } from "./lexicon.ts";
import written from "./polarity-words.json" with { type: "json" };

/** The words of one language that negate a statement or make it uncertain. */
export interface PolarityWords {
  /** Negations of a clause: "not", "never". */
  readonly negation: RegExp;
  /** Other words that can express a negation: "refused", "without". */
  readonly denial: RegExp;
  /** Words that make a clause uncertain: "may", "allegedly". */
  readonly hedge: RegExp;
  /** Other words that can express uncertainty: "plans to", "wants". */
  readonly reserve: RegExp;
}

type Words = Readonly<Record<keyof PolarityWords, string>>;

const WORDS = new Map<string, Words>(Object.entries(written.words));
/** Parts of words, for languages without spaces between words. */
const SIGNS = new Map<string, Words>(Object.entries(written.signs));

/** Returns the polarity words of a language. Undefined if there are none. */
export const polarityWordsOf = perLanguage((primary) => {
  const words = WORDS.get(primary);
  const signs = SIGNS.get(primary);
  return words ? compile(words, wholeWord) : signs && compile(signs, anywhere);
});

function compile(
  { negation, denial, hedge, reserve }: Words,
  pattern: (words: string) => RegExp,
): PolarityWords {
  return {
    negation: pattern(negation),
    denial: pattern(denial),
    hedge: pattern(hedge),
    reserve: pattern(reserve),
  };
}

function wholeWord(words: string): RegExp {
  return new RegExp(String.raw`(?<![\p{L}\p{M}'-])(?:${words})(?![\p{L}\p{M}])`, "iu");
}

function anywhere(signs: string): RegExp {
  return new RegExp(signs, "u");
}
