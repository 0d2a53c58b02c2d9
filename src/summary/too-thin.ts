import type { Article } from "../article/article.ts";
import { BroadsheetError } from "../errors.ts";
import { countWords } from "./language/reading-time.ts";

/** Why an article cannot be in a digest, where it says too little to be told. */
export function tooThin(article: Article): BroadsheetError | undefined {
  if (article.kind === "letter" || countWords(article.text) >= 3) return undefined;
  return new BroadsheetError("CONTENT_NO_STORY", `${article.source} has no sentence to summarise`, {
    where: { file: article.source },
    fix: "give the whole article, or leave the file out",
  });
}
