import type { Clock } from "../../../platform/clock.ts";
import { numberIn, optional, type Row, textIn } from "../../../platform/database.ts";
import type { PostgresQueries, PostgresStore } from "../../../platform/postgres/postgres-store.ts";
import type { Claim, ClaimRequest, IssueKey, Turn, TurnResult } from "../../ledger.ts";
import type { RunWorker } from "./runs.ts";
import {
  addEntry,
  addTurn,
  after,
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
} from "../ledger/open-groups.ts";
import { noteEvent } from "../ledger/read-ledger.ts";
import { type HeldShard, idsOf, SHARD_SIZE, type SentIssue, type ShardJobs } from "./shard-jobs.ts";
import { patiently, steadily } from "./steadily.ts";

/*
 * A worker holds shards, and claims their recipients in groups. The groups are the same as in an SQLite ledger: a group is
 * one row, each turn adds a row, and the rows of deliveries are changed in bulk when the group is folded.
 */

interface ShardGroup extends HeldGroup {
  readonly shard: HeldShard;
}

export interface ShardsParts {
  readonly store: PostgresStore;
  readonly jobs: ShardJobs;
  readonly clock: Clock;
  /** Milliseconds of a monotonic clock. */
  readonly steady: () => number;
}

/** The result of a claim for one shard. */
interface Taken {
  readonly shard: HeldShard;
  readonly group?: { readonly id: number; readonly claims: readonly Claim[] } | undefined;
  readonly isExhausted: boolean;
  readonly isFinished: boolean;
}

/** The shards that this process holds. */
export class Shards {
  readonly #parts: ShardsParts;
  readonly #held = new Set<HeldShard>();
  /** Shards whose former holder may have left groups. */
  readonly #fresh = new Set<HeldShard>();
  readonly #groups = new Map<number, ShardGroup>();
  /** The last call in the sequence. The next call waits for it. */
  #last: Promise<unknown> = Promise.resolve();
  /** The run that this process is in, and its issue. */
  worker: RunWorker | undefined;
  issue: IssueKey | undefined;

  constructor(parts: ShardsParts) {
    this.#parts = parts;
  }

  /** Whether a message may begin. It may while the lease of its shard lasts, as no other worker has the shard then. */
  mayBegin({ group }: Claim): boolean {
    return this.#parts.steady() < (this.#groups.get(group)?.shard.leaseUntil ?? -Infinity);
  }

  /** Claims the next due recipients of the shards that this process holds. If there are none, it fetches another shard. */
  async claim(issue: SentIssue, request: ClaimRequest): Promise<Claim[]> {
    return this.#inLine(async () => {
      const { jobs, steady } = this.#parts;
      for (let isRung = false; ;) {
        const claims = this.#held.size > 0 ? await this.#claimHeld(issue, request) : [];
        if (claims.length > 0) return claims;
        const shard = await patiently(async () => jobs.fetch(issue, steady()));
        if (shard) {
          this.#held.add(shard);
          this.#fresh.add(shard);
        } else if (isRung) return [];
        else {
          await this.#ring(issue);
          isRung = true;
        }
      }
    });
  }

  /** Makes jobs for shards without one, and frees the shards of dead workers. */
  async #ring(issue: SentIssue): Promise<void> {
    const { store, jobs } = this.#parts;
    await patiently(async () => jobs.freeDead(issue));
    const now = this.#now();
    await steadily(store, async (tx) => {
      await settleGroups(tx, { issue, now, jobs });
      await jobs.ring(tx, issue, { now });
    });
  }

  /** Records outcomes and begins the next claims in one transaction. Outcomes and claims of lost shards are ignored. */
  async turn(turn: Turn): Promise<TurnResult> {
    if (turn.outcomes.length + turn.start.length === 0) return { started: [], late: [] };
    return this.#inLine(async () => {
      const began = this.#parts.steady();
      const { lost, entries, finished, at, result } = await steadily(
        this.#parts.store,
        async (tx) => this.#write(tx, turn),
      );
      this.#renew(began, lost);
      for (const [id, added] of entries) addTurn(this.#group(id), added, at);
      for (const shard of finished) this.#forget(shard);
      return result;
    });
  }

  /** Renews the leases of this process. It does not wait for a database that can't be reached. */
  async touch(): Promise<void> {
    await this.#inLine(async () => {
      if (this.#held.size === 0) return;
      const began = this.#parts.steady();
      const { store, jobs } = this.#parts;
      const lost = await store.beside(async (tx) => jobs.touch(tx, [...this.#held]));
      this.#renew(began, lost);
    });
  }

  /** Writes all outcomes so far into the rows of deliveries. */
  async fold(): Promise<void> {
    await this.#inLine(async () => {
      const { store, jobs } = this.#parts;
      const began = this.#parts.steady();
      const lost = await steadily(store, async (tx) => {
        const lost = await jobs.touch(tx, [...this.#held]);
        await this.#foldEnded(tx, lost);
        return lost;
      });
      this.#renew(began, lost);
      this.#dropEnded();
    });
  }

  /** Returns all shards. Messages without an outcome are in doubt. With `isRinging`, other workers continue at once. */
  async release({ isRinging }: { readonly isRinging: boolean }): Promise<void> {
    await this.#inLine(async () => {
      if (this.#held.size === 0) return;
      const { store, jobs } = this.#parts;
      await steadily(store, async (tx) => {
        const lost = await jobs.touch(tx, [...this.#held]);
        for (const shard of this.#held) {
          if (lost.has(shard)) continue;
          await settleGroups(tx, { issue: shard.issue, now: this.#now(), shard });
          if (isRinging) await jobs.complete(tx, shard, this.#now());
          else await jobs.giveUp(tx, shard);
        }
      });
      for (const shard of this.#held) this.#forget(shard);
    });
  }

  async #claimHeld(issue: SentIssue, request: ClaimRequest): Promise<Claim[]> {
    const began = this.#parts.steady();
    const { lost, taken } = await steadily(this.#parts.store, async (tx) =>
      this.#take(tx, issue, request),
    );
    this.#renew(began, lost);
    this.#dropEnded();
    this.#fresh.clear();
    for (const { shard, group, isExhausted, isFinished } of taken) {
      shard.isExhausted = isExhausted;
      if (isFinished) this.#forget(shard);
      if (!group) continue;
      const members = group.claims.map(({ id, messageId }): [number, Member] => [
        id,
        { id, messageId, state: "claimed" },
      ]);
      this.#groups.set(group.id, { shard, issue: issue.id, turns: 0, members: new Map(members) });
    }
    return taken.flatMap(({ group }) => group?.claims ?? []);
  }

  async #take(tx: PostgresQueries, issue: SentIssue, request: ClaimRequest) {
    const { jobs } = this.#parts;
    const now = this.#now();
    const [lost, expired] = await Promise.all([
      jobs.touch(tx, [...this.#held]),
      tx.get(EXPIRED, issue.id, now),
    ]);
    if (expired) await tx.run(EXPIRE, now, issue.id, now);
    for (const shard of this.#fresh)
      if (!lost.has(shard)) await settleGroups(tx, { issue, now, shard });
    // The statements reach the server in this order without waiting for one another.
    const folded = this.#foldEnded(tx, lost);
    const [taken] = await Promise.all([
      this.#takeDue(tx, issue, { ...request, lost, now }),
      folded,
    ]);
    return { lost, taken };
  }

  async #takeDue(
    tx: PostgresQueries,
    issue: SentIssue,
    request: ClaimRequest & { readonly lost: ReadonlySet<HeldShard>; readonly now: number },
  ): Promise<Taken[]> {
    const { lost, now } = request;
    const taken: Taken[] = [];
    let left = request.limit;
    for (const shard of this.#held) {
      if (lost.has(shard) || shard.issue.id !== issue.id || left === 0) continue;
      const held = this.#membersOf(shard).filter((member) => !hasOutcome(member));
      const rows = await dueRows(tx, shard, { held, limit: left, now });
      const isExhausted = rows.length < left || rows.length + held.length === SHARD_SIZE;
      const group = rows.length > 0 ? await this.#hold(tx, shard, rows, request) : undefined;
      const isFinished = isExhausted && rows.length + held.length === 0;
      if (isFinished) await this.#parts.jobs.complete(tx, shard, now);
      taken.push({ shard, group, isExhausted, isFinished });
      left -= rows.length;
    }
    return taken;
  }

  async #hold(
    tx: PostgresQueries,
    { issue, number, job }: HeldShard,
    rows: readonly Row[],
    request: ClaimRequest,
  ): Promise<Taken["group"]> {
    const members = rows.map((row) => memberIn(row, request));
    const values = [issue.id, this.worker?.run, number, job.id, job.retryCount] as const;
    const row = (await tx.get(HOLD, ...values, membersText(members))) ?? {};
    const id = numberIn(row, "id");
    return { id, claims: claimsOf(members, id) };
  }

  async #write(tx: PostgresQueries, turn: Turn) {
    const { jobs } = this.#parts;
    const at = this.#now();
    const starting = turn.start.filter((claim) => stateIn(this.#groups, claim) === "claimed");
    const [lost, beginning] = await Promise.all([
      jobs.touch(tx, [...this.#held]),
      beginnings(tx, starting, at),
    ]);
    const entries = entriesOf(this.#groups, turn);
    for (const [claim, entry] of beginning) addEntry(entries, claim, entry);
    for (const id of entries.keys()) if (lost.has(this.#group(id).shard)) entries.delete(id);
    const result = resultOf(entries, turn);
    for (const outcome of result.late) await noteEvent(tx, lateEvent(outcome, at));
    const finished: HeldShard[] = [];
    const open = new Map(entries);
    for (const shard of new Set([...entries.keys()].map((id) => this.#group(id).shard))) {
      if (!shard.isExhausted) continue;
      const groups = [...this.#groups].filter(([, group]) => group.shard === shard);
      const members = groups.flatMap(([id, group]) => membersAfter(group, entries.get(id), at));
      if (!members.every(hasOutcome)) continue;
      for (const [id] of groups) {
        open.delete(id);
        await tx.run(DROP, id);
      }
      await this.#fold(tx, members);
      await jobs.complete(tx, shard, at);
      finished.push(shard);
    }
    if (open.size > 0) tx.runLast(WRITE, JSON.stringify(turnsOf(open, this.#groups)), at);
    return { lost, entries, result, finished, at };
  }

  /** Writes outcomes into the rows of deliveries. */
  async #foldEnded(tx: PostgresQueries, lost: ReadonlySet<HeldShard>): Promise<void> {
    const all: Member[] = [];
    const changes: Promise<unknown>[] = [];
    for (const [id, { shard, members }] of this.#groups) {
      const ended = [...members.values()].filter(hasOutcome);
      if (lost.has(shard) || ended.length === 0) continue;
      const open = [...members.values()].filter((member) => !hasOutcome(member));
      changes.push(open.length === 0 ? tx.run(DROP, id) : tx.run(SHRINK, membersText(open), id));
      all.push(...ended);
    }
    await Promise.all([...changes, this.#fold(tx, all)]);
  }

  async #fold(tx: PostgresQueries, members: readonly Member[]): Promise<void> {
    const accepted = await foldMembers(tx, members, this.worker?.run);
    if (accepted > 0 && this.worker)
      await tx.run(ADD_ACCEPTED, accepted, this.worker.run, this.worker.worker);
  }

  #dropEnded(): void {
    for (const [id, { members }] of this.#groups) {
      for (const member of members.values()) if (hasOutcome(member)) members.delete(member.id);
      if (members.size === 0) this.#groups.delete(id);
    }
  }

  /** Forgets lost shards and renews the leases of the others. `began` is a time before the database renewed them. */
  #renew(began: number, lost: ReadonlySet<HeldShard>): void {
    for (const shard of lost) this.#forget(shard);
    for (const shard of this.#held) shard.leaseUntil = began + shard.leaseMs;
  }

  #forget(shard: HeldShard): void {
    this.#held.delete(shard);
    this.#fresh.delete(shard);
    for (const [id, group] of this.#groups) if (group.shard === shard) this.#groups.delete(id);
  }

  #membersOf(shard: HeldShard): Member[] {
    return [...this.#groups.values()].flatMap((group) =>
      group.shard === shard ? Array.from(group.members.values()) : [],
    );
  }

  #group(id: number): ShardGroup {
    const group = this.#groups.get(id);
    if (group) return group;
    throw new Error("a group is not held");
  }

  #now(): number {
    return this.#parts.clock().getTime();
  }

  /** Runs calls one after another, so that each sees the groups as the call before has left them. */
  async #inLine<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

const HOLD = `
  INSERT INTO delivery_group (issue, run, shard, job, attempt, members) VALUES (?, ?, ?, ?, ?, ?)
  RETURNING id`;

/** Most issues have not expired. This query saves a search through all their recipients. */
const EXPIRED = "SELECT 1 FROM issue WHERE id = ? AND expires_at < ?";

const ADD_ACCEPTED = "UPDATE run_worker SET accepted = accepted + ? WHERE run = ? AND worker = ?";

const WRITE = `
  INSERT INTO delivery_turn (held, turn, at, entries)
  SELECT held, turn, ?2, entries
  FROM json_to_recordset(?1::json) AS given(held bigint, turn bigint, entries text)`;

function turnsOf(
  entries: ReadonlyMap<number, readonly Entry[]>,
  groups: ReadonlyMap<number, HeldGroup>,
) {
  return [...entries].map(([held, added]) => ({
    held,
    turn: groups.get(held)?.turns ?? 0,
    entries: JSON.stringify(added),
  }));
}

function membersAfter({ members }: HeldGroup, added: readonly Entry[] = [], at: number): Member[] {
  const next = new Map(members);
  for (const entry of added) {
    const member = next.get(entry.id);
    if (member) next.set(entry.id, after(member, entry, at));
  }
  return [...next.values()];
}

interface Due {
  /** Recipients that are already claimed. */
  readonly held: readonly Member[];
  readonly limit: number;
  readonly now: number;
}

/** The next rows of a shard, without readers who must get nothing any more. */
async function dueRows(
  tx: PostgresQueries,
  shard: HeldShard,
  { held, limit, now }: Due,
): Promise<Row[]> {
  const [from, to] = idsOf(shard);
  const ids = held.map(({ id }) => id);
  const rows: Row[] = [];
  for (;;) {
    const wanted = limit - rows.length;
    const page = await tx.all(DUE, now, shard.issue.id, from, to, now, arrayOf(ids), wanted);
    for (const row of page) {
      const reason = optional(row, "reason", textIn);
      if (reason === undefined) rows.push(row);
      else await tx.run(LEAVE_OUT, stateFor(reason), reason, now, numberIn(row, "id"));
      ids.push(numberIn(row, "id"));
    }
    if (page.length < wanted || rows.length === limit) return rows;
  }
}

/** An array in PostgreSQL's own syntax. The query planner sees its length, and looks up each id. */
const arrayOf = (ids: readonly number[]) => `{${ids.join()}}`;

/** The plus signs keep the query planner from using the index of due rows. A shard is a short range of ids. */
const DUE = `${WITH_REASON}
  WHERE delivery.id = ANY (ARRAY(
    SELECT id FROM delivery
    WHERE +issue = ? AND id >= ? AND id < ? AND +due <= ? AND id <> ALL (CAST(? AS BIGINT[]))
    ORDER BY +due, id LIMIT ?))
  ORDER BY due, delivery.id`;

/**
 * Returns an entry for each message that should begin. It records that the message begins, or that its reader may no longer
 * get it.
 */
async function beginnings(
  tx: PostgresQueries,
  claims: readonly Claim[],
  now: number,
): Promise<(readonly [Claim, Entry])[]> {
  if (claims.length === 0) return [];
  const ids = arrayOf(claims.map(({ id }) => id));
  const rows = new Map(
    (await tx.all(STILL_DUE, now, ids)).map((row) => [numberIn(row, "id"), row]),
  );
  return claims.map((claim) => [claim, beginningOf(claim.id, rows.get(claim.id))]);
}

const STILL_DUE = `${WITH_REASON}
  WHERE delivery.id = ANY (CAST(? AS BIGINT[])) AND delivery.due IS NOT NULL`;

interface Settling {
  readonly issue: SentIssue;
  readonly now: number;
  /** Only the groups of this shard are settled. The caller holds its job. */
  readonly shard?: HeldShard | undefined;
  readonly jobs?: ShardJobs | undefined;
}

/**
 * Settles the groups of one shard that its holder has returned, or all groups of an issue whose holders have lost their
 * jobs. If a message may have gone out, its recipient is in doubt. Claims that had not begun are still planned.
 */
export async function settleGroups(tx: PostgresQueries, settling: Settling): Promise<Left> {
  const { issue, now, shard, jobs } = settling;
  let [replanned, uncertain] = [0, 0];
  for (const row of await tx.all(GROUPS, issue.id, shard?.number)) {
    const id = textIn(row, "job");
    const retryCount = numberIn(row, "attempt");
    if (jobs && (await jobs.isHeld(tx, issue, { id, retryCount }))) continue;
    const group = groupIn(row, await tx.all(TURNS, numberIn(row, "id")));
    if ((await tx.run(DROP, group.id)) === 0) continue;
    const members = group.members.map((member) =>
      member.state === "sending" ? doubted(member, now) : member,
    );
    uncertain += group.members.filter(({ state }) => state === "sending").length;
    replanned += group.members.filter(({ state }) => state === "claimed").length;
    const accepted = await foldMembers(tx, members, group.run);
    if (accepted > 0) await tx.run(ADD_TO_RUN, accepted, group.run);
  }
  return { replanned, uncertain };
}

const GROUPS = `
  SELECT * FROM delivery_group WHERE issue = ? AND shard = coalesce(CAST(? AS BIGINT), shard) ORDER BY id`;

const ADD_TO_RUN = "UPDATE run SET accepted = accepted + ? WHERE id = ?";

/** Writes outcomes into the rows of deliveries, unless the rows have them already. Returns the number of accepted messages. */
async function foldMembers(
  tx: PostgresQueries,
  members: readonly Member[],
  run: number | undefined,
): Promise<number> {
  const rows = members.flatMap((member) => {
    const folded = foldedOf(member);
    if (!folded) return [];
    const { state } = member;
    const is = {
      isSent: WITH_SERVER.has(state),
      isNoted: NOTED.has(state),
      isRefused: state === "refused",
    };
    return [{ ...folded, ...is, isUnknown: Number(member.entry?.isUnknown ?? false) }];
  });
  if (rows.length === 0) return 0;
  const ids = arrayOf(rows.map(({ id }) => id));
  const row = (await tx.get(FOLD, JSON.stringify(rows), run, ids)) ?? {};
  return numberIn(row, "accepted");
}

/* If a server has the message, its outcome replaces every change of another command except acceptance. A reader who was
 * removed meanwhile is not planned again. */
const FOLD = `
  WITH given AS (
    SELECT * FROM json_to_recordset(?1::json) AS given(id bigint, state text, due bigint, attempts bigint,
      "firstTriedAt" bigint, "messageId" text, reply text, cause text, at bigint, "isSent" boolean, "isNoted" boolean,
      "isRefused" boolean, "isUnknown" bigint)),
  changed AS (
    UPDATE delivery
    SET state = given.state, due = given.due, attempt = delivery.attempt + given.attempts,
      first_tried_at = coalesce(delivery.first_tried_at, given."firstTriedAt"),
      message_id = coalesce(delivery.message_id, given."messageId"),
      reply = CASE WHEN delivery.address <> '' THEN given.reply END, cause = given.cause, changed_at = given.at
    FROM given
    WHERE delivery.id = given.id AND delivery.id = ANY (CAST(?3 AS BIGINT[]))
      AND CASE WHEN given."isSent" THEN delivery.state <> 'accepted' ELSE delivery.due IS NOT NULL END
    RETURNING delivery.id, delivery.state, delivery.reply),
  noted AS (
    INSERT INTO delivery_event (delivery, at, what, reply, cause, run)
    SELECT given.id, given.at, given.state, changed.reply, given.cause, CAST(?2 AS BIGINT)
    FROM given JOIN changed ON changed.id = given.id WHERE given."isNoted"),
  refused AS (
    INSERT INTO refusal (delivery, at, is_unknown, cause, run)
    SELECT given.id, given.at, given."isUnknown", given.cause, CAST(?2 AS BIGINT)
    FROM given JOIN changed ON changed.id = given.id WHERE given."isRefused")
  SELECT count(*) AS accepted FROM changed WHERE state = 'accepted'`;
