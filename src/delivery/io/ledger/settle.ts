import type { CanaryNote, IssueKey } from "../../ledger.ts";
import { numberIn, type Queries } from "../../../platform/database.ts";
import { type LedgerContext, issueRow, plannedId } from "./read-ledger.ts";
import { WITH_REASON } from "./open-groups.ts";

/* The callers of these functions have begun a transaction. */

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
    // A lost issue has no recipients yet. The decision is applied when they are planned.
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

/** An operator's decision about a reader is no evidence about the server. */
const FORGET_ASKED = `
  DELETE FROM refusal
  WHERE verdict IS NULL AND EXISTS (
    SELECT 1 FROM delivery WHERE id = refusal.delivery AND issue = ? AND state = 'uncertain')`;

const NOTE_SETTLED = `
  INSERT INTO delivery_event (delivery, at, what)
  SELECT id, ?, ? FROM delivery WHERE issue = ? AND state = 'uncertain'`;

const ACCEPT = `
  UPDATE delivery SET state = 'accepted', changed_at = ? WHERE issue = ? AND state = 'uncertain'`;

/** The next attempt counts as the first, and the 48 hours begin again. */
const AFRESH = "attempt = 0, first_tried_at = NULL, cause = NULL";

/** The recipient is still on the list, or never was a subscriber and was not erased. */
const IS_THERE = `(subscriber IS NULL AND address <> '' OR EXISTS (
    SELECT 1 FROM issue JOIN list USING (newsletter) JOIN subscriber ON subscriber.list = list.id
    WHERE issue.id = delivery.issue AND subscriber.key = delivery.key))`;

const RESEND = `
  UPDATE delivery
  SET state = 'planned', due = 0, ${AFRESH}, changed_at = ?
  WHERE issue = ? AND state = 'uncertain' AND ${IS_THERE}`;

/** Makes deferred recipients and recipients of paused domains due at once. Plans rejected and skipped recipients again. */
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

/** An editor's command to send again also renews an expired issue. It is valid for as long as it was at first. */
const EXTEND = `
  UPDATE issue
  SET expires_at = ?1 + CASE WHEN expires_at > planned_at THEN expires_at - planned_at ELSE 0 END
  WHERE id = ?2 AND expires_at < ?1`;

/** Forgets refusals that didn't count, so that their number begins at zero. */
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

/** Pauses a recipient domain. Its recipients without a claim are not due before `until`. */
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

/** Records the progress of an issue's canary, unless the canary is judged already. */
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
 * Brings planned issues to `sent` if no recipient remains, and back to `sending` if some are planned again. These are the
 * events `finish` and `resume` of their life.
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
