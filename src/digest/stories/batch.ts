import type { Article } from "../../article/article.ts";
import { traitsOf, type Traits } from "./traits.ts";

/** The assumed number of other articles in the news, so that words do not seem common only because few articles were read. */
const UNREAD = 50;
/** A word in a larger share of the batch has no lower weight. Five hundred articles on one event share its words too. */
const MOST_OF_BATCH = 0.1;

/** Words with their weights, and the length of this vector. */
export interface Vector {
  readonly weights: ReadonlyMap<string, number>;
  readonly length: number;
}

/** An article's words with their rarity among the articles read with it. */
export interface Weighed {
  /** The words of title and opening, weighted by frequency (logarithmic) and rarity: tf-idf. */
  readonly opening: Vector;
  /** The words of the title and the first sentences, weighted in the same way. */
  readonly first: Vector;
  /** The rarity of each of these words and of each name. */
  readonly rarity: ReadonlyMap<string, number>;
}

interface Known {
  articles: number;
  readonly counts: Map<string, number>;
  /** Computed on first use. */
  readonly rarity: Map<string, number>;
}

/** The rarity of words among the articles read together, by language. */
export class Batch {
  readonly #byLanguage = new Map<string, Known>();
  readonly #weighed = new WeakMap<Traits, Weighed>();

  constructor(articles: readonly Traits[]) {
    for (const { language, counts } of articles) {
      const known = this.#byLanguage.get(language) ?? {
        articles: 0,
        counts: new Map(),
        rarity: new Map(),
      };
      this.#byLanguage.set(language, known);
      known.articles++;
      for (const word of counts.keys()) known.counts.set(word, (known.counts.get(word) ?? 0) + 1);
    }
  }

  /** Returns the weights of an article's words, which are computed once. */
  weighed(article: Traits): Weighed {
    const found = this.#weighed.get(article);
    if (found) return found;
    const known = this.#byLanguage.get(article.language);
    const rarity = new Map<string, number>();
    for (const words of [article.counts.keys(), article.names])
      for (const word of words) rarity.set(word, rarityIn(known, word));
    const weighed = {
      opening: vectorOf(article.counts, rarity),
      first: vectorOf(article.firstCounts, rarity),
      rarity,
    };
    this.#weighed.set(article, weighed);
    return weighed;
  }
}

/** The natural logarithm of the number of articles per article with the word: idf. */
function rarityIn(known: Known | undefined, word: string): number {
  const found = known?.rarity.get(word);
  if (found !== undefined) return found;
  const articles = (known?.articles ?? 0) + UNREAD;
  const having = (known?.counts.get(word) ?? 0) + 1;
  const rarity = Math.log(articles / Math.min(articles * MOST_OF_BATCH, having));
  known?.rarity.set(word, rarity);
  return rarity;
}

function vectorOf(
  counts: ReadonlyMap<string, number>,
  rarity: ReadonlyMap<string, number>,
): Vector {
  const weights = new Map<string, number>();
  let sum = 0;
  for (const [word, count] of counts) {
    const weight = (1 + Math.log(count)) * (rarity.get(word) ?? 0);
    weights.set(word, weight);
    sum += weight ** 2;
  }
  return { weights, length: Math.sqrt(sum) };
}

/** The similarity of each article to all others, as a share of the greatest one. */
export function centralityOf(articles: readonly Article[]): number[] {
  const traits = articles.map(traitsOf);
  const batch = new Batch(traits);
  const vectors = traits.map((one) => batch.weighed(one).opening);
  const sum = new Map<string, number>();
  for (const vector of vectors)
    for (const [word, weight] of unit(vector)) sum.set(word, (sum.get(word) ?? 0) + weight);
  // The similarity of an article to itself is subtracted.
  const likeness = vectors.map((vector) => {
    let shared = -1;
    for (const [word, weight] of unit(vector)) shared += weight * (sum.get(word) ?? 0);
    return Math.max(0, shared);
  });
  const most = likeness.reduce((greatest, one) => Math.max(greatest, one), 0);
  return likeness.map((one) => (most > 0 ? one / most : 0));
}

function* unit({ weights, length }: Vector): Generator<readonly [string, number]> {
  if (length > 0) for (const [word, weight] of weights) yield [word, weight / length];
}
