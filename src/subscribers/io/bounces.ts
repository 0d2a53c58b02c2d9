import { addressKey } from "../recipient.ts";
import type { SuppressionReason } from "../subscriber.ts";
import { dateIn, numberIn, optional, textIn } from "../../platform/sqlite/database.ts";
import { addressOf, type ListContext, suppress } from "./depart.ts";

/** A bounce or a complaint. */
export interface Bounce {
  /** As the ledger's history shows it. */
  readonly what: "bounced" | "bounced for now" | "complained";
  /** The words of the server or service that reports it. */
  readonly said: string;
  /** Set where nothing is sent to this reader again. */
  readonly suppress?: SuppressionReason | undefined;
  /** Of the bounced message, where it names them. */
  readonly messageIds: readonly string[];
  /** After so many temporary bounces in a row nothing is sent there again. */
  readonly atMost?: number | undefined;
}

/** Whose message bounced, and what followed. */
export interface NotedBounce {
  /** Absent for an erased reader, of whom nothing is noted. */
  readonly address?: string;
  /** Whether the reader is suppressed from now on, and wasn't before. */
  readonly isNew: boolean;
  /** How many temporary bounces in a row there were. */
  readonly inARow?: number;
  /** Whether those were too many. */
  readonly isTooMany?: boolean;
}

/** Notes a bounce of the subscriber with this id; undefined where there never was one. */
export function noteBounce(
  context: ListContext,
  id: number,
  bounce: Bounce,
): NotedBounce | undefined {
  const whose = addressOf(context, id);
  if (whose === undefined) return undefined;
  if (whose === "erased") return { isNew: false };
  noteEvent(context, addressKey(whose.address), bounce);
  const { address } = whose;
  if (bounce.what === "bounced for now")
    return { address, ...notedForNow(context, address, bounce) };
  return {
    address,
    isNew: bounce.suppress !== undefined && suppress(context, address, bounce.suppress),
  };
}

function notedForNow(context: ListContext, address: string, { atMost = Infinity }: Bounce) {
  const { count: inARow, isLasting } = bouncesInARow(sentTo(context, address), context.now);
  const isTooMany = isLasting && inARow >= atMost;
  return { inARow, isTooMany, isNew: isTooMany && suppress(context, address, "bounced") };
}

/** The issues sent to an address, the latest first, back to when it was suppressed: a reader who is back begins anew. */
function* sentTo({ database, newsletter }: ListContext, address: string): Generator<SentIssue> {
  for (const row of database.prepare(SENT).all(newsletter, addressKey(address))) {
    if (textIn(row, "state") === "suppressed") return;
    yield { at: dateIn(row, "planned_at"), hasBounced: numberIn(row, "bounced") > 0 };
  }
}

/** The limit is more than any row of bounces needs. */
const SENT = `
  SELECT issue.planned_at, delivery.state, EXISTS (
    SELECT 1 FROM delivery_event WHERE delivery = delivery.id AND what = 'bounced for now') AS bounced
  FROM issue JOIN delivery ON delivery.issue = issue.id
  WHERE issue.newsletter = ? AND delivery.key = ? AND issue.planned_at IS NOT NULL
    AND delivery.state IN ('accepted', 'suppressed')
  ORDER BY issue.planned_at DESC LIMIT 1000`;

/** Notes an event, once: the same mail given again adds nothing. */
function noteEvent({ database, newsletter, now }: ListContext, key: string, bounce: Bounce): void {
  const ids = JSON.stringify(bounce.messageIds);
  const row = database.prepare(DELIVERY).get(newsletter, key, ids);
  const delivery = row && optional(row, "id", numberIn);
  if (delivery === undefined) return;
  const values = [delivery, bounce.what, bounce.said];
  if (database.prepare(SEEN).get(...values)) return;
  database.prepare(NOTE).run(...values, now.getTime());
}

/** The delivery of the message that bounced, or else the last one to this reader. */
const DELIVERY = `
  SELECT delivery.id FROM issue JOIN delivery ON delivery.issue = issue.id
  WHERE issue.newsletter = ? AND delivery.key = ? AND delivery.message_id IS NOT NULL
  ORDER BY delivery.message_id IN (SELECT value FROM json_each(?)) DESC, issue.planned_at DESC
  LIMIT 1`;

const SEEN = "SELECT 1 FROM delivery_event WHERE delivery = ? AND what = ? AND reply = ?";

const NOTE = "INSERT INTO delivery_event (delivery, what, reply, at) VALUES (?, ?, ?, ?)";

/** An issue that a reader was sent, and whether it bounced for now. */
interface SentIssue {
  readonly at: Date;
  readonly hasBounced: boolean;
}

const DAY_MS = 86_400_000;
/** Servers try for up to five days before they report a failure. */
const WITHOUT_MS = 7 * DAY_MS;
/** A mailbox may be full over the holidays, and a server down for a week. */
const LONG_ENOUGH_MS = 14 * DAY_MS;

/**
 * How many issues in a row have bounced for now, as with a full mailbox. A week in which an issue was sent and none
 * bounced ends the row; a single issue without a bounce doesn't, since not every server reports one. `isLasting`: the
 * row has gone on for two weeks. `sent`: the latest first.
 */
export function bouncesInARow(
  sent: Iterable<SentIssue>,
  now: Date,
): { readonly count: number; readonly isLasting: boolean } {
  const row: number[] = [];
  let later = now.getTime();
  let hasGoneWell = false;
  for (const { at, hasBounced } of sent) {
    if (!hasBounced) hasGoneWell = true;
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
