import type { Database } from "../database.ts";
import { numberIn } from "../row.ts";

/** How many have come to a list, and to how many nothing is sent any more. */
export interface ListChanges {
  readonly joined: number;
  /** Unsubscribed, bounced, complained or suppressed by hand; not those who were removed. */
  readonly left: number;
  /** Those who asked to be forgotten, whatever else is forgotten of them. */
  readonly erased: number;
}

export function changesSince(database: Database, list: number, moment: Date): ListChanges {
  const since = moment.getTime();
  const row = database.prepare(CHANGES).get(list, since, list, since, list, since) ?? {};
  return {
    joined: numberIn(row, "joined"),
    left: numberIn(row, "gone"),
    erased: numberIn(row, "erased"),
  };
}

const CHANGES = `
  SELECT
    (SELECT count(*) FROM subscriber WHERE list = ? AND subscribed_at >= ?) AS joined,
    (SELECT count(*) FROM suppression JOIN subscriber USING (list, key)
      WHERE list = ? AND since >= ?) AS gone,
    (SELECT count(*) FROM erased WHERE list = ? AND since >= ?) AS erased`;
