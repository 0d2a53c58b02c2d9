import type { Article } from "../../article/article.ts";
import { latest } from "../wanted/wanted.ts";
import type { Candidate } from "./candidate.ts";

/** So many are compared with each other for each story of an issue, and at least: what is older has no chance. */
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

  /** In the order in which they came. */
  get candidates(): readonly Candidate[] {
    this.#prune();
    return this.#candidates;
  }

  #prune(): void {
    const brought = this.#candidates.filter((one) => one.isCollected && !one.isPinned);
    const kept = new Set(latest(brought, this.#most));
    if (kept.size === brought.length) return;
    this.#hopeless = earliest([...kept].map(({ article }) => article));
    this.#candidates = this.#candidates.filter(
      (one) => !one.isCollected || one.isPinned || kept.has(one),
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
