/**
 * Whose turn it is: one exchange at a time with each host, so that none is pressed, and a few at a
 * time in all. Within a host the order is that of asking.
 */
export class HostQueue {
  readonly #last = new Map<string, Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(limit: number) {
    this.#free = limit;
  }

  /** What the task gives, when it has had its turn. A task must not wait for another of its host. */
  async run<T>(host: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(host);
    const { promise: done, resolve: finish } = Promise.withResolvers<void>();
    this.#last.set(host, done);
    await before;
    await this.#enter();
    try {
      return await task();
    } finally {
      this.#leave();
      if (this.#last.get(host) === done) this.#last.delete(host);
      finish();
    }
  }

  async #enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The place goes to whoever waits longest; only without one is it free. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}
