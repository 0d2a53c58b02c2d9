import { keysOf } from "../../digest/stories/fingerprint.ts";
import type { Fingerprint } from "../../digest/stories/story.ts";
import { type Database, numberIn } from "../../platform/sqlite/database.ts";

/** An edition of a newsletter that takes articles. */
interface Taking {
  readonly newsletter: string;
  readonly slot: string;
}

interface TakeRequest extends Taking {
  readonly articles: readonly Fingerprint[];
  readonly at: Date;
}

/**
 * Takes articles for the issue of a slot, in the place of those that it had. The caller has begun a transaction, in which
 * the issue also changes its state.
 */
export function takeArticles(database: Database, { articles, at, ...taking }: TakeRequest): void {
  releaseArticles(database, taking);
  const insert = database.prepare(INSERT);
  const insertKey = database.prepare("INSERT OR IGNORE INTO taken_key (key, taken) VALUES (?, ?)");
  const { newsletter, slot } = taking;
  for (const article of articles) {
    const { source, id, file, link, title, letters, likeness } = article;
    const values = [newsletter, slot, source, id, file, link, title, letters, likeness] as const;
    const taken = numberIn(insert.get(...values, at.getTime()) ?? {}, "id");
    for (const key of keysOf(article)) insertKey.run(`${newsletter} ${key}`, taken);
  }
}

/** Makes the articles of a slot new again. The caller has begun a transaction. Returns their number. */
export function releaseArticles(database: Database, { newsletter, slot }: Taking): number {
  return database
    .prepare("DELETE FROM taken WHERE newsletter = ? AND slot = ?")
    .run(newsletter, slot);
}

const INSERT = `
  INSERT INTO taken
    (newsletter, slot, source, article, file, link, title, letters, likeness, taken_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  RETURNING id`;
