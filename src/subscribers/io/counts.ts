import type { AudienceCounts } from "../subscriber-list.ts";
import { type Database, numberIn } from "../../platform/sqlite/database.ts";

/** Of a list; of none there is nobody. */
export function countsOf(database: Database, list: number | undefined): AudienceCounts {
  const row = database.prepare(COUNTS).get(list, list, list, list) ?? {};
  return {
    subscribers: numberIn(row, "subscribers"),
    active: numberIn(row, "active"),
    suppressed: numberIn(row, "suppressed"),
    erased: numberIn(row, "erased"),
  };
}

const COUNTS = `
  SELECT
    (SELECT count(*) FROM subscriber WHERE list = ?) AS subscribers,
    (SELECT count(*) FROM subscriber LEFT JOIN suppression USING (list, key)
      WHERE list = ? AND reason IS NULL) AS active,
    (SELECT count(*) FROM suppression WHERE list = ?) AS suppressed,
    (SELECT count(*) FROM erased WHERE list = ?) AS erased`;
