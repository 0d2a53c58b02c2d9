import type { Article } from "../../src/article/article.ts";
import { fingerprinter } from "../../src/digest/stories/fingerprint.ts";
import type { Reading } from "../../src/digest/stories/story.ts";

interface Origins {
  /** The articles that came with others of a feed; all where it is true. */
  readonly collected?: readonly Article[] | true;
  /** The articles of pinned sources. */
  readonly pinned?: readonly Article[];
}

/** Articles as they were read, in their order; by default each was named by itself. */
export function readings(
  articles: readonly Article[],
  { collected = [], pinned = [] }: Origins = {},
): Reading[] {
  const printOf = fingerprinter(articles, { source: "content", isCollection: true });
  return articles.map((article, at) => ({
    id: String(at),
    article,
    isCollected: collected === true || collected.includes(article),
    isPinned: pinned.includes(article),
    weight: 1,
    print: printOf(article),
  }));
}
