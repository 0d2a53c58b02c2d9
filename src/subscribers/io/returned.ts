import { addressKey } from "../address-key.ts";
import type { SuppressionReason } from "../suppression.ts";
import { dateIn, numberIn, optional, textIn } from "../../platform/sqlite/database.ts";
import { addressOf, type Leaving, suppress } from "./depart.ts";

/** What came back of a message. */
export interface Return {
  /** As the ledger shows it. */
  readonly what: "bounced" | "bounced for now" | "complained";
  /** The words of whoever sent it back. */
  readonly said: string;
  /** Nothing is sent there again. */
  readonly suppress?: SuppressionReason | undefined;
  /** Of the message, where they are known. */
  readonly messageIds: readonly string[];
  /** After so many issues in a row that come back for now, nothing is sent there again. */
  readonly atMost?: number | undefined;
}

/** Whose it was, and what became of them. */
export interface NotedReturn {
  /** Absent where they were erased: nothing is noted of them then. */
  readonly address?: string;
  /** Whether they are suppressed from now on, and weren't before. */
  readonly isNew: boolean;
  /** How many issues in a row have come back for now. */
  readonly inARow?: number;
  /** Whether those are too many. */
  readonly isTooMany?: boolean;
}

/** Undefined where nobody ever had that id. */
export function noteReturn(leaving: Leaving, id: number, came: Return): NotedReturn | undefined {
  const whose = addressOf(leaving, id);
  if (whose === undefined) return undefined;
  if (whose === "erased") return { isNew: false };
  noteEvent(leaving, addressKey(whose.address), came);
  const { address } = whose;
  if (came.what === "bounced for now") return { address, ...notedForNow(leaving, address, came) };
  return {
    address,
    isNew: came.suppress !== undefined && suppress(leaving, address, came.suppress),
  };
}

function notedForNow(leaving: Leaving, address: string, { atMost = Infinity }: Return) {
  const { count: inARow, isLasting } = bouncesInARow(sentTo(leaving, address), leaving.now);
  const isTooMany = isLasting && inARow >= atMost;
  return { inARow, isTooMany, isNew: isTooMany && suppress(leaving, address, "bounced") };
}

/** Until nothing was sent there: whoever is back on the list begins anew. */
function* sentTo({ database, newsletter }: Leaving, address: string): Generator<SentIssue> {
  for (const row of database.prepare(SENT).all(newsletter, addressKey(address))) {
    if (textIn(row, "state") === "suppressed") return;
    yield { at: dateIn(row, "planned_at"), cameBack: numberIn(row, "bounced") > 0 };
  }
}

/** More than one of a row that is looked for could have. */
const SENT = `
  SELECT issue.planned_at, delivery.state, EXISTS (
    SELECT 1 FROM delivery_event WHERE delivery = delivery.id AND what = 'bounced for now') AS bounced
  FROM issue JOIN delivery ON delivery.issue = issue.id
  WHERE issue.newsletter = ? AND delivery.key = ? AND issue.planned_at IS NOT NULL
    AND delivery.state IN ('accepted', 'suppressed')
  ORDER BY issue.planned_at DESC LIMIT 1000`;

/** Once: a mail that is handed over again says nothing new. */
function noteEvent({ database, newsletter, now }: Leaving, key: string, came: Return): void {
  const ids = JSON.stringify(came.messageIds);
  const row = database.prepare(DELIVERY).get(newsletter, key, ids);
  const delivery = row && optional(row, "id", numberIn);
  if (delivery === undefined) return;
  const values = [delivery, came.what, came.said];
  if (database.prepare(KNOWN).get(...values)) return;
  database.prepare(NOTE).run(...values, now.getTime());
}

/** Of the issue that the message was, or else the last one that they were sent. */
const DELIVERY = `
  SELECT delivery.id FROM issue JOIN delivery ON delivery.issue = issue.id
  WHERE issue.newsletter = ? AND delivery.key = ? AND delivery.message_id IS NOT NULL
  ORDER BY delivery.message_id IN (SELECT value FROM json_each(?)) DESC, issue.planned_at DESC
  LIMIT 1`;

const KNOWN = "SELECT 1 FROM delivery_event WHERE delivery = ? AND what = ? AND reply = ?";

const NOTE = "INSERT INTO delivery_event (delivery, what, reply, at) VALUES (?, ?, ?, ?)";

/** An issue that somebody was sent, and whether it came back for now. */
interface SentIssue {
  readonly at: Date;
  readonly cameBack: boolean;
}

const DAY_MS = 86_400_000;
/** Servers try for up to five days before they say that they couldn't. */
const WITHOUT_MS = 7 * DAY_MS;
/** A mailbox is full over the holidays, and a server is down for a week. */
const LONG_ENOUGH_MS = 14 * DAY_MS;

/**
 * How many issues have come back for now, as a full mailbox has them come back, since it last went well: since a
 * week in which an issue went out and none came back. That one didn't proves nothing, since not every server says so.
 * `isLasting`: it has gone on for two weeks. `sent`: the latest first.
 */
export function bouncesInARow(
  sent: Iterable<SentIssue>,
  now: Date,
): { readonly count: number; readonly isLasting: boolean } {
  const row: number[] = [];
  let later = now.getTime();
  let hasGoneWell = false;
  for (const { at, cameBack } of sent) {
    if (!cameBack) hasGoneWell = true;
    else if (hasGoneWell && later - at.getTime() > WITHOUT_MS) break;
    else {
      row.push(at.getTime());
      later = at.getTime();
      hasGoneWell = false;
    }
  }
  const [last = 0] = row;
  return { count: row.length, isLasting: last - (row.at(-1) ?? last) >= LONG_ENOUGH_MS };
}
