import { isDoubtful } from "../judgement.ts";
import { addressKey } from "../recipient.ts";
import type { Blocked, Bounce, NotedBounce } from "../subscriber.ts";
import {
  dateIn,
  fieldsOf,
  maybe,
  numberIn,
  optional,
  type Queries,
  textIn,
} from "../../platform/database.ts";
import { addressOf, type ListContext, suppress } from "./depart.ts";
import { QUARANTINED, quarantineSuppressed } from "./quarantine.ts";

/** Records a bounce of the subscriber with this id. Undefined if there never was such a subscriber. */
export async function noteBounce(
  context: ListContext,
  id: number,
  bounce: Bounce,
): Promise<NotedBounce | undefined> {
  const whose = await addressOf(context, id);
  if (whose === undefined) return undefined;
  if (whose === "erased") return { isNew: false };
  const { address } = whose;
  const delivery = await noteEvent(context, addressKey(address), bounce);
  if (bounce.what === "complained")
    return { address, isNew: await suppress(context, address, "complained") };
  if (bounce.what === "bounced")
    return { address, isNew: await suppressBounced(context, address, delivery) };
  if (bounce.what === "blocked") return { address, isNew: false };
  const sent = await sentTo(context, address);
  const { count: inARow, isLasting } = bouncesInARow(sent, context.now);
  const isTooMany = isLasting && inARow >= (bounce.atMost ?? Infinity);
  const isNew = isTooMany && (await suppressBounced(context, address, delivery));
  return { address, inARow, isNew };
}

/**
 * The issues sent to an address, the latest first. Issues from before a suppression or quarantine that has ended do not
 * count.
 */
async function sentTo({ tx, newsletter }: ListContext, address: string): Promise<SentIssue[]> {
  const rows = await tx.all(SENT, newsletter, addressKey(address));
  const back = rows.findIndex((row) => numberIn(row, "is_back") > 0);
  return rows.slice(0, back < 0 ? rows.length : back).map((row) => ({
    at: dateIn(row, "planned_at"),
    hasBounced: numberIn(row, "bounced") > 0,
  }));
}

/** The limit is higher than any count of bounces in a row needs. */
const SENT = `
  SELECT issue.planned_at,
    EXISTS (
      SELECT 1 FROM delivery_event WHERE delivery = delivery.id AND what = 'bounced for now') AS bounced,
    delivery.state = 'suppressed' OR EXISTS (
      SELECT 1 FROM delivery_event WHERE delivery = delivery.id AND what = 'released') AS is_back
  FROM issue JOIN delivery ON delivery.issue = issue.id
  WHERE issue.newsletter = ? AND delivery.key = ? AND issue.planned_at IS NOT NULL
    AND delivery.state IN ('accepted', 'suppressed')
  ORDER BY issue.planned_at DESC LIMIT 1000`;

/** Records an event once: the same mail adds no second one. Returns the delivery of the event. */
async function noteEvent(
  { tx, newsletter, now }: ListContext,
  key: string,
  { what, said, messageIds }: Bounce,
): Promise<number | undefined> {
  const sent = (await tx.all(DELIVERIES[tx.engine], newsletter, key)).map(deliveryIn);
  const named = sent.find(({ messageId }) => messageId && messageIds.includes(messageId));
  const { id } = named ?? sent[0] ?? {};
  if (id === undefined || (await tx.get(SEEN, id, what, said))) return id;
  await tx.run(NOTE_EVENT, id, what, said, now.getTime());
  return id;
}

const deliveryIn = fieldsOf({ id: numberIn, messageId: maybe(textIn) });

/** The messages to a reader, the latest first. */
const deliveriesWith = (sent: string) => `
  SELECT delivery.id, delivery.message_id FROM issue JOIN delivery ON delivery.issue = issue.id
  WHERE issue.newsletter = ? AND delivery.key = ? AND ${sent}
  ORDER BY issue.planned_at DESC LIMIT 1000`;

/** Selects deliveries with a Message-ID. On SQLite, a delivery in an open group has its Message-ID only in the group. */
const DELIVERIES = {
  sqlite: deliveriesWith(`(delivery.message_id IS NOT NULL OR delivery.id IN (
    SELECT value ->> 0 FROM delivery_group, json_each(members)))`),
  postgres: deliveriesWith("delivery.message_id IS NOT NULL"),
};

const SEEN = "SELECT 1 FROM delivery_event WHERE delivery = ? AND what = ? AND reply = ?";

const NOTE_EVENT = "INSERT INTO delivery_event (delivery, what, reply, at) VALUES (?, ?, ?, ?)";

/** An issue sent to a reader, and whether it bounced temporarily. */
interface SentIssue {
  readonly at: Date;
  readonly hasBounced: boolean;
}

const DAY_MS = 86_400_000;
/** Servers try for up to five days before they report a failure. */
const WITHOUT_MS = 7 * DAY_MS;
/** A mailbox may be full during holidays, and a server may be down for a week. */
const LONG_ENOUGH_MS = 14 * DAY_MS;

/**
 * Counts the issues in a row that bounced temporarily, for example because of a full mailbox. A week with an issue and
 * without a bounce ends the row. A single issue without a bounce does not, because not every server reports each bounce.
 * `isLasting`: the row has lasted for two weeks. `sent` has the latest issue first.
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

/** Suppresses a reader after a permanent bounce. `doubtIssues` judges its issue later. A quarantined reader stays quarantined. */
async function suppressBounced(
  context: ListContext,
  address: string,
  delivery: number | undefined,
): Promise<boolean> {
  const { tx, list, now, bounced } = context;
  if (delivery !== undefined) {
    await tx.run(REFUSED, delivery, now.getTime());
    const row = await tx.get("SELECT issue FROM delivery WHERE id = ?", delivery);
    if (row) bounced.add(numberIn(row, "issue"));
  }
  if (await tx.get(IS_QUARANTINED, list.id, addressKey(address))) return false;
  return suppress(context, address, "bounced");
}

const IS_QUARANTINED = "SELECT 1 FROM quarantine WHERE list = ? AND key = ?";

/** Records the bounce as a refusal, unless the server already refused the message. That refusal was judged by its run. */
const REFUSED = `
  INSERT INTO refusal (delivery, at, verdict) SELECT ?1, ?2, 'suppress'
  WHERE NOT EXISTS (SELECT 1 FROM refusal WHERE delivery = ?1)`;

/**
 * Judges the issues whose messages bounced. A relay can wrongly return messages as well as refuse them. If it returns too
 * many messages of an issue, all readers suppressed for that issue are quarantined, however long ago that was. Returns the
 * number of these readers.
 */
export async function doubtIssues({ tx, bounced, now }: ListContext): Promise<number> {
  let quarantined = 0;
  for (const issue of bounced) {
    const answers = answersIn((await tx.get(ANSWERS, issue)) ?? {});
    if (isDoubtful(answers)) quarantined += await quarantineSuppressed(tx, ["issue", issue], now);
  }
  bounced.clear();
  return quarantined;
}

const answersIn = fieldsOf({ answers: numberIn, unknown: numberIn });

/** Refusals of released readers are forgotten, but the event of their quarantine still counts. */
const ANSWERS = `
  SELECT
    (SELECT coalesce(sum(count), 0) FROM delivery_count
      WHERE issue = ?1 AND state NOT IN ('suppressed', 'skipped')) AS answers,
    (SELECT count(DISTINCT delivery.id) FROM (
      SELECT delivery FROM refusal WHERE is_unknown = 1 AND verdict IS DISTINCT FROM 'again'
      UNION ALL SELECT delivery FROM delivery_event WHERE what = '${QUARANTINED}'
    ) AS hit JOIN delivery ON delivery.id = hit.delivery WHERE +delivery.issue = ?1) AS unknown`;

/** The messages that servers blocked, by issue, the latest first. */
export async function blockedMessages(queries: Queries, newsletter: string): Promise<Blocked[]> {
  const bySlot = new Map<string, Blocked>();
  for (const row of await queries.all(BLOCKED, newsletter)) {
    const { slot, domain, count, said } = blockedIn(row);
    const before = bySlot.get(slot);
    const domains = before ? `${before.domains},${domain}` : domain;
    bySlot.set(slot, {
      slot,
      domains,
      count: count + (before?.count ?? 0),
      said: before?.said ?? said,
    });
  }
  return [...bySlot.values()];
}

const blockedIn = fieldsOf({ slot: textIn, domain: textIn, count: numberIn, said: textIn });

/**
 * Groups by issue and domain, the latest reply first. rtrim removes all characters after the last @, and the rest of the
 * address is the domain. The plus signs before columns keep SQLite from reading all issues.
 */
const BLOCKED = `
  SELECT slot, domain, count, reply AS said FROM (
    SELECT issue.slot, issue.planned_at, count(DISTINCT delivery.id) AS count, max(event.id) AS latest,
      substr(key, length(rtrim(key, replace(key, '@', ''))) + 1) AS domain
    FROM delivery_event AS event
      JOIN delivery ON delivery.id = event.delivery JOIN issue ON issue.id = +delivery.issue
    WHERE what = 'blocked' AND newsletter = ? AND event.reply IS NOT NULL
    GROUP BY issue.id, issue.slot, issue.planned_at, domain
  ) AS blocked JOIN delivery_event ON delivery_event.id = latest
  ORDER BY planned_at DESC, latest DESC`;

/**
 * Marks a reader in doubt as accepted, because a provider reports that the message arrived at a server. Returns the
 * Message-ID. Undefined if this issue was not sent to the reader.
 */
export async function noteArrival(
  context: ListContext,
  id: number,
  slot: string,
): Promise<string | undefined> {
  const { tx, newsletter, now } = context;
  const whose = await addressOf(context, id);
  if (whose === undefined || whose === "erased") return undefined;
  const row = await tx.get(SENT_TO, newsletter, slot, addressKey(whose.address));
  if (!row) return undefined;
  const delivery = numberIn(row, "id");
  if (textIn(row, "state") === "uncertain") {
    const said = "its provider reports it";
    await tx.run(SETTLE, now.getTime(), delivery);
    await tx.run(NOTE_EVENT, delivery, "settled: accept", said, now.getTime());
  }
  return optional(row, "message_id", textIn);
}

const SENT_TO = `
  SELECT delivery.id, delivery.state, message_id FROM issue JOIN delivery ON delivery.issue = issue.id
  WHERE issue.newsletter = ? AND issue.slot = ? AND delivery.key = ?`;

const SETTLE = "UPDATE delivery SET state = 'accepted', changed_at = ? WHERE id = ?";
