import {
  dateIn,
  fieldsOf,
  maybe,
  numberIn,
  type Row,
  textIn,
} from "../../../platform/sqlite/database.ts";
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
import type { Entry } from "./open-groups.ts";
import { type LedgerContext, noteEvent } from "./read-ledger.ts";

/*
 * Refusals: recorded while a run sends, and judged when it ends. Until then the delivery of a refused reader is
 * `claimed`, and the verdict is NULL.
 */

/** The reason why a reader who has paused the subscription is left out. */
export const PAUSED = "paused";

/** The state of a delivery to a reader who is left out. */
export function stateFor(reason: string): "suppressed" | "skipped" {
  return reason === QUARANTINED || reason === PAUSED ? "skipped" : "suppressed";
}

/** Counts an acceptance. The judgement at the end of the run reads the count. */
export function noteAccepted({ database }: LedgerContext, count: number): void {
  database.prepare(COUNT).run(count);
}

const COUNT = "UPDATE run SET accepted = accepted + ? WHERE ended_at IS NULL";

/** Records a refusal. The judgement at the end of the run decides about it. */
export function noteRefusal(
  { database, clock }: LedgerContext,
  { id, isUnknown = false, cause }: Entry,
  at = clock().getTime(),
): void {
  database.prepare(NOTE).run(id, at, Number(isUnknown), cause);
}

const NOTE = `
  INSERT INTO refusal (delivery, at, is_unknown, cause, run)
  VALUES (?, ?, ?, ?, (SELECT max(id) FROM run WHERE ended_at IS NULL))`;

/** Values of `due`: before all other readers, and after the readers who were never tried. */
const FIRST = -1;
const LAST = 1;

/**
 * Plans some refused readers again, before all other readers, and returns their number. They are a sample that is spread
 * over the list. A domain that refuses us is left alone, so its readers are not in the sample.
 */
export function askSome({ database, clock }: LedgerContext, issue: number, limit: number): number {
  const { unknown, others } = foundIn(database.prepare(FOUND).get(issue) ?? {});
  const every = Math.max(1, Math.floor((unknown || others) / limit));
  const now = clock().getTime();
  return database.prepare(ASK).run(FIRST, now, issue, Number(unknown > 0), every, limit);
}

const OPEN = "verdict IS NULL AND delivery.issue = ? AND delivery.state = 'claimed'";

const ASK = `
  UPDATE delivery SET state = 'planned', due = ?, changed_at = ?
  WHERE id IN (
    SELECT id FROM (
      SELECT delivery.id, row_number() OVER (ORDER BY delivery.id) AS nth
      FROM delivery JOIN refusal ON refusal.delivery = delivery.id
      WHERE ${OPEN} AND is_unknown = ? AND (is_unknown OR refusal.cause IS NOT 'domain')
      GROUP BY delivery.id)
    WHERE (nth - 1) % ? = 0 LIMIT ?)`;

/** The server contradicts itself: no refusal counts, and all refused readers are planned again. Returns how many. */
export function tryAll({ database, clock }: LedgerContext, issue: number): number {
  database.prepare("UPDATE run SET is_contradicted = 1 WHERE ended_at IS NULL").run();
  database.prepare(FORGET_ALL).run(issue);
  return database.prepare(TRY_ALL).run(FIRST, clock().getTime(), issue);
}

const FORGET_ALL = `
  UPDATE refusal SET verdict = 'again'
  WHERE verdict IS NULL AND (SELECT issue FROM delivery WHERE id = refusal.delivery) = ?`;

const TRY_ALL = `
  UPDATE delivery SET state = 'planned', due = ?, cause = 'relay', changed_at = ?
  WHERE issue = ? AND state = 'claimed'`;

/** Judges the refusals of runs that died. Returns the number of quarantined readers. */
export function judgeDead(context: LedgerContext): number {
  context.database.prepare(NOT_FIRST).run(LAST, FIRST);
  const issues = context.database.prepare(ISSUES_OF_DEAD).all();
  const how = { ending: "died", isListDone: false } as const;
  return issues
    .map((row) => judgeRefusals(context, numberIn(row, "issue"), how).counts.quarantine)
    .reduce((sum, count) => sum + count, 0);
}

/** A run that died while it asked refused readers again. */
const NOT_FIRST = `
  UPDATE delivery SET due = ? WHERE issue IN (SELECT id FROM issue WHERE state = 'sending') AND due = ?`;

const ISSUES_OF_DEAD = "SELECT issue FROM run WHERE ended_at IS NULL AND issue IS NOT NULL";

/** Answers within this time before a run count too, because an issue may go out in many small runs. */
const PERIOD_MS = 48 * 3_600_000;

/**
 * Judges the refused readers of an issue, and carries the verdicts out. If the server is doubted, readers that earlier
 * runs of the period suppressed are quarantined too.
 */
export function judgeRefusals(context: LedgerContext, issue: number, how: RunEnd): Judged {
  const { database } = context;
  const found = database.prepare(FOUND).get(issue) ?? {};
  if (numberIn(found, "refused") === 0) {
    database.prepare(CLEAR).run(issue);
    return NOTHING_JUDGED;
  }
  const since = numberIn(found, "since") - PERIOD_MS;
  const evidence = evidenceOf(context, issue, { found, how, since });
  const { isDoubted, cause, verdictOf } = judge(evidence);
  const counts: Record<Verdict, number> = { ...NOTHING_JUDGED.counts };
  if (isDoubted)
    counts.quarantine += quarantineSuppressed(database, ["since", since], context.clock());
  for (let last = 0; ;) {
    const rows = database.prepare(READERS).all(issue, last);
    for (const row of rows) {
      const verdict = verdictOf(readerIn(context, row));
      const isNew = carryOut(context, row, { verdict, cause });
      if (isNew) counts[verdict]++;
    }
    if (rows.length === 0) break;
    last = numberIn(rows.at(-1) ?? {}, "delivery");
  }
  database.prepare(CLEAR).run(issue);
  return { evidence, counts, said: textIn(found, "said") };
}

/** A reader who is to be asked again has no open refusal until the answer comes. */
const CLEAR = `
  UPDATE refusal SET verdict = 'again'
  WHERE verdict IS NULL AND EXISTS (
    SELECT 1 FROM delivery WHERE id = refusal.delivery AND issue = ? AND state <> 'claimed')`;

/** The number of refused readers without a verdict. others: readers who exist and whose domain is not left alone. */
const FOUND = `
  SELECT count(*) AS refused, coalesce(sum(is_unknown), 0) AS unknown, coalesce(sum(is_other), 0) AS others,
    min(since) AS since, coalesce(max(reply), '') AS said
  FROM (
    SELECT max(is_unknown) AS is_unknown, max(NOT is_unknown AND refusal.cause IS NOT 'domain') AS is_other,
      min(refusal.at) AS since, reply
    FROM delivery JOIN refusal ON refusal.delivery = delivery.id WHERE ${OPEN} GROUP BY delivery.id)`;

function evidenceOf(
  { database, clock }: LedgerContext,
  issue: number,
  facts: { readonly found: Row; readonly how: RunEnd; readonly since: number },
): Evidence {
  const { found, how, since } = facts;
  const runs = runsIn(database.prepare(RUNS).get(clock().getTime(), issue, issue, issue) ?? {});
  return {
    ...how,
    ...foundIn(found),
    accepted: runs.accepted,
    isContradicted: runs.contradicted > 0,
    isExpired: runs.expired > 0,
    period: answersIn(database.prepare(PERIOD).get(since) ?? {}),
    areDomainsWell: () =>
      numberIn(database.prepare(DOMAINS).get(issue, runs.begun) ?? {}, "well") > 0,
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
  SELECT coalesce(sum(accepted), 0) AS accepted, coalesce(min(began_at), 0) AS begun,
    EXISTS (SELECT 1 FROM issue WHERE expires_at < ? AND id = ?) AS expired,
    coalesce(max(is_contradicted AND ended_at IS NULL), 0) OR EXISTS (
      SELECT 1 FROM refusal JOIN delivery ON delivery.id = refusal.delivery
      WHERE verdict IS NULL AND issue = ? AND state = 'accepted') AS contradicted
  FROM run
  WHERE ended_at IS NULL OR id IN (
    SELECT run FROM refusal JOIN delivery ON delivery.id = refusal.delivery WHERE verdict IS NULL AND issue = ?)`;

/** A reader counts once. Refusals of released readers are forgotten, but the event of their quarantine still counts. */
const PERIOD = `
  WITH refused AS (
    SELECT delivery FROM refusal WHERE at >= ?1 AND is_unknown AND verdict IS NOT 'again'
    UNION SELECT delivery FROM delivery_event WHERE what = '${QUARANTINED}' AND at >= ?1)
  SELECT count(DISTINCT key) AS answers, count(DISTINCT iif(id IN refused, key, NULL)) AS unknown
  FROM delivery
  WHERE issue IN (SELECT issue FROM delivery WHERE id IN refused)
    AND (id IN refused OR state IN ('accepted', 'rejected') AND changed_at >= ?1)`;

/** A closed domain refuses all of its readers; a relay that takes mail only for its own users refuses most domains. */
const DOMAINS = `
  SELECT 2 * coalesce(sum(accepted >= refused), 0) >= count(*) AS well FROM (
    SELECT sum(state = 'accepted') AS accepted, sum(state = 'claimed') AS refused FROM delivery
    WHERE issue = ? AND changed_at >= ? AND state IN ('accepted', 'claimed')
    GROUP BY substr(key, instr(key, '@') + 1))`;

const READERS = `
  SELECT delivery.id AS delivery, max(refusal.id) AS id, max(refusal.at) AS at, max(is_unknown) AS is_unknown,
    max(run) AS run, refusal.cause, newsletter, key, delivery.reply
  FROM refusal JOIN delivery ON delivery.id = refusal.delivery JOIN issue ON issue.id = delivery.issue
  WHERE ${OPEN} AND delivery.id > ?
  GROUP BY delivery.id ORDER BY delivery.id LIMIT 1000`;

function readerIn({ database }: LedgerContext, row: Row): RefusedReader {
  const whose = [textIn(row, "newsletter"), textIn(row, "key")];
  const { acceptedAt } = acceptedIn(database.prepare(ACCEPTED).get(...whose) ?? {});
  const { run } = refusalIn(row);
  const before = database.prepare(BEFORE).get(...whose, Number(acceptedAt ?? 0), run) ?? {};
  const doubted = database.prepare(DOUBTED).get(numberIn(row, "delivery")) ?? {};
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
  WHERE newsletter = ? AND key = ? AND refusal.at > ? AND run IS NOT ? AND is_unknown
    AND verdict IN ('suppress', 'keep', 'quarantine')`;

const DOUBTED = `
  SELECT count(DISTINCT run) AS count, min(at) AS since FROM refusal WHERE delivery = ? AND verdict = 'again'`;

interface Decided {
  readonly verdict: Verdict;
  /** Absent if the refusal itself shows the cause. */
  readonly cause?: string | undefined;
}

/** Returns whether the verdict changed anything. It changes nothing if the reader has left meanwhile. */
function carryOut(context: LedgerContext, row: Row, { verdict, cause }: Decided): boolean {
  if (verdict === "wait") return true;
  const { database, clock } = context;
  const [delivery, id] = [numberIn(row, "delivery"), numberIn(row, "id")];
  const now = clock().getTime();
  const { run, reply, cause: itself } = refusalIn(row);
  const whose = cause ?? itself;
  database.prepare(FORGET_FIRST).run(delivery, id);
  database.prepare(DECIDED).run(verdict === "give up" ? "again" : verdict, id);
  if (verdict === "again") {
    database.prepare(DECIDE).run("planned", LAST, whose, now, delivery);
    return true;
  }
  database.prepare(DECIDE).run("rejected", null, whose, now, delivery);
  noteEvent(context, { delivery, what: "rejected", reply, cause: whose, run });
  if (verdict === "keep" || verdict === "give up") return true;
  database.prepare(ADD_LIST).run(delivery);
  if (verdict === "quarantine") return quarantineReader(database, row, clock());
  return database.prepare(SUPPRESS).run(now, delivery) > 0;
}

const DECIDED = "UPDATE refusal SET verdict = ? WHERE id = ?";

const refusalIn = fieldsOf({ run: maybe(numberIn), reply: maybe(textIn), cause: maybe(textIn) });

/** A reader who was asked again has two refusals. */
const FORGET_FIRST = "DELETE FROM refusal WHERE delivery = ? AND verdict IS NULL AND id <> ?";

const DECIDE = "UPDATE delivery SET state = ?, due = ?, cause = ?, changed_at = ? WHERE id = ?";

const ADD_LIST = `
  INSERT INTO list (newsletter, uid)
  SELECT newsletter, randomblob(6) FROM delivery JOIN issue ON issue.id = delivery.issue
  WHERE delivery.id = ?
  ON CONFLICT DO NOTHING`;

const SUPPRESS = `
  INSERT INTO suppression (list, key, address, reason, since)
  SELECT list.id, key, address, 'bounced', ?
  FROM delivery
  JOIN issue ON issue.id = delivery.issue
  JOIN list ON list.newsletter = issue.newsletter
  WHERE delivery.id = ?
  ON CONFLICT DO NOTHING`;
