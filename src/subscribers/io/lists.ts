import { randomBytes } from "node:crypto";
import {
  bytesIn,
  fieldsOf,
  numberIn,
  type Queries,
  type Row,
  textIn,
  dateIn,
  maybe,
  oneOf,
  optional,
} from "../../platform/database.ts";
import {
  type AudienceCounts,
  type SuppressionReason,
  type Consent,
  type ListedSubscriber,
  SETTABLE_REASONS,
  type WaitingMails,
} from "../subscriber.ts";

/** A newsletter's list in the store. */
export interface List {
  readonly id: number;
  /** Six bytes that identify the list in its tokens. They stay when the newsletter is renamed. */
  readonly uid: Uint8Array;
}

/** Finds the list of a newsletter. Undefined if there is none yet. */
export async function findList(queries: Queries, newsletter: string): Promise<List | undefined> {
  const row = await queries.get(FIND, newsletter);
  return row && listIn(row);
}

const FIND = "SELECT id, uid FROM list WHERE newsletter = ?";

const listIn = fieldsOf({ id: numberIn, uid: bytesIn });

/** The list of a newsletter. It is made if there is none. The caller has begun a transaction. */
export async function makeList(tx: Queries, newsletter: string): Promise<List> {
  const found = await findList(tx, newsletter);
  if (found) return found;
  const made = await tx.get(MAKE, newsletter, randomBytes(6));
  return listIn(made ?? {});
}

const MAKE = "INSERT INTO list (newsletter, uid) VALUES (?, ?) RETURNING id, uid";

/** The last id of all lists. */
export const LAST_ID = `
  SELECT coalesce(max(id), 0) AS id FROM (
    SELECT max(id) AS id FROM subscriber UNION ALL SELECT max(id) FROM former_subscriber) AS given`;

/** The counts of a list. Without a list, all are 0. */
export async function countsOf(
  queries: Queries,
  list: number | undefined,
  now: Date,
): Promise<AudienceCounts> {
  const counts = countsIn((await queries.get(COUNTS, list, now.getTime())) ?? {});
  return { ...counts, active: counts.active - counts.quarantined - counts.paused };
}

const countsIn = fieldsOf({
  subscribers: numberIn,
  active: numberIn,
  quarantined: numberIn,
  paused: numberIn,
  suppressed: numberIn,
  erased: numberIn,
});

const COUNTS = `
  SELECT
    (SELECT count(*) FROM subscriber WHERE list = ?1) AS subscribers,
    (SELECT count(*) FROM subscriber LEFT JOIN suppression USING (list, key)
      WHERE list = ?1 AND reason IS NULL) AS active,
    (SELECT count(*) FROM quarantine JOIN subscriber USING (list, key)
      WHERE list = ?1) AS quarantined,
    (SELECT count(*) FROM subscriber
      LEFT JOIN suppression USING (list, key) LEFT JOIN quarantine USING (list, key)
      WHERE list = ?1 AND paused_until > ?2 AND reason IS NULL AND quarantine.since IS NULL) AS paused,
    (SELECT count(*) FROM suppression WHERE list = ?1) AS suppressed,
    (SELECT count(*) FROM erased WHERE list = ?1) AS erased`;

/** The numbers of readers who joined a list and who left it. */
export interface ListChanges {
  readonly joined: number;
  /** Readers who unsubscribed, bounced, complained or were suppressed by hand. Removed readers are not counted. */
  readonly left: number;
  /** Readers who asked to be erased. */
  readonly erased: number;
}

/** The number of readers who joined a list on a day, or who left it for one reason. */
export interface DayOfList {
  /** YYYY-MM-DD, in UTC. */
  readonly day: string;
  readonly what: "joined" | SuppressionReason;
  readonly count: number;
}

/** The single mails that have waited for a minute. Undefined if there are none. */
export async function waitingMails(
  queries: Queries,
  list: number,
  now: Date,
): Promise<WaitingMails | undefined> {
  const ms = now.getTime();
  const row = await queries.get(WAITING, list, ms - HOUR_MS, ms - A_WHILE_MS, ms);
  return row && numberIn(row, "count") > 0 ? waitingIn(row) : undefined;
}

const A_WHILE_MS = 60_000;
const HOUR_MS = 3_600_000;

const waitingIn = fieldsOf({ count: numberIn, since: dateIn, sent: numberIn });

const WAITING = `
  SELECT count(*) AS count, min(put_at) AS since,
    (SELECT count(*) FROM mail WHERE list = ?1 AND lane IS NOT NULL AND claimed_at > ?2) AS sent
  FROM mail WHERE list = ?1 AND state = 'waiting' AND put_at <= ?3 AND expires_at > ?4`;

export async function changesSince(
  queries: Queries,
  list: number,
  moment: Date,
): Promise<ListChanges> {
  return changesIn((await queries.get(CHANGES, list, moment.getTime())) ?? {});
}

const changesIn = fieldsOf({ joined: numberIn, left: numberIn, erased: numberIn });

/** The changes of a list by day, the oldest first. Erased readers are not counted. */
export async function changesByDay(queries: Queries, list: number): Promise<DayOfList[]> {
  return (await queries.all(BY_DAY, list)).map(dayIn);
}

const dayIn: (row: Row) => DayOfList = fieldsOf({
  day: dateOfDay,
  what: changeIn,
  count: numberIn,
});

const DAY_MS = 86_400_000;

function dateOfDay(row: Row, column: string): string {
  return new Date(numberIn(row, column) * DAY_MS).toISOString().slice(0, 10);
}

function changeIn(row: Row, column: string): DayOfList["what"] {
  return textIn(row, column) === "joined" ? "joined" : reasonIn(row, column);
}

const CHANGES = `
  SELECT
    (SELECT count(*) FROM subscriber WHERE list = ?1 AND subscribed_at >= ?2) AS joined,
    (SELECT count(*) FROM suppression JOIN subscriber USING (list, key)
      WHERE list = ?1 AND since >= ?2) AS "left",
    (SELECT count(*) FROM erased WHERE list = ?1 AND since >= ?2) AS erased`;

/** Days are counted from 1970-01-01. */
const BY_DAY = `
  SELECT subscribed_at / ${DAY_MS} AS day, 'joined' AS what, count(*) AS count
  FROM subscriber WHERE list = ?1 GROUP BY day
  UNION ALL
  SELECT since / ${DAY_MS} AS day, reason AS what, count(*) AS count
  FROM suppression JOIN subscriber USING (list, key) WHERE list = ?1 GROUP BY day, what
  ORDER BY day`;

export const subscriberIn: (row: Row) => ListedSubscriber = fieldsOf({
  id: numberIn,
  address: textIn,
  tags: tagsIn,
  subscribedAt: dateIn,
  name: maybe(textIn),
  language: maybe(textIn),
  consent: consentIn,
  suppressed(row): ListedSubscriber["suppressed"] {
    const reason = optional(row, "reason", reasonIn);
    const how = optional(row, "how", textIn);
    return reason && { reason, since: dateIn(row, "since"), ...(how && { how }) };
  },
  quarantinedSince: maybe(dateIn),
  pausedUntil: maybe(dateIn),
});

/** The facts that decide whether a subscriber is in a segment. */
export const factsIn = fieldsOf({ address: textIn, language: maybe(textIn), tags: tagsIn });

function tagsIn(row: Row): readonly string[] {
  const text = optional(row, "tags", textIn);
  if (text === undefined) return NONE;
  const tags: unknown = JSON.parse(text);
  return Array.isArray(tags) ? tags.map(String) : NONE;
}

/** Tags in their stored form. No tags are NULL. */
export function tagsColumn(tags: readonly string[]): string | undefined {
  return tags.length === 0 ? undefined : JSON.stringify(tags);
}

const NONE: readonly string[] = [];

function consentIn(row: Row): Consent | undefined {
  const how = optional(row, "consent", textIn);
  const at = optional(row, "consent_at", dateIn);
  if (how === undefined && !at) return undefined;
  return { how: how ?? "", ...(at && { at }) };
}

/** The reason of an address's suppression. Undefined if it is not suppressed. */
export async function suppressedAs(
  queries: Queries,
  list: number,
  key: string,
): Promise<SuppressionReason | undefined> {
  const row = await queries.get(SUPPRESSED, list, key);
  return row && reasonIn(row, "reason");
}

const SUPPRESSED = "SELECT reason FROM suppression WHERE list = ? AND key = ?";

export const reasonIn = oneOf(SETTABLE_REASONS, "reason to send nothing");
