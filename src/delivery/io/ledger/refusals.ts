import {
  dateIn,
  fieldsOf,
  maybe,
  numberIn,
  optional,
  type Row,
  textIn,
} from "../../../platform/sqlite/database.ts";
import {
  isDoubtful,
  judge,
  type UnknownReader,
  type Verdict,
} from "../../../subscribers/judgement.ts";
import {
  QUARANTINED,
  quarantineReader,
  quarantineSuppressed,
} from "../../../subscribers/io/quarantine.ts";
import type { Entry } from "./open-groups.ts";
import type { LedgerContext } from "./read-ledger.ts";

/** Why a reader is left out who wants nothing for some time. */
export const PAUSED = "paused";

/** The state of a delivery to a reader who is left out. */
export function stateFor(reason: string): "suppressed" | "skipped" {
  return reason === QUARANTINED || reason === PAUSED ? "skipped" : "suppressed";
}

/**
 * Records an answer for the judgement at the end of the run. A refusal is counted when it comes, and that there is no
 * such reader is recorded when it is final.
 */
export function noteAnswer(
  { database, clock }: Pick<LedgerContext, "database" | "clock">,
  { id, state, isUnknown = false }: Entry,
): void {
  if (state === "accepted" || state === "refused") {
    database.prepare(COUNT).run(Number(state === "refused" && isUnknown));
  }
  if (state === "rejected" && isUnknown) database.prepare(NOTE).run(id, clock().getTime());
}

const COUNT = "UPDATE run SET answers = answers + 1, unknown = unknown + ? WHERE ended_at IS NULL";

const NOTE = "INSERT INTO refusal (delivery, at) VALUES (?, ?)";

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
  const run =
    database.prepare("SELECT answers, unknown FROM run WHERE ended_at IS NULL").get() ?? NONE;
  const period = database.prepare(PERIOD).get(since) ?? NONE;
  const isDoubted = [run, period].map(answersIn).some(isDoubtful);
  let quarantined = isDoubted
    ? quarantineSuppressed(database, ["since", since], context.clock())
    : 0;
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
function settle({ database, clock }: LedgerContext, row: Row, verdict: Verdict): boolean {
  const delivery = numberIn(row, "delivery");
  database.prepare("UPDATE refusal SET verdict = ? WHERE id = ?").run(verdict, numberIn(row, "id"));
  if (verdict === "keep") return false;
  database.prepare(ADD_LIST).run(delivery);
  if (verdict === "quarantine") return quarantineReader(database, row, clock());
  return database.prepare(SUPPRESS).run(clock().getTime(), delivery) > 0;
}

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
