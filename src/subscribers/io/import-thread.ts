import { Worker } from "node:worker_threads";
import type { ImportedRow, Tally } from "../import-row.ts";
import type { ListConfig } from "./audience.ts";
import { BroadsheetError, type SentError } from "../../errors.ts";
import { startingFile } from "../../platform/own-files.ts";

export type ImportRequest =
  | { readonly rows: RowColumns }
  /** The last message: no more rows come. */
  | { readonly rows?: undefined };

/** The thread's answers: one to each group of rows, and one at the end. */
export type Answer =
  | { readonly kind: "taken" }
  | { readonly kind: "finished"; readonly tally: Tally }
  | ({ readonly kind: "failed" } & SentError);

/** The most groups that wait for the thread. A commit takes as long as reading some thousand rows. */
const MOST_WAITING = 8;

/** The size of V8's young generation. Rows are short-lived, and V8 would let it grow to three times this without a gain. */
const NURSERY_MB = 12;

/**
 * An Importer in a thread of its own, so that a list is read while SQLite writes the rows before. It fails like an
 * Importer, but some groups later.
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

  /** Gives rows to the thread. They may not be stored yet when it resolves. */
  async add(rows: readonly ImportedRow[]): Promise<void> {
    while (this.#waiting >= MOST_WAITING && this.#failure === undefined) await this.#nextAnswer();
    if (this.#failure !== undefined) throw this.#failure;
    this.#waiting += 1;
    this.#worker.postMessage({ rows: columnsOf(rows) } satisfies ImportRequest);
  }

  /** Ends the thread. All rows are durable when it resolves. If it rejects, the thread has ended too. */
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

/** The rows as columns. Sending them as objects takes three times as long. */
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
