import {
  dateIn,
  fieldsOf,
  maybe,
  numberIn,
  optional,
  type Row,
  textIn,
} from "../../../platform/sqlite/database.ts";
import { isDoubtful, judge, type UnknownReader, type Verdict } from "../../judgement.ts";
import type { Outcome } from "../../ledger.ts";
import { type LedgerContext, noteEvent } from "./read-ledger.ts";

/** Why a reader is left out who is not suppressed. */
export const QUARANTINED = "quarantined";

/** Why a reader is left out who wants nothing for some time. */
export const PAUSED = "paused";

/** The state of a delivery to a reader who is left out. */
export function stateFor(reason: string): "suppressed" | "skipped" {
  return reason === QUARANTINED || reason === PAUSED ? "skipped" : "suppressed";
}

/** Counts the answers about readers for the run that is sending. A refusal is counted when it comes. */
export function countAnswers({ database }: LedgerContext, outcomes: readonly Outcome[]): void {
  const answers = outcomes.filter(({ state }) => state === "accepted" || state === "refused");
  const unknown = answers.filter((outcome) => outcome.state === "refused" && outcome.isUnknown);
  database.prepare(COUNT).run(answers.length, unknown.length);
}

const COUNT = "UPDATE sender SET answers = answers + ?, unknown = unknown + ?";

/** Records that the address of a delivery doesn't exist, to be judged at the end of the run. */
export function noteUnknown({ database, clock }: LedgerContext, delivery: number): void {
  const at = clock().getTime();
  database.prepare("INSERT INTO refusal (delivery, at) VALUES (?, ?)").run(delivery, at);
}

/** The answers of so long before count too: an issue may go out in many small runs. */
const PERIOD_MS = 48 * 3_600_000;

/**
 * Judges the unknown readers of the last run, which has ended or died, and carries that out. Where the server is
 * doubted, readers whom earlier runs of the period suppressed are quarantined too. Returns how many are quarantined.
 */
export function judgeUnknown(context: LedgerContext): number {
  const { database } = context;
  const open = database.prepare(OPEN).all();
  if (open.length === 0) return 0;
  const since = Math.min(...open.map((row) => numberIn(row, "at"))) - PERIOD_MS;
  const run = database.prepare("SELECT answers, unknown FROM sender").get() ?? NONE;
  const period = database.prepare(PERIOD).get(since) ?? NONE;
  const isDoubted = [run, period].map(answersIn).some(isDoubtful);
  let quarantined = isDoubted ? doubtEarlier(context, since) : 0;
  for (const row of open) {
    const verdict = judge(isDoubted, readerIn(context, row));
    const isNew = settle(context, row, verdict);
    if (isNew && verdict === "quarantine") quarantined++;
  }
  return quarantined;
}

const NONE = { answers: 0, unknown: 0 };
const answersIn = fieldsOf({ answers: numberIn, unknown: numberIn });

/** A reader counts once. Refusals of released readers are forgotten, but the event of their quarantine still counts. */
const PERIOD = `
  WITH refused AS (
    SELECT delivery FROM refusal WHERE at >= ?1
    UNION SELECT delivery FROM delivery_event WHERE what = '${QUARANTINED}' AND at >= ?1)
  SELECT count(DISTINCT key) AS answers, count(DISTINCT iif(id IN refused, key, NULL)) AS unknown
  FROM delivery
  WHERE issue IN (SELECT issue FROM delivery WHERE id IN refused)
    AND (id IN refused OR state IN ('accepted', 'rejected') AND changed_at >= ?1)`;

const OPEN = `
  SELECT refusal.*, newsletter, key
  FROM refusal JOIN delivery ON delivery.id = delivery JOIN issue ON issue.id = issue
  WHERE verdict IS NULL`;

/** Quarantines the readers whom runs since then suppressed, and returns how many. */
function doubtEarlier(context: LedgerContext, since: number): number {
  const { database } = context;
  const rows = database.prepare(SUPPRESSED).all(since);
  for (const row of rows) {
    const [key, newsletter] = [textIn(row, "key"), textIn(row, "newsletter")];
    database
      .prepare("DELETE FROM suppression WHERE list = ? AND key = ?")
      .run(numberIn(row, "list"), key);
    database.prepare(SKIP).run(key, since, newsletter);
    settle(context, row, "quarantine");
  }
  return rows.length;
}

/** Readers who have since asked to leave have another reason. */
const SUPPRESSED = `
  SELECT refusal.id, refusal.delivery, newsletter, suppression.list, suppression.key
  FROM refusal
  JOIN delivery ON delivery.id = refusal.delivery
  JOIN issue ON issue.id = delivery.issue
  JOIN list USING (newsletter)
  JOIN suppression ON suppression.list = list.id AND suppression.key = delivery.key
  WHERE verdict = 'suppress' AND refusal.at >= ? AND reason = 'bounced' AND suppression.since >= refusal.at
  GROUP BY suppression.list, suppression.key`;

/** Issues from which the readers were left out meanwhile can be retried once they are released. */
const SKIP = `
  UPDATE delivery SET state = 'skipped', reply = '${QUARANTINED}'
  WHERE key = ? AND state = 'suppressed' AND reply = 'bounced' AND changed_at >= ?
    AND issue IN (SELECT id FROM issue WHERE newsletter = ?)`;

function readerIn({ database }: LedgerContext, row: Row): UnknownReader {
  const whose = [textIn(row, "newsletter"), textIn(row, "key")];
  const accepted = database.prepare(ACCEPTED).get(...whose) ?? {};
  const since = optional(accepted, "accepted_at", numberIn) ?? 0;
  const before = database.prepare(BEFORE).get(...whose, since) ?? {};
  return unknownIn({ ...row, ...accepted, ...before });
}

const unknownIn = fieldsOf({ at: dateIn, acceptedAt: maybe(dateIn), unknownSince: maybe(dateIn) });

const ACCEPTED = `
  SELECT max(delivery.changed_at) AS accepted_at FROM issue JOIN delivery ON delivery.issue = issue.id
  WHERE newsletter = ? AND key = ? AND delivery.state = 'accepted'`;

const BEFORE = `
  SELECT min(refusal.at) AS unknown_since FROM issue JOIN delivery ON delivery.issue = issue.id
    JOIN refusal ON refusal.delivery = delivery.id
  WHERE newsletter = ? AND key = ? AND refusal.at > ? AND verdict IS NOT NULL`;

/** Records and carries out a verdict. Returns whether that is new: a reader may have left meanwhile. */
function settle(context: LedgerContext, row: Row, verdict: Verdict): boolean {
  const { database, clock } = context;
  const delivery = numberIn(row, "delivery");
  database.prepare("UPDATE refusal SET verdict = ? WHERE id = ?").run(verdict, numberIn(row, "id"));
  if (verdict === "keep") return false;
  database.prepare(ADD_LIST).run(delivery);
  const isNew = database.prepare(ADD[verdict]).run(clock().getTime(), delivery) > 0;
  if (isNew && verdict === "quarantine") noteEvent(context, { delivery, what: QUARANTINED });
  return isNew;
}

const ADD_LIST = `
  INSERT INTO list (newsletter, uid)
  SELECT newsletter, randomblob(6) FROM delivery JOIN issue ON issue.id = delivery.issue
  WHERE delivery.id = ?
  ON CONFLICT DO NOTHING`;

const OF_DELIVERY = `
  FROM delivery
  JOIN issue ON issue.id = delivery.issue
  JOIN list ON list.newsletter = issue.newsletter
  WHERE delivery.id = ?`;

const ADD = {
  suppress: `
    INSERT INTO suppression (list, key, address, reason, since)
    SELECT list.id, key, address, 'bounced', ? ${OF_DELIVERY}
    ON CONFLICT DO NOTHING`,
  quarantine: `
    INSERT INTO quarantine (list, key, delivery, since)
    SELECT list.id, key, delivery.id, ? ${OF_DELIVERY}
      AND NOT EXISTS (SELECT 1 FROM suppression AS gone WHERE gone.list = list.id AND gone.key = delivery.key)
    ON CONFLICT DO NOTHING`,
};
