import type { Article } from "../article/article.ts";
import { hashId } from "../article/compose-article.ts";

/**
 * The id of a reading: by the guid that a feed gives an article, by its address, or by its file in the project. So it
 * stays the same when the words of the article change.
 */
export function readingId(article: Pick<Article, "id">, file?: string): string {
  return file === undefined ? article.id : hashId(file);
}

/** The readings, each with an id of its own: the second with an id gets "-2", in the order given. */
export function numbered<R extends { readonly id: string }>(readings: readonly R[]): readonly R[] {
  const counts = new Map<string, number>();
  return readings.map((reading) => {
    const count = (counts.get(reading.id) ?? 0) + 1;
    counts.set(reading.id, count);
    return count === 1 ? reading : { ...reading, id: `${reading.id}-${count}` };
  });
}
