import { change } from "../../../platform/sqlite/watermarks.ts";
import type {
  Addressee,
  Claim,
  ClaimRequest,
  IssueKey,
  Outcome,
  RunEnd,
  Turn,
  TurnResult,
} from "../../ledger.ts";
import {
  type Row,
  dateIn,
  fieldsOf,
  maybe,
  numberIn,
  optional,
  textIn,
} from "../../../platform/sqlite/database.ts";
import { QUARANTINED } from "../../../subscribers/io/quarantine.ts";
import { type LedgerContext, plannedId, noteEvent } from "./read-ledger.ts";
import {
  askSome,
  judgeDead,
  judgeRefusals,
  noteAccepted,
  noteRefusal,
  PAUSED,
  stateFor,
  tryAll,
} from "./refusals.ts";
import { type Judged, NOTHING_JUDGED } from "../../judgement.ts";
import {
  after,
  type Entry,
  isAttempt,
  type Member,
  openGroups,
  WITH_SERVER,
} from "./open-groups.ts";
import { settleStates } from "./settle.ts";
import { bootId } from "../../../platform/sqlite/home.ts";

/*
 * Recipients are claimed in groups. A group is one row, written at the claim. Each turn adds a row that says who begins
 * and what became of others. The rows of `delivery` are changed later and in bulk, when the group is folded into them.
 */

/** The most recipients of a group. After a power cut up to two groups are in doubt. */
const GROUP = 100;

/** A group that this process holds. */
interface HeldGroup {
  readonly issue: number;
  /** How many turns have written to it. */
  turns: number;
  /** The version of the store at the claim: as long as it is the same, no other process has written. */
  readonly version: number;
  /** The members that aren't folded yet, as the rows of the group have them. */
  readonly members: Map<number, Member>;
}

/** The groups that this process holds, and how far it has claimed the recipients of an issue. */
export class Holding {
  readonly groups = new Map<number, HeldGroup>();
  readonly #cursors = new Map<number, Cursor>();

  cursorOf(issue: number): Cursor {
    return this.#cursors.get(issue) ?? START;
  }

  moveTo(issue: number, cursor: Cursor): void {
    this.#cursors.set(issue, cursor);
  }

  /** Forgets the groups, which are folded. */
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

/** Refused readers who are tried again are due before all others, at -1. */
const START: Cursor = { due: -1, id: 0 };

/** Claims the next recipients that are due. A recipient who is suppressed or quarantined by now is left out. */
export function claimNext(
  context: LedgerContext,
  holding: Holding,
  request: ClaimRequest,
): Claim[] {
  const issue = plannedId(context, request.issue);
  if (issue === undefined) return [];
  return change(context, () => {
    const now = context.clock().getTime();
    foldHeld(context, holding);
    context.database.prepare(EXPIRE).run(now, issue, now);
    const rows = nextRows(context, holding, { issue, limit: request.limit, now });
    const claims: Claim[] = [];
    for (let from = 0; from < rows.length; from += GROUP) {
      const group = rows.slice(from, from + GROUP);
      claims.push(...hold(context, holding, { issue, rows: group, request }));
    }
    return claims;
  });
}

/** An issue that has expired is sent to no reader. */
const EXPIRE = `
  UPDATE delivery SET state = 'skipped', due = NULL, reply = 'expired', changed_at = ?
  WHERE issue = (SELECT id FROM issue WHERE id = ? AND expires_at < ?) AND due IS NOT NULL`;

interface Next {
  readonly issue: number;
  readonly limit: number;
  readonly now: number;
}

/** The next rows that no group holds. At the end of the list those are taken that are due again since. */
function nextRows(context: LedgerContext, holding: Holding, next: Next): Row[] {
  const { issue, limit, now } = next;
  const held = new Set(
    context.database
      .prepare(HELD)
      .all()
      .map((row) => numberIn(row, "id")),
  );
  const rows: Row[] = [];
  let cursor = holding.cursorOf(issue);
  let isFromStart = cursor === START;
  while (rows.length < limit) {
    const page = context.database.prepare(DUE).all(now, issue, cursor.due, cursor.id, now, GROUP);
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

/** Deliveries, each with the reason why nothing is sent to its reader now, where there is one. */
const WITH_REASON = `
  SELECT delivery.id, due, delivery.attempt, first_tried_at, message_id, delivery.address, delivery.name,
    delivery.language, delivery.subscriber, coalesce(suppression.reason, iif(quarantine.key IS NOT NULL, '${QUARANTINED}', NULL),
    iif(subscriber.paused_until > ?, '${PAUSED}', NULL)) AS reason
  FROM delivery
  JOIN issue ON issue.id = delivery.issue
  LEFT JOIN list ON list.newsletter = issue.newsletter
  LEFT JOIN suppression ON suppression.list = list.id AND suppression.key = delivery.key
  LEFT JOIN quarantine ON quarantine.list = list.id AND quarantine.key = delivery.key
  LEFT JOIN subscriber ON subscriber.list = list.id AND subscriber.key = delivery.key`;

const DUE = `${WITH_REASON}
  WHERE delivery.issue = ? AND (delivery.due, delivery.id) > (?, ?) AND delivery.due <= ?
  ORDER BY delivery.due, delivery.id
  LIMIT ?`;

/** Ends this row where nothing is sent to its reader any more, and returns whether that is so. */
function leaveOut({ database }: LedgerContext, row: Row, now: number): boolean {
  const reason = optional(row, "reason", textIn);
  if (reason === undefined) return false;
  database.prepare(LEAVE_OUT).run(stateFor(reason), reason, now, numberIn(row, "id"));
  return true;
}

const LEAVE_OUT = `
  UPDATE delivery SET state = ?, due = NULL, reply = ?, changed_at = ? WHERE id = ?`;

interface Members {
  readonly issue: number;
  readonly rows: readonly Row[];
  readonly request: ClaimRequest;
}

/** Writes a group. */
function hold(
  context: LedgerContext,
  holding: Holding,
  { issue, rows, request }: Members,
): Claim[] {
  const { database, run } = context;
  const members = rows.map((row): NewMember => {
    const to = addresseeIn(row);
    return { row, to, messageId: optional(row, "message_id", textIn) ?? request.messageIdOf(to) };
  });
  const held = members.map(({ row, messageId }): Member => ({
    id: numberIn(row, "id"),
    messageId,
    state: "claimed",
  }));
  const text = membersText(held);
  const group = numberIn(database.prepare(HOLD).get(issue, run, bootId(), text) ?? {}, "id");
  const byId = new Map(held.map((member) => [member.id, member]));
  holding.groups.set(group, { issue, turns: 0, version: database.version, members: byId });
  return members.map((member) => claimIn(member, group));
}

interface NewMember {
  readonly row: Row;
  readonly to: Addressee;
  readonly messageId: string;
}

function claimIn({ row, to, messageId }: NewMember, group: number): Claim {
  return { ...begunIn(row), attempt: numberIn(row, "attempt") + 1, group, messageId, to };
}

const HOLD = `
  INSERT INTO delivery_group (issue, run, boot, members) VALUES (?, ?, ?, ?) RETURNING id`;

const begunIn = fieldsOf({ id: numberIn, firstTriedAt: maybe(dateIn) });

const addresseeIn: (row: Row) => Addressee = fieldsOf({
  address: textIn,
  name: maybe(textIn),
  language: maybe(textIn),
  subscriberId: (row) => optional(row, "subscriber", numberIn),
});

/** Records outcomes and begins the next claims, in one commit. */
export function takeTurn(context: LedgerContext, holding: Holding, turn: Turn): TurnResult {
  if (turn.outcomes.length === 0 && turn.start.length === 0) return { started: [], late: [] };
  const at = context.clock().getTime();
  const { entries, late, started } = context.database.transaction(() => {
    const entries = entriesOf(context, holding, turn);
    for (const [group, added] of entries) {
      const nth = holding.groups.get(group)?.turns ?? 0;
      // No row is added where another process has taken the group over.
      const text = JSON.stringify(added);
      if (context.database.prepare(WRITE).run(nth, at, text, group) === 0) entries.delete(group);
    }
    const isWritten = ({ group, id }: Claim) =>
      entries.get(group)?.some((entry) => entry.id === id) ?? false;
    const late = turn.outcomes.filter(({ claim }) => !isWritten(claim));
    for (const { claim, state, ...said } of late) {
      const reply = "reason" in said ? said.reason : said.reply;
      noteEvent(context, { delivery: claim.id, what: `too late: ${state}`, reply });
    }
    const begun = new Set(
      [...entries.values()].flat().flatMap(({ id, state }) => (state === "sending" ? [id] : [])),
    );
    return { entries, late, started: turn.start.filter(({ id }) => begun.has(id)) };
  });
  for (const [group, added] of entries) remember(holding, group, { added, at });
  return { started, late };
}

/** The entries of a turn by group. What comes too late has none. */
function entriesOf(context: LedgerContext, holding: Holding, { outcomes, start }: Turn) {
  const entries = new Map<number, Entry[]>();
  const add = ({ group }: Claim, entry: Entry) => {
    const added = entries.get(group);
    if (added) added.push(entry);
    else entries.set(group, [entry]);
  };
  const stateOf = ({ group, id }: Claim) => holding.groups.get(group)?.members.get(id)?.state;
  for (const outcome of outcomes) {
    const before = stateOf(outcome.claim);
    const mayFollow =
      before === "sending" || (before === "claimed" && !WITH_SERVER.has(outcome.state));
    if (mayFollow) add(outcome.claim, entryOf(outcome));
  }
  const { version } = context.database;
  for (const claim of start) {
    if (stateOf(claim) !== "claimed") continue;
    const isAsClaimed = holding.groups.get(claim.group)?.version === version;
    add(claim, isAsClaimed ? { id: claim.id, state: "sending" } : beginning(context, claim));
  }
  return entries;
}

function entryOf(outcome: Outcome): Entry {
  const { claim, state } = outcome;
  const reply = outcome.state === "skipped" ? outcome.reason : outcome.reply;
  const due =
    outcome.state === "deferred"
      ? outcome.nextTry
      : outcome.state === "planned"
        ? outcome.notBefore
        : undefined;
  const isUnknown = "isUnknown" in outcome ? outcome.isUnknown : undefined;
  return { id: claim.id, state, reply, due: due?.getTime(), isUnknown, cause: outcome.cause };
}

/** That a message begins, or why nothing is sent to its reader any more, after another process wrote. */
function beginning({ database, clock }: LedgerContext, { id }: Claim): Entry {
  const row = database.prepare(STILL_DUE).get(clock().getTime(), id);
  if (!row) return { id, state: "planned" };
  const reply = optional(row, "reason", textIn);
  return reply === undefined ? { id, state: "sending" } : { id, state: stateFor(reply), reply };
}

const STILL_DUE = `${WITH_REASON}
  WHERE delivery.id = ? AND delivery.due IS NOT NULL`;

const WRITE = `
  INSERT INTO delivery_turn (held, turn, at, entries)
  SELECT id, ?, ?, ? FROM delivery_group WHERE id = ?`;

interface TurnEntries {
  readonly added: readonly Entry[];
  readonly at: number;
}

function remember({ groups }: Holding, group: number, { added, at }: TurnEntries): void {
  const held = groups.get(group);
  if (!held) return;
  held.turns++;
  for (const entry of added) {
    const member = held.members.get(entry.id);
    if (member) held.members.set(entry.id, after(member, entry, at));
  }
}

/** Folds the groups of this process into the deliveries, as far as they have outcomes. */
function foldHeld(context: LedgerContext, { groups }: Holding): void {
  for (const [id, { issue, members }] of groups) {
    const ended = [...members.values()].filter(hasOutcome);
    if (ended.length === 0) continue;
    for (const member of ended) members.delete(member.id);
    if (members.size === 0) groups.delete(id);
    const isOurs = members.size === 0 ? drop(context, id) : shrink(context, id, members);
    if (isOurs) fold(context, issue, ended);
  }
}

function hasOutcome({ state }: Member): boolean {
  return state !== "claimed" && state !== "sending";
}

/** False where another process has taken the group over, which goes for `shrink` too. */
function drop({ database }: LedgerContext, id: number): boolean {
  return database.prepare("DELETE FROM delivery_group WHERE id = ?").run(id) > 0;
}

function shrink({ database }: LedgerContext, id: number, left: HeldGroup["members"]): boolean {
  return database.prepare(SHRINK).run(membersText([...left.values()]), id) > 0;
}

const SHRINK = "UPDATE delivery_group SET members = ? WHERE id = ?";

function membersText(members: readonly Pick<Member, "id" | "messageId">[]): string {
  return JSON.stringify(members.map(({ id, messageId }) => [id, messageId]));
}

/** States that another state may follow, and so need an event that keeps them. */
const NOTED: ReadonlySet<string> = new Set(["deferred", "rejected", "uncertain", "skipped"]);

/** Brings what has become of recipients into the rows of their deliveries. */
function fold(context: LedgerContext, issue: number, members: readonly Member[]): void {
  const accepted = members.filter(({ state }) => state === "accepted");
  const rows = accepted.map(({ id, messageId, entry, startedAt, at }) => [
    id,
    messageId,
    entry?.reply,
    startedAt ?? at,
    at,
  ]);
  const { database } = context;
  const folded = database.prepare(FOLD_ACCEPTED).run(JSON.stringify(rows));
  database.prepare(COUNT_PLANNED).run(folded, issue);
  database.prepare(COUNT_ACCEPTED).run(issue, folded);
  const isAlone = folded < accepted.length;
  for (const member of members) {
    if (isAlone || member.state !== "accepted") foldMember(context, member);
  }
  noteAccepted(context, accepted.length);
}

/* Nearly all messages: those that are accepted at the first attempt. The trigger counts none of them. */
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

/** Brings what has become of a recipient into the row of the delivery, unless the row has it already. */
function foldMember(context: LedgerContext, member: Member): void {
  const { id, state, entry, at, messageId, startedAt } = member;
  if (!entry || state === "claimed" || state === "sending") return;
  const isCounted = isAttempt(member);
  const due = state === "planned" || state === "deferred" ? (entry.due ?? 0) : null;
  const { database } = context;
  const row = state === "refused" ? "claimed" : state;
  const first = isCounted ? (startedAt ?? at) : null;
  const changed = database
    .prepare(WITH_SERVER.has(state) ? FOLD_SENT : FOLD)
    .run(row, due, Number(isCounted), first, messageId, entry.reply, entry.cause, at, id);
  if (changed === 0) return;
  const { reply, cause } = entry;
  if (NOTED.has(state))
    noteEvent(context, { delivery: id, what: state, reply, cause, run: context.run }, at);
  if (state === "refused") noteRefusal(context, entry, at);
}

/* Parameters: state, due, attempts, when the first began, the Message-ID, the server's words, when, the row. */
const foldWhere = (where: string) => `
  UPDATE delivery
  SET state = ?, due = ?, attempt = attempt + ?, first_tried_at = coalesce(first_tried_at, ?),
    message_id = coalesce(message_id, ?), reply = iif(address = '', NULL, ?), cause = ?, changed_at = ?
  WHERE id = ? AND ${where}`;

/** Whatever another command has made of the row meanwhile: the message is with a server. */
const FOLD_SENT = foldWhere("state <> 'accepted'");

/** A reader who was removed meanwhile isn't planned again. */
const FOLD = foldWhere("due IS NOT NULL");

/** How many claims were planned again, and how many are in doubt. */
interface Recovered {
  readonly replanned: number;
  readonly uncertain: number;
}

/**
 * Settles what a run left, which has ended or died. Claims that hadn't begun are planned again. Where a message may
 * have gone out its recipient is in doubt. Refused readers are judged.
 */
function recover<Result>(
  context: LedgerContext,
  judge: () => Result,
): Recovered & { readonly judged: Result } {
  return change(context, () => {
    const recovered = foldAll(context);
    const judged = judge();
    context.database.prepare(END_RUN).run(context.clock().getTime());
    settleStates(context);
    return { ...recovered, judged };
  });
}

/** Settles what runs that died have left. Returns also how many readers are quarantined. */
export function settleDead(context: LedgerContext) {
  return recover(context, () => judgeDead(context));
}

/** Ends the run of this process. */
export function endRun(context: LedgerContext, issue: IssueKey, how: RunEnd): Judged {
  const id = plannedId(context, issue);
  const judge = () => (id === undefined ? NOTHING_JUDGED : judgeRefusals(context, id, how));
  return recover(context, judge).judged;
}

/** Plans refused readers again, in the run of this process: some of them, or all. They are claimed next. */
export function tryAgain(
  context: LedgerContext,
  holding: Holding,
  { issue, limit }: { readonly issue: IssueKey; readonly limit?: number },
): number {
  const id = plannedId(context, issue);
  if (id === undefined) return 0;
  return change(context, () => {
    foldHeld(context, holding);
    holding.moveTo(id, START);
    return limit === undefined ? tryAll(context, id) : askSome(context, id, limit);
  });
}

/**
 * Folds all groups, which no sender holds any more. A turn survives a process that is killed, and not a power cut: where
 * the machine was started anew, any of their messages may have begun. The caller has begun a transaction.
 */
export function foldAll(context: LedgerContext): Recovered {
  const now = context.clock().getTime();
  let [replanned, uncertain] = [0, 0];
  const boot = bootId();
  for (const group of openGroups(context.database)) {
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

const END_RUN = "UPDATE run SET ended_at = ? WHERE ended_at IS NULL";

/** Begins a run, after what dead ones left is settled. */
export function beginRun(context: LedgerContext, worker: string, issue: IssueKey) {
  const { judged: quarantined, ...recovered } = settleDead(context);
  const now = context.clock().getTime();
  const row = context.database.prepare(BEGIN_RUN).get(worker, now, plannedId(context, issue));
  return { ...recovered, quarantined, number: numberIn(row ?? {}, "id") };
}

const BEGIN_RUN = "INSERT INTO run (worker, began_at, issue) VALUES (?, ?, ?) RETURNING id";

function doubted(member: Member, at: number): Member {
  const entry = { id: member.id, state: "uncertain", reply: STOPPED } as const;
  return { startedAt: at, ...member, state: "uncertain", entry, at };
}

const STOPPED = "the sender stopped before the server answered";
