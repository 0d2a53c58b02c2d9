import { Worker } from "node:worker_threads";
import { BroadsheetError, type SentError } from "../../errors.ts";
import type { Clock } from "../../platform/clock.ts";
import { startingFile } from "../../platform/own-files.ts";
import type { ListConfig } from "../../subscribers/io/audience.ts";
import type { ArgsOf, ResultOf, StoreWriter, StoreCalls } from "./store-calls.ts";

/** A message to the thread: a call of one of `STORE_CALLS`. */
export interface Call {
  readonly id: number;
  readonly name: keyof StoreCalls;
  readonly args: readonly never[];
  /** The time by the server's clock, for the work itself. */
  readonly now: Date;
  /** The time of the call, in milliseconds since 1970. */
  readonly askedAt: number;
}

/** The thread's answer to a call. */
export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly failure?: SentError;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Changes the store in a thread of its own, one call after the other, so that the pages never wait for a write. A thread that
 * has died is replaced at the next call.
 */
export class StoreThread implements StoreWriter {
  readonly #config: ListConfig;
  readonly #clock: Clock;
  #worker: Worker | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;

  constructor({ store, slug, secrets: { secret, oldSecrets } }: ListConfig, clock: Clock) {
    const secrets = { ...(secret && { secret }), ...(oldSecrets && { oldSecrets }) };
    this.#config = { store, slug, secrets };
    this.#clock = clock;
  }

  do<Name extends keyof StoreCalls>(
    name: Name,
    ...args: ArgsOf<StoreCalls[Name]>
  ): Promise<ResultOf<StoreCalls[Name]>>;
  async do(name: keyof StoreCalls, ...args: readonly unknown[]): Promise<unknown> {
    const worker = (this.#worker ??= this.#start());
    const id = (this.#calls += 1);
    worker.postMessage({ id, name, args, now: this.#clock(), askedAt: Date.now() });
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    const ended = new Promise((resolve) => worker.once("exit", resolve));
    worker.postMessage("end");
    await ended;
  }

  #start(): Worker {
    const worker = new Worker(startingFile("serve/io/store-worker"), { workerData: this.#config });
    worker.on("message", ({ id, result, failure }: Answer) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (failure) waiting?.reject(new BroadsheetError(failure.code, failure.message, failure));
      else waiting?.resolve(result);
    });
    let cause: unknown;
    worker.on("error", (error) => (cause = error));
    worker.once("exit", () => {
      this.#worker = undefined;
      for (const { reject } of this.#waiting.values())
        reject(cause ?? new Error("the thread that writes has ended by itself"));
      this.#waiting.clear();
    });
    return worker;
  }
}
