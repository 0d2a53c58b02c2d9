import { type Source, wordPattern } from "../../config/sources.ts";
import type { Unfinished } from "../article-reader.ts";
import type { Article } from "../../article/article.ts";
import type { Reading } from "../../digest/stories/story.ts";

/** A new article of a source. It may be incomplete. */
export interface Candidate extends Reading {
  readonly source: Source;
  /** The item whose page completes the article. Absent if the article is complete. */
  readonly unfinished?: Unfinished;
}

/** The words that a source's articles must have, and must not have, in title or address. */
interface Filter {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** A filter for the articles that the config asks for. `place` replaces a missing address. */
export function filterOf({ include, exclude }: Filter) {
  const included = include.map(wordPattern);
  const excluded = exclude.map(wordPattern);
  return ({ title, url }: Pick<Article, "title" | "url">, place = ""): boolean => {
    const texts = [title, url ?? place];
    const isIn = (pattern: (text: string) => boolean) => texts.some(pattern);
    return (included.length === 0 || included.some(isIn)) && !excluded.some(isIn);
  };
}

/** The latest of some articles, in the given order. An article without a date counts as new. */
export function latest<Kind extends { readonly article: Article }>(
  offers: readonly Kind[],
  count: number,
): readonly Kind[] {
  if (offers.length <= count) return offers;
  const time = ({ article }: Kind) => Date.parse(article.publishedAt ?? "") || Infinity;
  return offers
    .map((offer, at) => ({ offer, at }))
    .sort((a, b) => descending(time(a.offer), time(b.offer)))
    .slice(0, count)
    .sort((a, b) => a.at - b.at)
    .map(({ offer }) => offer);
}

function descending(a: number, b: number): number {
  if (a === b) return 0;
  return a > b ? -1 : 1;
}

/** The number of candidates that are compared for each story of an issue. Older ones can't get into the issue. */
const EACH = 10;
const AT_LEAST = 500;

/**
 * The candidates of an issue. Only the latest ones are kept, so that memory does not grow with the number of feeds.
 * All candidates that are dropped are older than the kept ones.
 */
export class Pool {
  readonly #most: number;
  #candidates: Candidate[] = [];
  #hopeless: Date | undefined;

  /** `maxItems`: the most stories that the issue has. */
  constructor(maxItems = Infinity) {
    this.#most = Math.max(AT_LEAST, EACH * maxItems);
  }

  add(candidates: readonly Candidate[]): void {
    this.#candidates = this.#candidates.concat(candidates);
    if (this.#candidates.length > 1.2 * this.#most) this.#prune();
  }

  /** Items of a feed from before this time can't get into the issue. */
  get hopeless(): Date | undefined {
    return this.#hopeless;
  }

  /** The candidates in the order in which they were added. */
  get candidates(): readonly Candidate[] {
    this.#prune();
    return this.#candidates;
  }

  #prune(): void {
    const placed = this.#candidates.map((one, at) => ({ ...one, at }));
    const brought = placed.filter((one) => one.isCollected && !one.isPinned);
    const kept = latest(brought, this.#most);
    if (kept.length === brought.length) return;
    this.#hopeless = earliest(kept.map(({ article }) => article));
    const places = new Set(kept.map(({ at }) => at));
    this.#candidates = this.#candidates.filter(
      (one, at) => !one.isCollected || one.isPinned || places.has(at),
    );
  }
}

function earliest(articles: readonly Article[]): Date | undefined {
  const times = articles.map(({ publishedAt }) => Date.parse(publishedAt ?? ""));
  const dated = times.filter((time) => !Number.isNaN(time));
  const [first, ...others] = dated;
  if (first === undefined) return undefined;
  return new Date(others.reduce((least, time) => Math.min(least, time), first));
}
