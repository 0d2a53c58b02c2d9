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
  type SuppressionReason,
  type Consent,
  type ListedSubscriber,
  SETTABLE_REASONS,
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
