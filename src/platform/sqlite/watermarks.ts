import { homedir } from "node:os";
import path from "node:path";
import type { Environment } from "../environment.ts";
import type { Database } from "./database.ts";
import { numberIn, textIn } from "./row.ts";
import { HighWater, type Mark, tellsOfData } from "./high-water.ts";
import { markOfPlace, notePlace } from "./place-mark.ts";

/** Where a store stands, and what is noted of it outside. */
export interface Standing {
  /** It is older than what was done with it, or nothing tells that it isn't. */
  readonly isRestored: boolean;
  /** It is, for sure. */
  readonly isOlder: boolean;
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
  /** The folder of the one away. */
  readonly #state: string | undefined;
  #isPlaceNoted = false;

  constructor(database: Database, away?: string) {
    this.#database = database;
    this.#beside = markBeside(database.file);
    this.#away = away === undefined ? undefined : new HighWater(away);
    this.#state = away === undefined ? undefined : path.dirname(away);
  }

  check(): Standing {
    // Before the store: whoever writes meanwhile raises it first, and then them.
    const noted = [this.#beside.read(), this.#away?.read(), this.#ofPlace()].filter(
      (mark) => mark !== undefined,
    );
    const own = this.#own();
    const ours = noted.filter(({ uid }) => uid === own.uid);
    const isAnothers = noted.some((mark) => mark.uid !== own.uid && tellsOfData(mark));
    const highest = Math.max(0, ...ours.map(({ epoch }) => epoch));
    const known = new Set(own.issues);
    const isOlder = highest > own.epoch;
    return {
      isOlder,
      // There is another store's mark beside it or of its place: this one was begun in its place, and knows nothing.
      isRestored: isOlder || (ours.length === 0 && (own.epoch > 0 || isAnothers)),
      lost: noted.flatMap(({ issues }) => issues).filter((issue) => !known.has(issue)),
      highest,
    };
  }

  /** Notes the store as it is. */
  note(): void {
    const own = this.#own();
    this.#beside.replace(own);
    attempt(() => {
      this.#away?.replace(own);
      this.#notePlace();
    });
  }

  /** To what `raiseEpoch` gave, once that is committed. */
  raise(epoch: number): void {
    if (!this.#beside.raise(epoch)) this.#beside.replace(this.#own());
    attempt(() => {
      if (this.#away?.raise(epoch) === false) this.#away.replace(this.#own());
      this.#notePlace();
    });
  }

  close(): void {
    this.#beside.close();
    this.#away?.close();
  }

  #ofPlace(): Mark | undefined {
    return this.#state === undefined ? undefined : markOfPlace(this.#state, this.#database.file);
  }

  #notePlace(): void {
    if (this.#state === undefined || this.#isPlaceNoted) return;
    notePlace(this.#state, this.#database.file, this.#own().uid);
    this.#isPlaceNoted = true;
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

/** Notes in the store, inside of a transaction, that it is another one by now: the marks are to be raised to this. */
export function raiseEpoch(database: Database): number {
  return numberIn(database.prepare(RAISE).get() ?? {}, "epoch");
}

const RAISE = "UPDATE store SET epoch = epoch + 1 RETURNING epoch";

/** The mark beside a store. */
export function markBeside(file: string): HighWater {
  return new HighWater(`${file}-mark`);
}

/** The file of the mark away from the store, in the user's state folder (XDG Base Directory). */
export function markAway(database: Database, env: Environment): string {
  const uid = textIn(database.prepare("SELECT uid FROM store").get() ?? {}, "uid");
  return path.join(stateFolder(env), `${uid}.mark`);
}

export function stateFolder(env: Environment): string {
  const root = env["XDG_STATE_HOME"] || path.join(homedir(), ".local", "state");
  return path.join(root, "broadsheet");
}

/** A home that can't be written to is no reason not to send. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // The mark beside the store has been written.
  }
}
