import { addressKey } from "../address-key.ts";
import { erasedHash } from "../erasure.ts";
import type { Key } from "../keyring.ts";
import type { SuppressionReason } from "../suppression.ts";
import { type Database, optional, textIn } from "../../platform/sqlite/database.ts";
import type { List } from "./lists.ts";

/** A list that somebody leaves. */
export interface Leaving {
  readonly database: Database;
  readonly list: List;
  readonly newsletter: string;
  readonly now: Date;
}

/** Whether that is new: the first reason stays. */
export function suppress(
  { database, list, now }: Leaving,
  address: string,
  reason: SuppressionReason,
): boolean {
  const values = [list.id, addressKey(address), address, reason, now.getTime()];
  return database.prepare(SUPPRESS).run(...values) > 0;
}

const SUPPRESS = `
  INSERT INTO suppression (list, key, address, reason, since) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT DO NOTHING`;

/** Ends the subscription of that id. Whether it was open; undefined where there never was one. */
export function unsubscribe(leaving: Leaving, id: number): boolean | undefined {
  const whose = addressOf(leaving, id);
  if (whose === undefined) return undefined;
  // Of whoever was erased nothing is left that could be sent to.
  return whose !== "erased" && suppress(leaving, whose.address, "unsubscribed");
}

/** Whose id it is or was; undefined where nobody ever had it. */
export function addressOf(
  { database, list }: Leaving,
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

/** Takes an address off the list; whether it was on it. It may come back, and its tokens still count. */
export function remove({ database, list, newsletter, now }: Leaving, address: string): boolean {
  const key = addressKey(address);
  database.prepare(KEEP_ID).run(list.id, key);
  database.prepare(END_PLANS).run("removed", now.getTime(), key, newsletter);
  return database.prepare(DELETE).run(list.id, key) > 0;
}

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
 * Forgets an address: what was kept of it is gone, from the ledger too, and only its hash is left, by
 * which no import brings it back. Whether anything was known of it.
 */
export function erase(leaving: Leaving, address: string, key: Key): boolean {
  const { database, list, newsletter, now } = leaving;
  const hash = erasedHash(address, key);
  const mailbox = addressKey(address);
  const wasThere = remove(leaving, address);
  const wasSuppressed = database
    .prepare("DELETE FROM suppression WHERE list = ? AND key = ?")
    .run(list.id, mailbox);
  database.prepare(FORGET_FORMER).run(hash, list.id, mailbox);
  database.prepare(FORGET_EVENTS).run(mailbox, newsletter);
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

/** Servers repeat the address in what they answer. */
const FORGET_EVENTS = `
  UPDATE delivery_event SET reply = NULL
  WHERE delivery IN (SELECT id FROM delivery WHERE ${OF_THEIRS})`;

const FORGET_DELIVERIES = `
  UPDATE delivery SET key = ?, address = '', name = NULL, subscriber = NULL, reply = NULL
  WHERE ${OF_THEIRS}`;
