import type { Clock } from "../../platform/clock.ts";
import {
  dateIn,
  fieldsOf,
  numberIn,
  placeholders,
  type Queries,
  type Row,
  type Store,
  textIn,
} from "../../platform/database.ts";
import type { Audience } from "../../subscribers/io/audience.ts";
import { addressHashes, type Keyring } from "../../subscribers/tokens.ts";
import {
  type Lane,
  type Lanes,
  mayAskAgain,
  NETWORK_COUNTED_MS,
  openLanes,
} from "../join-budget.ts";
import type { ClaimedMail, MailOutcome, OutgoingMail } from "../ports.ts";

const HOUR_MS = 3_600_000;

/** The context of a write. */
export interface OpenList {
  readonly store: Store;
  readonly audience: Audience;
  readonly clock: Clock;
  readonly keyring: Keyring;
}

export interface MailQueue extends Omit<OpenList, "audience"> {
  /** The number of the newsletter's list. */
  readonly list: number;
}

/** The queue inside a transaction. */
type OpenQueue = Pick<MailQueue, "list" | "clock" | "keyring"> & { readonly tx: Queries };

/** The number of the list with these six bytes. */
export async function listWith(queries: Queries, uid: Uint8Array): Promise<number | undefined> {
  const row = await queries.get("SELECT id FROM list WHERE uid = ?", uid);
  return row && numberIn(row, "id");
}

/** `Outgoing.put`. */
export async function putMail(queue: MailQueue, mail: OutgoingMail): Promise<boolean> {
  return queue.store.transaction(async (tx) => {
    const open = { ...queue, tx };
    const before = await putTimes(open, OWN_TO, addressHashes(mail.to, queue.keyring));
    return mayAskAgain(before, queue.clock()) && insertMail(open, mail);
  });
}

/** The budgets for which a visitor's mail counts. */
interface Counted {
  readonly lane: Lane;
  readonly network: string;
  readonly proof?: string | undefined;
}

/** Puts a mail into the queue, inside a transaction. Returns whether its key is new. */
export async function insertMail(
  { tx, list, clock, keyring }: OpenQueue,
  mail: OutgoingMail,
  counted?: Counted,
): Promise<boolean> {
  const [who] = addressHashes(mail.to, keyring);
  const { key, to, subject, text, html, expiresAt } = mail;
  const { lane, network, proof } = counted ?? {};
  const now = clock().getTime();
  const values = [key, who, to, subject, text, html, lane, network, proof];
  return (await tx.run(INSERT, list, ...values, now, now, expiresAt.getTime())) > 0;
}

const INSERT = `
  INSERT INTO mail
    (list, key, who, address, subject, text, html, lane, network, proof, put_at, due, expires_at, state)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')
  ON CONFLICT (list, key) DO NOTHING`;

/** The times at which mails were put into the queue. The statement selects them by the hashes of an address or a network. */
export async function putTimes(
  { tx, list }: OpenQueue,
  statement: string,
  hashes: readonly string[],
): Promise<Date[]> {
  const rows = await tx.all(statement + placeholders(hashes), list, ...hashes);
  return rows.map((row) => dateIn(row, "put_at"));
}

const OWN_TO = "SELECT put_at FROM mail WHERE list = ? AND lane IS NULL AND who IN ";
export const ASKED_TO = "SELECT put_at FROM mail WHERE list = ? AND lane IS NOT NULL AND who IN ";
export const ASKED_FROM = "SELECT put_at FROM mail WHERE list = ? AND network IN ";

/** Whether a proof of work was used for a mail before. */
export async function isSpent(queries: Queries, proof: string): Promise<boolean> {
  return (await queries.get("SELECT 1 FROM mail WHERE proof = ?", proof)) !== undefined;
}

/** `Outgoing.isDue`. */
export async function isMailDue(
  queue: Pick<MailQueue, "store" | "list" | "clock">,
  joinsPerHour: number,
): Promise<boolean> {
  return (await nextMail({ ...queue, tx: queue.store }, joinsPerHour)) !== undefined;
}

/** `Outgoing.claim`. */
export async function claimMail(
  queue: MailQueue,
  joinsPerHour: number,
): Promise<ClaimedMail | undefined> {
  if (!(await isMailDue(queue, joinsPerHour))) return undefined;
  return queue.store.change(async (tx) => {
    // Another process may have taken the mail meanwhile.
    const row = await nextMail({ ...queue, tx }, joinsPerHour);
    if (row) await tx.run(CLAIM, queue.clock().getTime(), numberIn(row, "id"));
    return row && mailIn(row);
  });
}

const CLAIM =
  "UPDATE mail SET state = 'claimed', claimed_at = ?, attempt = attempt + 1 WHERE id = ?";

async function nextMail(
  { tx, list, clock }: Omit<OpenQueue, "keyring">,
  joinsPerHour: number,
): Promise<Row | undefined> {
  const now = clock().getTime();
  const sent = lanesIn(await tx.all(CLAIMED, list, now - HOUR_MS));
  const { proved, unproved } = openLanes(sent, joinsPerHour);
  return tx.get(NEXT, list, now, now, Number(proved), Number(unproved));
}

const CLAIMED = `
  SELECT lane, count(*) AS count FROM mail WHERE list = ? AND claimed_at > ? GROUP BY lane`;

const NEXT = `
  SELECT id, key, address AS "to", subject, text, html, attempt + 1 AS attempt, put_at, expires_at FROM mail
  WHERE list = ? AND state = 'waiting' AND due <= ? AND expires_at > ?
    AND (lane IS NULL OR (lane = 'proved' AND ? = 1) OR (lane = 'unproved' AND ? = 1))
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
export async function settleMail(
  { store }: MailQueue,
  id: number,
  outcome: MailOutcome,
): Promise<void> {
  if (outcome.state === "waiting") await store.run(WAIT, outcome.due.getTime(), id);
  else await store.run(SETTLE, outcome.state, id);
}

const WAIT = `
  UPDATE mail SET state = 'waiting', due = ?, claimed_at = NULL WHERE id = ? AND state = 'claimed'`;

const GONE = "address = NULL, subject = NULL, text = NULL, html = NULL";
const SETTLE = `UPDATE mail SET state = ?, ${GONE} WHERE id = ? AND state = 'claimed'`;

export async function waitingMails({ tx, list, clock }: OpenQueue): Promise<Lanes<number>> {
  return lanesIn(await tx.all(WAITING, list, clock().getTime()));
}

const WAITING = `
  SELECT lane, count(*) AS count FROM mail
  WHERE list = ? AND state = 'waiting' AND expires_at > ? GROUP BY lane`;

/** Deletes networks after an hour, the addresses of expired mails, and counts from before `since`. */
export async function forgetMails({ tx, list, clock }: OpenQueue, since: number): Promise<void> {
  const now = clock().getTime();
  await tx.run(FORGET_NETWORKS, list, now - NETWORK_COUNTED_MS);
  await tx.run(FORGET_EXPIRED, list, now);
  await tx.run(FORGET_COUNTS, list, since);
}

const FORGET_NETWORKS =
  "UPDATE mail SET network = NULL WHERE list = ? AND network IS NOT NULL AND put_at <= ?";

const FORGET_EXPIRED = `
  UPDATE mail SET state = CASE state WHEN 'waiting' THEN 'dropped' ELSE state END, ${GONE}
  WHERE list = ? AND address IS NOT NULL AND expires_at <= ?`;

const FORGET_COUNTS = "DELETE FROM mail WHERE list = ? AND address IS NULL AND put_at <= ?";
