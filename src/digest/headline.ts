import type { Entry } from "./digest.ts";

/** What stands above a story: its title, or its gist where it has none, as notes often haven't. */
export function headlineOf({ article, summary }: Pick<Entry, "article" | "summary">): string {
  return article.title || summary.gist.text;
}
