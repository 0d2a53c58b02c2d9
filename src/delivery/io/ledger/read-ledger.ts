import {
  type Canary,
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
import { type Cause, CAUSES } from "../../judgement.ts";
import { isAttempt, type Member, openGroups, prevails } from "./open-groups.ts";
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
    runs: context.database.prepare(PAST_RUNS).all(id).map(pastRunIn),
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
  const last = lastRunIn(context.database.prepare(LAST_RUN).get(id) ?? {});
  const canary = row["canary_until"] === null ? {} : { canary: canaryIn(row) };
  const counts = countsOf(context, id);
  return { ...plannedIn(row), counts, ...nextTryOf(context, id), ...last, ...canary };
}

function canaryIn(row: Row): Canary {
  const verdict = VERDICTS.find((verdict) => verdict === row["canary_verdict"]);
  return { until: dateIn(row, "canary_until"), ...(verdict && { verdict }) };
}

const VERDICTS = ["passed", "held"] as const;

const LAST_RUN = "SELECT max(id) AS run FROM run WHERE issue = ?";
const lastRunIn = fieldsOf({ run: maybe(numberIn) });

const pastRunIn = fieldsOf({
  number: numberIn,
  began: dateIn,
  accepted: numberIn,
  suppressed: numberIn,
  quarantined: numberIn,
  restored: maybe(dateIn),
});

const PAST_RUNS = `
  SELECT run.id AS number, began_at AS began, accepted, restored_at AS restored,
    count(*) FILTER (WHERE verdict = 'suppress') AS suppressed,
    count(*) FILTER (WHERE verdict = 'quarantine') AS quarantined
  FROM run JOIN refusal ON refusal.run = run.id
  WHERE issue = ? AND (verdict IN ('suppress', 'quarantine') OR restored_at IS NOT NULL)
  GROUP BY run.id ORDER BY run.id DESC LIMIT 10`;

const issueIn = fieldsOf({ newsletter: textIn, slot: textIn });

const plannedIn = fieldsOf({
  issue: issueIn,
  contentHash: textIn,
  plannedAt: dateIn,
  expiresAt: maybe(dateIn),
});

function nextTryOf({ database }: LedgerContext, issue: number): Pick<PlannedIssue, "nextTry"> {
  const members = membersOf(database, issue);
  const ids = JSON.stringify(members.map(({ id }) => id));
  const row = database.prepare(NEXT).get(issue, ids) ?? {};
  const dues = [optional(row, "due", numberIn), ...members.map(({ entry }) => entry?.due)];
  const nextTry = Math.min(...dues.filter((due) => due !== undefined));
  return nextTry < Infinity ? { nextTry: new Date(nextTry) } : {};
}

const NEXT = `
  SELECT min(due) AS due FROM delivery
  WHERE issue = ? AND due > 1 AND id NOT IN (SELECT value FROM json_each(?))`;

/** The recipients of an issue's open groups. */
function membersOf(database: Database, issue: number): Member[] {
  return openGroups(database).flatMap((group) => (group.issue === issue ? group.members : []));
}

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

const bouncesIn = fieldsOf({
  bounced: numberIn,
  bouncedForNow: numberIn,
  complained: numberIn,
  returned: numberIn,
});

/** The events first: they are few, and the deliveries as many as there are readers. */
const BOUNCES = `
  SELECT
    count(DISTINCT iif(what = 'bounced', delivery.id, NULL)) AS bounced,
    count(DISTINCT iif(what = 'bounced for now', delivery.id, NULL)) AS bounced_for_now,
    count(DISTINCT iif(what = 'complained', delivery.id, NULL)) AS complained,
    count(DISTINCT delivery.id) AS returned
  FROM delivery_event CROSS JOIN delivery ON delivery.id = delivery_event.delivery
  WHERE what IN ('bounced', 'bounced for now', 'blocked', 'complained') AND delivery.issue = ?`;

export function countsOf({ database }: Pick<LedgerContext, "database">, issue: number): Counts {
  const counts: Record<DeliveryState, number> = { ...NO_READERS };
  for (const row of database.prepare(COUNTS).all(issue)) {
    counts[stateIn(row, "state")] = numberIn(row, "count");
  }
  for (const member of membersOf(database, issue)) {
    const row = database.prepare(STATE).get(member.id);
    if (!row || !prevails(member, row)) continue;
    counts[stateIn(row, "state")]--;
    counts[stateOf(member)]++;
  }
  return counts;
}

const COUNTS = "SELECT state, count FROM delivery_count WHERE issue = ?";
const STATE = "SELECT state, due FROM delivery WHERE id = ?";

/** The state of a recipient in an open group. A refusal that isn't judged leaves the recipient claimed. */
function stateOf({ state }: Member): DeliveryState {
  return state === "refused" ? "claimed" : state;
}

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
  const events = database.prepare(EVENTS).all(id).map(eventIn);
  const history = { ...deliveryIn(row), events };
  const members = openGroups(database).flatMap((group) => group.members);
  const member = members.find((member) => member.id === id);
  return member && prevails(member, row) ? { ...history, ...presentOf(member, history) } : history;
}

const deliveryIn = fieldsOf({
  issue: issueIn,
  state: stateIn,
  attempt: numberIn,
  changedAt: dateIn,
  messageId: maybe(textIn),
  nextTry: nextTryIn,
  reply: maybe(textIn),
  cause: maybe(causeIn),
});

function causeIn(row: Row, column: string): Cause {
  const text = textIn(row, column);
  const cause = CAUSES.find((cause) => cause === text);
  if (cause) return cause;
  throw new TypeError(`${text} is no cause`);
}

/** What an open group says of a delivery. */
function presentOf(member: Member, { attempt, changedAt }: Pick<History, "attempt" | "changedAt">) {
  const { messageId, entry, at } = member;
  const due = entry?.due;
  return {
    state: stateOf(member),
    attempt: attempt + Number(isAttempt(member)),
    messageId,
    changedAt: at === undefined ? changedAt : new Date(at),
    ...(due !== undefined && { nextTry: new Date(due) }),
    ...(entry?.reply !== undefined && { reply: entry.reply }),
    ...(entry?.cause !== undefined && { cause: entry.cause }),
  };
}

/** A recipient who is due at once waits for no moment. */
function nextTryIn(row: Row): Date | undefined {
  const due = optional(row, "due", numberIn) ?? 0;
  return due > 1 ? new Date(due) : undefined;
}

const EVENTS = "SELECT * FROM delivery_event WHERE delivery = ? ORDER BY id";

const eventIn = fieldsOf({
  at: dateIn,
  what: textIn,
  reply: maybe(textIn),
  cause: maybe(causeIn),
  run: maybe(numberIn),
});

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
  /** The run that this process is in. */
  readonly run?: number | undefined;
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
  { delivery, what, reply, cause, run }: NotedEvent,
  at = clock().getTime(),
): void {
  database.prepare(NOTE_EVENT).run(at, what, reply, cause, run, delivery);
}

interface NotedEvent {
  readonly delivery: number;
  readonly what: string;
  readonly reply?: string | undefined;
  readonly cause?: string | undefined;
  readonly run?: number | undefined;
}

/** Servers repeat the address in their answers, of which nothing is kept for a reader who was erased. */
const NOTE_EVENT = `
  INSERT INTO delivery_event (delivery, at, what, reply, cause, run)
  SELECT id, ?, ?, iif(address = '', NULL, ?), ?, ? FROM delivery WHERE id = ?`;
