/** The limits of time and size of a fetch. */
export interface FetchLimits {
  /** The time limit for connecting, including DNS and TLS. */
  readonly connectMs: number;
  /** The time limit from the request to the beginning of the answer. */
  readonly headersMs: number;
  /** The longest silence within the answer. */
  readonly idleMs: number;
  /** The whole fetch with its redirects, without the wait for its turn. It also stops a server that sends very slowly. */
  readonly totalMs: number;
  /** The time that all fetches from one host may wait for their turn, together. */
  readonly waitMs: number;
  /** The maximum number of bytes of the body after decompression. */
  readonly maxBytes: number;
}

export const DEFAULT_LIMITS: FetchLimits = {
  connectMs: 10_000,
  headersMs: 15_000,
  idleMs: 10_000,
  totalMs: 30_000,
  waitMs: 300_000,
  maxBytes: 10 * 1024 * 1024,
};

/** Thrown into a task when time has run out. */
export class OutOfTime extends Error {}

/** The time that several tasks may take together. It counts only while a task runs. */
export class TimeBudget {
  #leftMs: number;

  constructor(limitMs: number) {
    this.#leftMs = limitMs;
  }

  /** The result of a task. If time runs out or `parent` aborts first, the task's signal aborts, and this rejects at once. */
  async spend<T>(parent: AbortSignal, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const started = performance.now();
    const controller = new AbortController();
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const end = (reason: unknown): void => {
      controller.abort(reason);
      reject(reason);
    };
    const onAbort = (): void => end(parent.reason);
    parent.addEventListener("abort", onAbort);
    const timer = setTimeout(() => end(new OutOfTime()), this.#leftMs);
    if (parent.aborted) onAbort();
    try {
      return await Promise.race([task(controller.signal), ended]);
    } finally {
      clearTimeout(timer);
      parent.removeEventListener("abort", onAbort);
      this.#leftMs -= performance.now() - started;
    }
  }
}

/** Runs the requests to each host one at a time, in the order of their arrival. */
export class HostQueue {
  readonly #last = new Map<string, Promise<void>>();

  /** The result of a task, which begins when the tasks before it have ended. It must not wait for another of its host. */
  async run<T>(host: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(host);
    const { promise: done, resolve: finish } = Promise.withResolvers<void>();
    this.#last.set(host, done);
    await before;
    try {
      return await task();
    } finally {
      if (this.#last.get(host) === done) this.#last.delete(host);
      finish();
    }
  }
}
