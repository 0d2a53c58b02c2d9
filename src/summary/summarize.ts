import type { Article } from "../article/article.ts";
import { cutSentence } from "./cut-sentence.ts";
import { documentOf, type Candidate, type Document } from "./document.ts";
import { withFallback } from "./fallback.ts";
import { factsOf } from "./facts/facts.ts";
import { lexiconOf } from "./language/lexicon.ts";
import { readingMinutes } from "./language/reading-time.ts";
import { termsOf } from "./language/terms.ts";
import { overlaps, pullQuoteOf } from "./pull-quote.ts";
import { rank } from "./ranking/rank.ts";
import type { Ranking } from "./ranking/ranking.ts";
import { bestBy, chooseSet, worthAdded } from "./selection.ts";
import type { Quote, Sentence, Summary } from "./summary.ts";

export interface SummarizeOptions {
  /** At most so many key points; 5 unless said otherwise. A short article has fewer. */
  readonly keyPoints?: number;
}

/**
 * A summary in the article's own sentences: one that says what it is about, and up to five key points.
 * No sentence is shown that leans on one left out, cuts a quotation or is not part of the story. Where
 * the author wrote a description, it is the gist. Deterministic; no network. Not for letters, which
 * are set whole.
 */
export function summarize(article: Article, { keyPoints = 5 }: SummarizeOptions = {}): Summary {
  const document = documentOf(article);
  const ranking = rank(document);
  const description = article.description?.trim() ?? "";
  const best = description ? undefined : gistOf(document, ranking);
  const gist = best ? cutSentence(best, article.text) : { text: description || article.title };
  const terms = best?.terms ?? termsOf(gist.text, lexiconOf(article.language).stopWords);
  const quote = pullQuoteOf(article, document, ranking, gist);
  return {
    articleId: article.id,
    gist,
    keyPoints: keyPointsOf(document, ranking, keyPoints, {
      gist: best,
      terms,
      quote,
      text: article.text,
    }),
    ...(quote && { quote }),
    ...factsOf(article, document),
    minutes: readingMinutes(article.text),
    origin: description ? "author" : "extract",
  };
}

/** Above this a gist loses against a shorter one that says nearly as much: at once, and for each word. */
const GIST_WORDS = 30;
const GIST_TOO_LONG = -0.6;
const GIST_EXCESS = -0.2;
/** A gist in somebody's words is an opinion, not what the article is about. */
const GIST_QUOTING = -0.5;

function gistOf({ candidates }: Document, ranking: Ranking): Candidate | undefined {
  return bestBy(withFallback(candidates), (candidate) => {
    if (candidate.refusal !== undefined) return undefined;
    return (
      worthAdded(candidate, ranking) +
      GIST_TOO_LONG * Number(candidate.words > GIST_WORDS) +
      GIST_EXCESS * Math.max(0, candidate.words - GIST_WORDS) +
      GIST_QUOTING * Number(/^["“„«「]/.test(candidate.text))
    );
  });
}

/** Key points are read one by one, so each has to bring something new. */
const VARIETY = 0.75;

interface Shown {
  readonly gist: Candidate | undefined;
  readonly terms: ReadonlySet<string>;
  readonly quote: Quote | undefined;
  /** The article's. */
  readonly text: string;
}

function keyPointsOf(
  { candidates }: Document,
  ranking: Ranking,
  count: number,
  { gist, terms, quote, text }: Shown,
): readonly Sentence[] {
  const open = candidates.filter(
    (candidate) => candidate.index !== gist?.index && !(quote && overlaps(candidate, quote)),
  );
  const sentences = Math.min(count, suitableCount(candidates.length));
  const limits = { sentences, words: Infinity, shown: [terms], variety: VARIETY };
  return chooseSet(open, ranking, limits).map((chosen) => cutSentence(chosen, text));
}

/** One sentence is all gist; two or three leave the rest as key points; from there three to five. */
function suitableCount(sentences: number): number {
  if (sentences <= 3) return sentences - 1;
  return Math.min(5, Math.max(3, Math.round(sentences / 5)));
}
