import { type Fingerprint, isSameArticle, keysOf } from "../../fingerprint.ts";
import {
  type Database,
  type Row,
  dateIn,
  numberIn,
  optional,
  textIn,
} from "../../../platform/sqlite/database.ts";

/** An edition of a newsletter that takes articles. */
export interface Taking {
  readonly newsletter: string;
  readonly slot: string;
}

/** An article that was taken, and for which slot. */
export interface TakenArticle extends Fingerprint {
  readonly slot: string;
}

interface TakeRequest extends Taking {
  readonly items: readonly Fingerprint[];
  readonly at: Date;
}

/**
 * Notes which articles are in the issue of a slot, in the place of what was noted for it before. To be called
 * within a transaction, together with what says that the issue is there.
 */
export function takeItems(database: Database, { items, at, ...taking }: TakeRequest): void {
  releaseItems(database, taking);
  const insert = database.prepare(INSERT);
  const insertKey = database.prepare("INSERT OR IGNORE INTO taken_key (key, taken) VALUES (?, ?)");
  const { newsletter, slot } = taking;
  for (const item of items) {
    const { source, id, file, link, title, letters, likeness } = item;
    const values = [newsletter, slot, source, id, file, link, title, letters, likeness] as const;
    const taken = numberIn(insert.get(...values, at.getTime()) ?? {}, "id");
    for (const key of keysOf(item)) insertKey.run(`${newsletter} ${key}`, taken);
  }
}

/**
 * Makes the articles of a slot new again: its issue was given up before it was sent. To be called
 * within a transaction. How many they were.
 */
export function releaseItems(database: Database, { newsletter, slot }: Taking): number {
  return database
    .prepare("DELETE FROM taken WHERE newsletter = ? AND slot = ?")
    .run(newsletter, slot);
}

/** What the issue of a slot has taken, in its order. */
export function itemsOf(database: Database, { newsletter, slot }: Taking): TakenArticle[] {
  return database
    .prepare("SELECT * FROM taken WHERE newsletter = ? AND slot = ? ORDER BY id")
    .all(newsletter, slot)
    .map(takenIn);
}

/** How many articles of each source are in the issues of a newsletter. */
export function takenBySource(database: Database, newsletter: string): Map<string, number> {
  const rows = database
    .prepare("SELECT source, count(*) AS count FROM taken WHERE newsletter = ? GROUP BY source")
    .all(newsletter);
  return new Map(rows.map((row) => [textIn(row, "source"), numberIn(row, "count")]));
}

/** The same article as it was taken last, for a slot other than this one. */
export function lastTaken(
  database: Database,
  { newsletter, slot }: Taking,
  item: Fingerprint,
): TakenArticle | undefined {
  const find = database.prepare(FIND);
  const found = new Map<number, TakenArticle>();
  for (const key of keysOf(item)) {
    for (const row of find.all(`${newsletter} ${key}`, slot)) {
      const taken = takenIn(row);
      if (isSameArticle(taken, item)) found.set(numberIn(row, "id"), taken);
    }
  }
  return found.get(Math.max(...found.keys()));
}

/** When a slot other than this one took anything last. */
export function lastTakenAt(database: Database, { newsletter, slot }: Taking): Date | undefined {
  const row = database
    .prepare("SELECT max(taken_at) AS at FROM taken WHERE newsletter = ? AND slot <> ?")
    .get(newsletter, slot);
  return optional(row ?? {}, "at", dateIn);
}

const INSERT = `
  INSERT INTO taken
    (newsletter, slot, source, article, file, link, title, letters, likeness, taken_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  RETURNING id`;

const FIND = `
  SELECT taken.* FROM taken_key JOIN taken ON taken.id = taken_key.taken
  WHERE taken_key.key = ? AND taken.slot <> ?`;

function takenIn(row: Row): TakenArticle {
  const file = optional(row, "file", textIn);
  const link = optional(row, "link", textIn);
  const likeness = optional(row, "likeness", textIn);
  return {
    slot: textIn(row, "slot"),
    source: textIn(row, "source"),
    id: textIn(row, "article"),
    ...(file !== undefined && { file }),
    ...(link !== undefined && { link }),
    title: textIn(row, "title"),
    letters: textIn(row, "letters"),
    ...(likeness !== undefined && { likeness }),
  };
}
