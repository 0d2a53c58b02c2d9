import { isDoubtful } from "../judgement.ts";
import { addressKey } from "../recipient.ts";
import type { Blocked, Bounce, NotedBounce } from "../subscriber.ts";
import {
  type Database,
  dateIn,
  fieldsOf,
  numberIn,
  optional,
  textIn,
} from "../../platform/sqlite/database.ts";
import { addressOf, type ListContext, suppress } from "./depart.ts";
import { QUARANTINED, quarantineSuppressed } from "./quarantine.ts";

/** Notes a bounce of the subscriber with this id; undefined where there never was one. */
export function noteBounce(
  context: ListContext,
  id: number,
  bounce: Bounce,
): NotedBounce | undefined {
  const whose = addressOf(context, id);
  if (whose === undefined) return undefined;
  if (whose === "erased") return { isNew: false };
  const { address } = whose;
  const delivery = noteEvent(context, addressKey(address), bounce);
  if (bounce.what === "complained")
    return { address, isNew: suppress(context, address, "complained") };
  if (bounce.what === "bounced")
    return { address, isNew: suppressBounced(context, address, delivery) };
  if (bounce.what === "blocked") return { address, isNew: false };
  const { count: inARow, isLasting } = bouncesInARow(sentTo(context, address), context.now);
  const isTooMany = isLasting && inARow >= (bounce.atMost ?? Infinity);
  return { address, inARow, isNew: isTooMany && suppressBounced(context, address, delivery) };
}

/**
 * The issues sent to an address, the latest first, back to when it was suppressed or an operator released it: a reader
 * who is back begins anew.
 */
function* sentTo({ database, newsletter }: ListContext, address: string): Generator<SentIssue> {
  for (const row of database.prepare(SENT).all(newsletter, addressKey(address))) {
    if (numberIn(row, "is_back") > 0) return;
    yield { at: dateIn(row, "planned_at"), hasBounced: numberIn(row, "bounced") > 0 };
  }
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
function noteEvent(
  { database, newsletter, now }: ListContext,
  key: string,
  { what, said, messageIds }: Bounce,
): number | undefined {
  const row = database.prepare(DELIVERY).get(newsletter, key, JSON.stringify(messageIds));
  const delivery = row && optional(row, "id", numberIn);
  if (delivery === undefined || database.prepare(SEEN).get(delivery, what, said)) return delivery;
  database.prepare(NOTE_EVENT).run(delivery, what, said, now.getTime());
  return delivery;
}

/** The delivery of the message that bounced, or else the last one to this reader. A sender may hold it still. */
const DELIVERY = `
  SELECT delivery.id FROM issue JOIN delivery ON delivery.issue = issue.id
  WHERE issue.newsletter = ? AND delivery.key = ? AND (delivery.message_id IS NOT NULL OR delivery.id IN (
    SELECT value ->> 0 FROM delivery_group, json_each(members)))
  ORDER BY delivery.message_id IN (SELECT value FROM json_each(?)) DESC, issue.planned_at DESC
  LIMIT 1`;

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
function suppressBounced(
  context: ListContext,
  address: string,
  delivery: number | undefined,
): boolean {
  const { database, list, now, bounced } = context;
  if (delivery !== undefined) {
    database.prepare(REFUSED).run(delivery, now.getTime());
    const row = database.prepare("SELECT issue FROM delivery WHERE id = ?").get(delivery);
    if (row) bounced.add(numberIn(row, "issue"));
  }
  if (database.prepare(IS_QUARANTINED).get(list.id, addressKey(address))) return false;
  return suppress(context, address, "bounced");
}

const IS_QUARANTINED = "SELECT 1 FROM quarantine WHERE list = ? AND key = ?";

/** As the answer of a server that says so at once, which was judged already. */
const REFUSED = `
  INSERT INTO refusal (delivery, at, verdict) SELECT ?1, ?2, 'suppress'
  WHERE NOT EXISTS (SELECT 1 FROM refusal WHERE delivery = ?1)`;

/**
 * Judges the issues whose messages bounced. A relay that accepts messages and returns them is as wrong as one that
 * refuses them. If it returns too many messages of an issue, all readers who were suppressed for that are quarantined,
 * however long ago that was. Returns how many readers this quarantines.
 */
export function doubtIssues({ database, bounced, now }: ListContext): number {
  let quarantined = 0;
  for (const issue of bounced) {
    const answers = answersIn(database.prepare(ANSWERS).get(issue) ?? {});
    if (isDoubtful(answers)) quarantined += quarantineSuppressed(database, ["issue", issue], now);
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
      SELECT delivery FROM refusal WHERE is_unknown AND verdict IS NOT 'again'
      UNION ALL SELECT delivery FROM delivery_event WHERE what = '${QUARANTINED}'
    ) AS hit CROSS JOIN delivery ON delivery.id = hit.delivery WHERE issue = ?1) AS unknown`;

/** The messages that servers blocked, by issue, the latest first. */
export function blockedMessages(database: Database, newsletter: string): Blocked[] {
  return database.prepare(BLOCKED).all(newsletter).map(blockedIn);
}

const blockedIn = fieldsOf({ slot: textIn, count: numberIn, domains: textIn, said: textIn });

/** SQLite takes the words from the row that has the maximum. */
const BLOCKED = `
  SELECT slot, count(DISTINCT delivery.id) AS count, delivery_event.reply AS said,
    group_concat(DISTINCT substr(key, instr(key, '@') + 1)) AS domains, max(delivery_event.id) AS latest
  FROM delivery_event
    CROSS JOIN delivery ON delivery.id = delivery_event.delivery
    CROSS JOIN issue ON issue.id = delivery.issue
  WHERE what = 'blocked' AND newsletter = ? AND delivery_event.reply IS NOT NULL
  GROUP BY issue.id ORDER BY issue.planned_at DESC`;

/**
 * Settles a reader in doubt: the message of this issue arrived at a server, as its provider reports. Returns the
 * Message-ID; undefined where the reader was sent no such issue.
 */
export function noteArrival(context: ListContext, id: number, slot: string): string | undefined {
  const { database, newsletter, now } = context;
  const whose = addressOf(context, id);
  if (whose === undefined || whose === "erased") return undefined;
  const row = database.prepare(SENT_TO).get(newsletter, slot, addressKey(whose.address));
  if (!row) return undefined;
  const delivery = numberIn(row, "id");
  if (textIn(row, "state") === "uncertain") {
    database.prepare(SETTLE).run(now.getTime(), delivery);
    database
      .prepare(NOTE_EVENT)
      .run(delivery, "settled: accept", "its provider reports it", now.getTime());
  }
  return optional(row, "message_id", textIn);
}

const SENT_TO = `
  SELECT delivery.id, delivery.state, message_id FROM issue JOIN delivery ON delivery.issue = issue.id
  WHERE issue.newsletter = ? AND issue.slot = ? AND delivery.key = ?`;

const SETTLE = "UPDATE delivery SET state = 'accepted', changed_at = ? WHERE id = ?";
