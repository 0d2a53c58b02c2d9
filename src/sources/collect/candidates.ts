import { type Source, wordPattern } from "../../config/sources.ts";
import type { Unfinished } from "../article-reader.ts";
import type { Article } from "../../article/article.ts";
import type { Reading } from "../../digest/stories/story.ts";

/** A new article of a source, as far as the source has it. */
export interface Candidate extends Reading {
  readonly source: Source;
  /** The item whose page completes the article, where its source has only a part. */
  readonly unfinished?: Unfinished;
}

/** What a source's articles must have, and must not have, in title or address. */
interface Filter {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Whether an article is one that the config asks for. `place` stands for its address where it has none. */
export function filterOf({ include, exclude }: Filter) {
  const included = include.map(wordPattern);
  const excluded = exclude.map(wordPattern);
  return ({ title, url }: Pick<Article, "title" | "url">, place = ""): boolean => {
    const texts = [title, url ?? place];
    const isIn = (pattern: (text: string) => boolean) => texts.some(pattern);
    return (included.length === 0 || included.some(isIn)) && !excluded.some(isIn);
  };
}

/** The latest of some articles, in the order in which they are given; what has no date is new. */
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

/** The number of candidates that are compared for each story of an issue. Older ones have no chance. */
const EACH = 10;
const AT_LEAST = 500;

/**
 * The candidates of an issue, of which only those are kept that may get into it: what feeds bring beyond that is
 * older than all of these, and memory doesn't grow with the number of feeds.
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

  /** What a feed dates before has no chance any more. */
  get hopeless(): Date | undefined {
    return this.#hopeless;
  }

  /** The candidates in the order in which they came. */
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
