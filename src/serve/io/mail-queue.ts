import {
  type Database,
  dateIn,
  fieldsOf,
  numberIn,
  type Row,
  textIn,
} from "../../platform/sqlite/database.ts";
import { change } from "../../platform/sqlite/watermarks.ts";
import { addressHashes } from "../../subscribers/tokens.ts";
import {
  type Lane,
  type Lanes,
  mayAskAgain,
  NETWORK_COUNTED_MS,
  openLanes,
} from "../join-budget.ts";
import type { ClaimedMail, MailOutcome, OutgoingMail } from "../ports.ts";
import type { Store } from "./store.ts";

const HOUR_MS = 3_600_000;

/** The mails of one newsletter in its store. */
export interface MailQueue extends Omit<Store, "audience"> {
  /** The number of the newsletter's list. */
  readonly list: number;
}

/** The number of the list with these six bytes. */
export function listWith(database: Database, uid: Uint8Array): number | undefined {
  const row = database.prepare("SELECT id FROM list WHERE uid = ?").get(uid);
  return row && numberIn(row, "id");
}

/** `Outgoing.put`. */
export function putMail(queue: MailQueue, mail: OutgoingMail): boolean {
  const now = queue.clock();
  return queue.database.transaction(
    () =>
      mayAskAgain(putTimes(queue, OWN_TO, addressHashes(mail.to, queue.keyring)), now) &&
      insertMail(queue, mail),
  );
}

/** What a mail that a visitor asked for counts for. */
interface Counted {
  readonly lane: Lane;
  readonly network: string;
  readonly proof?: string | undefined;
}

/** Puts a mail into the queue, inside of a transaction; whether its key is new. */
export function insertMail(queue: MailQueue, mail: OutgoingMail, counted?: Counted): boolean {
  const { database, list, clock, keyring } = queue;
  const [who] = addressHashes(mail.to, keyring);
  const { key, to, subject, text, html, expiresAt } = mail;
  const { lane, network, proof } = counted ?? {};
  const now = clock().getTime();
  const values = [key, who, to, subject, text, html, lane, network, proof];
  return database.prepare(INSERT).run(list, ...values, now, now, expiresAt.getTime()) > 0;
}

const INSERT = `
  INSERT INTO mail
    (list, key, who, address, subject, text, html, lane, network, proof, put_at, due, expires_at, state)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')
  ON CONFLICT DO NOTHING`;

/** When mails were put into the queue; the statement says which, by the hashes of an address or a network. */
export function putTimes(
  { database, list }: MailQueue,
  statement: string,
  hashes: readonly string[],
): Date[] {
  const rows = database.prepare(statement).all(list, JSON.stringify(hashes));
  return rows.map((row) => dateIn(row, "put_at"));
}

const TO = `
  SELECT put_at FROM mail WHERE list = ? AND who IN (SELECT value FROM json_each(?))`;
const OWN_TO = `${TO} AND lane IS NULL`;
export const ASKED_TO = `${TO} AND lane IS NOT NULL`;
export const ASKED_FROM = `
  SELECT put_at FROM mail WHERE list = ? AND network IN (SELECT value FROM json_each(?))`;

/** Whether a proof of work was spent on a mail. */
export function isSpent({ database }: MailQueue, proof: string): boolean {
  return database.prepare("SELECT 1 FROM mail WHERE proof = ?").get(proof) !== undefined;
}

type Reading = Pick<MailQueue, "database" | "list" | "clock">;

/** `Outgoing.isDue`. */
export function isMailDue(queue: Reading, joinsPerHour: number): boolean {
  return nextMail(queue, joinsPerHour) !== undefined;
}

/** `Outgoing.claim`. */
export function claimMail(queue: MailQueue, joinsPerHour: number): ClaimedMail | undefined {
  if (!isMailDue(queue, joinsPerHour)) return undefined;
  return change(queue, () => {
    // Another process may have taken it meanwhile.
    const row = nextMail(queue, joinsPerHour);
    if (row) queue.database.prepare(CLAIM).run(queue.clock().getTime(), numberIn(row, "id"));
    return row && mailIn(row);
  });
}

const CLAIM =
  "UPDATE mail SET state = 'claimed', claimed_at = ?, attempt = attempt + 1 WHERE id = ?";

function nextMail({ database, list, clock }: Reading, joinsPerHour: number): Row | undefined {
  const now = clock().getTime();
  const sent = lanesIn(database.prepare(CLAIMED).all(list, now - HOUR_MS));
  const { proved, unproved } = openLanes(sent, joinsPerHour);
  return database.prepare(NEXT).get(list, now, now, proved ? 1 : 0, unproved ? 1 : 0);
}

const CLAIMED = `
  SELECT lane, count(*) AS count FROM mail WHERE list = ? AND claimed_at > ? GROUP BY lane`;

const NEXT = `
  SELECT id, key, address AS "to", subject, text, html, attempt + 1 AS attempt, put_at, expires_at FROM mail
  WHERE list = ? AND state = 'waiting' AND due <= ? AND expires_at > ?
    AND (lane IS NULL OR (lane = 'proved' AND ?) OR (lane = 'unproved' AND ?))
  ORDER BY due, id LIMIT 1`;

const mailIn: (row: Row) => ClaimedMail = fieldsOf({
  id: numberIn,
  key: textIn,
  to: textIn,
  subject: textIn,
  text: textIn,
  html: textIn,
  attempt: numberIn,
  putAt: dateIn,
  expiresAt: dateIn,
});

function lanesIn(rows: readonly Row[]): Lanes<number> {
  const counts = new Map(rows.map((row) => [row["lane"], numberIn(row, "count")]));
  return { proved: counts.get("proved") ?? 0, unproved: counts.get("unproved") ?? 0 };
}

/** `Outgoing.settle`. */
export function settleMail({ database }: MailQueue, id: number, outcome: MailOutcome): void {
  if (outcome.state === "waiting") database.prepare(WAIT).run(outcome.due.getTime(), id);
  else database.prepare(SETTLE).run(outcome.state, id);
}

const WAIT = `
  UPDATE mail SET state = 'waiting', due = ?, claimed_at = NULL WHERE id = ? AND state = 'claimed'`;

const GONE = "address = NULL, subject = NULL, text = NULL, html = NULL";
const SETTLE = `UPDATE mail SET state = ?, ${GONE} WHERE id = ? AND state = 'claimed'`;

/** How many mails that visitors asked for wait to be sent. */
export function waitingMails({ database, list, clock }: MailQueue): Lanes<number> {
  return lanesIn(database.prepare(WAITING).all(list, clock().getTime()));
}

const WAITING = `
  SELECT lane, count(*) AS count FROM mail
  WHERE list = ? AND state = 'waiting' AND expires_at > ? GROUP BY lane`;

/** Forgets networks after an hour, and the addresses of mails that have expired; counts that began before `since`. */
export function forgetMails({ database, list, clock }: MailQueue, since: number): void {
  const now = clock().getTime();
  database.prepare(FORGET_NETWORKS).run(list, now - NETWORK_COUNTED_MS);
  database.prepare(FORGET_EXPIRED).run(list, now);
  database.prepare(FORGET_COUNTS).run(list, since);
}

const FORGET_NETWORKS =
  "UPDATE mail SET network = NULL WHERE list = ? AND network IS NOT NULL AND put_at <= ?";

const FORGET_EXPIRED = `
  UPDATE mail SET state = iif(state = 'waiting', 'dropped', state), ${GONE}
  WHERE list = ? AND address IS NOT NULL AND expires_at <= ?`;

const FORGET_COUNTS = "DELETE FROM mail WHERE list = ? AND address IS NULL AND put_at <= ?";
