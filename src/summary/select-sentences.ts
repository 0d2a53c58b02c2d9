import type { Article } from "../article/article.ts";
import { documentOf } from "./document.ts";
import { sentenceOf, withFallback } from "./fallback.ts";
import { rank } from "./ranking/rank.ts";
import { chooseSet, LONGEST_CHOICE, type Limits } from "./selection.ts";
import type { Sentence } from "./summary.ts";

/** How long a running summary may be; both limits hold where both are given. */
export interface Length {
  readonly sentences?: number | undefined;
  readonly words?: number | undefined;
}

/** News is written in sentences of about so many words. */
const WORDS_EACH = 20;
/** A running summary may come back to a thing, but not often. */
const VARIETY = 0.5;

/** What a running summary of this length is chosen by. */
export function runningLimits({ sentences, words = Infinity }: Length): Limits {
  const most = Math.min(sentences ?? LONGEST_CHOICE, LONGEST_CHOICE);
  const pace = sentences === undefined ? {} : { wordsEach: WORDS_EACH };
  return { sentences: most, words, variety: VARIETY, mayFollow: true, ...pace };
}

/**
 * The sentences that tell an article in the given length, in the order of the source, to be read as
 * one text. Never longer than asked, and never more than 400 sentences; shorter, or empty, where no
 * more can stand. Where sentences are counted and long, the last third of them is left out rather than
 * have more than 20 words a sentence. Letters of scripts without spaces count as the words that take as
 * long to read.
 */
export function selectSentences(article: Article, length: Length): readonly Sentence[] {
  const document = documentOf(article);
  const candidates = withFallback(document);
  return chooseSet(candidates, rank(document), runningLimits(length)).map(sentenceOf);
}
