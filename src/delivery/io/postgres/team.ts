import { fieldsOf, maybe, numberIn, type Store, textIn } from "../../../platform/database.ts";
import { JOB_TIMING, openJobsAt } from "../../../platform/postgres/jobs.ts";
import { PostgresStore } from "../../../platform/postgres/postgres-store.ts";
import { NOW } from "../../../platform/postgres/sql.ts";
import type { IssueKey } from "../../ledger.ts";
import type { Reservations } from "../../sending/reservations.ts";
import { PostgresReservations } from "./reservations.ts";
import { SHARD_SIZE, ShardJobs } from "./shard-jobs.ts";

/** The facts and limits that the workers of a store share while they send. */
export interface Team {
  readonly reservations: Reservations;
  /**
   * Whether sending an issue must stop now. It must if the issue or the newsletter is held, or if a server has refused
   * another worker for a reason that lies with us or the relay.
   */
  readonly mustStop: (issue: IssueKey) => Promise<boolean>;
  /** Whether others are sending the issue. */
  readonly isAtWork: (issue: IssueKey) => Promise<boolean>;
}

/** The team of a store in PostgreSQL. Undefined for SQLite, which has one sender. */
export function teamIn(store: Store): Team | undefined {
  if (!(store instanceof PostgresStore)) return undefined;
  const finds = async (sql: string, { newsletter, slot }: IssueKey, ...more: readonly number[]) =>
    (await store.get(sql, newsletter, slot, ...more)) !== undefined;
  return {
    reservations: new PostgresReservations(store),
    mustStop: async (issue) => finds(STOP, issue),
    isAtWork: async (issue) => finds(AT_WORK, issue, TAKEN_OVER_MS),
  };
}

const STOP = `
  SELECT 1 FROM issue
  LEFT JOIN timetable ON timetable.newsletter = issue.newsletter
  LEFT JOIN run ON run.issue = issue.id AND run.ended_at IS NULL
  WHERE issue.newsletter = ? AND slot = ?
    AND (timetable.held_at IS NOT NULL OR issue.held_at IS NOT NULL OR blamed IS NOT NULL)
  LIMIT 1`;

/** The shards of a worker are free after this time without a sign of life. */
const TAKEN_OVER_MS = 1000 * (JOB_TIMING.heartbeatSeconds + JOB_TIMING.superviseSeconds);

const AT_WORK = `
  SELECT 1 FROM issue
  JOIN run ON run.issue = issue.id AND run.ended_at IS NULL
  JOIN run_worker ON run_worker.run = run.id
  WHERE newsletter = ? AND slot = ? AND seen_at > ${NOW} - ?
  LIMIT 1`;

/** The name of a long-running worker in pg-boss, by which `status` recognises it. */
const WORKER = "broadsheet worker";
/** The interval at which an idle worker looks for a job. */
const POLL_SECONDS = 0.5;

/** Rings when a shard of a newsletter is due. It only wakes a worker. The rows decide what is sent. */
export class Bell implements AsyncDisposable {
  readonly #parts: Awaited<ReturnType<typeof jobsOf>>;

  private constructor(parts: Awaited<ReturnType<typeof jobsOf>>) {
    this.#parts = parts;
  }

  static async open(url: string, newsletter: string): Promise<Bell> {
    return new Bell(await jobsOf(url, newsletter, WORKER));
  }

  /** Resolves when the bell rings, after `ms`, or when the signal aborts. */
  async next(ms: number, signal: AbortSignal): Promise<void> {
    const { boss, queue } = this.#parts;
    const { promise, resolve } = Promise.withResolvers<void>();
    const either = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
    either.addEventListener("abort", () => resolve());
    if (either.aborted) return;
    await boss.work(queue, { pollingIntervalSeconds: POLL_SECONDS }, async () => resolve());
    await promise;
    await boss.offWork(queue, { wait: false });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.close();
  }
}

/** The present sending of a newsletter, as `status` shows it. */
export interface TeamView {
  /** Processes that wait for work or send. */
  readonly workers: readonly {
    readonly host: string;
    readonly pid: number;
    readonly since: string;
    /** Whether it is a long-running worker. Other processes are commands. */
    readonly staysUp: boolean;
    /** The time of the last sign of life, for a worker that has missed one and may be dead. */
    readonly quietSince?: string;
  }[];
  /** The number of shards with open recipients, and the number of shards that workers hold. */
  readonly shards: { readonly left: number; readonly held: number };
  /** The learned rates of relays in messages a second, and the messages that each accepted within about ten minutes. */
  readonly relays: readonly {
    readonly account: string;
    readonly rate?: number | undefined;
    readonly sent: number;
  }[];
}

/** @throws BroadsheetError STORE_* */
export async function viewTeam(url: string, newsletter: string): Promise<TeamView> {
  const { store, boss, queue, close } = await jobsOf(url, newsletter);
  try {
    const own = process.pid;
    const now = numberIn((await store.get(`SELECT ${NOW} AS now`)) ?? {}, "now");
    const instances = (await boss.getInstances()).filter(({ live, pid }) => live && pid !== own);
    const jobs = await boss.findJobs(queue);
    const relays = (await store.all(RELAYS)).map(relayIn);
    return {
      workers: instances.map(({ host, pid, startedOn, name, heartbeatOn, heartbeatSeconds }) => {
        const isQuiet = now - heartbeatOn.getTime() > 1000 * QUIET_BEATS * heartbeatSeconds;
        const worker = {
          host,
          pid,
          since: startedOn.toISOString(),
          staysUp: name === WORKER,
        };
        return isQuiet ? Object.assign(worker, { quietSince: heartbeatOn.toISOString() }) : worker;
      }),
      shards: {
        left: numberIn((await store.get(LEFT, newsletter)) ?? {}, "left"),
        held: jobs.filter(({ state }) => state === "active").length,
      },
      relays: relays.map(({ account, rate, sent }) => ({ account, rate, sent: lastOf(sent) })),
    };
  } finally {
    await close();
  }
}

/** A worker counts as quiet after this many missed heartbeats. It counts as dead for pg-boss after three. */
const QUIET_BEATS = 1.5;

/** The shards are counted by their rows, because a held issue has no jobs. */
const LEFT = `
  SELECT count(*) AS left FROM (
    SELECT DISTINCT delivery.issue, delivery.id / ${SHARD_SIZE}
    FROM issue JOIN delivery ON delivery.issue = issue.id
    WHERE newsletter = ? AND issue.state = 'sending' AND due IS NOT NULL) AS shard`;

const RELAYS = "SELECT account, rate, sent FROM relay ORDER BY account";
const relayIn = fieldsOf({ account: textIn, rate: maybe(numberIn), sent: textIn });

function lastOf(sent: string): number {
  const buckets: readonly (readonly [begin: number, count: number])[] = JSON.parse(sent);
  return buckets.at(-1)?.[1] ?? 0;
}

async function jobsOf(url: string, newsletter: string, name?: string) {
  const jobs = await openJobsAt(url, name);
  const queue = await new ShardJobs(jobs.boss, JOB_TIMING).queueOf(newsletter);
  return { ...jobs, queue };
}
