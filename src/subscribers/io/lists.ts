import { type Database, bytesIn, numberIn } from "../../platform/sqlite/database.ts";

/** A newsletter's list, as the store knows it. */
export interface List {
  readonly id: number;
  /** Six bytes that stand in its tokens: it keeps them when the newsletter takes another name. */
  readonly uid: Uint8Array;
}

/** Undefined where nobody has been put on it yet. */
export function findList(database: Database, newsletter: string): List | undefined {
  const row = database.prepare("SELECT id, uid FROM list WHERE newsletter = ?").get(newsletter);
  return row && { id: numberIn(row, "id"), uid: bytesIn(row, "uid") };
}

export function makeList(database: Database, newsletter: string): List {
  database
    .prepare("INSERT INTO list (newsletter, uid) VALUES (?, randomblob(6)) ON CONFLICT DO NOTHING")
    .run(newsletter);
  const list = findList(database, newsletter);
  if (list) return list;
  throw new Error("a list was made and isn't there");
}
