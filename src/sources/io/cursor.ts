import { isEdited, isSameArticle, keysOf } from "../../digest/stories/fingerprint.ts";
import type { Fingerprint } from "../../digest/stories/story.ts";
import type { Clock } from "../../platform/clock.ts";
import {
  type Database,
  type Row,
  dateIn,
  fieldsOf,
  maybe,
  numberIn,
  optional,
  textIn,
} from "../../platform/sqlite/database.ts";
import {
  type NewsletterStore,
  openTrusted,
  type Trusting,
} from "../../platform/sqlite/open-store.ts";

interface CursorContext {
  readonly newsletter: string;
  readonly clock: Clock;
}

interface Asked {
  /** Its own articles are not taken from it: it may be built again. */
  readonly slot: string;
  /** Whether an article that says something else by now is new again. */
  readonly edited: "ignore" | "again";
}

/** An article that an issue has taken. */
interface TakenArticle extends Fingerprint {
  readonly slot: string;
}

/** How reading a source of a newsletter has gone. */
export interface SourceHealth {
  readonly source: string;
  /** As messages name it. */
  readonly name: string;
  readonly lastFetch: Date;
  readonly lastSuccess?: Date;
  /** Slots in a row for which it couldn't be read; 0 where it could last time. */
  readonly failures: number;
  /**
   * Why not, where it couldn't last time; of one that could, what of it couldn't and was left out. A code of
   * `ERROR_CODES`, and in words.
   */
  readonly code?: string;
  readonly error?: string;
  /** When it was reported as failing; not since it could be read. */
  readonly reportedAt?: Date;
}

/** How reading a source went this time. */
interface ReadOutcome {
  readonly source: string;
  readonly name: string;
  readonly error?: Fault;
  /** Of a source that could be read, what of it couldn't, and was left out. */
  readonly leftOut?: Fault;
}

interface Fault {
  readonly code: string;
  readonly message: string;
}

/**
 * What of a newsletter's sources has been in an issue, and how reading them has gone. It closes the store when
 * it is closed.
 */
export class SqliteCursor {
  readonly #database: Database;
  readonly #newsletter: string;
  readonly #clock: Clock;

  constructor(database: Database, { newsletter, clock }: CursorContext) {
    this.#database = database;
    this.#newsletter = newsletter;
    this.#clock = clock;
  }

  /** Whether an article is in the issue of another slot. */
  isTaken(item: Fingerprint, { slot, edited }: Asked): boolean {
    const before = this.#lastTaken(item, slot);
    if (!before) return false;
    return edited === "ignore" || !isEdited(before, item);
  }

  /** The same article as it was taken last, for a slot other than this one. */
  #lastTaken(item: Fingerprint, slot: string): TakenArticle | undefined {
    const find = this.#database.prepare(FIND);
    const found = new Map<number, TakenArticle>();
    for (const key of keysOf(item)) {
      for (const row of find.all(`${this.#newsletter} ${key}`, slot)) {
        const taken = takenIn(row);
        if (isSameArticle(taken, item)) found.set(numberIn(row, "id"), taken);
      }
    }
    return found.get(Math.max(...found.keys()));
  }

  /** When the last issue before that of a slot took its articles; undefined where there was none. */
  lastTakenAt(slot: string): Date | undefined {
    const row = this.#database
      .prepare("SELECT max(taken_at) AS at FROM taken WHERE newsletter = ? AND slot <> ?")
      .get(this.#newsletter, slot);
    return optional(row ?? {}, "at", dateIn);
  }

  /** What the issue of a slot has taken, in its order. */
  itemsOf(slot: string): TakenArticle[] {
    return this.#database
      .prepare("SELECT * FROM taken WHERE newsletter = ? AND slot = ? ORDER BY id")
      .all(this.#newsletter, slot)
      .map(takenIn);
  }

  /** Notes how reading the sources for a slot went. */
  noteSources(slot: string, sources: readonly ReadOutcome[]): void {
    this.#database.transaction(() => {
      const now = this.#clock().getTime();
      for (const { source, name, error, leftOut } of sources) {
        const of = [this.#newsletter, source, name, now] as const;
        if (error) this.#database.prepare(FAILED).run(...of, slot, error.code, error.message);
        else this.#database.prepare(READ).run(...of, now, leftOut?.code, leftOut?.message);
      }
    });
  }

  /** All sources that were ever read, also those that the config no longer has. */
  sources(): SourceHealth[] {
    return this.#database
      .prepare("SELECT * FROM source_health WHERE newsletter = ? ORDER BY source")
      .all(this.#newsletter)
      .map(healthIn);
  }

  /** How many articles of each source issues have taken, by what the store knows the source by. */
  takenBySource(): ReadonlyMap<string, number> {
    const rows = this.#database
      .prepare("SELECT source, count(*) AS count FROM taken WHERE newsletter = ? GROUP BY source")
      .all(this.#newsletter);
    return new Map(rows.map((row) => [textIn(row, "source"), numberIn(row, "count")]));
  }

  /**
   * The sources that are to be reported now: each once when it has failed for so many slots in a row,
   * and not again until it could be read.
   */
  takeReports(atFailures: number): SourceHealth[] {
    return this.#database.transaction(() => {
      const due = this.sources().filter(
        ({ failures, reportedAt }) => failures >= atFailures && reportedAt === undefined,
      );
      const note = this.#database.prepare(
        "UPDATE source_health SET reported_at = ? WHERE newsletter = ? AND source = ?",
      );
      const now = this.#clock().getTime();
      for (const { source } of due) note.run(now, this.#newsletter, source);
      return due;
    });
  }

  close(): void {
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * What has been in the issues of a config's newsletter, and the health of its sources. To look makes no store where
 * there is none. The caller closes it.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function openCursor(
  { store, slug }: NewsletterStore,
  clock: Clock,
  how: Trusting = {},
): Promise<SqliteCursor> {
  const database = await openTrusted(store, how);
  return new SqliteCursor(database, { newsletter: slug, clock });
}

const FIND = `
  SELECT taken.* FROM taken_key JOIN taken ON taken.id = taken_key.taken
  WHERE taken_key.key = ? AND taken.slot <> ?`;

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
    failures = failures + (failed_slot IS NOT excluded.failed_slot),
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

function healthIn(row: Row): SourceHealth {
  const lastSuccess = optional(row, "succeeded_at", dateIn);
  const code = optional(row, "code", textIn);
  const error = optional(row, "error", textIn);
  const reportedAt = optional(row, "reported_at", dateIn);
  return {
    source: textIn(row, "source"),
    name: textIn(row, "name"),
    lastFetch: dateIn(row, "fetched_at"),
    ...(lastSuccess && { lastSuccess }),
    failures: numberIn(row, "failures"),
    ...(code !== undefined && { code }),
    ...(error !== undefined && { error }),
    ...(reportedAt && { reportedAt }),
  };
}
