import type { Counts, IssueKey, PlannedIssue, Returned } from "../../ledger.ts";
import { type Row, dateIn, numberIn, optional, textIn } from "../../../platform/sqlite/database.ts";
import { type LedgerContext, issueRow } from "./ledger-context.ts";

export function readIssue(context: LedgerContext, issue: IssueKey): PlannedIssue | undefined {
  const row = issueRow(context, issue);
  if (!row || row["planned_at"] === null) return undefined;
  const id = numberIn(row, "id");
  return {
    ...plannedIssue(context, row),
    returned: returnedOf(context, id),
    ...postponedIn(context, id),
  };
}

export function readIssues(context: LedgerContext, newsletter: string | undefined): PlannedIssue[] {
  return context.database
    .prepare(ISSUES)
    .all(newsletter)
    .map((row) => plannedIssue(context, row));
}

const ISSUES = `
  SELECT * FROM issue WHERE planned_at IS NOT NULL AND newsletter = coalesce(?, newsletter)
  ORDER BY planned_at DESC, id DESC`;

function plannedIssue(context: LedgerContext, row: Row): PlannedIssue {
  const id = numberIn(row, "id");
  const expiresAt = optional(row, "expires_at", dateIn);
  const nextTry = optional(context.database.prepare(NEXT).get(id) ?? {}, "due", dateIn);
  return {
    issue: { newsletter: textIn(row, "newsletter"), slot: textIn(row, "slot") },
    contentHash: textIn(row, "content_hash"),
    plannedAt: dateIn(row, "planned_at"),
    ...(expiresAt && { expiresAt }),
    counts: countsOf(context, id),
    ...(nextTry && { nextTry }),
  };
}

const NEXT = `
  SELECT min(due) AS due FROM delivery WHERE issue = ? AND due > 0`;

function postponedIn(
  { database, clock }: LedgerContext,
  issue: number,
): Pick<PlannedIssue, "postponed"> {
  const row = database.prepare(POSTPONED).get(issue, clock().getTime()) ?? {};
  const until = optional(row, "until", dateIn);
  return until ? { postponed: { count: numberIn(row, "count"), until } } : {};
}

const POSTPONED = `
  SELECT count(*) AS count, min(due) AS until FROM delivery
  WHERE issue = ? AND due > ? AND state = 'planned'`;

function returnedOf({ database }: LedgerContext, issue: number): Returned {
  const row = database.prepare(RETURNED).get(issue) ?? {};
  return {
    bounced: numberIn(row, "bounced"),
    bouncedForNow: numberIn(row, "for_now"),
    complained: numberIn(row, "complained"),
  };
}

/** The events first: they are few, and the deliveries as many as there are readers. */
const RETURNED = `
  SELECT
    count(DISTINCT iif(what = 'bounced', delivery.id, NULL)) AS bounced,
    count(DISTINCT iif(what = 'bounced for now', delivery.id, NULL)) AS for_now,
    count(DISTINCT iif(what = 'complained', delivery.id, NULL)) AS complained
  FROM delivery_event CROSS JOIN delivery ON delivery.id = delivery_event.delivery
  WHERE what IN ('bounced', 'bounced for now', 'complained') AND delivery.issue = ?`;

export function countsOf({ database }: Pick<LedgerContext, "database">, issue: number): Counts {
  const rows = database.prepare(COUNTS).all(issue, issue, issue, issue);
  const counted = new Map(rows.map((row) => [textIn(row, "state"), numberIn(row, "count")]));
  const count = (state: string) => counted.get(state) ?? 0;
  const others = {
    planned: count("planned"),
    claimed: count("claimed"),
    sending: count("sending"),
    deferred: count("deferred"),
    rejected: count("rejected"),
    uncertain: count("uncertain"),
    suppressed: count("suppressed"),
    skipped: count("skipped"),
  };
  const known = Object.values(others).reduce((sum, count) => sum + count, 0);
  return { ...others, accepted: count("all") - known };
}

/** Each from an index that holds the state, so that no delivery is looked at: there are as many as readers. */
const COUNTS = `
  SELECT state, count(*) AS count FROM delivery
    WHERE issue = ? AND lease_until IS NULL AND state <> 'accepted' GROUP BY state
  UNION ALL SELECT 'claimed', count(*) FROM delivery
    WHERE lease_until IS NOT NULL AND state = 'claimed' AND +issue = ?
  UNION ALL SELECT 'sending', count(*) FROM delivery
    WHERE lease_until IS NOT NULL AND state = 'sending' AND +issue = ?
  UNION ALL SELECT 'all', count(*) FROM delivery WHERE issue = ?`;
