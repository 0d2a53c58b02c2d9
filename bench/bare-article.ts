import type { Article } from "../src/article/article.ts";

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
