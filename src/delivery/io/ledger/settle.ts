import type { CanaryNote, IssueKey } from "../../ledger.ts";
import { numberIn, type Queries } from "../../../platform/database.ts";
import { type LedgerContext, issueRow, plannedId } from "./read-ledger.ts";
import { WITH_REASON } from "./open-groups.ts";

/* The caller of each of these has begun a transaction. */

/** Settles the recipients of an issue who are in doubt. */
export async function settleIssue(
  context: LedgerContext,
  issue: IssueKey,
  how: "accept" | "resend",
): Promise<number> {
  const { queries, clock } = context;
  const row = await issueRow(queries, issue);
  if (!row) return 0;
  const id = numberIn(row, "id");
  if (row["planned_at"] === null) {
    // A lost issue has no recipients yet. The decision is for all who are planned later.
    await queries.run(REMEMBER, how, id);
    return 0;
  }
  const now = clock().getTime();
  await queries.run(FORGET_ASKED, id);
  await queries.run(NOTE_SETTLED, now, `settled: ${how}`, id);
  if (how === "resend") await queries.run(EXTEND, now, id);
  const settled = await queries.run(how === "accept" ? ACCEPT : RESEND, now, id);
  await settleStates(context);
  return settled;
}

const REMEMBER = "UPDATE issue SET lost = ? WHERE id = ? AND lost IS NOT NULL";

/** A reader that an operator takes for accepted shows nothing of the server. */
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
export async function retryIssue(context: LedgerContext, issue: IssueKey): Promise<number> {
  const { queries, clock } = context;
  const id = await plannedId(queries, issue);
  if (id === undefined) return 0;
  const now = clock().getTime();
  await queries.run(EXTEND, now, id);
  const again = await queries.run(RETRY, now, id, now, now, id);
  await queries.run(FORGET_DOUBTED, id);
  await settleStates(context);
  return again;
}

/** An editor who has an issue sent again wants it sent: one that has expired is valid for as long again. */
const EXTEND = `
  UPDATE issue
  SET expires_at = ?1 + CASE WHEN expires_at > planned_at THEN expires_at - planned_at ELSE 0 END
  WHERE id = ?2 AND expires_at < ?1`;

/** Refusals that didn't count are counted afresh. */
const FORGET_DOUBTED = `
  DELETE FROM refusal
  WHERE verdict = 'again' AND (SELECT issue FROM delivery WHERE id = refusal.delivery) = ?`;

const RETRY = `
  UPDATE delivery
  SET state = 'planned', due = 0, ${AFRESH}, changed_at = ?
  WHERE issue = ? AND (state IN ('deferred', 'rejected', 'skipped') OR state = 'planned' AND due > ?)
    AND ${IS_THERE}
    AND id IN (
      SELECT id FROM (${WITH_REASON} WHERE delivery.issue = ?) AS judged WHERE reason IS NULL)`;

export interface Postponement {
  readonly domain: string;
  readonly until: Date;
}

/** Pauses a recipient domain: its recipients who aren't claimed are due later. */
export async function postponeDomain(
  queries: Queries,
  issue: IssueKey,
  { domain, until }: Postponement,
): Promise<number> {
  const id = await plannedId(queries, issue);
  if (id === undefined) return 0;
  return queries.run(POSTPONE, until.getTime(), id, `@${domain.toLowerCase()}`);
}

const POSTPONE = `
  UPDATE delivery SET due = ?1
  WHERE issue = ?2 AND due < ?1 AND substr(key, length(key) - length(?3) + 1) = ?3`;

/** Notes how far the canary of an issue is, where it isn't judged yet. */
export async function noteCanary(
  { queries, clock }: LedgerContext,
  { newsletter, slot }: IssueKey,
  note: CanaryNote,
): Promise<void> {
  const whose = [newsletter, slot] as const;
  if ("until" in note) await queries.run(WATCH, note.until.getTime(), ...whose);
  else if ("passed" in note) await queries.run(PASS, ...whose);
  else {
    const now = clock().getTime();
    await queries.run(STOP, now, now, note.held, now, ...whose);
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
 * (`finish` and `resume` of their life).
 */
export async function settleStates({ queries, clock }: LedgerContext): Promise<void> {
  const now = clock().getTime();
  await queries.run(FINISH, now);
  await queries.run(RESUME, now);
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
