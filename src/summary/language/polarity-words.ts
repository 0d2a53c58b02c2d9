import { perLanguage } from "./lexicon.ts";
import written from "./polarity-words.json" with { type: "json" };

/** The words of one language that turn a statement round, or leave it open. */
export interface PolarityWords {
  /** "not", "never": what a clause says is not so. */
  readonly negation: RegExp;
  /** Other words that may stand for a negation: "refused", "without". */
  readonly denial: RegExp;
  /** "may", "allegedly": what a clause says is not certain. */
  readonly hedge: RegExp;
  /** Other words that may stand for a hedge: "plans to", "wants". */
  readonly reserve: RegExp;
}

type Words = Readonly<Record<keyof PolarityWords, string>>;

const WORDS = new Map<string, Words>(Object.entries(written.words));
/** Of languages without spaces between words: parts of words. */
const SIGNS = new Map<string, Words>(Object.entries(written.signs));

/** The words by which a language turns a statement round or leaves it open; undefined where we know none. */
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
