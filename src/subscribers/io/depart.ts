import { addressKey } from "../recipient.ts";
import { erasedHash, type Key } from "../keyring.ts";
import type { SuppressionReason } from "../subscriber.ts";
import { type Database, optional, textIn } from "../../platform/sqlite/database.ts";
import type { List } from "./lists.ts";

/** A list that is changed, and when. */
export interface ListContext {
  readonly database: Database;
  readonly list: List;
  readonly newsletter: string;
  readonly now: Date;
}

/** Suppresses an address, and returns whether it wasn't before: the first reason stays. */
export function suppress(
  { database, list, now }: ListContext,
  address: string,
  reason: SuppressionReason,
): boolean {
  const values = [list.id, addressKey(address), address, reason, now.getTime()];
  return database.prepare(SUPPRESS).run(...values) > 0;
}

export const SUPPRESS = `
  INSERT INTO suppression (list, key, address, reason, since) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT DO NOTHING`;

/** Ends the subscription with an id, and returns whether it was open; undefined where there never was one. */
export function unsubscribe(context: ListContext, id: number): boolean | undefined {
  const whose = addressOf(context, id);
  if (whose === undefined) return undefined;
  // Nothing can be sent to an erased reader.
  return whose !== "erased" && suppress(context, whose.address, "unsubscribed");
}

/** The address of a present or former subscriber; undefined where the id was never given. */
export function addressOf(
  { database, list }: ListContext,
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
export function erase(context: ListContext, address: string, key: Key): boolean {
  const { database, list, newsletter, now } = context;
  const hash = erasedHash(address, key);
  const mailbox = addressKey(address);
  const wasThere = remove(context, address);
  const wasSuppressed = database
    .prepare("DELETE FROM suppression WHERE list = ? AND key = ?")
    .run(list.id, mailbox);
  database.prepare(FORGET_FORMER).run(hash, list.id, mailbox);
  database.prepare(FORGET_EVENTS).run(mailbox, newsletter);
  forgetRefusals(context, mailbox);
  const deliveries = database
    .prepare(FORGET_DELIVERIES)
    .run(`erased ${hash.toString("hex")}`, mailbox, newsletter);
  database
    .prepare(
      "INSERT INTO erased (list, hash, key_id, since) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .run(list.id, hash, key.id, now.getTime());
  return wasThere || wasSuppressed > 0 || deliveries > 0;
}

const FORGET_FORMER = `
  UPDATE former_subscriber SET address = NULL, hash = ? WHERE list = ? AND address = ?`;

const OF_THEIRS = "key = ? AND issue IN (SELECT id FROM issue WHERE newsletter = ?)";

/** Servers repeat the address in their answers. */
const FORGET_EVENTS = `
  UPDATE delivery_event SET reply = NULL
  WHERE delivery IN (SELECT id FROM delivery WHERE ${OF_THEIRS})`;

/** Forgets that servers ever said that an address doesn't exist. */
export function forgetRefusals({ database, newsletter }: ListContext, key: string): void {
  database.prepare(FORGET_REFUSALS).run(key, newsletter);
}

const FORGET_REFUSALS = `
  DELETE FROM refusal WHERE delivery IN (SELECT id FROM delivery WHERE ${OF_THEIRS})`;

const FORGET_DELIVERIES = `
  UPDATE delivery SET key = ?, address = '', name = NULL, subscriber = NULL, reply = NULL
  WHERE ${OF_THEIRS}`;
