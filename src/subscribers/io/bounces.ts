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

/** Notes a bounce of the subscriber with this id; undefined where there never was one. */
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
 * The issues sent to an address, the latest first, back to when it was suppressed or an operator released it: a reader
 * who is back begins anew.
 */
async function sentTo({ tx, newsletter }: ListContext, address: string): Promise<SentIssue[]> {
  const rows = await tx.all(SENT, newsletter, addressKey(address));
  const back = rows.findIndex((row) => numberIn(row, "is_back") > 0);
  return rows.slice(0, back < 0 ? rows.length : back).map((row) => ({
    at: dateIn(row, "planned_at"),
    hasBounced: numberIn(row, "bounced") > 0,
  }));
}

/** The limit is more than any row of bounces needs. */
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

/** Notes an event, once: the same mail given again adds nothing. Returns the delivery that it is about. */
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

/** Finds deliveries by Message-ID. On SQLite a delivery in an open group of the sender has none yet. */
const DELIVERIES = {
  sqlite: deliveriesWith(`(delivery.message_id IS NOT NULL OR delivery.id IN (
    SELECT value ->> 0 FROM delivery_group, json_each(members)))`),
  postgres: deliveriesWith("delivery.message_id IS NOT NULL"),
};

const SEEN = "SELECT 1 FROM delivery_event WHERE delivery = ? AND what = ? AND reply = ?";

const NOTE_EVENT = "INSERT INTO delivery_event (delivery, what, reply, at) VALUES (?, ?, ?, ?)";

/** An issue that a reader was sent, and whether it bounced for now. */
interface SentIssue {
  readonly at: Date;
  readonly hasBounced: boolean;
}

const DAY_MS = 86_400_000;
/** Servers try for up to five days before they report a failure. */
const WITHOUT_MS = 7 * DAY_MS;
/** A mailbox may be full over the holidays, and a server down for a week. */
const LONG_ENOUGH_MS = 14 * DAY_MS;

/**
 * How many issues in a row have bounced for now, as with a full mailbox. A week in which an issue was sent and none
 * bounced ends the row; a single issue without a bounce doesn't, since not every server reports one. `isLasting`: the
 * row has gone on for two weeks. `sent`: the latest first.
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

/** Suppresses a reader whose message bounced for good, until `doubtIssues` judges its issue. A quarantined reader stays so. */
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

/** Records the bounce as a refusal, unless the server refused at once: that was judged already. */
const REFUSED = `
  INSERT INTO refusal (delivery, at, verdict) SELECT ?1, ?2, 'suppress'
  WHERE NOT EXISTS (SELECT 1 FROM refusal WHERE delivery = ?1)`;

/**
 * Judges the issues whose messages bounced. A relay that accepts messages and returns them is as wrong as one that
 * refuses them. If it returns too many messages of an issue, all readers who were suppressed for that are quarantined,
 * however long ago that was. Returns how many readers this quarantines.
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
 * By issue and domain, the latest words first. Only the domain is left of an address without its longest beginning that
 * ends with @: rtrim takes all other characters off its end. The signs before columns keep SQLite from reading all issues.
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
 * Settles a reader in doubt: the message of this issue arrived at a server, as its provider reports. Returns the
 * Message-ID; undefined where the reader was sent no such issue.
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
