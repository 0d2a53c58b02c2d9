import { Worker } from "node:worker_threads";
import type { ImportedRow } from "../import/read-row.ts";
import type { ListConfig } from "./open-audience.ts";
import { BroadsheetError, type BroadsheetErrorOptions, type ErrorCode } from "../../errors.ts";
import type { Tally } from "./importer.ts";
import { startingFile } from "../../platform/own-files.ts";
import { columnsOf, type RowColumns } from "./row-columns.ts";

/** What the thread is told. */
export type Told =
  | { readonly rows: RowColumns }
  /** No more will come. */
  | { readonly rows?: undefined };

/** What it answers: to each group of rows, and at last. */
export type Answer =
  | { readonly kind: "taken" }
  | { readonly kind: "finished"; readonly tally: Tally }
  | ({ readonly kind: "failed" } & Failure);

/** A BroadsheetError, of which only this much gets from one thread to another. */
interface Failure extends BroadsheetErrorOptions {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Groups that may wait for the thread: a commit takes as long as it takes to read some thousand rows. */
const MOST_WAITING = 8;

/** Rows are forgotten once they are in. For such, V8 would let its nursery grow to three times this, for nothing. */
const NURSERY_MB = 12;

/**
 * An Importer in a thread of its own, so that a list is read while SQLite writes what was read before. It
 * fails as an Importer fails, some groups later.
 */
export class ImportThread {
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  #waiting = 0;
  #failure: unknown;
  #tally: Tally | undefined;
  #wake: () => void = () => undefined;

  constructor({ store, slug, secrets }: ListConfig) {
    const file = startingFile("subscribers/io/import-worker");
    const { secret, oldSecrets } = secrets;
    this.#worker = new Worker(file, {
      workerData: { store, slug, secrets: { secret, oldSecrets } },
      resourceLimits: { maxYoungGenerationSizeMb: NURSERY_MB },
    });
    this.#worker.on("message", (answer: Answer) => this.#hear(answer));
    this.#worker.on("error", (error) => this.#fail(error));
    this.#ended = new Promise((resolve) => this.#worker.once("exit", () => resolve()));
  }

  /** Hands rows over; they may not be in yet when it resolves. */
  async add(rows: readonly ImportedRow[]): Promise<void> {
    while (this.#waiting >= MOST_WAITING && this.#failure === undefined) await this.#nextAnswer();
    if (this.#failure !== undefined) throw this.#failure;
    this.#waiting += 1;
    this.#worker.postMessage({ rows: columnsOf(rows) } satisfies Told);
  }

  /** They are durable when it resolves. The thread has ended then, as it has when it rejects. */
  async finish(): Promise<Tally> {
    this.#worker.postMessage({} satisfies Told);
    await this.#ended;
    if (this.#tally) return this.#tally;
    throw this.#failure ?? new Error("the thread that imports has ended by itself");
  }

  async #nextAnswer(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #hear(answer: Answer): void {
    if (answer.kind === "taken") this.#waiting -= 1;
    else if (answer.kind === "finished") this.#tally = answer.tally;
    else this.#fail(new BroadsheetError(answer.code, answer.message, answer));
    this.#wake();
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#wake();
  }
}
