import type { Database } from "../database.ts";
import { numberIn, textIn } from "../row.ts";
import { HighWater, type Mark } from "./high-water.ts";

/** Where the ledger stands, and what is noted of it outside. */
export interface Standing {
  /** The store is older than what has been sent, or nothing tells that it isn't. */
  readonly isRestored: boolean;
  /** `<newsletter>/<slot>` of issues that were planned and that the store doesn't know. */
  readonly lost: readonly string[];
  readonly highest: number;
}

/**
 * The marks of a store: one beside it, and one away from it, for whoever restores the whole folder. The
 * one beside it is needed; the other one is a help where it can be had.
 */
export class Watermarks {
  readonly #database: Database;
  readonly #beside: HighWater;
  readonly #away: HighWater | undefined;

  constructor(database: Database, away?: string) {
    this.#database = database;
    this.#beside = new HighWater(`${database.file}-mark`);
    this.#away = away === undefined ? undefined : new HighWater(away);
  }

  check(): Standing {
    const own = this.#own();
    const noted = [this.#beside.read(), this.#away?.read()].filter((mark) => mark !== undefined);
    const ours = noted.filter(({ uid }) => uid === own.uid);
    const highest = Math.max(0, ...ours.map(({ epoch }) => epoch));
    const known = new Set(own.issues);
    return {
      // Beside it lies another store's mark: this one was begun in its place, and knows nothing.
      isRestored: highest > own.epoch || (ours.length === 0 && (own.epoch > 0 || noted.length > 0)),
      lost: noted.flatMap(({ issues }) => issues).filter((issue) => !known.has(issue)),
      highest,
    };
  }

  /** Notes the store as it is. */
  note(): void {
    const own = this.#own();
    this.#beside.replace(own);
    attempt(() => this.#away?.replace(own));
  }

  raise(epoch: number): void {
    this.#beside.raise(epoch);
    attempt(() => this.#away?.raise(epoch));
  }

  close(): void {
    this.#beside.close();
    this.#away?.close();
  }

  #own(): Mark {
    const store = this.#database.prepare("SELECT uid, epoch FROM store").get() ?? {};
    const issues = this.#database
      .prepare("SELECT newsletter || '/' || slot AS name FROM issue ORDER BY id")
      .all();
    return {
      uid: textIn(store, "uid"),
      epoch: numberIn(store, "epoch"),
      issues: issues.map((issue) => textIn(issue, "name")),
    };
  }
}

/** A home that can't be written to is no reason not to send. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // The mark beside the store has been written.
  }
}
