import { randomBytes } from "node:crypto";
import {
  dateIn,
  fieldsOf,
  maybe,
  numberIn,
  type Queries,
  type Row,
  textIn,
} from "../../../platform/database.ts";
import {
  type Evidence,
  judge,
  type Judged,
  NOTHING_JUDGED,
  type RefusedReader,
  type Verdict,
} from "../../judgement.ts";
import {
  QUARANTINED,
  quarantineReader,
  quarantineSuppressed,
} from "../../../subscribers/io/quarantine.ts";
import type { RunEnd } from "../../ledger.ts";
import { type LedgerContext, noteEvent } from "./read-ledger.ts";

/*
 * A refusal is recorded while a run sends, and judged when the run ends. Until then the delivery of a refused reader is
 * `claimed`, and the verdict is NULL.
 */

/* Parameters: the time, whether the address doesn't exist, the cause, the run, the delivery. */
export const NOTE_REFUSAL = `
  INSERT INTO refusal (at, is_unknown, cause, run, delivery) VALUES (?, ?, ?, ?, ?)`;

/** Values of `due`: before all other readers, and after the readers who were never tried. */
const FIRST = -1;
const LAST = 1;

/**
 * Plans a sample of the refused readers again, before all other readers, and returns their number. The sample is spread
 * over the list. It has no readers of a domain that refuses all our mail.
 */
export async function askSome(
  { queries, clock }: LedgerContext,
  issue: number,
  limit: number,
): Promise<number> {
  const { unknown, others } = foundIn((await queries.get(FOUND, issue)) ?? {});
  const every = Math.max(1, Math.floor((unknown || others) / limit));
  const now = clock().getTime();
  return queries.run(ASK, FIRST, now, issue, Number(unknown > 0), every, limit);
}

const OPEN = "verdict IS NULL AND delivery.issue = ? AND delivery.state = 'claimed'";

/** The refusal is about the reader alone, or its cause is not the recipient domain. */
const IS_ASKED = "(is_unknown = 1 OR refusal.cause IS DISTINCT FROM 'domain')";

const ASK = `
  UPDATE delivery SET state = 'planned', due = ?, changed_at = ?
  WHERE id IN (
    SELECT id FROM (
      SELECT delivery.id, row_number() OVER (ORDER BY delivery.id) AS nth
      FROM delivery JOIN refusal ON refusal.delivery = delivery.id
      WHERE ${OPEN} AND is_unknown = ? AND ${IS_ASKED}
      GROUP BY delivery.id) AS refused
    WHERE (nth - 1) % ? = 0 LIMIT ?)`;

/** Called when the server contradicts itself. No refusal counts, and all refused readers are planned again. Returns how many. */
export async function tryAll(
  { queries, clock, run }: LedgerContext,
  issue: number,
): Promise<number> {
  await queries.run("UPDATE run SET is_contradicted = 1 WHERE id = ?", run);
  await queries.run(FORGET_ALL, issue);
  return queries.run(TRY_ALL, FIRST, clock().getTime(), issue);
}

const FORGET_ALL = `
  UPDATE refusal SET verdict = 'again'
  WHERE verdict IS NULL AND (SELECT issue FROM delivery WHERE id = refusal.delivery) = ?`;

const TRY_ALL = `
  UPDATE delivery SET state = 'planned', due = ?, cause = 'relay', changed_at = ?
  WHERE issue = ? AND state = 'claimed'`;

/** Judges the refusals of runs that died, and ends these runs. Returns the number of quarantined readers. */
export async function judgeDead(context: LedgerContext, runs: readonly Row[]): Promise<number> {
  const how = { ending: "died", isListDone: false } as const;
  let quarantined = 0;
  for (const row of runs) {
    const { id: run, issue } = deadIn(row);
    if (issue !== undefined) {
      await context.queries.run(NOT_FIRST, LAST, issue, FIRST);
      const { counts } = await judgeRefusals({ ...context, run }, issue, how);
      quarantined += counts.quarantine;
    }
    await endRun({ ...context, run });
  }
  return quarantined;
}

const deadIn = fieldsOf({ id: numberIn, issue: maybe(numberIn) });

export async function endRun({ queries, clock, run }: LedgerContext): Promise<void> {
  await queries.run("UPDATE run SET ended_at = ? WHERE id = ?", clock().getTime(), run);
}

/** Undoes the priority of refused readers after a run died while it asked them again. */
const NOT_FIRST = "UPDATE delivery SET due = ? WHERE issue = ? AND due = ?";

/** Replies of earlier runs count too if they are within this time, because an issue may go out in many small runs. */
const PERIOD_MS = 48 * 3_600_000;

/**
 * Judges the refused readers of an issue, and applies the verdicts. If the server is doubted, readers that earlier runs of
 * the period suppressed are quarantined too.
 */
export async function judgeRefusals(
  context: LedgerContext,
  issue: number,
  how: RunEnd,
): Promise<Judged> {
  const { queries } = context;
  const found = (await queries.get(FOUND, issue)) ?? {};
  if (numberIn(found, "refused") === 0) {
    await queries.run(CLEAR, issue);
    return NOTHING_JUDGED;
  }
  const since = numberIn(found, "since") - PERIOD_MS;
  const evidence = await evidenceOf(context, issue, { found, how, since });
  const { isDoubted, cause, verdictOf } = judge(evidence);
  const counts: Record<Verdict, number> = { ...NOTHING_JUDGED.counts };
  if (isDoubted)
    counts.quarantine += await quarantineSuppressed(queries, ["since", since], context.clock());
  for (let last = 0; ;) {
    const rows = await queries.all(READERS, issue, last);
    for (const row of rows) {
      const verdict = verdictOf(await readerIn(queries, row));
      const isNew = await carryOut(context, row, { verdict, cause });
      if (isNew) counts[verdict]++;
    }
    if (rows.length === 0) break;
    last = numberIn(rows.at(-1) ?? {}, "delivery");
  }
  await queries.run(CLEAR, issue);
  return { evidence, counts, said: textIn(found, "said") };
}

/** A reader who will be asked again has no open refusal until the reply comes. */
const CLEAR = `
  UPDATE refusal SET verdict = 'again'
  WHERE verdict IS NULL AND EXISTS (
    SELECT 1 FROM delivery WHERE id = refusal.delivery AND issue = ? AND state <> 'claimed')`;

/** Counts refused readers without a verdict. others: readers who exist and whose domain does not refuse all our mail. */
const FOUND = `
  SELECT count(*) AS refused, CAST(coalesce(sum(is_unknown), 0) AS BIGINT) AS unknown,
    CAST(coalesce(sum(is_other), 0) AS BIGINT) AS others, min(since) AS since, coalesce(max(reply), '') AS said
  FROM (
    SELECT max(is_unknown) AS is_unknown, min(refusal.at) AS since, reply,
      max(CASE WHEN is_unknown = 0 AND ${IS_ASKED} THEN 1 ELSE 0 END) AS is_other
    FROM delivery JOIN refusal ON refusal.delivery = delivery.id
    WHERE ${OPEN} GROUP BY delivery.id) AS reader`;

async function evidenceOf(
  { queries, clock, run }: LedgerContext,
  issue: number,
  facts: { readonly found: Row; readonly how: RunEnd; readonly since: number },
): Promise<Evidence> {
  const { found, how, since } = facts;
  const runs = runsIn((await queries.get(RUNS, clock().getTime(), issue, run)) ?? {});
  const { refused, ...others } = foundIn(found);
  // Counting domains takes long. It is only needed if fewer readers were accepted than refused.
  const isAsked = runs.accepted < refused;
  const domains = isAsked ? await queries.get(DOMAINS, issue, runs.begun) : undefined;
  return {
    ...how,
    ...others,
    refused,
    accepted: runs.accepted,
    isContradicted: runs.contradicted > 0,
    isExpired: runs.expired > 0,
    period: answersIn((await queries.get(PERIOD, since)) ?? {}),
    areDomainsWell: () => domains?.["well"] === 1,
  };
}

const foundIn = fieldsOf({ refused: numberIn, unknown: numberIn, others: numberIn });
const answersIn = fieldsOf({ answers: numberIn, unknown: numberIn });
const runsIn = fieldsOf({
  accepted: numberIn,
  contradicted: numberIn,
  expired: numberIn,
  begun: numberIn,
});

/** The runs with open refusals. A reader who was refused and later accepted shows that the server contradicts itself. */
const RUNS = `
  SELECT CAST(coalesce(sum(accepted), 0) AS BIGINT) AS accepted, coalesce(min(began_at), 0) AS begun,
    CASE WHEN EXISTS (SELECT 1 FROM issue WHERE expires_at < ?1 AND id = ?2) THEN 1 ELSE 0 END AS expired,
    CASE WHEN max(CASE WHEN id = ?3 THEN is_contradicted ELSE 0 END) = 1 OR EXISTS (
      SELECT 1 FROM refusal JOIN delivery ON delivery.id = refusal.delivery
      WHERE verdict IS NULL AND issue = ?2 AND state = 'accepted') THEN 1 ELSE 0 END AS contradicted
  FROM run
  WHERE id = ?3 OR id IN (
    SELECT refusal.run FROM refusal JOIN delivery ON delivery.id = refusal.delivery
    WHERE verdict IS NULL AND delivery.issue = ?2)`;

/** A reader counts once. Refusals of released readers are forgotten, but the event of their quarantine still counts. */
const PERIOD = `
  WITH refused AS (
    SELECT delivery FROM refusal WHERE at >= ?1 AND is_unknown = 1 AND verdict IS DISTINCT FROM 'again'
    UNION SELECT delivery FROM delivery_event WHERE what = '${QUARANTINED}' AND at >= ?1)
  SELECT count(DISTINCT key) AS answers,
    count(DISTINCT CASE WHEN id IN (SELECT delivery FROM refused) THEN key END) AS unknown
  FROM delivery
  WHERE issue IN (SELECT issue FROM delivery WHERE id IN (SELECT delivery FROM refused))
    AND (id IN (SELECT delivery FROM refused) OR state IN ('accepted', 'rejected') AND changed_at >= ?1)`;

/** The part of an address after its last "@". */
const DOMAIN = "substr(key, length(rtrim(key, replace(key, '@', ''))) + 1)";

/** A closed domain refuses all its readers. A relay that takes mail only for its own users refuses most domains. */
const DOMAINS = `
  SELECT CASE WHEN 2 * coalesce(sum(CASE WHEN accepted >= refused THEN 1 ELSE 0 END), 0) >= count(*)
    THEN 1 ELSE 0 END AS well
  FROM (
    SELECT sum(CASE WHEN state = 'accepted' THEN 1 ELSE 0 END) AS accepted,
      sum(CASE WHEN state = 'claimed' THEN 1 ELSE 0 END) AS refused
    FROM delivery
    WHERE issue = ? AND changed_at >= ? AND state IN ('accepted', 'claimed')
    GROUP BY ${DOMAIN}) AS domain`;

const READERS = `
  SELECT delivery.id AS delivery, last.id, refused.at, refused.is_unknown, last.run, last.cause, newsletter,
    delivery.key, delivery.reply
  FROM (
    SELECT delivery, max(id) AS last, max(at) AS at, max(is_unknown) AS is_unknown
    FROM refusal WHERE verdict IS NULL GROUP BY delivery) AS refused
  JOIN delivery ON delivery.id = refused.delivery
  JOIN refusal AS last ON last.id = refused.last
  JOIN issue ON issue.id = delivery.issue
  WHERE delivery.issue = ? AND delivery.state = 'claimed' AND delivery.id > ?
  ORDER BY delivery.id LIMIT 1000`;

async function readerIn(queries: Queries, row: Row): Promise<RefusedReader> {
  const whose = [textIn(row, "newsletter"), textIn(row, "key")] as const;
  const { acceptedAt } = acceptedIn((await queries.get(ACCEPTED, ...whose)) ?? {});
  const { run } = refusalIn(row);
  const before = (await queries.get(BEFORE, ...whose, Number(acceptedAt ?? 0), run)) ?? {};
  const doubted = (await queries.get(DOUBTED, numberIn(row, "delivery"))) ?? {};
  return {
    at: dateIn(row, "at"),
    isUnknown: numberIn(row, "is_unknown") > 0,
    hasAccepted: acceptedAt !== undefined,
    ...beforeIn(before),
    doubted: doubtedIn(doubted),
  };
}

const acceptedIn = fieldsOf({ acceptedAt: maybe(dateIn) });
const beforeIn = fieldsOf({ unknownSince: maybe(dateIn) });
const doubtedIn = fieldsOf({ count: numberIn, since: maybe(dateIn) });

const ACCEPTED = `
  SELECT max(delivery.changed_at) AS accepted_at FROM issue JOIN delivery ON delivery.issue = issue.id
  WHERE newsletter = ? AND key = ? AND delivery.state = 'accepted'`;

const BEFORE = `
  SELECT min(refusal.at) AS unknown_since FROM issue JOIN delivery ON delivery.issue = issue.id
    JOIN refusal ON refusal.delivery = delivery.id
  WHERE newsletter = ? AND key = ? AND refusal.at > ? AND run IS DISTINCT FROM ? AND is_unknown = 1
    AND verdict IN ('suppress', 'keep', 'quarantine')`;

const DOUBTED = `
  SELECT count(DISTINCT run) AS count, min(at) AS since FROM refusal WHERE delivery = ? AND verdict = 'again'`;

interface Decided {
  readonly verdict: Verdict;
  /** The cause by the judgement. Without it, the cause of the refusal itself counts. */
  readonly cause?: string | undefined;
}

/** Applies a verdict. Returns whether it changed anything: it changes nothing if the reader has left meanwhile. */
async function carryOut(
  { queries, clock }: LedgerContext,
  row: Row,
  { verdict, cause }: Decided,
): Promise<boolean> {
  if (verdict === "wait") return true;
  const [delivery, id] = [numberIn(row, "delivery"), numberIn(row, "id")];
  const now = clock().getTime();
  const { run, reply, cause: itself } = refusalIn(row);
  const whose = cause ?? itself;
  await queries.run(FORGET_FIRST, delivery, id);
  await queries.run(DECIDED, verdict === "give up" ? "again" : verdict, id);
  if (verdict === "again") {
    await queries.run(DECIDE, "planned", LAST, whose, now, delivery);
    return true;
  }
  await queries.run(DECIDE, "rejected", null, whose, now, delivery);
  await noteEvent(queries, { delivery, at: now, what: "rejected", reply, cause: whose, run });
  if (verdict === "keep" || verdict === "give up") return true;
  await queries.run(ADD_LIST, randomBytes(6), delivery);
  if (verdict === "quarantine") return quarantineReader(queries, row, clock());
  return (await queries.run(SUPPRESS, now, delivery)) > 0;
}

const DECIDED = "UPDATE refusal SET verdict = ? WHERE id = ?";

const refusalIn = fieldsOf({ run: maybe(numberIn), reply: maybe(textIn), cause: maybe(textIn) });

/** A reader who was asked again has two refusals. Only the last one gets the verdict. */
const FORGET_FIRST = "DELETE FROM refusal WHERE delivery = ? AND verdict IS NULL AND id <> ?";

const DECIDE = "UPDATE delivery SET state = ?, due = ?, cause = ?, changed_at = ? WHERE id = ?";

const ADD_LIST = `
  INSERT INTO list (newsletter, uid)
  SELECT newsletter, ? FROM delivery JOIN issue ON issue.id = delivery.issue
  WHERE delivery.id = ?
  ON CONFLICT (newsletter) DO NOTHING`;

const SUPPRESS = `
  INSERT INTO suppression (list, key, address, reason, since)
  SELECT list.id, key, address, 'bounced', ?
  FROM delivery
  JOIN issue ON issue.id = delivery.issue
  JOIN list ON list.newsletter = issue.newsletter
  WHERE delivery.id = ?
  ON CONFLICT (list, key) DO NOTHING`;
