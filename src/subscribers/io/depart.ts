import { addressKey } from "../recipient.ts";
import { addressHash, addressHashes, type Keyring } from "../tokens.ts";
import type {
  Bounce,
  LeaveRequest,
  NotedBounce,
  Quarantined,
  Settlement,
  SuppressionReason,
} from "../subscriber.ts";
import {
  type Database,
  optional,
  textIn,
  dateIn,
  numberIn,
  fieldsOf,
  maybe,
} from "../../platform/sqlite/database.ts";
import type { List } from "./lists.ts";

/** A list that is changed, and when. */
export interface ListContext {
  readonly database: Database;
  readonly list: List;
  readonly newsletter: string;
  readonly now: Date;
}

/**
 * Suppresses an address, and returns whether it wasn't before. The first reason stays, except that a wish replaces a
 * bounce: a server may have been wrong, and such readers can be released.
 */
export function suppress(
  { database, list, now }: ListContext,
  address: string,
  reason: SuppressionReason,
  how?: string,
): boolean {
  const values = [list.id, addressKey(address), address, reason, now.getTime(), how];
  database.prepare(REPLACE_BOUNCE).run(reason, how, list.id, addressKey(address));
  return database.prepare(SUPPRESS).run(...values) > 0;
}

export const REPLACE_BOUNCE = `
  UPDATE suppression SET reason = ?, how = ? WHERE list = ? AND key = ? AND reason = 'bounced'`;

export const SUPPRESS = `
  INSERT INTO suppression (list, key, address, reason, since, how) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO NOTHING`;

/** Ends the subscription with an id, and returns whether it was open; undefined where there never was one. */
export function unsubscribe(context: ListContext, id: number, how?: string): boolean | undefined {
  const whose = addressOf(context, id);
  if (whose === undefined) return undefined;
  // Nothing can be sent to an erased reader.
  return whose !== "erased" && suppress(context, whose.address, "unsubscribed", how);
}

/** Takes back what the reader with this id did at a moment: to leave. Returns whether it did. */
export function undoLeave({ database, list }: ListContext, id: number, leftAt: Date): boolean {
  return database.prepare(UNDO).run(list.id, leftAt.getTime(), id, list.id) > 0;
}

const UNDO = `
  DELETE FROM suppression WHERE list = ? AND reason = 'unsubscribed' AND since = ?
    AND key = (SELECT key FROM subscriber WHERE id = ? AND list = ?)`;

/** Pauses the subscription with an id until a moment, or ends its pause; whether there is such a subscription. */
export function pause(
  { database, list }: ListContext,
  id: number,
  until: Date | undefined,
): boolean {
  return database.prepare(PAUSE).run(until?.getTime(), id, list.id) > 0;
}

const PAUSE = "UPDATE subscriber SET paused_until = ? WHERE id = ? AND list = ?";

/** The address of a present or former subscriber; undefined where the id was never given. */
export function addressOf(
  { database, list }: Pick<ListContext, "database" | "list">,
  id: number,
): { readonly address: string } | "erased" | undefined {
  const row = database.prepare(WHOSE).get(id, list.id, id, list.id);
  if (!row) return undefined;
  const address = optional(row, "address", textIn);
  return address === undefined ? "erased" : { address };
}

const WHOSE = `
  SELECT address FROM subscriber WHERE id = ? AND list = ?
  UNION ALL
  SELECT address FROM former_subscriber WHERE id = ? AND list = ?`;

/** Takes an address off the list, and returns whether it was on it. It may be added again, and its tokens stay valid. */
export function remove(context: ListContext, address: string): boolean {
  const { database, list, newsletter, now } = context;
  const key = addressKey(address);
  settleLeaveRequest(context, address);
  database.prepare(KEEP_ID).run(list.id, key);
  database.prepare(END_PLANS).run("removed", now.getTime(), key, newsletter);
  database.prepare("DELETE FROM quarantine WHERE list = ? AND key = ?").run(list.id, key);
  return database.prepare(DELETE).run(list.id, key) > 0;
}

/** Drops the mail that asks to leave in the name of an address, and returns whether there was one. */
export function settleLeaveRequest({ database, list }: ListContext, address: string): boolean {
  return database.prepare(SETTLE).run(list.id, addressKey(address)) > 0;
}

const SETTLE = "DELETE FROM leave_request WHERE list = ? AND key = ?";

const KEEP_ID = `
  INSERT INTO former_subscriber (id, list, address)
  SELECT id, list, key FROM subscriber WHERE list = ? AND key = ?`;

const DELETE = "DELETE FROM subscriber WHERE list = ? AND key = ?";

const END_PLANS = `
  UPDATE delivery
  SET state = 'skipped', due = NULL, worker = NULL, lease_until = NULL, reply = ?, changed_at = ?
  WHERE key = ? AND state IN ('planned', 'claimed', 'deferred')
    AND issue IN (SELECT id FROM issue WHERE newsletter = ?)`;

/**
 * Erases an address, from the ledger too. Only its hash is left, so that no import brings it back. Returns whether
 * anything was stored of it.
 */
export function erase(context: ListContext, address: string, keyring: Keyring): boolean {
  const { database, list, newsletter, now } = context;
  const hash = addressHash(address, keyring.current);
  const mailbox = addressKey(address);
  const wasThere = remove(context, address);
  const wasSuppressed = database
    .prepare("DELETE FROM suppression WHERE list = ? AND key = ?")
    .run(list.id, mailbox);
  database.prepare(FORGET_FORMER).run(hash, list.id, mailbox);
  database.prepare(FORGET_EVENTS).run(mailbox, newsletter);
  forgetRefusals(context, mailbox);
  const hashes = JSON.stringify(addressHashes(address, keyring));
  database.prepare(FORGET_MAILS).run(list.id, hashes);
  const requests = database.prepare(FORGET_REQUESTS).run(list.id, hashes);
  const deliveries = database
    .prepare(FORGET_DELIVERIES)
    .run(`erased ${hash.toString("hex")}`, mailbox, newsletter);
  database
    .prepare(
      "INSERT INTO erased (list, hash, key_id, since) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .run(list.id, hash, keyring.current.id, now.getTime());
  return wasThere || wasSuppressed + requests + deliveries > 0;
}

const FORGET_FORMER = `
  UPDATE former_subscriber SET address = NULL, hash = ? WHERE list = ? AND address = ?`;

const OF_THEIRS = "key = ? AND issue IN (SELECT id FROM issue WHERE newsletter = ?)";

/** A mail that waits isn't sent. What is left of it counts for the budget, and is no more than a hash of the address. */
const FORGET_MAILS = `
  UPDATE mail SET state = 'dropped', address = NULL, subject = NULL, text = NULL, html = NULL
  WHERE list = ? AND who IN (SELECT value FROM json_each(?)) AND address IS NOT NULL`;

const FORGET_REQUESTS =
  "DELETE FROM join_request WHERE list = ? AND who IN (SELECT value FROM json_each(?))";

/** Servers repeat the address in their answers. */
const FORGET_EVENTS = `
  UPDATE delivery_event SET reply = NULL
  WHERE delivery IN (SELECT id FROM delivery WHERE ${OF_THEIRS})`;

/** Forgets that servers ever said that an address doesn't exist. */
function forgetRefusals({ database, newsletter }: ListContext, key: string): void {
  database.prepare(FORGET_REFUSALS).run(key, newsletter);
}

const FORGET_REFUSALS = `
  DELETE FROM refusal WHERE delivery IN (SELECT id FROM delivery WHERE ${OF_THEIRS})`;

const FORGET_DELIVERIES = `
  UPDATE delivery SET key = ?, address = '', name = NULL, subscriber = NULL, reply = NULL
  WHERE ${OF_THEIRS}`;

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
  database.prepare(NOTE_EVENT).run(...values, now.getTime());
}

/** The delivery of the message that bounced, or else the last one to this reader. */
const DELIVERY = `
  SELECT delivery.id FROM issue JOIN delivery ON delivery.issue = issue.id
  WHERE issue.newsletter = ? AND delivery.key = ? AND delivery.message_id IS NOT NULL
  ORDER BY delivery.message_id IN (SELECT value FROM json_each(?)) DESC, issue.planned_at DESC
  LIMIT 1`;

const SEEN = "SELECT 1 FROM delivery_event WHERE delivery = ? AND what = ? AND reply = ?";

const NOTE_EVENT = "INSERT INTO delivery_event (delivery, what, reply, at) VALUES (?, ?, ?, ?)";

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

const quarantinedIn = fieldsOf({ address: textIn, since: dateIn, slot: textIn, said: textIn });

/** The quarantined readers of a list, the first ones first. */
export function readQuarantine(database: Database, list: number | undefined): Quarantined[] {
  return database.prepare(ALL_QUARANTINED).all(list).map(quarantinedIn);
}

const ALL_QUARANTINED = `
  SELECT address, since, slot, reply AS said
  FROM quarantine JOIN delivery ON delivery.id = delivery JOIN issue ON issue.id = issue
  WHERE list = ? ORDER BY since, quarantine.key`;

/** Ends the quarantine of an address, and returns whether it was quarantined. */
export function endQuarantine(context: ListContext, address: string, how: Settlement): boolean {
  const { database, list, now } = context;
  const key = addressKey(address);
  const row = database.prepare(END_QUARANTINE).get(list.id, key);
  if (!row) return false;
  if (how === "suppress") return suppress(context, address, "bounced");
  forgetRefusals(context, key);
  database.prepare(NOTE_RELEASE).run(numberIn(row, "delivery"), now.getTime());
  return true;
}

const END_QUARANTINE = "DELETE FROM quarantine WHERE list = ? AND key = ? RETURNING delivery";

const NOTE_RELEASE = "INSERT INTO delivery_event (delivery, at, what) VALUES (?, ?, 'released')";

/** Anyone can send such mails, so that the requests of strangers are bounded. An address has one request, the latest. */
const MOST_OF_STRANGERS = 100;

/** Stores a request. A subscriber's request is never dropped. */
export function noteLeaveRequest({ database, list, now }: ListContext, request: LeaveRequest) {
  const { address, date, messageId = null } = request;
  const at = date <= now ? date : now;
  database
    .prepare(NOTE_REQUEST)
    .run(list.id, addressKey(address), address, at.getTime(), messageId);
  database.prepare(BOUND).run(list.id, MOST_OF_STRANGERS);
}

const NOTE_REQUEST = `
  INSERT OR REPLACE INTO leave_request (list, key, address, date, message_id)
  VALUES (?, ?, ?, ?, ?)`;

const BOUND = `
  DELETE FROM leave_request WHERE id IN (
    SELECT leave_request.id FROM leave_request LEFT JOIN subscriber USING (list, key)
    WHERE list = ? AND subscriber.id IS NULL ORDER BY leave_request.id DESC LIMIT -1 OFFSET ?)`;

/** The requests of a list, the latest first. */
export function leaveRequests(database: Database, newsletter: string): LeaveRequest[] {
  return database.prepare(ALL_REQUESTS).all(newsletter).map(requestIn);
}

const ALL_REQUESTS = `
  SELECT address, date, message_id FROM leave_request
  WHERE list = (SELECT id FROM list WHERE newsletter = ?) ORDER BY id DESC`;

const requestIn = fieldsOf({ address: textIn, date: dateIn, messageId: maybe(textIn) });
