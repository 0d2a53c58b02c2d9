import { type Fingerprint, isEdited } from "../../fingerprint.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { Database } from "../../../platform/sqlite/database.ts";
import {
  noteReported,
  noteSources,
  type ReadOutcome,
  type SourceHealth,
  sourceHealth,
  toReport,
} from "./source-health.ts";
import {
  itemsOf,
  lastTaken,
  lastTakenAt,
  releaseItems,
  type TakenArticle,
  takenBySource,
  takeItems,
} from "./taken.ts";
import {
  type NewsletterStore,
  openTrusted,
  type Trusting,
} from "../../../platform/sqlite/open-store.ts";

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
    const before = lastTaken(this.#database, { newsletter: this.#newsletter, slot }, item);
    if (!before) return false;
    return edited === "ignore" || !isEdited(before, item);
  }

  /** When the last issue before that of a slot took its articles; undefined where there was none. */
  lastTakenAt(slot: string): Date | undefined {
    return lastTakenAt(this.#database, { newsletter: this.#newsletter, slot });
  }

  /** Notes which articles are in the issue of a slot, in the place of what was noted before. */
  take(slot: string, items: readonly Fingerprint[]): void {
    const request = { newsletter: this.#newsletter, slot, items, at: this.#clock() };
    this.#database.transaction(() => takeItems(this.#database, request));
  }

  /** Makes the articles of a slot new again; how many they were. */
  release(slot: string): number {
    const taking = { newsletter: this.#newsletter, slot };
    return this.#database.transaction(() => releaseItems(this.#database, taking));
  }

  itemsOf(slot: string): TakenArticle[] {
    return itemsOf(this.#database, { newsletter: this.#newsletter, slot });
  }

  /** Notes how reading the sources for a slot went. */
  noteSources(slot: string, sources: readonly ReadOutcome[]): void {
    const request = { newsletter: this.#newsletter, slot, sources, at: this.#clock() };
    this.#database.transaction(() => noteSources(this.#database, request));
  }

  /** All sources that were ever read, also those that the config no longer has. */
  sources(): SourceHealth[] {
    return sourceHealth(this.#database, this.#newsletter);
  }

  /** How many articles of each source issues have taken, by what the store knows the source by. */
  takenBySource(): ReadonlyMap<string, number> {
    return takenBySource(this.#database, this.#newsletter);
  }

  /**
   * The sources that are to be reported now: each once when it has failed for so many slots in a row,
   * and not again until it could be read.
   */
  takeReports(atFailures: number): SourceHealth[] {
    return this.#database.transaction(() => {
      const due = toReport(this.sources(), atFailures);
      const sources = due.map(({ source }) => source);
      noteReported(this.#database, { newsletter: this.#newsletter, sources, at: this.#clock() });
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
