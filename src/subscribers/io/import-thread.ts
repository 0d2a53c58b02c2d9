import { Worker } from "node:worker_threads";
import type { ImportedRow, Tally } from "../import-row.ts";
import type { ListConfig } from "./audience.ts";
import { BroadsheetError, type BroadsheetErrorOptions, type ErrorCode } from "../../errors.ts";
import { startingFile } from "../../platform/own-files.ts";

/** A message to the thread. */
export type ImportRequest =
  | { readonly rows: RowColumns }
  /** The last one: no more rows come. */
  | { readonly rows?: undefined };

/** The thread's answers: one to each group of rows, and one at the end. */
export type Answer =
  | { readonly kind: "taken" }
  | { readonly kind: "finished"; readonly tally: Tally }
  | ({ readonly kind: "failed" } & Failure);

/** The fields of a BroadsheetError that can be sent from one thread to another. */
interface Failure extends BroadsheetErrorOptions {
  readonly code: ErrorCode;
  readonly message: string;
}

/** How many groups may wait for the thread: a commit takes as long as reading some thousand rows. */
const MOST_WAITING = 8;

/** Rows don't live long. V8 would let its young generation grow to three times this, for no gain. */
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

  /** Hands rows over. They may not be stored yet when it resolves. */
  async add(rows: readonly ImportedRow[]): Promise<void> {
    while (this.#waiting >= MOST_WAITING && this.#failure === undefined) await this.#nextAnswer();
    if (this.#failure !== undefined) throw this.#failure;
    this.#waiting += 1;
    this.#worker.postMessage({ rows: columnsOf(rows) } satisfies ImportRequest);
  }

  /** Ends the thread. All rows are durable when it resolves; when it rejects the thread has ended too. */
  async finish(): Promise<Tally> {
    this.#worker.postMessage({} satisfies ImportRequest);
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

/** Rows column by column: sent as objects they take three times as long. */
type RowColumns = {
  readonly [Field in keyof ImportedRow]-?: readonly ImportedRow[Field][];
};

function columnsOf(rows: readonly ImportedRow[]): RowColumns {
  return {
    address: rows.map((row) => row.address),
    name: rows.map((row) => row.name),
    language: rows.map((row) => row.language),
    tags: rows.map((row) => row.tags),
    consent: rows.map((row) => row.consent),
    subscribedAt: rows.map((row) => row.subscribedAt),
    suppressed: rows.map((row) => row.suppressed),
  };
}

export function rowsOf(columns: RowColumns): ImportedRow[] {
  const { address, name, language, tags, consent, subscribedAt, suppressed } = columns;
  return address.map((address, index) => ({
    address,
    name: name[index],
    language: language[index],
    tags: tags[index] ?? [],
    consent: consent[index],
    subscribedAt: subscribedAt[index],
    suppressed: suppressed[index],
  }));
}
