import type { Claim, ClaimRequest, IssueKey, RunEnd, Turn, TurnResult } from "../../ledger.ts";
import { type Row, numberIn, optional, textIn } from "../../../platform/database.ts";
import { type LedgerContext, NOTE_EVENT, type NotedEvent, plannedId } from "./read-ledger.ts";
import {
  askSome,
  endRun as noteEnd,
  judgeDead,
  judgeRefusals,
  NOTE_REFUSAL,
  tryAll,
} from "./refusals.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { SqliteStore } from "../../../platform/sqlite/sqlite-store.ts";
import { type Judged, NOTHING_JUDGED } from "../../judgement.ts";
import {
  addEntry,
  addTurn,
  beginningOf,
  claimsOf,
  doubted,
  DROP,
  entriesOf,
  type Entry,
  EXPIRE,
  foldedOf,
  groupIn,
  hasOutcome,
  type HeldGroup,
  lateEvent,
  LEAVE_OUT,
  type Left,
  type Member,
  memberIn,
  membersText,
  NOTED,
  resultOf,
  SHRINK,
  stateFor,
  stateIn,
  TURNS,
  WITH_REASON,
  WITH_SERVER,
} from "./open-groups.ts";
import { settleStates } from "./settle.ts";
import { bootId } from "../../../platform/sqlite/home.ts";

/*
 * Recipients are claimed in groups. A group is one row, written at the claim. Each turn adds a row that lists the messages
 * that begin and the outcomes of others. The rows of `delivery` are changed later and in bulk: the group is folded into them.
 */

/** The context of all functions of groups. The synchronous ones are called within `SqliteStore.atOnce`. */
export interface GroupContext {
  readonly store: SqliteStore;
  readonly clock: Clock;
  /** The run that this process is in. */
  readonly run?: number | undefined;
}

/** The most recipients of a group. After a power cut up to two groups are in doubt. */
const GROUP = 100;

interface VersionedGroup extends HeldGroup {
  /** The version of the store at the claim. While it is the same, no other process has written. */
  readonly version: number;
}

/** The groups that this process holds, and its place in the list of each issue's recipients. */
export class Holding {
  readonly groups = new Map<number, VersionedGroup>();
  readonly #cursors = new Map<number, Cursor>();

  cursorOf(issue: number): Cursor {
    return this.#cursors.get(issue) ?? START;
  }

  moveTo(issue: number, cursor: Cursor): void {
    this.#cursors.set(issue, cursor);
  }

  /** Forgets the groups after they were folded. */
  clear(): void {
    this.groups.clear();
    this.#cursors.clear();
  }
}

/** A place in the order in which recipients are due. */
interface Cursor {
  readonly due: number;
  readonly id: number;
}

/** Refused readers that are tried again have `due` -1, before all others. */
const START: Cursor = { due: -1, id: 0 };

/** Claims the next due recipients. A recipient who was suppressed or quarantined meanwhile is left out. */
export function claimNext(context: GroupContext, holding: Holding, request: ClaimRequest): Claim[] {
  const { newsletter, slot } = request.issue;
  const row = context.store.raw.get(PLANNED, newsletter, slot);
  if (!row) return [];
  const issue = numberIn(row, "id");
  return context.store.changeNow(() => {
    const now = context.clock().getTime();
    foldHeld(context, holding);
    context.store.raw.run(EXPIRE, now, issue, now);
    const rows = nextRows(context, holding, { issue, limit: request.limit, now });
    const claims: Claim[] = [];
    for (let from = 0; from < rows.length; from += GROUP) {
      const group = rows.slice(from, from + GROUP);
      claims.push(...hold(context, holding, { issue, rows: group, request }));
    }
    return claims;
  });
}

const PLANNED = "SELECT id FROM issue WHERE newsletter = ? AND slot = ? AND planned_at IS NOT NULL";

interface Next {
  readonly issue: number;
  readonly limit: number;
  readonly now: number;
}

/** The next rows that no group holds. At the end of the list, the search begins again with rows that are due again. */
function nextRows(context: GroupContext, holding: Holding, next: Next): Row[] {
  const { issue, limit, now } = next;
  const held = new Set(context.store.raw.all(HELD).map((row) => numberIn(row, "id")));
  const rows: Row[] = [];
  let cursor = holding.cursorOf(issue);
  let isFromStart = cursor === START;
  while (rows.length < limit) {
    const page = context.store.raw.all(DUE, now, issue, cursor.due, cursor.id, now, GROUP);
    for (const row of page) {
      if (rows.length === limit) break;
      cursor = { due: numberIn(row, "due"), id: numberIn(row, "id") };
      if (!held.has(cursor.id) && !leaveOut(context, row, now)) rows.push(row);
    }
    if (page.length > 0) continue;
    if (isFromStart) break;
    isFromStart = true;
    cursor = START;
    for (const row of rows) held.add(numberIn(row, "id"));
  }
  holding.moveTo(issue, cursor);
  return rows;
}

const HELD = "SELECT value ->> 0 AS id FROM delivery_group, json_each(members)";

const DUE = `${WITH_REASON}
  WHERE delivery.issue = ? AND (delivery.due, delivery.id) > (?, ?) AND delivery.due <= ?
  ORDER BY delivery.due, delivery.id
  LIMIT ?`;

/** Ends the delivery if its reader must get nothing any more. Returns whether it did. */
function leaveOut({ store: { raw } }: GroupContext, row: Row, now: number): boolean {
  const reason = optional(row, "reason", textIn);
  if (reason === undefined) return false;
  raw.run(LEAVE_OUT, stateFor(reason), reason, now, numberIn(row, "id"));
  return true;
}

interface Members {
  readonly issue: number;
  readonly rows: readonly Row[];
  readonly request: ClaimRequest;
}

function hold(context: GroupContext, holding: Holding, { issue, rows, request }: Members): Claim[] {
  const { store, run } = context;
  const members = rows.map((row) => memberIn(row, request));
  const text = membersText(members);
  const group = numberIn(store.raw.get(HOLD, issue, run, bootId(), text) ?? {}, "id");
  const byId = new Map(members.map(({ id, messageId, state }) => [id, { id, messageId, state }]));
  holding.groups.set(group, { issue, turns: 0, version: store.raw.version, members: byId });
  return claimsOf(members, group);
}

const HOLD = `
  INSERT INTO delivery_group (issue, run, boot, members) VALUES (?, ?, ?, ?) RETURNING id`;

/** Records outcomes and begins the next claims, in one commit. */
export function takeTurn(context: GroupContext, holding: Holding, turn: Turn): TurnResult {
  if (turn.outcomes.length === 0 && turn.start.length === 0) return { started: [], late: [] };
  const at = context.clock().getTime();
  const { entries, result } = context.store.raw.transaction(() => {
    const entries = allEntries(context, holding, turn);
    for (const [group, added] of entries) {
      const nth = holding.groups.get(group)?.turns ?? 0;
      // No row is added if another process has taken over the group.
      const text = JSON.stringify(added);
      if (context.store.raw.run(WRITE, nth, at, text, group) === 0) entries.delete(group);
    }
    const result = resultOf(entries, turn);
    for (const outcome of result.late) noteEvent(context, lateEvent(outcome, at));
    return { entries, result };
  });
  for (const [group, added] of entries) {
    const held = holding.groups.get(group);
    if (held) addTurn(held, added, at);
  }
  return result;
}

/** The entries of a turn by group. There is one for each outcome and each message that begins. */
function allEntries(context: GroupContext, { groups }: Holding, turn: Turn): Map<number, Entry[]> {
  const entries = entriesOf(groups, turn);
  const { raw } = context.store;
  const { version } = raw;
  for (const claim of turn.start) {
    if (stateIn(groups, claim) !== "claimed") continue;
    const isAsClaimed = groups.get(claim.group)?.version === version;
    const entry: Entry = isAsClaimed
      ? { id: claim.id, state: "sending" }
      : beginningOf(claim.id, raw.get(STILL_DUE, context.clock().getTime(), claim.id));
    addEntry(entries, claim, entry);
  }
  return entries;
}

const STILL_DUE = `${WITH_REASON}
  WHERE delivery.id = ? AND delivery.due IS NOT NULL`;

const WRITE = `
  INSERT INTO delivery_turn (held, turn, at, entries)
  SELECT id, ?, ?, ? FROM delivery_group WHERE id = ?`;

/** Writes the outcomes of this process's groups into the deliveries. Members without an outcome stay in their group. */
function foldHeld(context: GroupContext, { groups }: Holding): void {
  for (const [id, { issue, members }] of groups) {
    const ended = [...members.values()].filter(hasOutcome);
    if (ended.length === 0) continue;
    for (const member of ended) members.delete(member.id);
    if (members.size === 0) groups.delete(id);
    const isOurs = members.size === 0 ? drop(context, id) : shrink(context, id, members);
    if (isOurs) fold(context, issue, ended);
  }
}

/** `drop` and `shrink` return false if another process has taken over the group. */
function drop({ store: { raw } }: GroupContext, id: number): boolean {
  return raw.run(DROP, id) > 0;
}

function shrink({ store: { raw } }: GroupContext, id: number, left: HeldGroup["members"]): boolean {
  return raw.run(SHRINK, membersText([...left.values()]), id) > 0;
}

/** Writes the outcomes of members into the rows of their deliveries. */
function fold(context: GroupContext, issue: number, members: readonly Member[]): void {
  const accepted = members.filter(({ state }) => state === "accepted");
  const rows = accepted.map(({ id, messageId, entry, startedAt, at }) => [
    id,
    messageId,
    entry?.reply,
    startedAt ?? at,
    at,
  ]);
  const { raw } = context.store;
  const folded = raw.run(FOLD_ACCEPTED, JSON.stringify(rows));
  raw.run(COUNT_PLANNED, folded, issue);
  raw.run(COUNT_ACCEPTED, issue, folded);
  const isAlone = folded < accepted.length;
  for (const member of members) {
    if (isAlone || member.state !== "accepted") foldMember(context, member);
  }
  raw.run(COUNT_OF_RUN, accepted.length);
}

/** The judgement at the end of the run uses this count. */
const COUNT_OF_RUN = "UPDATE run SET accepted = accepted + ? WHERE ended_at IS NULL";

/* Nearly all messages are accepted at the first attempt. The trigger does not count these; the next statements do. */
const FOLD_ACCEPTED = `
  UPDATE delivery
  SET state = 'accepted', due = NULL, attempt = attempt + 1, message_id = coalesce(message_id, value ->> 1),
    reply = iif(address = '', NULL, value ->> 2), first_tried_at = coalesce(first_tried_at, value ->> 3),
    cause = NULL, changed_at = value ->> 4
  FROM json_each(?) WHERE delivery.id = value ->> 0 AND state = 'planned'`;

const COUNT_PLANNED = `
  UPDATE delivery_count SET count = count - ? WHERE issue = ? AND state = 'planned'`;

const COUNT_ACCEPTED = `
  INSERT INTO delivery_count (issue, state, count) VALUES (?, 'accepted', ?)
  ON CONFLICT DO UPDATE SET count = count + excluded.count`;

/** Writes the outcome of one member into the row of its delivery, unless the row already has it. */
function foldMember(context: GroupContext, member: Member): void {
  const folded = foldedOf(member);
  if (!folded) return;
  const { raw } = context.store;
  const { id, state, due, attempts, firstTriedAt, messageId, reply, cause, at } = folded;
  const fold = WITH_SERVER.has(state) ? FOLD_SENT : FOLD;
  const values = [state, due, attempts, firstTriedAt, messageId, reply, cause, at, id];
  const changed = raw.run(fold, ...values);
  if (changed === 0) return;
  if (NOTED.has(state))
    noteEvent(context, { delivery: id, at, what: state, reply, cause, run: context.run });
  if (member.state !== "refused") return;
  const run = optional(raw.get(OPEN_RUN) ?? {}, "run", numberIn);
  raw.run(NOTE_REFUSAL, at, Number(member.entry?.isUnknown ?? false), cause, run, id);
}

function noteEvent({ store }: GroupContext, event: NotedEvent): void {
  const { delivery, at, what, reply, cause, run } = event;
  store.raw.run(NOTE_EVENT, at, what, reply, cause, run, delivery);
}

const OPEN_RUN = "SELECT max(id) AS run FROM run WHERE ended_at IS NULL";

/* Parameters: state, due, attempts, time of the first attempt, Message-ID, reply, cause, time of the change, delivery. */
const foldWhere = (where: string) => `
  UPDATE delivery
  SET state = ?, due = ?, attempt = attempt + ?, first_tried_at = coalesce(first_tried_at, ?),
    message_id = coalesce(message_id, ?), reply = iif(address = '', NULL, ?), cause = ?, changed_at = ?
  WHERE id = ? AND ${where}`;

/** A server has the message, so this outcome replaces every change of another command except acceptance. */
const FOLD_SENT = foldWhere("state <> 'accepted'");

/** A reader who was removed meanwhile is not planned again. */
const FOLD = foldWhere("due IS NOT NULL");

/**
 * Cleans up after a run that has ended or died. Claims that hadn't begun are planned again. If a message may have gone out,
 * its recipient is in doubt. `judge` judges the refused readers and ends the run.
 */
async function recover<Result>(
  context: GroupContext,
  judge: (ledger: LedgerContext) => Promise<Result>,
): Promise<Left & { readonly judged: Result }> {
  const { store, clock, run } = context;
  return store.change(async (queries) => {
    const recovered = foldAll(context);
    const judged = await judge({ queries, clock, run });
    await settleStates({ queries, clock });
    return { ...recovered, judged };
  });
}

/** Cleans up after runs that died. `judged` is the number of readers that were quarantined. */
export async function settleDead(context: GroupContext) {
  return recover(context, async (ledger) => judgeDead(ledger, await ledger.queries.all(OPEN_RUNS)));
}

const OPEN_RUNS = "SELECT id, issue FROM run WHERE ended_at IS NULL ORDER BY id";

export async function endRun(context: GroupContext, issue: IssueKey, how: RunEnd): Promise<Judged> {
  const { judged } = await recover(context, async (ledger) => {
    const id = await plannedId(ledger.queries, issue);
    const judged = id === undefined ? NOTHING_JUDGED : await judgeRefusals(ledger, id, how);
    await noteEnd(ledger);
    return judged;
  });
  return judged;
}

/** Plans refused readers again in the run of this process: `limit` of them, or all. They are claimed next. */
export async function tryAgain(
  context: GroupContext,
  holding: Holding,
  { issue, limit }: { readonly issue: IssueKey; readonly limit?: number },
): Promise<number> {
  const { store, clock, run } = context;
  return store.change(async (queries) => {
    const id = await plannedId(queries, issue);
    if (id === undefined) return 0;
    foldHeld(context, holding);
    holding.moveTo(id, START);
    const ledger = { queries, clock, run };
    return limit === undefined ? tryAll(ledger, id) : askSome(ledger, id, limit);
  });
}

/**
 * Folds all groups. No sender holds them any more. A turn survives a killed process but not a power cut. After a restart of
 * the machine, any message of a group may therefore have begun. The caller has begun a transaction.
 */
export function foldAll(context: GroupContext): Left {
  const now = context.clock().getTime();
  let [replanned, uncertain] = [0, 0];
  const boot = bootId();
  const { raw } = context.store;
  for (const row of raw.all("SELECT * FROM delivery_group ORDER BY id")) {
    const group = groupIn(row, raw.all(TURNS, numberIn(row, "id")));
    const isSameBoot = boot !== null && boot === group.boot;
    const members = group.members.map((member) => {
      const isDoubtful = isSameBoot ? member.state === "sending" : !hasOutcome(member);
      if (isDoubtful) uncertain++;
      else if (!hasOutcome(member)) replanned++;
      return isDoubtful ? doubted(member, now) : member;
    });
    fold(context, group.issue, members);
    drop(context, group.id);
  }
  return { replanned, uncertain };
}

/** Cleans up after runs that died, and begins a new one. */
export async function beginRun(context: GroupContext, worker: string, issue: IssueKey) {
  const { judged: quarantined, ...recovered } = await settleDead(context);
  const { store, clock } = context;
  const id = await plannedId(store, issue);
  const row = await store.get(BEGIN_RUN, worker, clock().getTime(), id);
  return { ...recovered, quarantined, number: numberIn(row ?? {}, "id") };
}

const BEGIN_RUN = "INSERT INTO run (worker, began_at, issue) VALUES (?, ?, ?) RETURNING id";
