/** Thrown into a task when time has run out. */
export class OutOfTime extends Error {}

/** The time that several tasks may take together. Only while one runs does it run. */
export class TimeBudget {
  #leftMs: number;

  constructor(limitMs: number) {
    this.#leftMs = limitMs;
  }

  /**
   * A task's result, unless time runs out or `parent` aborts first: then it is told by its signal, and
   * not waited for.
   */
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
