import type { SuppressionReason } from "../suppression.ts";
import { type Database, type Row, numberIn, textIn } from "../../platform/sqlite/database.ts";
import { reasonIn } from "./subscriber-row.ts";

/** How many have come to a list, and to how many nothing is sent any more. */
export interface ListChanges {
  readonly joined: number;
  /** Unsubscribed, bounced, complained or suppressed by hand; not those who were removed. */
  readonly left: number;
  /** Those who asked to be forgotten, whatever else is forgotten of them. */
  readonly erased: number;
}

/** How many have come to a list on a day, or have left it, and why. */
export interface DayOfList {
  /** YYYY-MM-DD, in UTC. */
  readonly day: string;
  readonly what: "joined" | SuppressionReason;
  readonly count: number;
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

/** All that has changed in a list, the oldest day first; not of those whom it has forgotten. */
export function changesByDay(database: Database, list: number): DayOfList[] {
  return database.prepare(BY_DAY).all(list, list).map(dayOfList);
}

function dayOfList(row: Row): DayOfList {
  const what = textIn(row, "what");
  return {
    day: textIn(row, "day"),
    what: what === "joined" ? what : reasonIn(row, "what"),
    count: numberIn(row, "count"),
  };
}

const CHANGES = `
  SELECT
    (SELECT count(*) FROM subscriber WHERE list = ? AND subscribed_at >= ?) AS joined,
    (SELECT count(*) FROM suppression JOIN subscriber USING (list, key)
      WHERE list = ? AND since >= ?) AS gone,
    (SELECT count(*) FROM erased WHERE list = ? AND since >= ?) AS erased`;

const BY_DAY = `
  SELECT date(subscribed_at / 1000, 'unixepoch') AS day, 'joined' AS what, count(*) AS count
  FROM subscriber WHERE list = ? GROUP BY day
  UNION ALL
  SELECT date(since / 1000, 'unixepoch') AS day, reason AS what, count(*) AS count
  FROM suppression JOIN subscriber USING (list, key) WHERE list = ? GROUP BY day, what
  ORDER BY day`;
