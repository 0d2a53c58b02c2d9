import { primarySubtag } from "./lexicon.ts";
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

const cache = new Map<string, PolarityWords>();

/** The words by which a language turns a statement round or leaves it open; undefined where we know none. */
export function polarityWordsOf(language: string): PolarityWords | undefined {
  const primary = primarySubtag(language);
  const known = cache.get(primary);
  const words = WORDS.get(primary);
  const signs = SIGNS.get(primary);
  if (known || (!words && !signs)) return known;
  const compiled = words ? compile(words, wholeWord) : signs && compile(signs, anywhere);
  if (compiled) cache.set(primary, compiled);
  return compiled;
}

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
