import type { Row } from "../../../platform/sqlite/database.ts";
import { numberIn, textIn } from "../../../platform/sqlite/row.ts";
import type { Desk } from "./desk.ts";

/** To how many readers of an issue something happened on the way, whatever became of them since. */
export interface Mishaps {
  readonly slot: string;
  /** At one attempt or several. */
  readonly putOff: number;
  readonly bounced: number;
  readonly complained: number;
}

/** Of the issues of a newsletter to whose readers anything happened. */
export function mishapsOf({ database }: Desk, newsletter: string): Mishaps[] {
  return database.prepare(MISHAPS).all(newsletter).map(mishapsIn);
}

function mishapsIn(row: Row): Mishaps {
  return {
    slot: textIn(row, "slot"),
    putOff: numberIn(row, "put_off"),
    bounced: numberIn(row, "bounced"),
    complained: numberIn(row, "complained"),
  };
}

/** The events first: they are few, and the deliveries as many as there are readers. */
const MISHAPS = `
  SELECT
    slot,
    count(DISTINCT iif(what = 'deferred', delivery.id, NULL)) AS put_off,
    count(DISTINCT iif(what IN ('bounced', 'bounced for now'), delivery.id, NULL)) AS bounced,
    count(DISTINCT iif(what = 'complained', delivery.id, NULL)) AS complained
  FROM delivery_event
    CROSS JOIN delivery ON delivery.id = delivery_event.delivery
    CROSS JOIN issue ON issue.id = delivery.issue
  WHERE what IN ('deferred', 'bounced', 'bounced for now', 'complained') AND newsletter = ?
  GROUP BY issue.id`;
