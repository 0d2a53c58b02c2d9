import { addressKey } from "../recipient.ts";
import { addressHash, addressHashes, type Keyring } from "../tokens.ts";
import type { LeaveRequest, SuppressionReason } from "../subscriber.ts";
import {
  type Database,
  optional,
  textIn,
  dateIn,
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
  /** The issues of which messages bounced for good in this change, to be judged at its end. */
  readonly bounced: Set<number>;
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
  SET state = 'skipped', due = NULL, reply = ?, changed_at = ?
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
  database.prepare(FORGET_TURNS).run(mailbox, newsletter);
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

/** The same of a run that works, or has died. */
const FORGET_TURNS = `
  WITH theirs AS (SELECT id FROM delivery WHERE ${OF_THEIRS})
  UPDATE delivery_turn SET entries = (
    SELECT json_group_array(iif(value ->> 'id' IN theirs, json_remove(value, '$.reply'), json(value)))
    FROM json_each(entries))
  WHERE EXISTS (SELECT 1 FROM json_each(entries) WHERE value ->> 'id' IN theirs)`;

/** Forgets that servers ever said that an address doesn't exist. */
export function forgetRefusals({ database, newsletter }: ListContext, key: string): void {
  database.prepare(FORGET_REFUSALS).run(key, newsletter);
}

const FORGET_REFUSALS = `
  DELETE FROM refusal WHERE delivery IN (SELECT id FROM delivery WHERE ${OF_THEIRS})`;

const FORGET_DELIVERIES = `
  UPDATE delivery SET key = ?, address = '', name = NULL, subscriber = NULL, reply = NULL
  WHERE ${OF_THEIRS}`;

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
