import {
  type Database,
  bytesIn,
  fieldsOf,
  numberIn,
  type Row,
  textIn,
  dateIn,
  maybe,
  optional,
} from "../../platform/sqlite/database.ts";
import {
  type AudienceCounts,
  type SuppressionReason,
  type Consent,
  type ListedSubscriber,
  SETTABLE_REASONS,
  type WaitingMails,
} from "../subscriber.ts";

/** A newsletter's list, as the store knows it. */
export interface List {
  readonly id: number;
  /** Six bytes that stand in its tokens: it keeps them when the newsletter takes another name. */
  readonly uid: Uint8Array;
}

/** Undefined where there is no such list yet. */
export function findList(database: Database, newsletter: string): List | undefined {
  const row = database.prepare("SELECT id, uid FROM list WHERE newsletter = ?").get(newsletter);
  return row && listIn(row);
}

const listIn = fieldsOf({ id: numberIn, uid: bytesIn });

export function makeList(database: Database, newsletter: string): List {
  database
    .prepare("INSERT INTO list (newsletter, uid) VALUES (?, randomblob(6)) ON CONFLICT DO NOTHING")
    .run(newsletter);
  const list = findList(database, newsletter);
  if (list) return list;
  throw new Error("a list was made and isn't there");
}

/** The counts of a list; all 0 where there is none. */
export function countsOf(database: Database, list: number | undefined, now: Date): AudienceCounts {
  const values = [list, list, list, list, now.getTime(), list, list];
  const counts = countsIn(database.prepare(COUNTS).get(...values) ?? {});
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
    (SELECT count(*) FROM subscriber WHERE list = ?) AS subscribers,
    (SELECT count(*) FROM subscriber LEFT JOIN suppression USING (list, key)
      WHERE list = ? AND reason IS NULL) AS active,
    (SELECT count(*) FROM quarantine JOIN subscriber USING (list, key)
      WHERE list = ?) AS quarantined,
    (SELECT count(*) FROM subscriber
      LEFT JOIN suppression USING (list, key) LEFT JOIN quarantine USING (list, key)
      WHERE list = ? AND paused_until > ? AND reason IS NULL AND quarantine.since IS NULL) AS paused,
    (SELECT count(*) FROM suppression WHERE list = ?) AS suppressed,
    (SELECT count(*) FROM erased WHERE list = ?) AS erased`;

/** How many readers joined a list, and how many left it. */
export interface ListChanges {
  readonly joined: number;
  /** Unsubscribed, bounced, complained or suppressed by hand; not those who were removed. */
  readonly left: number;
  /** Readers who asked to be forgotten. */
  readonly erased: number;
}

/** How many readers joined a list on a day, or left it for a reason. */
export interface DayOfList {
  /** YYYY-MM-DD, in UTC. */
  readonly day: string;
  readonly what: "joined" | SuppressionReason;
  readonly count: number;
}

/** Undefined where none wait. */
export function waitingMails(
  database: Database,
  list: number,
  now: Date,
): WaitingMails | undefined {
  const ms = now.getTime();
  const row = database.prepare(WAITING).get(list, ms - HOUR_MS, list, ms - A_WHILE_MS, ms);
  return row && numberIn(row, "count") > 0 ? waitingIn(row) : undefined;
}

const A_WHILE_MS = 60_000;
const HOUR_MS = 3_600_000;

const waitingIn = fieldsOf({ count: numberIn, since: dateIn, sent: numberIn });

const WAITING = `
  SELECT count(*) AS count, min(put_at) AS since,
    (SELECT count(*) FROM mail WHERE list = ? AND lane IS NOT NULL AND claimed_at > ?) AS sent
  FROM mail WHERE list = ? AND state = 'waiting' AND put_at <= ? AND expires_at > ?`;

export function changesSince(database: Database, list: number, moment: Date): ListChanges {
  const since = moment.getTime();
  return changesIn(database.prepare(CHANGES).get(list, since, list, since, list, since) ?? {});
}

const changesIn = fieldsOf({ joined: numberIn, left: numberIn, erased: numberIn });

/** How a list has changed, the oldest day first. Erased readers aren't counted. */
export function changesByDay(database: Database, list: number): DayOfList[] {
  return database.prepare(BY_DAY).all(list, list).map(dayIn);
}

const dayIn: (row: Row) => DayOfList = fieldsOf({ day: textIn, what: changeIn, count: numberIn });

function changeIn(row: Row, column: string): DayOfList["what"] {
  return textIn(row, column) === "joined" ? "joined" : reasonIn(row, column);
}

const CHANGES = `
  SELECT
    (SELECT count(*) FROM subscriber WHERE list = ? AND subscribed_at >= ?) AS joined,
    (SELECT count(*) FROM suppression JOIN subscriber USING (list, key)
      WHERE list = ? AND since >= ?) AS "left",
    (SELECT count(*) FROM erased WHERE list = ? AND since >= ?) AS erased`;

const BY_DAY = `
  SELECT date(subscribed_at / 1000, 'unixepoch') AS day, 'joined' AS what, count(*) AS count
  FROM subscriber WHERE list = ? GROUP BY day
  UNION ALL
  SELECT date(since / 1000, 'unixepoch') AS day, reason AS what, count(*) AS count
  FROM suppression JOIN subscriber USING (list, key) WHERE list = ? GROUP BY day, what
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

/** What decides whether a subscriber is in a segment. */
export const factsIn = fieldsOf({ address: textIn, language: maybe(textIn), tags: tagsIn });

function tagsIn(row: Row): readonly string[] {
  const text = optional(row, "tags", textIn);
  if (text === undefined) return NONE;
  const tags: unknown = JSON.parse(text);
  return Array.isArray(tags) ? tags.map(String) : NONE;
}

/** Tags as they are stored: none as NULL. */
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

/** Why nothing is sent to an address any more; undefined where nothing speaks against it. */
export function suppressedAs(
  database: Database,
  list: number,
  key: string,
): SuppressionReason | undefined {
  const row = database.prepare(SUPPRESSED).get(list, key);
  return row && reasonIn(row, "reason");
}

const SUPPRESSED = "SELECT reason FROM suppression WHERE list = ? AND key = ?";

export function reasonIn(row: Row, column: string): SuppressionReason {
  const text = textIn(row, column);
  const reason = SETTABLE_REASONS.find((reason) => reason === text);
  if (reason) return reason;
  throw new TypeError(`${text} is no reason to send nothing`);
}
