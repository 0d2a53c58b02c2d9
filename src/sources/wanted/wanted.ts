import type { Article } from "../../article/article.ts";
import { wordPattern } from "../../digest/word-pattern.ts";

/** What a source's articles must have, and must not have, in title or address. */
interface Wishes {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Whether an article is one that somebody wants. `place` stands for its address where it has none. */
export function wantedBy({ include, exclude }: Wishes) {
  const wished = include.map(wordPattern);
  const unwished = exclude.map(wordPattern);
  return ({ title, url }: Pick<Article, "title" | "url">, place = ""): boolean => {
    const texts = [title, url ?? place];
    const isIn = (pattern: (text: string) => boolean) => texts.some(pattern);
    return (wished.length === 0 || wished.some(isIn)) && !unwished.some(isIn);
  };
}

/** The latest of some articles, in the order in which they are given; what has no date is new. */
export function latest<Offer extends { readonly article: Article }>(
  offers: readonly Offer[],
  count: number,
): readonly Offer[] {
  if (offers.length <= count) return offers;
  const time = ({ article }: Offer) => Date.parse(article.publishedAt ?? "") || Infinity;
  const kept = new Set(offers.toSorted((a, b) => descending(time(a), time(b))).slice(0, count));
  return offers.filter((offer) => kept.has(offer));
}

function descending(a: number, b: number): number {
  if (a === b) return 0;
  return a > b ? -1 : 1;
}
