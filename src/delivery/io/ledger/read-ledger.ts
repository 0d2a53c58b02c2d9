import * as z from "zod";
import {
  type Canary,
  type Counts,
  type IssueKey,
  type PlannedIssue,
  DELIVERY_STATES,
  NO_READERS,
  type DeliveryState,
  type History,
  type KnownPace,
  type Mishaps,
} from "../../ledger.ts";
import {
  type Queries,
  type Row,
  dateIn,
  fieldsOf,
  maybe,
  numberIn,
  oneOf,
  optional,
  textIn,
} from "../../../platform/database.ts";
import { CAUSES } from "../../judgement.ts";
import { isAttempt, type Member, openGroups, prevails } from "./open-groups.ts";
import { addressKey } from "../../../subscribers/recipient.ts";
import type { Clock } from "../../../platform/clock.ts";

export async function readIssue(
  context: LedgerContext,
  issue: IssueKey,
): Promise<PlannedIssue | undefined> {
  const { queries } = context;
  const row = await issueRow(queries, issue);
  if (!row || row["planned_at"] === null) return undefined;
  const id = numberIn(row, "id");
  return {
    ...(await plannedIssue(queries, row)),
    bounces: bouncesIn((await queries.get(BOUNCES, id)) ?? {}),
    runs: (await queries.all(PAST_RUNS, id)).map(pastRunIn),
    ...(await postponedIn(context, id)),
  };
}

export async function readIssues(
  queries: Queries,
  newsletter: string | undefined,
): Promise<PlannedIssue[]> {
  const issues: PlannedIssue[] = [];
  for (const row of await queries.all(ISSUES, newsletter))
    issues.push(await plannedIssue(queries, row));
  return issues;
}

const ISSUES = `
  SELECT * FROM issue WHERE planned_at IS NOT NULL AND newsletter = coalesce(?, newsletter)
  ORDER BY planned_at DESC, id DESC`;

async function plannedIssue(queries: Queries, row: Row): Promise<PlannedIssue> {
  const id = numberIn(row, "id");
  const last = lastRunIn((await queries.get(LAST_RUN, id)) ?? {});
  const canary = row["canary_until"] === null ? {} : { canary: canaryIn(row) };
  const counts = await countsOf(queries, id);
  return { ...plannedIn(row), counts, ...(await nextTryOf(queries, id)), ...last, ...canary };
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

async function nextTryOf(queries: Queries, issue: number): Promise<Pick<PlannedIssue, "nextTry">> {
  const members = await membersOf(queries, issue);
  const held = new Set(members.map(({ id }) => id));
  const first = (await queries.all(NEXT, issue, held.size + 1)).find(
    (row) => !held.has(numberIn(row, "id")),
  );
  const dues = [first && numberIn(first, "due"), ...members.map(({ entry }) => entry?.due)];
  const nextTry = Math.min(...dues.filter((due) => due !== undefined));
  return nextTry < Infinity ? { nextTry: new Date(nextTry) } : {};
}

const NEXT = "SELECT id, due FROM delivery WHERE issue = ? AND due > 1 ORDER BY due LIMIT ?";

async function membersOf(queries: Queries, issue: number): Promise<Member[]> {
  return (await openGroups(queries, issue)).flatMap(({ members }) => members);
}

async function postponedIn(
  { queries, clock }: LedgerContext,
  issue: number,
): Promise<Pick<PlannedIssue, "postponed">> {
  const row = (await queries.get(POSTPONED, issue, clock().getTime())) ?? {};
  const until = optional(row, "until", dateIn);
  return until ? { postponed: { count: numberIn(row, "count"), until } } : {};
}

const POSTPONED = `
  SELECT count(*) AS count, min(due) AS until FROM delivery
  WHERE issue = ? AND due > ? AND state = 'planned'`;

const bouncesIn = fieldsOf({
  bounced: numberIn,
  bouncedForNow: numberIn,
  complained: numberIn,
  returned: numberIn,
});

/** The query begins with the events, which are few. There is a delivery for every reader. */
const BOUNCES = `
  WITH event AS MATERIALIZED (
    SELECT delivery, what FROM delivery_event
    WHERE what IN ('bounced', 'bounced for now', 'blocked', 'complained'))
  SELECT
    count(DISTINCT CASE WHEN what = 'bounced' THEN delivery.id END) AS bounced,
    count(DISTINCT CASE WHEN what = 'bounced for now' THEN delivery.id END) AS bounced_for_now,
    count(DISTINCT CASE WHEN what = 'complained' THEN delivery.id END) AS complained,
    count(DISTINCT delivery.id) AS returned
  FROM event JOIN delivery ON delivery.id = event.delivery
  WHERE delivery.issue = ?`;

export async function countsOf(queries: Queries, issue: number): Promise<Counts> {
  const counts: Record<DeliveryState, number> = { ...NO_READERS };
  for (const row of await queries.all(COUNTS, issue)) {
    counts[stateIn(row, "state")] = numberIn(row, "count");
  }
  for (const member of await membersOf(queries, issue)) {
    const row = await queries.get(STATE, member.id);
    if (!row || !prevails(member, row)) continue;
    counts[stateIn(row, "state")]--;
    counts[stateOf(member)]++;
  }
  return counts;
}

const COUNTS = "SELECT state, count FROM delivery_count WHERE issue = ?";
const STATE = "SELECT state, due FROM delivery WHERE id = ?";

/** The state of a recipient in an open group. A recipient whose refusal is not judged yet is `claimed`. */
function stateOf({ state }: Member): DeliveryState {
  return state === "refused" ? "claimed" : state;
}

/** Everything that happened to an address, the latest issue first. */
export async function explainAddress(queries: Queries, address: string): Promise<History[]> {
  const histories: History[] = [];
  for (const row of await queries.all(DELIVERIES, addressKey(address)))
    histories.push(await historyOf(queries, row));
  return histories;
}

const DELIVERIES = `
  SELECT delivery.*, issue.id AS issue_id, newsletter, slot
  FROM issue JOIN delivery ON delivery.issue = issue.id
  WHERE delivery.key = ? AND issue.planned_at IS NOT NULL
  ORDER BY issue.planned_at DESC, issue.id DESC`;

async function historyOf(queries: Queries, row: Row): Promise<History> {
  const id = numberIn(row, "id");
  const events = (await queries.all(EVENTS, id)).map(eventIn);
  const history = { ...deliveryIn(row), events };
  const members = await membersOf(queries, numberIn(row, "issue_id"));
  const member = members.find((member) => member.id === id);
  return member && prevails(member, row) ? { ...history, ...presentOf(member, history) } : history;
}

const stateIn = oneOf(DELIVERY_STATES, "state of a delivery");
export const causeIn = oneOf(CAUSES, "cause");

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

/** The present values of a delivery that is in an open group. */
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

/** A recipient who is due at once (0, 1 or -1) has no time of a next attempt. */
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

/** The context of every change of the ledger. */
export interface LedgerContext {
  /** The database, or the transaction that the caller has begun. */
  readonly queries: Queries;
  readonly clock: Clock;
  /** The run that this process is in. */
  readonly run?: number | undefined;
}

export async function issueRow(
  queries: Queries,
  { newsletter, slot }: IssueKey,
): Promise<Row | undefined> {
  return queries.get("SELECT * FROM issue WHERE newsletter = ? AND slot = ?", newsletter, slot);
}

/** The id of an issue. Undefined if its planning is not complete. */
export async function plannedId(queries: Queries, issue: IssueKey): Promise<number | undefined> {
  const row = await issueRow(queries, issue);
  return row && row["planned_at"] !== null ? numberIn(row, "id") : undefined;
}

/** Adds an event to the history of a delivery. */
export async function noteEvent(queries: Queries, event: NotedEvent): Promise<void> {
  const { delivery, at, what, reply, cause, run } = event;
  await queries.run(NOTE_EVENT, at, what, reply, cause, run, delivery);
}

export interface NotedEvent {
  readonly delivery: number;
  readonly at: number;
  readonly what: string;
  readonly reply?: string | undefined;
  readonly cause?: string | undefined;
  readonly run?: number | undefined;
}

/** Servers repeat the address in their replies, so the replies to an erased reader's messages are not stored. */
export const NOTE_EVENT = `
  INSERT INTO delivery_event (delivery, at, what, reply, cause, run)
  SELECT id, ?, ?, CASE WHEN address <> '' THEN ? END, ?, ? FROM delivery WHERE id = ?`;

/** The numbers of deferred deliveries, bounces and complaints, for each issue of a newsletter. */
export async function mishapsOf(queries: Queries, newsletter: string): Promise<Mishaps[]> {
  return (await queries.all(MISHAPS, newsletter)).map(mishapsIn);
}

const mishapsIn = fieldsOf({
  slot: textIn,
  deferred: numberIn,
  bounced: numberIn,
  complained: numberIn,
});

/** The query begins with the events, which are few. There is a delivery for every reader. */
const MISHAPS = `
  WITH event AS MATERIALIZED (
    SELECT delivery, what FROM delivery_event
    WHERE what IN ('deferred', 'bounced', 'bounced for now', 'blocked', 'complained'))
  SELECT
    slot,
    count(DISTINCT CASE WHEN what = 'deferred' THEN delivery.id END) AS deferred,
    count(DISTINCT CASE WHEN what IN ('bounced', 'bounced for now', 'blocked') THEN delivery.id END) AS bounced,
    count(DISTINCT CASE WHEN what = 'complained' THEN delivery.id END) AS complained
  FROM event
    JOIN delivery ON delivery.id = event.delivery
    JOIN issue ON issue.id = delivery.issue
  WHERE newsletter = ?
  GROUP BY issue.id, slot`;

/** The pace that earlier runs learned for an account at a relay. */
export async function paceOf(queries: Queries, account: string): Promise<KnownPace | undefined> {
  const row = await queries.get("SELECT rate, sent FROM relay WHERE account = ?", account);
  return row && { rate: optional(row, "rate", numberIn), sent: sentIn(row) };
}

export async function keepPace(
  queries: Queries,
  account: string,
  { rate, sent }: KnownPace,
): Promise<void> {
  await queries.run(KEEP_PACE, account, rate, JSON.stringify(sent));
}

const KEEP_PACE = `
  INSERT INTO relay (account, rate, sent) VALUES (?, ?, ?)
  ON CONFLICT (account) DO UPDATE SET rate = excluded.rate, sent = excluded.sent`;

const sentColumn = z.array(z.tuple([z.number(), z.number()]));

function sentIn(row: Row): KnownPace["sent"] {
  return sentColumn.parse(JSON.parse(textIn(row, "sent")));
}
