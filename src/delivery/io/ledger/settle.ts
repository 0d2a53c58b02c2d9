import type { IssueKey } from "../../ledger.ts";
import { numberIn } from "../../../platform/sqlite/database.ts";
import { type LedgerContext, issueRow, plannedId } from "./read-ledger.ts";
import { type StoreCheck, change } from "../../../platform/sqlite/watermarks.ts";

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

const NOTE_SETTLED = `
  INSERT INTO delivery_event (delivery, at, what)
  SELECT id, ?, ? FROM delivery WHERE issue = ? AND state = 'uncertain'`;

const ACCEPT = `
  UPDATE delivery SET state = 'accepted', changed_at = ? WHERE issue = ? AND state = 'uncertain'`;

/** The next attempt counts as the first: the 48 hours begin anew. */
const AFRESH = "attempt = 0, first_tried_at = NULL, open_refusals = 0, refused_at = NULL";

const RESEND = `
  UPDATE delivery
  SET state = 'planned', due = 0, ${AFRESH}, changed_at = ?
  WHERE issue = ? AND state = 'uncertain'`;

/** Deferred recipients, and those of paused domains, are due at once; rejected and skipped ones are planned again. */
export function retryIssue(context: LedgerContext, issue: IssueKey): number {
  const id = plannedId(context, issue);
  if (id === undefined) return 0;
  const now = context.clock().getTime();
  return change(context, () => {
    extend(context, id, now);
    const again = context.database.prepare(RETRY).run(now, id, now, now);
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

const RETRY = `
  UPDATE delivery
  SET state = 'planned', due = 0, ${AFRESH}, changed_at = ?
  WHERE issue = ? AND (state IN ('deferred', 'rejected', 'skipped') OR state = 'planned' AND due > ?)
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

/** What is in doubt since a restored store was accepted. */
export interface AcceptedStore {
  /** How many recipients may have got what they were still to be sent. */
  readonly inDoubt: number;
  /** `<newsletter>/<slot>` of issues that the store doesn't know: all readers may have those. */
  readonly lost: readonly string[];
}

/**
 * Accepts a restored store: a recipient who was still to be sent an issue may have got it since the backup, so all
 * of these are in doubt, and so are all recipients of an issue that the store doesn't know.
 */
export function acceptRestored(
  context: LedgerContext,
  { lost, highest }: StoreCheck,
): AcceptedStore {
  const { database, clock, marks } = context;
  const now = clock().getTime();
  const inDoubt = database.transaction(() => {
    database.prepare(NOTE_RESTORED).run(now);
    const doubted = database.prepare(ALL_IN_DOUBT).run(now);
    database.exec(DROP_MAILS);
    for (const name of lost) {
      const [newsletter, slot] = name.split("/");
      database.prepare(ADD_LOST).run(newsletter, slot, now);
    }
    settleStates(context);
    database.prepare("UPDATE store SET epoch = max(epoch, ?) + 1").run(highest);
    return doubted;
  });
  marks.note();
  return { inDoubt, lost: [...new Set(lost)] };
}

const OPEN = "(due IS NOT NULL OR lease_until IS NOT NULL)";

const NOTE_RESTORED = `
  INSERT INTO delivery_event (delivery, at, what)
  SELECT id, ?, 'uncertain: the ledger was restored from a backup' FROM delivery WHERE ${OPEN}`;

const ALL_IN_DOUBT = `
  UPDATE delivery
  SET state = 'uncertain', due = NULL, lease_until = NULL, worker = NULL,
    reply = 'the ledger was restored from a backup', changed_at = ?
  WHERE ${OPEN}`;

/** Single mails that waited when the backup was made may have been sent since. */
const DROP_MAILS = `
  UPDATE mail SET state = 'dropped', address = NULL, subject = NULL, text = NULL, html = NULL
  WHERE state = 'waiting'`;

const ADD_LOST = `
  INSERT INTO issue (newsletter, slot, content_hash, lost, state, changed_at) VALUES (?, ?, '', 'doubt', 'sending', ?)
  ON CONFLICT (newsletter, slot) DO UPDATE SET lost = 'doubt', state = 'sending', changed_at = excluded.changed_at
  WHERE planned_at IS NULL`;

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
  OR EXISTS (SELECT 1 FROM delivery WHERE lease_until IS NOT NULL AND delivery.issue = issue.id))`;

const FINISH = `
  UPDATE issue SET state = 'sent', why = NULL, changed_at = ?
  WHERE state = 'sending' AND planned_at IS NOT NULL AND NOT ${IS_LEFT}`;

const RESUME = `
  UPDATE issue SET state = 'sending', changed_at = ?
  WHERE state = 'sent' AND planned_at IS NOT NULL AND ${IS_LEFT}`;
