import { hostname } from "node:os";
import type { JobAttempt, PgBoss } from "pg-boss";
import { type Holder, numberIn, type RunLock } from "../database.ts";
import { JOB_TIMING, openJobsAt } from "./jobs.ts";
import { NOW } from "./sql.ts";

/** A lock may be held for a day. */
const LONGEST_SECONDS = 86_400 - 1;
const KEPT_SECONDS = 3_600;

type Opened = Awaited<ReturnType<typeof openJobsAt>>;

interface LockData {
  readonly holder: string;
}

/**
 * A lock that is a job in an exclusive queue: one process has it at a time. It shows that it lives, and one that has died
 * loses the lock after `heartbeatSeconds`.
 */
export class JobLock implements RunLock {
  readonly #url: string;
  readonly #queue: string;
  #opened: Opened | undefined;
  #job: JobAttempt | undefined;
  #beat: NodeJS.Timeout | undefined;

  constructor(url: string, queue: string) {
    this.#url = url;
    this.#queue = queue;
  }

  async take(): Promise<boolean> {
    const { boss } = await this.#open();
    const { heartbeatSeconds } = JOB_TIMING;
    await boss.createQueue(this.#queue, {
      policy: "exclusive",
      heartbeatSeconds,
      expireInSeconds: LONGEST_SECONDS,
      deleteAfterSeconds: KEPT_SECONDS,
      retryLimit: 0,
    });
    const isOurs = (await this.#next(boss)) || (await this.#afterDead(boss));
    if (!isOurs) await this.#close();
    return isOurs;
  }

  /**
   * Takes the lock's job unless another process holds it. The exclusive queue has at most one job, so each process may add
   * it.
   */
  async #next(boss: PgBoss): Promise<boolean> {
    const holder = `process ${process.pid} on ${hostname()}`;
    await boss.send(this.#queue, { holder } satisfies LockData);
    const [job] = await boss.fetch<LockData>(this.#queue, { includeMetadata: true });
    if (!job) return false;
    const { id, retryCount } = job;
    this.#job = { id, retryCount };
    const beat = async () => boss.touch(this.#queue, { id, retryCount });
    const everyMs = (JOB_TIMING.heartbeatSeconds * 1000) / 3;
    this.#beat = setInterval(() => void beat().catch(() => undefined), everyMs);
    this.#beat.unref();
    return true;
  }

  async #afterDead(boss: PgBoss): Promise<boolean> {
    await boss.supervise(this.#queue);
    return this.#next(boss);
  }

  async release(): Promise<void> {
    clearInterval(this.#beat);
    if (this.#job) await this.#opened?.boss.complete(this.#queue, this.#job);
    this.#job = undefined;
    await this.#close();
  }

  async holder(): Promise<Holder> {
    const { boss, store } = await this.#open();
    try {
      const jobs = await boss.findJobs<LockData>(this.#queue);
      const job = jobs.find(({ state }) => state === "active");
      const now = numberIn((await store.get(`SELECT ${NOW} AS now`)) ?? {}, "now");
      if (!job) return { name: "", heldMs: 0 };
      const since = new Date(job.startedOn ?? now);
      const at = `${since.toISOString().slice(0, 19)}Z`;
      const name = `${job.data.holder}, since ${at}`;
      return { name, heldMs: Math.max(0, now - since.getTime()) };
    } finally {
      await this.#close();
    }
  }

  async #open(): Promise<Opened> {
    return (this.#opened ??= await openJobsAt(this.#url));
  }

  async #close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    await opened?.close();
  }
}
