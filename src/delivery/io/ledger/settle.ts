import type { CanaryNote, IssueKey } from "../../ledger.ts";
import { numberIn } from "../../../platform/sqlite/database.ts";
import { type LedgerContext, issueRow, plannedId } from "./read-ledger.ts";
import { change } from "../../../platform/sqlite/watermarks.ts";

/** Settles the recipients of an issue who are in doubt. */
export function settleIssue(
  context: LedgerContext,
  issue: IssueKey,
  how: "accept" | "resend",
): number {
  const row = issueRow(context, issue);
  if (row?.["planned_at"] === null) return rememberHow(context, numberIn(row, "id"), how);
  const id = plannedId(context, issue);
  if (id === undefined) return 0;
  const now = context.clock().getTime();
  return change(context, () => {
    context.database.prepare(FORGET_ASKED).run(id);
    context.database.prepare(NOTE_SETTLED).run(now, `settled: ${how}`, id);
    if (how === "resend") extend(context, id, now);
    const settled = context.database.prepare(how === "accept" ? ACCEPT : RESEND).run(now, id);
    settleStates(context);
    return settled;
  });
}

/** The recipients of a lost issue aren't there yet: the decision holds for all whom it is planned for later. */
function rememberHow(context: LedgerContext, id: number, how: "accept" | "resend"): number {
  return change(context, () => {
    context.database
      .prepare("UPDATE issue SET lost = ? WHERE id = ? AND lost IS NOT NULL")
      .run(how, id);
    return 0;
  });
}

/** A reader whom an operator takes for accepted shows nothing of the server. */
const FORGET_ASKED = `
  DELETE FROM refusal
  WHERE verdict IS NULL AND EXISTS (
    SELECT 1 FROM delivery WHERE id = refusal.delivery AND issue = ? AND state = 'uncertain')`;

const NOTE_SETTLED = `
  INSERT INTO delivery_event (delivery, at, what)
  SELECT id, ?, ? FROM delivery WHERE issue = ? AND state = 'uncertain'`;

const ACCEPT = `
  UPDATE delivery SET state = 'accepted', changed_at = ? WHERE issue = ? AND state = 'uncertain'`;

/** The next attempt counts as the first: the 48 hours begin anew. */
const AFRESH = "attempt = 0, first_tried_at = NULL, cause = NULL";

/** Readers who were removed or erased meanwhile are not on the list; other recipients never were. */
const IS_THERE = `(subscriber IS NULL AND address <> '' OR EXISTS (
    SELECT 1 FROM issue JOIN list USING (newsletter) JOIN subscriber ON subscriber.list = list.id
    WHERE issue.id = delivery.issue AND subscriber.key = delivery.key))`;

const RESEND = `
  UPDATE delivery
  SET state = 'planned', due = 0, ${AFRESH}, changed_at = ?
  WHERE issue = ? AND state = 'uncertain' AND ${IS_THERE}`;

/** Deferred recipients, and those of paused domains, are due at once; rejected and skipped ones are planned again. */
export function retryIssue(context: LedgerContext, issue: IssueKey): number {
  const id = plannedId(context, issue);
  if (id === undefined) return 0;
  const now = context.clock().getTime();
  return change(context, () => {
    extend(context, id, now);
    const again = context.database.prepare(RETRY).run(now, id, now, now);
    context.database.prepare(FORGET_DOUBTED).run(id);
    settleStates(context);
    return again;
  });
}

/** An editor who has an issue sent again wants it sent: one that has expired is valid for as long again. */
function extend({ database }: LedgerContext, id: number, now: number): void {
  database.prepare(EXTEND).run(now, id, now);
}

const EXTEND = `
  UPDATE issue SET expires_at = ? + max(0, expires_at - planned_at) WHERE id = ? AND expires_at < ?`;

/** Refusals that didn't count are counted afresh. */
const FORGET_DOUBTED = `
  DELETE FROM refusal
  WHERE verdict = 'again' AND (SELECT issue FROM delivery WHERE id = refusal.delivery) = ?`;

const RETRY = `
  UPDATE delivery
  SET state = 'planned', due = 0, ${AFRESH}, changed_at = ?
  WHERE issue = ? AND (state IN ('deferred', 'rejected', 'skipped') OR state = 'planned' AND due > ?)
    AND ${IS_THERE}
    AND NOT EXISTS (
      SELECT 1 FROM issue JOIN list ON list.newsletter = issue.newsletter
      JOIN suppression ON suppression.list = list.id
      WHERE issue.id = delivery.issue AND suppression.key = delivery.key)
    AND NOT EXISTS (
      SELECT 1 FROM issue JOIN list ON list.newsletter = issue.newsletter
      JOIN quarantine ON quarantine.list = list.id
      WHERE issue.id = delivery.issue AND quarantine.key = delivery.key)
    AND NOT EXISTS (
      SELECT 1 FROM issue JOIN list ON list.newsletter = issue.newsletter
      JOIN subscriber ON subscriber.list = list.id
      WHERE issue.id = delivery.issue AND subscriber.key = delivery.key AND paused_until > ?)`;

export interface Postponement {
  readonly domain: string;
  readonly until: Date;
}

/** Pauses a recipient domain: its recipients who aren't claimed are due later. */
export function postponeDomain(
  context: LedgerContext,
  issue: IssueKey,
  { domain, until }: Postponement,
): number {
  const id = plannedId(context, issue);
  if (id === undefined) return 0;
  const ending = `@${domain.toLowerCase()}`;
  return change(context, () =>
    context.database.prepare(POSTPONE).run(until.getTime(), id, until.getTime(), ending, ending),
  );
}

const POSTPONE = `
  UPDATE delivery SET due = ?
  WHERE issue = ? AND due < ? AND substr(address, -length(?)) = ?`;

/** Notes how far the canary of an issue is, where it isn't judged yet. */
export function noteCanary(
  { database, clock }: LedgerContext,
  { newsletter, slot }: IssueKey,
  note: CanaryNote,
): void {
  const whose = [newsletter, slot] as const;
  if ("until" in note) database.prepare(WATCH).run(note.until.getTime(), ...whose);
  else if ("passed" in note) database.prepare(PASS).run(...whose);
  else {
    const now = clock().getTime();
    database.prepare(STOP).run(now, now, note.held, now, ...whose);
  }
}

const OF_UNJUDGED = "WHERE newsletter = ? AND slot = ? AND canary_verdict IS NULL";
const WATCH = `UPDATE issue SET canary_until = ? ${OF_UNJUDGED} AND canary_until IS NULL`;
const PASS = `UPDATE issue SET canary_verdict = 'passed' ${OF_UNJUDGED}`;

const STOP = `
  UPDATE issue SET canary_verdict = 'held', canary_until = coalesce(canary_until, ?), held_at = coalesce(held_at, ?),
    why = ?, why_code = 'CANARY_STOPPED', why_since = ?
  ${OF_UNJUDGED}`;

/**
 * Brings planned issues to `sent` where no recipient is left, and back to `sending` where some are planned again
 * (`finish` and `resume` of their life). The caller has begun a transaction.
 */
export function settleStates({ database, clock }: LedgerContext): void {
  const now = clock().getTime();
  database.prepare(FINISH).run(now);
  database.prepare(RESUME).run(now);
}

const IS_LEFT = `(
  EXISTS (SELECT 1 FROM delivery WHERE delivery.issue = issue.id AND due IS NOT NULL)
  OR EXISTS (SELECT 1 FROM delivery WHERE delivery.issue = issue.id AND state = 'claimed'))`;

const FINISH = `
  UPDATE issue SET state = 'sent', why = NULL, changed_at = ?
  WHERE state = 'sending' AND planned_at IS NOT NULL AND NOT ${IS_LEFT}`;

const RESUME = `
  UPDATE issue SET state = 'sending', changed_at = ?
  WHERE state = 'sent' AND planned_at IS NOT NULL AND ${IS_LEFT}`;
