import type { Article } from "../article/article.ts";
import { cutSentence } from "./cut-sentence.ts";
import { documentOf, weighedOf, type Candidate, type Document } from "./document.ts";
import { factsOf } from "./facts/facts.ts";
import { gistOf } from "./gist.ts";
import { lexiconOf, type Lexicon } from "./language/lexicon.ts";
import { readingMinutes } from "./language/reading-time.ts";
import { termsOf } from "./language/terms.ts";
import { overlaps, pullQuoteOf } from "./pull-quote.ts";
import { rank } from "./ranking/rank.ts";
import type { Ranking } from "./ranking/ranking.ts";
import { chooseSet } from "./selection.ts";
import type { Quote, Sentence, Summary } from "./summary.ts";

interface SummarizeOptions {
  /** At most so many key points; 5 unless said otherwise. A short article has fewer. */
  readonly keyPoints?: number;
}

/**
 * A summary in the article's own sentences: one that says what it is about, and up to five key points.
 * No sentence is shown that leans on one left out, cuts a quotation or is not part of the story. Where
 * the author wrote a description, it is the gist. Deterministic; no network. Not for letters, which
 * are set whole. Of a text as long as a book the beginning is summarised, so that none takes longer than a few seconds.
 */
export function summarize(whole: Article, { keyPoints = 5 }: SummarizeOptions = {}): Summary {
  const article = weighedOf(whole);
  const document = documentOf(article);
  const ranking = rank(document);
  const description = article.description?.trim() ?? "";
  const lexicon = lexiconOf(article.language);
  const best = description ? undefined : gistOf(document, ranking, lexicon);
  const gist = best
    ? cutSentence(best.candidate, article.text, best.parenthetical)
    : { text: description || article.title };
  const terms = termsOf(gist.text, lexicon.stopWords);
  const quote = pullQuoteOf(article, document, ranking, gist);
  return {
    articleId: article.id,
    gist,
    keyPoints: keyPointsOf(document, ranking, keyPoints, {
      gist: best?.candidate,
      terms,
      quote,
      text: article.text,
      lexicon,
    }),
    ...(quote && { quote }),
    ...factsOf(article, document),
    minutes: readingMinutes(whole.text),
    origin: description ? "author" : "extract",
  };
}

/** Key points are read one by one, so each has to bring something new. */
const VARIETY = 0.75;

/** What a guess loses against facts. */
const GUESS = 0.5;

interface Shown {
  readonly gist: Candidate | undefined;
  readonly terms: ReadonlySet<string>;
  readonly quote: Quote | undefined;
  /** The article's. */
  readonly text: string;
  readonly lexicon: Lexicon;
}

function keyPointsOf(
  { candidates }: Document,
  ranking: Ranking,
  count: number,
  { gist, terms, quote, text, lexicon }: Shown,
): readonly Sentence[] {
  const open = candidates.filter(
    (candidate) => candidate.index !== gist?.index && !(quote && overlaps(candidate, quote)),
  );
  const sentences = Math.min(count, suitableCount(candidates.length));
  const costOf = (candidate: Candidate) => (isGuess(candidate.text, lexicon) ? GUESS : 0);
  const limits = { sentences, shown: [terms], variety: VARIETY, costOf };
  return chooseSet(open, ranking, limits).map((chosen) => cutSentence(chosen, text));
}

/** One sentence is all gist; two or three leave the rest as key points; from there three to five. */
function suitableCount(sentences: number): number {
  if (sentences <= 3) return sentences - 1;
  return Math.min(5, Math.max(3, Math.round(sentences / 5)));
}

const OPENING = /^(?:\p{Lu}\p{Ll}+ )??(?<who>\p{L}\p{Ll}+s) (?:have |had )?(?<verb>\p{Ll}+) /u;

/** "Analysts speculated that": a guess, and of people without a name. A fact says more. */
export function isGuess(sentence: string, { guesses }: Lexicon): boolean {
  return guesses.has(OPENING.exec(sentence)?.groups?.["verb"] ?? "");
}
