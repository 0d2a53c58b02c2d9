import { isEdited, isSameArticle, keysOf } from "../../digest/stories/fingerprint.ts";
import type { Fingerprint } from "../../digest/stories/story.ts";
import type { Clock } from "../../platform/clock.ts";
import {
  type Row,
  dateIn,
  fieldsOf,
  maybe,
  numberIn,
  optional,
  type Store,
  textIn,
  type Trusting,
} from "../../platform/database.ts";
import { type NewsletterStore, openStore } from "../../platform/store.ts";

interface CursorContext {
  readonly newsletter: string;
  readonly clock: Clock;
}

interface Asked {
  /** The articles of this slot's own issue count as new, because it may be built again. */
  readonly slot: string;
  /** Whether an article is new again after it was edited. */
  readonly edited: "ignore" | "again";
}

interface TakenArticle extends Fingerprint {
  readonly slot: string;
}

/** The health of a newsletter's source. */
export interface SourceHealth {
  readonly source: string;
  /** The name of the source in messages. */
  readonly name: string;
  readonly lastFetch: Date;
  readonly lastSuccess?: Date;
  /** The number of slots in a row for which it couldn't be read. 0 if the last reading succeeded. */
  readonly failures: number;
  /** The code of the last failure. If the source could be read, the failure of articles that were left out. */
  readonly code?: string;
  /** The message of that failure. */
  readonly error?: string;
  /** The time at which it was reported as failing. It is removed when the source can be read again. */
  readonly reportedAt?: Date;
}

interface ReadOutcome {
  readonly source: string;
  readonly name: string;
  readonly error?: Fault;
  /** The failure of articles that were left out of a source that could be read. */
  readonly leftOut?: Fault;
}

interface Fault {
  readonly code: string;
  readonly message: string;
}

/** The articles that a newsletter's issues have taken, and the health of its sources. Closing the cursor closes the store. */
export class Cursor {
  readonly #store: Store;
  readonly #newsletter: string;
  readonly #clock: Clock;

  constructor(store: Store, { newsletter, clock }: CursorContext) {
    this.#store = store;
    this.#newsletter = newsletter;
    this.#clock = clock;
  }

  /** Whether an article is in the issue of another slot. */
  async isTaken(item: Fingerprint, { slot, edited }: Asked): Promise<boolean> {
    const before = await this.#lastTaken(item, slot);
    if (!before) return false;
    return edited === "ignore" || !isEdited(before, item);
  }

  /** The same article when another slot last took it. */
  async #lastTaken(item: Fingerprint, slot: string): Promise<TakenArticle | undefined> {
    const found = new Map<number, TakenArticle>();
    for (const key of keysOf(item)) {
      for (const row of await this.#store.all(FIND, `${this.#newsletter} ${key}`, slot)) {
        const taken = takenIn(row);
        if (isSameArticle(taken, item)) found.set(numberIn(row, "id"), taken);
      }
    }
    return found.get(Math.max(...found.keys()));
  }

  /** The time at which the last issue of another slot took its articles. Undefined if there was none. */
  async lastTakenAt(slot: string): Promise<Date | undefined> {
    const row = await this.#store.get(LAST_TAKEN, this.#newsletter, slot);
    return optional(row ?? {}, "at", dateIn);
  }

  /** Whether an issue has taken more than one article from a source, by its name in the store. A page gives one at a time. */
  async gaveSeveral(source: string): Promise<boolean> {
    return (await this.#store.get(SEVERAL, this.#newsletter, source)) !== undefined;
  }

  /** The articles that the issue of a slot has taken, in order. */
  async itemsOf(slot: string): Promise<TakenArticle[]> {
    const rows = await this.#store.all(ITEMS, this.#newsletter, slot);
    return rows.map(takenIn);
  }

  /** Records the results of reading the sources for a slot. */
  async noteSources(slot: string, sources: readonly ReadOutcome[]): Promise<void> {
    await this.#store.transaction(async (tx) => {
      const now = this.#clock().getTime();
      for (const { source, name, error, leftOut } of sources) {
        const of = [this.#newsletter, source, name, now] as const;
        if (error) await tx.run(FAILED, ...of, slot, error.code, error.message);
        else await tx.run(READ, ...of, now, leftOut?.code, leftOut?.message);
      }
    });
  }

  /** All sources that were ever read, including those that the config no longer has. */
  async sources(): Promise<SourceHealth[]> {
    const rows = await this.#store.all(SOURCES, this.#newsletter);
    return rows.map(healthIn);
  }

  /** The number of articles that issues have taken from each source, by its name in the store. */
  async takenBySource(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#store.all(COUNTS, this.#newsletter);
    return new Map(rows.map((row) => [textIn(row, "source"), numberIn(row, "count")]));
  }

  /**
   * The sources to report now. A source is reported once after it has failed for `atFailures` slots in a row, and not again
   * before it could be read.
   */
  async takeReports(atFailures: number): Promise<SourceHealth[]> {
    return this.#store.transaction(async (tx) => {
      const sources = (await tx.all(SOURCES, this.#newsletter)).map(healthIn);
      const due = sources.filter(
        ({ failures, reportedAt }) => failures >= atFailures && reportedAt === undefined,
      );
      const now = this.#clock().getTime();
      for (const { source } of due) await tx.run(REPORTED, now, this.#newsletter, source);
      return due;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store.close();
  }
}

/**
 * The cursor of a config's newsletter. With `isLooking`, a missing store is not created. The caller closes the cursor.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function openCursor(
  { store, slug }: NewsletterStore,
  clock: Clock,
  how: Trusting = {},
): Promise<Cursor> {
  return new Cursor(await openStore(store, how), { newsletter: slug, clock });
}

const FIND = `
  SELECT taken.* FROM taken_key JOIN taken ON taken.id = taken_key.taken
  WHERE taken_key.key = ? AND taken.slot <> ?`;

const LAST_TAKEN = "SELECT max(taken_at) AS at FROM taken WHERE newsletter = ? AND slot <> ?";
const ITEMS = "SELECT * FROM taken WHERE newsletter = ? AND slot = ? ORDER BY id";
const SEVERAL = `
  SELECT slot FROM taken WHERE newsletter = ? AND source = ?
  GROUP BY slot HAVING count(DISTINCT article) > 1 LIMIT 1`;
const COUNTS = "SELECT source, count(*) AS count FROM taken WHERE newsletter = ? GROUP BY source";
const SOURCES = "SELECT * FROM source_health WHERE newsletter = ? ORDER BY source";
const REPORTED = "UPDATE source_health SET reported_at = ? WHERE newsletter = ? AND source = ?";

const READ = `
  INSERT INTO source_health (newsletter, source, name, fetched_at, succeeded_at, code, error)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (newsletter, source) DO UPDATE SET
    name = excluded.name, fetched_at = excluded.fetched_at, succeeded_at = excluded.succeeded_at,
    failures = 0, failed_slot = NULL, code = excluded.code, error = excluded.error, reported_at = NULL`;

const FAILED = `
  INSERT INTO source_health (newsletter, source, name, fetched_at, failures, failed_slot, code, error)
  VALUES (?, ?, ?, ?, 1, ?, ?, ?)
  ON CONFLICT (newsletter, source) DO UPDATE SET
    name = excluded.name, fetched_at = excluded.fetched_at,
    failures = source_health.failures
      + CASE WHEN source_health.failed_slot = excluded.failed_slot THEN 0 ELSE 1 END,
    failed_slot = excluded.failed_slot, code = excluded.code, error = excluded.error`;

const takenIn: (row: Row) => TakenArticle = fieldsOf({
  slot: textIn,
  source: textIn,
  id: (row) => textIn(row, "article"),
  file: maybe(textIn),
  link: maybe(textIn),
  title: textIn,
  letters: textIn,
  likeness: maybe(textIn),
});

const healthIn: (row: Row) => SourceHealth = fieldsOf({
  source: textIn,
  name: textIn,
  lastFetch: (row) => dateIn(row, "fetched_at"),
  lastSuccess: (row) => optional(row, "succeeded_at", dateIn),
  failures: numberIn,
  code: maybe(textIn),
  error: maybe(textIn),
  reportedAt: maybe(dateIn),
});
