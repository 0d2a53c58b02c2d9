import type { Article } from "../article/article.ts";
import { documentOf, weighedOf } from "./document.ts";
import { judgeSentences } from "./judgement.ts";
import { lexiconOf, type Lexicon } from "./language/lexicon.ts";
import { isNarrated } from "./language/quotations.ts";
import { likenessOf, SAME, termsOf } from "./language/terms.ts";
import { LEAST_KEPT } from "./passages.ts";
import { rank } from "./ranking/rank.ts";
import { type Candidate, REFUSAL_WORDS } from "./candidate.ts";
import type { Summary } from "./summary.ts";

/** A key point that an editor would probably strike. */
export interface LineDoubt {
  readonly text: string;
  /** In a sentence's words, without a full stop. */
  readonly why: string;
}

/** The key points in the article's own words that an editor would probably strike, and what speaks against each. */
export function lineDoubts(whole: Article, { gist, keyPoints }: Summary): readonly LineDoubt[] {
  if (keyPoints.length === 0) return [];
  const article = weighedOf(whole);
  const document = documentOf(article);
  const judgements = judgeSentences(article, document, rank(document));
  const lexicon = lexiconOf(article.language);
  return keyPoints.flatMap(({ text, start }, at): LineDoubt[] => {
    const before = keyPoints[at - 1] ?? gist;
    const candidate = document.candidates.find((it) => start !== undefined && it.end > start);
    if (!candidate) return [];
    const isFollowing = before.end === document.candidates[candidate.index - 1]?.end;
    const chance = judgements[candidate.index];
    if (!chance || (isFollowing ? chance.content : chance.keep) >= LEAST_KEPT) return [];
    const shown = [gist, ...keyPoints.slice(0, at)].map((sentence) => sentence.text);
    return [{ text, why: reasonOf(candidate, lexicon, shown) }];
  });
}

function reasonOf(
  { text, terms, refusal }: Candidate,
  lexicon: Lexicon,
  shown: readonly string[],
): string {
  const isSaid = shown.some((other) => likenessOf(termsOf(other, lexicon.stopWords), terms) > SAME);
  if (isSaid) return "it says again what was said above it";
  if (isNarrated(text, lexicon)) return 'who says "I" or "we" in it, readers can\'t know';
  if (refusal !== undefined) return REFUSAL_WORDS[refusal];
  return "it is small beside the story, or off it";
}
