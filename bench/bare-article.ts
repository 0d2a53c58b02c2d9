import type { Article } from "../src/article/article.ts";
import { loadTrees } from "../src/platform/boosted-trees.ts";
import type { FactsContext } from "../src/summary/fact-judgement.ts";
import { genreOf } from "../src/summary/genre.ts";

/** An entry without text, beside which facts are found and not chosen. */
export const BARE_ENTRY: FactsContext = {
  judgements: [],
  termWeights: new Map(),
  genre: genreOf(bareArticle({ id: "", language: "en", text: "" }), {}),
  gist: "",
  shown: "",
};

/** Trees that find every fact right and worth printing. */
export const EVERY_FACT = loadTrees({ feature: [-1], value: [9], left: [0] });

/** An article of which only these are known, as rows of a corpus have them. */
export function bareArticle(
  known: Pick<Article, "id" | "language" | "text"> & { title?: string; publishedAt?: string },
): Article {
  return {
    title: "",
    ...known,
    authors: [],
    tags: [],
    kind: "story",
    html: "",
    images: [],
    captions: [],
    dropped: [],
    source: known.id,
  };
}
