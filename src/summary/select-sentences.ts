import type { Article } from "../article/article.ts";
import { documentOf } from "./document.ts";
import { sentenceOf, withFallback } from "./fallback.ts";
import { rank } from "./ranking/rank.ts";
import { chooseSet, LONGEST_CHOICE } from "./selection.ts";
import type { Sentence } from "./summary.ts";

/** How long a running summary may be; both limits hold where both are given. */
export interface Length {
  readonly sentences?: number | undefined;
  readonly words?: number | undefined;
}

/**
 * The sentences that tell an article in the given length, in the order of the source, to be read as
 * one text. Never longer than asked, and never more than 400 sentences; shorter, or empty, where no
 * more can stand. Letters of scripts without spaces count as the words that take as long to read.
 */
export function selectSentences(
  article: Article,
  { sentences = LONGEST_CHOICE, words = Infinity }: Length,
): readonly Sentence[] {
  const document = documentOf(article);
  const candidates = withFallback(document.candidates);
  const limits = { sentences: Math.min(sentences, LONGEST_CHOICE), words, mayFollow: true };
  return chooseSet(candidates, rank(document), limits).map(sentenceOf);
}
