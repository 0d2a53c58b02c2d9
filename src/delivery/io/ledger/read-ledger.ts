import {
  type Counts,
  type IssueKey,
  type PlannedIssue,
  type Bounces,
  DELIVERY_STATES,
  NO_READERS,
  type DeliveryState,
  type History,
} from "../../ledger.ts";
import { type Row, dateIn, numberIn, optional, textIn } from "../../../platform/sqlite/database.ts";
import { type LedgerContext, issueRow } from "./ledger-context.ts";
import { addressKey } from "../../../subscribers/recipient.ts";

export function readIssue(context: LedgerContext, issue: IssueKey): PlannedIssue | undefined {
  const row = issueRow(context, issue);
  if (!row || row["planned_at"] === null) return undefined;
  const id = numberIn(row, "id");
  return {
    ...plannedIssue(context, row),
    bounces: bouncesOf(context, id),
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

function bouncesOf({ database }: LedgerContext, issue: number): Bounces {
  const row = database.prepare(BOUNCES).get(issue) ?? {};
  return {
    bounced: numberIn(row, "bounced"),
    bouncedForNow: numberIn(row, "for_now"),
    complained: numberIn(row, "complained"),
  };
}

/** The events first: they are few, and the deliveries as many as there are readers. */
const BOUNCES = `
  SELECT
    count(DISTINCT iif(what = 'bounced', delivery.id, NULL)) AS bounced,
    count(DISTINCT iif(what = 'bounced for now', delivery.id, NULL)) AS for_now,
    count(DISTINCT iif(what = 'complained', delivery.id, NULL)) AS complained
  FROM delivery_event CROSS JOIN delivery ON delivery.id = delivery_event.delivery
  WHERE what IN ('bounced', 'bounced for now', 'complained') AND delivery.issue = ?`;

export function countsOf({ database }: Pick<LedgerContext, "database">, issue: number): Counts {
  const rows = database.prepare(COUNTS).all(issue, issue, issue, issue);
  const found = rows.map((row) => [textIn(row, "state"), numberIn(row, "count")] as const);
  const { all = 0, ...others }: Record<string, number> = Object.fromEntries(found);
  const notAccepted = Object.values(others).reduce((sum, count) => sum + count, 0);
  return { ...NO_READERS, ...others, accepted: all - notAccepted };
}

/** Each count is read from an index that holds the state: there are as many deliveries as readers. */
const COUNTS = `
  SELECT state, count(*) AS count FROM delivery
    WHERE issue = ? AND lease_until IS NULL AND state <> 'accepted' GROUP BY state
  UNION ALL SELECT 'claimed', count(*) FROM delivery
    WHERE lease_until IS NOT NULL AND state = 'claimed' AND +issue = ?
  UNION ALL SELECT 'sending', count(*) FROM delivery
    WHERE lease_until IS NOT NULL AND state = 'sending' AND +issue = ?
  UNION ALL SELECT 'all', count(*) FROM delivery WHERE issue = ?`;

/** Everything that happened to an address, the latest issue first. */
export function explainAddress(context: LedgerContext, address: string): History[] {
  return context.database
    .prepare(DELIVERIES)
    .all(addressKey(address))
    .map((row) => historyOf(context, row));
}

const DELIVERIES = `
  SELECT delivery.*, newsletter, slot
  FROM issue JOIN delivery ON delivery.issue = issue.id
  WHERE delivery.key = ? AND issue.planned_at IS NOT NULL
  ORDER BY issue.planned_at DESC, issue.id DESC`;

function historyOf({ database }: LedgerContext, row: Row): History {
  const id = numberIn(row, "id");
  const due = optional(row, "due", numberIn);
  const messageId = optional(row, "message_id", textIn);
  const reply = optional(row, "reply", textIn);
  return {
    issue: { newsletter: textIn(row, "newsletter"), slot: textIn(row, "slot") },
    state: stateIn(row),
    attempt: numberIn(row, "attempt"),
    changedAt: dateIn(row, "changed_at"),
    ...(messageId !== undefined && { messageId }),
    ...(due && { nextTry: new Date(due) }),
    ...(reply !== undefined && { reply }),
    events: database.prepare(EVENTS).all(id).map(eventOf),
  };
}

const EVENTS = "SELECT at, what, reply FROM delivery_event WHERE delivery = ? ORDER BY id";

function eventOf(row: Row): History["events"][number] {
  const reply = optional(row, "reply", textIn);
  const event = { at: dateIn(row, "at"), what: textIn(row, "what") };
  return reply === undefined ? event : { ...event, reply };
}

function stateIn(row: Row): DeliveryState {
  const text = textIn(row, "state");
  const state = DELIVERY_STATES.find((state) => state === text);
  if (state) return state;
  throw new TypeError(`${text} is no state of a delivery`);
}
