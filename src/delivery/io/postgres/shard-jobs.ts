import { randomUUID } from "node:crypto";
import type { JobAttempt, PgBoss } from "pg-boss";
import { fieldsOf, numberIn, type Row } from "../../../platform/database.ts";
import type { JobTiming } from "../../../platform/postgres/jobs.ts";
import { JOBS_SCHEMA } from "../../../platform/postgres/migrations.ts";
import type { PostgresQueries } from "../../../platform/postgres/postgres-store.ts";

/*
 * The shards of an issue, and the jobs that give them to workers. The number of a recipient's shard is the delivery's id
 * divided by the size of a shard. A job only wakes a worker. The rows decide which recipients get the issue. The policy of
 * the queue is `stately`: while a worker holds the job of a shard, no other worker gets a job of this shard.
 */

export const SHARD_SIZE = 500;

/** An issue that is sent, by its number in the database. */
export interface SentIssue {
  readonly id: number;
  readonly newsletter: string;
}

export interface Shard {
  readonly issue: SentIssue;
  readonly number: number;
}

/** A shard whose job this process has. */
export interface HeldShard extends Shard {
  readonly job: JobAttempt;
  /** The length of the lease after a sign of life. It is the value of the job, as the queue may have another one by now. */
  readonly leaseMs: number;
  /** The end of the lease by the monotonic clock. Until then no other worker can have the shard. */
  leaseUntil: number;
  /** Whether the last query found no more due recipients in the shard. */
  isExhausted: boolean;
}

interface DueShard {
  readonly shard: number;
  /** The time at which its first recipient is due. */
  readonly due: number;
}

/** The ids of a shard: `from` is the first, and `to` is the first of the next shard. */
export function idsOf({ number }: Pick<Shard, "number">): readonly [from: number, to: number] {
  return [number * SHARD_SIZE, (number + 1) * SHARD_SIZE];
}

/** A shard may take very long at a slow pace. A job ends after a day, and another job continues the shard. */
const LONGEST_SECONDS = 86_400 - 1;
/** A job is tried for as long as its recipients are due. */
const TRIES = 1_000_000;
const KEPT_SECONDS = 3_600;

export class ShardJobs {
  readonly heartbeatMs: number;
  readonly #boss: PgBoss;
  readonly #timing: JobTiming;
  readonly #queues = new Map<string, Promise<string>>();

  constructor(boss: PgBoss, timing: JobTiming) {
    this.#boss = boss;
    this.#timing = timing;
    this.heartbeatMs = timing.heartbeatSeconds * 1000;
  }

  /** The name of the queue for a newsletter's shards. The queue is made if there is none. */
  async queueOf(newsletter: string): Promise<string> {
    const known = this.#queues.get(newsletter);
    if (known) return known;
    const made = this.#make(`shards/${newsletter}`);
    this.#queues.set(newsletter, made);
    made.catch(() => this.#queues.delete(newsletter));
    return made;
  }

  async #make(queue: string): Promise<string> {
    const { heartbeatSeconds } = this.#timing;
    await this.#boss.createQueue(queue, {
      policy: "stately",
      heartbeatSeconds,
      expireInSeconds: LONGEST_SECONDS,
      retryLimit: TRIES,
      retryDelay: 0,
      deleteAfterSeconds: KEPT_SECONDS,
    });
    // `createQueue` does not change the settings of a queue that exists.
    const made = await this.#boss.getQueue(queue);
    if (made?.heartbeatSeconds !== heartbeatSeconds)
      await this.#boss.updateQueue(queue, { heartbeatSeconds });
    return queue;
  }

  /** The next shard of an issue that no worker holds. `now`: by the monotonic clock. */
  async fetch(issue: SentIssue, now: number): Promise<HeldShard | undefined> {
    const queue = await this.queueOf(issue.newsletter);
    const [minPriority, maxPriority] = prioritiesOf(issue);
    const [job] = await this.#boss.fetch<JobData>(queue, { minPriority, maxPriority });
    if (!job) return undefined;
    const leaseMs = 1000 * (job.heartbeatSeconds ?? this.#timing.heartbeatSeconds);
    const { shard: number } = job.data;
    return { issue, number, job, leaseMs, leaseUntil: now + leaseMs, isExhausted: false };
  }

  /** Takes jobs from workers without a sign of life. Each process does so every ten seconds anyway. */
  async freeDead({ newsletter }: Pick<SentIssue, "newsletter">): Promise<void> {
    await this.#boss.supervise(await this.queueOf(newsletter));
  }

  /**
   * Renews the leases of this process, and returns the shards that are lost. No other worker can have the other shards until
   * the transaction ends.
   */
  async touch(tx: PostgresQueries, held: readonly HeldShard[]): Promise<ReadonlySet<HeldShard>> {
    const lost = new Set<HeldShard>();
    const [first] = held;
    if (!first) return lost;
    const queue = await this.queueOf(first.issue.newsletter);
    const touch = async (jobs: readonly HeldShard[]) =>
      this.#boss.touch(
        queue,
        jobs.map(({ job: { id, retryCount } }) => ({ id, retryCount })),
        { db: tx },
      );
    if (affectedBy(await touch(held)) === held.length) return lost;
    for (const shard of held) if (affectedBy(await touch([shard])) === 0) lost.add(shard);
    return lost;
  }

  /** Whether a worker still holds the job, in this attempt. */
  async isHeld(tx: PostgresQueries, issue: SentIssue, attempt: JobAttempt): Promise<boolean> {
    const queue = await this.queueOf(issue.newsletter);
    const [job] = await this.#boss.findJobs(queue, { id: attempt.id, db: tx });
    return job?.state === "active" && job.retryCount === attempt.retryCount;
  }

  /** Returns a shard that is done for now. Its next job begins when its first recipient is due. */
  async complete(tx: PostgresQueries, held: HeldShard, now: number): Promise<void> {
    await this.giveUp(tx, held);
    const [from, to] = idsOf(held);
    const rows = await tx.all(DUE_IN_SHARD, held.issue.id, from, to);
    await this.#insert(tx, held.issue, rows.map(dueIn), now);
  }

  /** Returns a shard without making a next job. */
  async giveUp(tx: PostgresQueries, { issue, job: { id, retryCount } }: HeldShard): Promise<void> {
    const queue = await this.queueOf(issue.newsletter);
    await this.#boss.complete(queue, { id, retryCount }, null, { db: tx });
  }

  /**
   * Makes a job for each shard with due recipients. A held shard gets its next job when it is returned. With `isChanged` it
   * gets one now too, because its holder may not have seen the changed recipients.
   */
  async ring(
    tx: PostgresQueries,
    issue: SentIssue,
    { now, isChanged = false }: { readonly now: number; readonly isChanged?: boolean },
  ): Promise<void> {
    const rows = await tx.all(isChanged ? DUE_SHARDS : FREE_SHARDS, issue.id);
    await this.#insert(tx, issue, rows.map(dueIn), now);
  }

  async #insert(
    tx: PostgresQueries,
    issue: SentIssue,
    shards: readonly DueShard[],
    now: number,
  ): Promise<void> {
    if (shards.length === 0) return;
    const queue = await this.queueOf(issue.newsletter);
    const jobs = shards.map(({ shard, due }) => ({
      id: randomUUID(),
      data: { shard } satisfies JobData,
      singletonKey: `${issue.id}.${shard}`,
      priority: prioritiesOf(issue)[Number(due < 0)],
      startAfter: Math.max(0, Math.ceil((due - now) / 1000)),
    }));
    const made = new Set(await this.#boss.insert(queue, jobs, { db: tx, returnId: true }));
    const due = jobs.filter(({ id, startAfter }) => startAfter === 0 && !made.has(id));
    if (due.length > 0) await tx.run(HURRY, queue, JSON.stringify(due));
  }
}

/**
 * Jobs that wait for a later time, or have another priority, begin now if their recipients are due. pg-boss itself can only
 * change one job in a call, and an issue may have thousands.
 */
const HURRY = `
  UPDATE ${JOBS_SCHEMA}.job
  SET priority = given.priority, start_after = least(start_after, ${JOBS_SCHEMA}.job_now()),
    keep_until = keep_until + (least(start_after, ${JOBS_SCHEMA}.job_now()) - start_after)
  FROM json_to_recordset(?2::json) AS given("singletonKey" text, priority int)
  WHERE job.name = ?1 AND job.singleton_key = given."singletonKey" AND job.state < 'active'
    AND (job.priority <> given.priority OR start_after > ${JOBS_SCHEMA}.job_now())`;

interface JobData {
  readonly shard: number;
}

/** The priorities select the jobs of one issue. Jobs of readers who are asked again come first. */
function prioritiesOf({ id }: SentIssue): readonly [usual: number, first: number] {
  return [2 * id, 2 * id + 1];
}

const dueIn: (row: Row) => DueShard = fieldsOf({ shard: numberIn, due: numberIn });

const DUE = `SELECT id / ${SHARD_SIZE} AS shard, min(due) AS due FROM delivery WHERE issue = ? AND due IS NOT NULL`;
const EACH = `GROUP BY id / ${SHARD_SIZE} ORDER BY id / ${SHARD_SIZE}`;
const DUE_IN_SHARD = `${DUE} AND id >= ? AND id < ? ${EACH}`;

const DUE_SHARDS = `${DUE} ${EACH}`;
const FREE_SHARDS = `${DUE} AND NOT EXISTS (
    SELECT 1 FROM delivery_group
    WHERE delivery_group.issue = delivery.issue AND delivery_group.shard = delivery.id / ${SHARD_SIZE}) ${EACH}`;

/** The number of jobs that a call of pg-boss has changed. Its types lack the field. */
function affectedBy(response: object): number {
  return "affected" in response ? Number(response.affected) : 0;
}
