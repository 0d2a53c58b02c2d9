import {
  dateIn,
  fieldsOf,
  maybe,
  numberIn,
  optional,
  type Row,
  textIn,
} from "../../../platform/sqlite/database.ts";
import { judge, type UnknownReader, type Verdict } from "../../judgement.ts";
import type { Outcome } from "../../ledger.ts";
import { type LedgerContext, noteEvent } from "./read-ledger.ts";

/** Why a reader is left out who is not suppressed. */
export const QUARANTINED = "quarantined";

/** The state of a delivery to a reader who is left out. */
export function stateFor(reason: string): "suppressed" | "skipped" {
  return reason === QUARANTINED ? "skipped" : "suppressed";
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

/**
 * Judges the unknown readers of the last run, which has ended or died, and carries that out. Returns how many are
 * quarantined.
 */
export function judgeUnknown(context: LedgerContext): number {
  const { database } = context;
  const run = answersIn(database.prepare("SELECT answers, unknown FROM sender").get() ?? NONE);
  let quarantined = 0;
  for (const row of database.prepare(OPEN).all()) {
    const verdict = judge(run, readerIn(context, row));
    database
      .prepare("UPDATE refusal SET verdict = ? WHERE id = ?")
      .run(verdict, numberIn(row, "id"));
    const isNew = carryOut(context, numberIn(row, "delivery"), verdict);
    if (isNew && verdict === "quarantine") quarantined++;
  }
  return quarantined;
}

const NONE = { answers: 0, unknown: 0 };
const answersIn = fieldsOf({ answers: numberIn, unknown: numberIn });

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
  SELECT max(changed_at) AS accepted_at FROM issue JOIN delivery ON delivery.issue = issue.id
  WHERE newsletter = ? AND key = ? AND state = 'accepted'`;

const BEFORE = `
  SELECT min(at) AS unknown_since FROM issue JOIN delivery ON delivery.issue = issue.id
    JOIN refusal ON refusal.delivery = delivery.id
  WHERE newsletter = ? AND key = ? AND at > ? AND verdict IS NOT NULL`;

/** Returns whether that is new: a reader may have left meanwhile. */
function carryOut(context: LedgerContext, delivery: number, verdict: Verdict): boolean {
  if (verdict === "keep") return false;
  const { database, clock } = context;
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
