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
import {
  type Row,
  dateIn,
  fieldsOf,
  maybe,
  numberIn,
  optional,
  textIn,
  type Database,
} from "../../../platform/sqlite/database.ts";
import { addressKey } from "../../../subscribers/recipient.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { Watermarks } from "../../../platform/sqlite/watermarks.ts";

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
  const next = context.database.prepare(NEXT).get(id) ?? {};
  return { ...plannedIn(row), counts: countsOf(context, id), ...nextIn(next) };
}

const issueIn = fieldsOf({ newsletter: textIn, slot: textIn });

const plannedIn = fieldsOf({
  issue: issueIn,
  contentHash: textIn,
  plannedAt: dateIn,
  expiresAt: maybe(dateIn),
});

const nextIn = fieldsOf({ nextTry: maybe(dateIn) });

const NEXT = `
  SELECT min(due) AS next_try FROM delivery WHERE issue = ? AND due > 0`;

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
  return bouncesIn(database.prepare(BOUNCES).get(issue) ?? {});
}

const bouncesIn = fieldsOf({ bounced: numberIn, bouncedForNow: numberIn, complained: numberIn });

/** The events first: they are few, and the deliveries as many as there are readers. */
const BOUNCES = `
  SELECT
    count(DISTINCT iif(what = 'bounced', delivery.id, NULL)) AS bounced,
    count(DISTINCT iif(what = 'bounced for now', delivery.id, NULL)) AS bounced_for_now,
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
  const events = database.prepare(EVENTS).all(numberIn(row, "id")).map(eventIn);
  return { ...deliveryIn(row), events };
}

const deliveryIn = fieldsOf({
  issue: issueIn,
  state: stateIn,
  attempt: numberIn,
  changedAt: dateIn,
  messageId: maybe(textIn),
  nextTry: nextTryIn,
  reply: maybe(textIn),
});

/** A recipient who is due at once waits for no moment. */
function nextTryIn(row: Row): Date | undefined {
  const due = optional(row, "due", numberIn);
  return due ? new Date(due) : undefined;
}

const EVENTS = "SELECT at, what, reply FROM delivery_event WHERE delivery = ? ORDER BY id";

const eventIn = fieldsOf({ at: dateIn, what: textIn, reply: maybe(textIn) });

function stateIn(row: Row, column: string): DeliveryState {
  const text = textIn(row, column);
  const state = DELIVERY_STATES.find((state) => state === text);
  if (state) return state;
  throw new TypeError(`${text} is no state of a delivery`);
}

/** What every change of the ledger needs. */
export interface LedgerContext {
  readonly database: Database;
  readonly clock: Clock;
  readonly marks: Watermarks;
}

/** The row of an issue; undefined where there is none. */
export function issueRow(
  { database }: LedgerContext,
  { newsletter, slot }: IssueKey,
): Row | undefined {
  return database
    .prepare("SELECT * FROM issue WHERE newsletter = ? AND slot = ?")
    .get(newsletter, slot);
}

/** The id of an issue whose planning is complete; undefined where it isn't. */
export function plannedId(context: LedgerContext, issue: IssueKey): number | undefined {
  const row = issueRow(context, issue);
  return row && row["planned_at"] !== null ? numberIn(row, "id") : undefined;
}

/** Adds an event to the history of a delivery. */
export function noteEvent(
  { database, clock }: LedgerContext,
  { delivery, what, reply }: { delivery: number; what: string; reply?: string | undefined },
): void {
  database
    .prepare("INSERT INTO delivery_event (delivery, at, what, reply) VALUES (?, ?, ?, ?)")
    .run(delivery, clock().getTime(), what, reply);
}
