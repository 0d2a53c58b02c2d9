import type { Article } from "../../article/article.ts";
import type { Explanation } from "../../summary/explanation/explain.ts";
import type { Summary } from "../../summary/summary.ts";

export function headOf({ title, source }: Article): string {
  return title || source;
}

/** "8 of 96 sentences. 2 minutes in full." */
export function countOf({ chosen, sentences }: Explanation, { minutes }: Summary): string {
  const count = new Set(chosen.filter(({ sign }) => sign !== "Q").map(({ sign }) => sign)).size;
  const full = `${minutes} ${minutes === 1 ? "minute" : "minutes"} to read in full`;
  return `${count} of ${sentences} ${sentences === 1 ? "sentence" : "sentences"}, ${full}`;
}

/** Where the words are not the article's, there is nothing to mark; undefined where they are. */
export function whoseWords({ origin }: Summary): string | undefined {
  if (origin === "model")
    return "The gist and the key points are a model's words, and stand nowhere in the article.";
  return origin === "author" ? "The gist is the author's own description." : undefined;
}
