import type { Article } from "../../article/article.ts";
import { lexiconOf } from "../language/lexicon.ts";
import { splitSentences } from "../language/sentences.ts";
import { termsOf } from "../language/terms.ts";
import type { Sentence } from "../summary.ts";

/** Sentences about an article in its order: each is put where the article's sentence is that is likest to it. */
export function inSourceOrder(
  points: readonly Sentence[],
  { text, language }: Article,
): readonly Sentence[] {
  const { stopWords } = lexiconOf(language);
  const source = splitSentences(text, language).map(({ start, end }) =>
    termsOf(text.slice(start, end), stopWords),
  );
  const placed = points.map((point) => ({
    point,
    place: likest(termsOf(point.text, stopWords), source),
  }));
  return placed.toSorted((a, b) => a.place - b.place).map(({ point }) => point);
}

function likest(terms: ReadonlySet<string>, source: readonly ReadonlySet<string>[]): number {
  let best = 0;
  let most = -1;
  for (const [place, other] of source.entries()) {
    const shared = sharedCount(terms, other);
    if (shared > most) [best, most] = [place, shared];
  }
  return best;
}

/** How many terms two texts have in common. */
export function sharedCount(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const term of a) if (b.has(term)) shared++;
  return shared;
}
