import type { PgBoss } from "pg-boss";
import type { Clock } from "../../../platform/clock.ts";
import type { Queries } from "../../../platform/database.ts";
import { JOB_TIMING, type JobTiming, openJobs } from "../../../platform/postgres/jobs.ts";
import type { PostgresQueries, PostgresStore } from "../../../platform/postgres/postgres-store.ts";
import { type Judged, NOTHING_JUDGED } from "../../judgement.ts";
import type {
  CanaryNote,
  Claim,
  ClaimRequest,
  IssueKey,
  KnownPace,
  Ledger,
  PlannedIssue,
  PlanRequest,
  Run,
  RunEnd,
  Turn,
  TurnResult,
} from "../../ledger.ts";
import { planIssue } from "../ledger/plan.ts";
import { keepPace, type LedgerContext, paceOf, plannedId } from "../ledger/read-ledger.ts";
import { askSome, tryAll } from "../ledger/refusals.ts";
import { INTERRUPTED, StoredLedger } from "../ledger/stored-ledger.ts";
import { noteCanary, postponeDomain, retryIssue, settleIssue } from "../ledger/settle.ts";
import {
  buryWorker,
  hasOthers,
  joinRun,
  judgeDeadRuns,
  leaveRun,
  lockIssue,
  type Runs,
  seen,
} from "./runs.ts";
import { SHARD_SIZE, type SentIssue, ShardJobs } from "./shard-jobs.ts";
import { settleGroups, Shards } from "./shards.ts";
import { patiently, steadily } from "./steadily.ts";

interface LedgerParts {
  readonly clock: Clock;
  readonly timing?: JobTiming | undefined;
  /** Milliseconds of a monotonic clock. */
  readonly steady?: (() => number) | undefined;
}

/** The parts that need pg-boss. They are opened at the first use. */
interface Work {
  readonly boss: PgBoss;
  readonly jobs: ShardJobs;
  readonly shards: Shards;
  readonly runs: Runs;
}

/** The ledger in PostgreSQL, for any number of workers. Closing the ledger closes the store. */
export class PostgresLedger extends StoredLedger<PostgresStore> implements Ledger {
  readonly group = SHARD_SIZE;
  readonly #timing: JobTiming;
  readonly #steady: () => number;
  readonly #planned = new Map<string, SentIssue>();
  #work: Promise<Work> | undefined;
  #opened: Work | undefined;
  #closing: Promise<void> | undefined;
  #beat: NodeJS.Timeout | undefined;

  constructor(store: PostgresStore, { clock, timing, steady }: LedgerParts) {
    super(store, clock);
    this.#timing = timing ?? JOB_TIMING;
    this.#steady = steady ?? (() => performance.now());
  }

  async plan(request: PlanRequest): Promise<PlannedIssue> {
    const [store, clock] = [this.store, this.clock];
    const { jobs } = await this.#open();
    const { newsletter } = request.issue;
    await jobs.queueOf(newsletter);
    let isNew = false;
    const onPlanned = async (tx: Queries, id: number): Promise<void> => {
      assertPostgres(tx);
      await jobs.ring(tx, { id, newsletter }, { now: clock().getTime() });
      isNew = true;
    };
    await planIssue({ store, clock, onPlanned }, request);
    if (isNew) await this.#change(async ({ queries }) => queries.run(ANALYZE));
    return this.planned(request.issue);
  }

  async begin(worker: string, issue: IssueKey): Promise<Run> {
    const work = await this.#open();
    const { jobs, runs, shards } = work;
    await jobs.queueOf(issue.newsletter);
    // The groups of dead workers are settled before their run is judged.
    await patiently(async () => jobs.freeDead(issue));
    const { run, ...settled } = await steadily(this.store, async (tx) => {
      const sent = await sentIssue(tx, issue);
      const now = this.clock().getTime();
      const left = sent ? await settleGroups(tx, { issue: sent, now, jobs }) : NOTHING_LEFT;
      const joined = await joinRun(tx, runs, { worker, issue });
      if (sent) await jobs.ring(tx, sent, { now });
      return { ...left, ...joined };
    });
    shards.worker = { run, worker };
    shards.issue = issue;
    return {
      number: run,
      ...settled,
      askSome: async (limit) => this.#askSome(work, issue, limit),
      tryAll: async () => {
        await shards.fold();
        return this.#ring(issue, tryAll);
      },
      end: async (how = INTERRUPTED) => this.#end(work, issue, how),
    };
  }

  async claim(request: ClaimRequest): Promise<Claim[]> {
    const { shards } = await this.#open();
    const issue = await this.#sent(request.issue);
    return issue ? shards.claim(issue, request) : [];
  }

  /** The planned issue, from memory if it is known. A planned issue stays planned. */
  async #sent(issue: IssueKey): Promise<SentIssue | undefined> {
    const key = `${issue.newsletter}/${issue.slot}`;
    const known = this.#planned.get(key);
    if (known) return known;
    const sent = await patiently(async () => sentIssue(this.store, issue));
    if (sent) this.#planned.set(key, sent);
    return sent;
  }

  async turn(turn: Turn): Promise<TurnResult> {
    const { shards } = await this.#open();
    return shards.turn(turn);
  }

  mayBegin(claim: Claim): boolean {
    return this.#opened?.shards.mayBegin(claim) ?? false;
  }

  async noteCanary(issue: IssueKey, note: CanaryNote): Promise<void> {
    await this.#change(async (context) => noteCanary(context, issue, note));
  }

  async postpone(issue: IssueKey, domain: string, until: Date): Promise<number> {
    return this.#change(async ({ queries }) => postponeDomain(queries, issue, { domain, until }));
  }

  override async pace(account: string): Promise<KnownPace | undefined> {
    return patiently(async () => paceOf(this.store, account));
  }

  async keepPace(account: string, pace: KnownPace): Promise<void> {
    await this.#change(async ({ queries }) => keepPace(queries, account, pace));
  }

  async settle(issue: IssueKey, how: "accept" | "resend"): Promise<number> {
    return this.#ring(issue, async (context) => settleIssue(context, issue, how));
  }

  async retry(issue: IssueKey): Promise<number> {
    return this.#ring(issue, async (context) => retryIssue(context, issue));
  }

  /** Gives held shards to other workers. If the run was not ended, its worker counts as dead. */
  async close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#beat);
    const work = await this.#work?.catch(() => undefined);
    try {
      await work?.shards.release({ isRinging: true });
      if (work?.shards.worker) await buryWorker(this.store, work.shards.worker);
    } finally {
      await work?.boss.stop({ graceful: false });
      await this.store.close();
    }
  }

  async #open(): Promise<Work> {
    this.#work ??= this.#begin();
    // After a failure, the next call tries again.
    this.#work.catch(() => (this.#work = undefined));
    return this.#work;
  }

  async #begin(): Promise<Work> {
    const [store, clock] = [this.store, this.clock];
    const boss = await openJobs(store, this.#timing);
    const jobs = new ShardJobs(boss, this.#timing);
    const shards = new Shards({ store, jobs, clock, steady: this.#steady });
    const runs = { clock, deadAfterMs: jobs.heartbeatMs };
    this.#opened = { boss, jobs, shards, runs };
    this.#beat = setInterval(
      () => void this.#live(runs, shards).catch(() => undefined),
      jobs.heartbeatMs / 3,
    );
    this.#beat.unref();
    return this.#opened;
  }

  /** Shows other workers that this one is alive. A worker that others took for dead joins the run again. */
  async #live(runs: Runs, shards: Shards): Promise<void> {
    await shards.touch();
    const { worker, issue } = shards;
    if (!worker || !issue || (await seen(this.store, worker))) return;
    const { run } = await steadily(this.store, async (tx) =>
      joinRun(tx, runs, { worker: worker.worker, issue }),
    );
    if (shards.worker === worker) shards.worker = { ...worker, run };
  }

  /** Only the last worker of a run asks refused readers again. Other workers leave the run. */
  async #askSome({ shards, runs, jobs }: Work, issue: IssueKey, limit: number): Promise<number> {
    const { worker } = shards;
    if (!worker) return 0;
    await shards.release({ isRinging: true });
    const asked = await steadily(this.store, async (tx) => {
      await lockIssue(tx, issue);
      const sent = await sentIssue(tx, issue);
      if (await hasOthers(tx, worker, runs)) {
        await leaveRun(tx, runs, { ...worker, issue, how: INTERRUPTED });
        return undefined;
      }
      if (!sent) return 0;
      const context = { queries: tx, clock: this.clock, run: worker.run };
      const count = await askSome(context, sent.id, limit);
      await jobs.ring(tx, sent, { now: this.clock().getTime(), isChanged: true });
      return count;
    });
    if (asked === undefined) shards.worker = undefined;
    return asked ?? 0;
  }

  async #end({ shards, runs }: Work, issue: IssueKey, how: RunEnd): Promise<Judged> {
    await shards.release({ isRinging: how.ending !== "blamed" });
    const { worker } = shards;
    shards.worker = undefined;
    if (!worker) return NOTHING_JUDGED;
    return steadily(this.store, async (tx) => leaveRun(tx, runs, { ...worker, issue, how }));
  }

  /** Changes recipients of an issue, and makes jobs for the due ones. The groups of dead workers are settled first. */
  async #ring(
    issue: IssueKey,
    work: (context: LedgerContext, id: number) => Promise<number>,
  ): Promise<number> {
    const { jobs, shards, runs } = await this.#open();
    await jobs.queueOf(issue.newsletter);
    await patiently(async () => jobs.freeDead(issue));
    return steadily(this.store, async (tx) => {
      const sent = await sentIssue(tx, issue);
      if (!sent) return 0;
      const now = this.clock().getTime();
      await settleGroups(tx, { issue: sent, now, jobs });
      if (!shards.worker) await judgeDeadRuns(tx, runs, sent.id);
      const context = { queries: tx, clock: this.clock, run: shards.worker?.run };
      const changed = await work(context, sent.id);
      await jobs.ring(tx, sent, { now, isChanged: true });
      return changed;
    });
  }

  async #change<Result>(work: (context: LedgerContext) => Promise<Result>): Promise<Result> {
    return steadily(this.store, async (queries) => work({ queries, clock: this.clock }));
  }
}

/** Without new statistics of a fresh list, PostgreSQL would read all subscribers for each reader of a turn. */
const ANALYZE = "ANALYZE (SKIP_LOCKED) delivery, subscriber, suppression, quarantine, list, issue";

const NOTHING_LEFT = { replanned: 0, uncertain: 0 };

/** The issue. Undefined if it is not planned. */
async function sentIssue(queries: Queries, issue: IssueKey): Promise<SentIssue | undefined> {
  const id = await plannedId(queries, issue);
  return id === undefined ? undefined : { id, newsletter: issue.newsletter };
}

function assertPostgres(tx: Queries): asserts tx is PostgresQueries {
  if (!("executeSql" in tx)) throw new TypeError("the transaction is not one of PostgreSQL");
}
