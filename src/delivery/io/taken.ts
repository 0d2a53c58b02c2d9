import { keysOf } from "../../digest/stories/fingerprint.ts";
import type { Fingerprint } from "../../digest/stories/story.ts";
import { numberIn, type Queries } from "../../platform/database.ts";
import type { IssueKey } from "../ledger.ts";

interface TakeRequest extends IssueKey {
  readonly articles: readonly Fingerprint[];
  readonly at: Date;
}

/**
 * Takes articles for the issue of a slot. They replace the articles that it had. The issue changes its state in the same
 * transaction, which the caller has begun.
 */
export async function takeArticles(
  tx: Queries,
  { articles, at, ...taking }: TakeRequest,
): Promise<void> {
  await releaseArticles(tx, taking);
  const { newsletter, slot } = taking;
  for (const article of articles) {
    const { source, id, file, link, title, letters, likeness } = article;
    const values = [newsletter, slot, source, id, file, link, title, letters, likeness] as const;
    const row = await tx.get(INSERT, ...values, at.getTime());
    const taken = numberIn(row ?? {}, "id");
    for (const key of keysOf(article)) await tx.run(INSERT_KEY, `${newsletter} ${key}`, taken);
  }
}

/** Makes the articles of a slot new again. The caller has begun a transaction. Returns their number. */
export async function releaseArticles(
  tx: Queries,
  { newsletter, slot }: IssueKey,
): Promise<number> {
  return tx.run("DELETE FROM taken WHERE newsletter = ? AND slot = ?", newsletter, slot);
}

const INSERT = `
  INSERT INTO taken
    (newsletter, slot, source, article, file, link, title, letters, likeness, taken_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  RETURNING id`;

const INSERT_KEY =
  "INSERT INTO taken_key (key, taken) VALUES (?, ?) ON CONFLICT (key, taken) DO NOTHING";
