import { addressKey } from "../recipient.ts";
import { addressHash, addressHashes, type Keyring } from "../tokens.ts";
import type { LeaveRequest, SuppressionReason } from "../subscriber.ts";
import { type Queries, numberIn, placeholders, optional, textIn } from "../../platform/database.ts";
import type { List } from "./lists.ts";

export interface ListContext {
  readonly tx: Queries;
  readonly list: List;
  readonly newsletter: string;
  readonly now: Date;
  /** The issues whose messages bounced permanently in this change. They are judged at its end. */
  readonly bounced: Set<number>;
}

/**
 * Suppresses an address, and returns whether it was not suppressed before. The first reason stays, but any reason replaces
 * a bounce. A bounce may be the server's fault, so readers who bounced can be released. Others cannot.
 */
export async function suppress(
  { tx, list, now }: ListContext,
  address: string,
  reason: SuppressionReason,
  how?: string,
): Promise<boolean> {
  const key = addressKey(address);
  const isNew = await tx.run(SUPPRESS, list.id, key, address, reason, now.getTime(), how);
  if (isNew === 0) await tx.run(REPLACE_BOUNCE, reason, how, list.id, key);
  return isNew > 0;
}

const SUPPRESS = `
  INSERT INTO suppression (list, key, address, reason, since, how) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (list, key) DO NOTHING`;

const REPLACE_BOUNCE = `
  UPDATE suppression SET reason = ?, how = ? WHERE list = ? AND key = ? AND reason = 'bounced'`;

/** Ends the subscription with an id, and returns whether it was open. Undefined if there never was one. */
export async function unsubscribe(
  context: ListContext,
  id: number,
  how?: string,
): Promise<boolean | undefined> {
  const whose = await addressOf(context, id);
  if (whose === undefined) return undefined;
  // Nothing can be sent to an erased reader.
  return whose !== "erased" && (await suppress(context, whose.address, "unsubscribed", how));
}

/** The address of a present or former subscriber. Undefined if no subscriber ever had the id. */
export async function addressOf(
  { tx, list }: Pick<ListContext, "tx" | "list">,
  id: number,
): Promise<{ readonly address: string } | "erased" | undefined> {
  const row = await tx.get(WHOSE, id, list.id);
  if (!row) return undefined;
  const address = optional(row, "address", textIn);
  return address === undefined ? "erased" : { address };
}

const WHOSE = `
  SELECT address FROM subscriber WHERE id = ?1 AND list = ?2
  UNION ALL
  SELECT address FROM former_subscriber WHERE id = ?1 AND list = ?2`;

/** Takes an address off the list, and returns whether it was on it. It may be added again, and its tokens stay valid. */
export async function remove(context: ListContext, address: string): Promise<boolean> {
  const { tx, list, newsletter, now } = context;
  const key = addressKey(address);
  await settleLeaveRequest(context, address);
  await tx.run(KEEP_ID, list.id, key);
  await tx.run(END_PLANS, "removed", now.getTime(), key, newsletter);
  await tx.run("DELETE FROM quarantine WHERE list = ? AND key = ?", list.id, key);
  return (await tx.run(DELETE, list.id, key)) > 0;
}

/** Deletes the request to unsubscribe an address. Returns whether there was one. */
export async function settleLeaveRequest(
  { tx, list }: ListContext,
  address: string,
): Promise<boolean> {
  return (await tx.run(SETTLE, list.id, addressKey(address))) > 0;
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
 * Erases an address, also from the ledger. Only its hash is stored, so that no import adds it again. Returns whether any
 * data of it was stored.
 */
export async function erase(
  context: ListContext,
  address: string,
  keyring: Keyring,
): Promise<boolean> {
  const { tx, list, newsletter, now } = context;
  const hash = addressHash(address, keyring.current);
  const mailbox = addressKey(address);
  const wasThere = await remove(context, address);
  const wasSuppressed = await tx.run(FORGET_SUPPRESSION, list.id, mailbox);
  await tx.run(FORGET_FORMER, hash, list.id, mailbox);
  await tx.run(FORGET_EVENTS, mailbox, newsletter);
  await forgetTurns(context, mailbox);
  await forgetRefusals(context, mailbox);
  const hashes = addressHashes(address, keyring);
  await tx.run(FORGET_MAILS + placeholders(hashes), list.id, ...hashes);
  const requests = await tx.run(FORGET_REQUESTS + placeholders(hashes), list.id, ...hashes);
  const gone = `erased ${hash.toString("hex")}`;
  const deliveries = await tx.run(FORGET_DELIVERIES, gone, mailbox, newsletter);
  await tx.run(KEEP_HASH, list.id, hash, keyring.current.id, now.getTime());
  return wasThere || wasSuppressed + requests + deliveries > 0;
}

const KEEP_HASH = `
  INSERT INTO erased (list, hash, key_id, since) VALUES (?, ?, ?, ?)
  ON CONFLICT (list, hash) DO NOTHING`;

export const FORGET_SUPPRESSION = "DELETE FROM suppression WHERE list = ? AND key = ?";

const FORGET_FORMER = `
  UPDATE former_subscriber SET address = NULL, hash = ? WHERE list = ? AND address = ?`;

const OF_THEIRS = "key = ? AND issue IN (SELECT id FROM issue WHERE newsletter = ?)";

/** A waiting mail is not sent. Its row stays with a hash of the address, because it counts for the budget of mails. */
const FORGET_MAILS = `
  UPDATE mail SET state = 'dropped', address = NULL, subject = NULL, text = NULL, html = NULL
  WHERE list = ? AND address IS NOT NULL AND who IN `;

const FORGET_REQUESTS = "DELETE FROM join_request WHERE list = ? AND who IN ";

/** Servers repeat the address in their replies. */
const FORGET_EVENTS = `
  UPDATE delivery_event SET reply = NULL
  WHERE delivery IN (SELECT id FROM delivery WHERE ${OF_THEIRS})`;

/** Deletes the replies in the turns of a run that still works or has died. */
async function forgetTurns({ tx, newsletter }: ListContext, key: string): Promise<void> {
  const rows = await tx.all(`SELECT id FROM delivery WHERE ${OF_THEIRS}`, key, newsletter);
  const theirs = new Set(rows.map((row) => numberIn(row, "id")));
  for (const row of await tx.all("SELECT held, turn, entries FROM delivery_turn")) {
    const entries: readonly { readonly id: number; reply?: string }[] = JSON.parse(
      textIn(row, "entries"),
    );
    const forgotten = entries.filter(({ id }) => theirs.has(id));
    if (forgotten.length === 0) continue;
    for (const entry of forgotten) delete entry.reply;
    await tx.run(
      KEEP_ENTRIES,
      JSON.stringify(entries),
      numberIn(row, "held"),
      numberIn(row, "turn"),
    );
  }
}

const KEEP_ENTRIES = "UPDATE delivery_turn SET entries = ? WHERE held = ? AND turn = ?";

export async function forgetRefusals({ tx, newsletter }: ListContext, key: string): Promise<void> {
  await tx.run(FORGET_REFUSALS, key, newsletter);
}

const FORGET_REFUSALS = `
  DELETE FROM refusal WHERE delivery IN (SELECT id FROM delivery WHERE ${OF_THEIRS})`;

const FORGET_DELIVERIES = `
  UPDATE delivery SET key = ?, address = '', name = NULL, subscriber = NULL, reply = NULL
  WHERE ${OF_THEIRS}`;

/** Anyone can send such mails, so the number of requests from strangers is limited. Only the latest of an address is stored. */
const MOST_OF_STRANGERS = 100;

/** Stores a request. A subscriber's request is never dropped. */
export async function noteLeaveRequest(
  context: ListContext,
  { address, date, messageId }: LeaveRequest,
): Promise<void> {
  const { tx, list, now } = context;
  const at = date <= now ? date : now;
  await settleLeaveRequest(context, address);
  await tx.run(NOTE_REQUEST, list.id, addressKey(address), address, at.getTime(), messageId);
  await tx.run(BOUND, list.id, MOST_OF_STRANGERS);
}

const NOTE_REQUEST = `
  INSERT INTO leave_request (list, key, address, date, message_id) VALUES (?, ?, ?, ?, ?)`;

const STRANGERS = `
  SELECT leave_request.id FROM leave_request LEFT JOIN subscriber USING (list, key)
  WHERE list = ?1 AND subscriber.id IS NULL`;

const BOUND = `
  DELETE FROM leave_request WHERE id IN (${STRANGERS}) AND id <= (
    ${STRANGERS} ORDER BY leave_request.id DESC LIMIT 1 OFFSET ?2)`;
