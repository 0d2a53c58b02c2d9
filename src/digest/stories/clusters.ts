import type { Article } from "../../article/article.ts";
import { isSameStory } from "./same-story.ts";
import { traitsOf, type Traits } from "./traits.ts";

/** A word that so many stories open with tells none of them from the others. */
const MOST_OF_A_WORD = 64;
/** So many stories with words in common are looked at closely, the likeliest first. */
const MOST_CANDIDATES = 12;
const SHARED_WORDS = 4;

/**
 * The articles that tell one story, together: every article in exactly one cluster, its fullest text
 * first. The clusters are the same in whatever order the articles come.
 *
 * Each article is compared with the first of those clusters only that open with some of its words, so the
 * time grows with the number of articles, not with its square, and a chain of likenesses joins nothing.
 */
export function clustersOf(articles: readonly Article[]): Article[][] {
  const clusters: Article[][] = [];
  const index = new Index();
  for (const traits of articles.map(traitsOf).sort(fullestFirst)) {
    const found = index.candidates(traits).find(({ first }) => isSameStory(first, traits));
    if (found) {
      found.members.push(traits.article);
      index.addKeys(traits, found);
      continue;
    }
    const cluster = { first: traits, members: [traits.article] };
    clusters.push(cluster.members);
    index.addKeys(traits, cluster);
    index.addWords(traits, cluster);
  }
  return clusters;
}

interface Cluster {
  readonly first: Traits;
  readonly members: Article[];
}

/** Finds the clusters that an article may belong to: by address, id and text, and by the words of the opening. */
class Index {
  readonly #byKey = new Map<string, Cluster>();
  readonly #byWord = new Map<string, Cluster[]>();

  addKeys(traits: Traits, cluster: Cluster): void {
    for (const key of keysOf(traits)) if (!this.#byKey.has(key)) this.#byKey.set(key, cluster);
  }

  addWords({ lead, language }: Traits, cluster: Cluster): void {
    for (const word of lead) {
      const key = `${language} ${word}`;
      const clusters = this.#byWord.get(key);
      if (!clusters) this.#byWord.set(key, [cluster]);
      else if (clusters.length < MOST_OF_A_WORD) clusters.push(cluster);
    }
  }

  candidates(traits: Traits): Cluster[] {
    const found = keysOf(traits).map((key) => this.#byKey.get(key));
    return [...found.filter((cluster) => cluster !== undefined), ...this.#alike(traits)];
  }

  #alike({ lead, language }: Traits): Cluster[] {
    const shared = new Map<Cluster, number>();
    for (const word of lead) {
      for (const cluster of this.#byWord.get(`${language} ${word}`) ?? [])
        shared.set(cluster, (shared.get(cluster) ?? 0) + 1);
    }
    return [...shared]
      .filter(([, count]) => count >= SHARED_WORDS)
      .sort(([, a], [, b]) => b - a)
      .slice(0, MOST_CANDIDATES)
      .map(([cluster]) => cluster);
  }
}

function keysOf({ article, link, letters }: Traits): string[] {
  return [`id ${article.id}`, `text ${letters}`, ...(link === undefined ? [] : [`link ${link}`])];
}

function fullestFirst(a: Traits, b: Traits): number {
  return b.article.text.length - a.article.text.length || compare(nameOf(a), nameOf(b));
}

function nameOf({ article }: Traits): string {
  return [article.id, article.url, article.title, article.source, article.text].join("\n");
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
