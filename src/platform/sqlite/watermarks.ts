import { homedir } from "node:os";
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { createHash } from "node:crypto";
import path from "node:path";
import type { Environment } from "../environment.ts";
import { numberIn, optional, textIn } from "../database.ts";
import type { SqliteDatabase } from "./database.ts";
import { assertNotMoved, homeOf } from "./home.ts";
import { fileError } from "../file-error.ts";
import { makeFoldersSync, PRIVATE_FILE } from "../files/make-folders.ts";
import { attempt } from "../attempt.ts";

/** A store compared with its marks. */
export interface StoreCheck {
  /** Whether the store is older than its marks, or may be. */
  readonly isRestored: boolean;
  /** Whether the store is certainly older than its marks. */
  readonly isOlder: boolean;
  /** `<newsletter>/<slot>` of issues that were planned and that the store doesn't know. */
  readonly lost: readonly string[];
  readonly highest: number;
  /** The home of the latest store according to the mark, if it differs from this store's home. */
  readonly livesIn?: string | undefined;
}

/**
 * The marks of a store: one beside it, and one elsewhere, in case the whole folder is restored from a backup. The mark
 * beside the store is required; the other one is optional.
 */
export class Watermarks {
  readonly #database: SqliteDatabase;
  readonly #beside: HighWater;
  readonly #away: HighWater | undefined;
  /** The folder of the other mark. */
  readonly #state: string | undefined;
  #isPlaceNoted = false;
  /** The epoch of a commit that may not be on the disk yet. */
  #pending = 0;
  #raised = 0;

  constructor(database: SqliteDatabase, away?: string) {
    this.#database = database;
    this.#beside = markBeside(database.file);
    this.#away = away === undefined ? undefined : new HighWater(away);
    this.#state = away === undefined ? undefined : path.dirname(away);
  }

  check(): StoreCheck {
    // Read before the store: a writer raises the store first, and then the marks.
    const noted = [this.#beside.read(), this.#away?.read(), this.#ofPlace()].filter(
      (mark) => mark !== undefined,
    );
    const own = this.#own();
    const ours = noted.filter(({ uid }) => uid === own.uid);
    const isAnothers = noted.some((mark) => mark.uid !== own.uid && tellsOfData(mark));
    const highest = Math.max(0, ...ours.map(({ epoch }) => epoch));
    const here = new Set(own.issues);
    const isOlder = highest > own.epoch;
    return {
      isOlder,
      // A mark of another store is beside this one or names its place. So this one was begun in its place, and is empty.
      isRestored: isOlder || (ours.length === 0 && (own.epoch > 0 || isAnothers)),
      lost: noted.flatMap(({ issues }) => issues).filter((issue) => !here.has(issue)),
      highest,
      livesIn: ours.map(({ home }) => home).find((home) => home && home !== own.home),
    };
  }

  /** Writes both marks. If the user's home folder can't be written to, the mark beside the store is enough to send. */
  note(): void {
    const own = this.#own();
    this.#beside.replace(own);
    attempt(() => {
      this.#away?.replace(own);
      this.#notePlace();
    });
  }

  /** Raises the marks to an epoch that is committed. If commits are synced later, `sync` raises them. */
  raise(epoch: number): void {
    if (this.#database.syncsLater) this.#pending = epoch;
    else this.#raise(epoch);
  }

  /** Syncs the store, and raises the marks to what is on the disk. */
  async sync(): Promise<void> {
    const pending = this.#pending;
    await this.#database.sync();
    if (pending > this.#raised) this.#raise(pending);
  }

  #raise(epoch: number): void {
    this.#raised = epoch;
    if (!this.#beside.raise(epoch)) this.#beside.replace(this.#own());
    attempt(() => {
      if (this.#away?.raise(epoch) === false) this.#away.replace(this.#own());
      this.#notePlace();
    });
  }

  /** Makes `check` find the store older from now on, since its copy has taken its place. Its home names the copy. */
  retire(): void {
    const own = this.#own();
    const mark = { ...own, epoch: own.epoch + 1 };
    this.#beside.replace(mark);
    attempt(() => this.#away?.replace(mark));
  }

  /** Makes `check` find this store the latest. For a copy that took the place of another store. */
  inherit(): void {
    this.#database.run("UPDATE store SET epoch = max(epoch, ?) + 1", this.check().highest);
    this.#beside.replace(this.#own());
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
    const store = this.#database.get("SELECT uid, epoch FROM store") ?? {};
    const issues = this.#database.all(PLANNED);
    return {
      uid: textIn(store, "uid"),
      epoch: numberIn(store, "epoch"),
      home: homeOf(this.#database),
      issues: issues.map((issue) => textIn(issue, "name")),
    };
  }
}

/** The issues that readers may have received. A restored store without one of them can't tell who received it. */
export const PLANNED = `
  SELECT newsletter || '/' || slot AS name FROM issue
  WHERE planned_at IS NOT NULL OR lost IS NOT NULL ORDER BY id`;

/**
 * Raises the epoch of the store inside a transaction. The marks must be raised to the same number afterwards.
 * @throws BroadsheetError STORE_MOVED where `broadsheet db copy` has moved the store since it was opened.
 */
export function raiseEpoch(database: SqliteDatabase): number {
  const raised = database.get(RAISE) ?? {};
  assertNotMoved(database, optional(raised, "home", textIn));
  return numberIn(raised, "epoch");
}

const RAISE = "UPDATE store SET epoch = epoch + 1 RETURNING epoch, home";

/** The mark beside a store. */
export function markBeside(file: string): HighWater {
  return new HighWater(`${file}-mark`);
}

/** The file of the mark away from the store, in the user's state folder (XDG Base Directory). */
export function markAway(database: SqliteDatabase, env: Environment): string {
  const uid = textIn(database.get("SELECT uid FROM store") ?? {}, "uid");
  return path.join(stateFolder(env), `${uid}.mark`);
}

export function stateFolder(env: Environment): string {
  const root = env["XDG_STATE_HOME"] || path.join(homedir(), ".local", "state");
  return path.join(root, "broadsheet");
}

/*
 * A mark is the epoch of a store, kept outside of it. A store whose epoch is lower than its mark was restored from an older
 * backup: it lacks the later deliveries and unsubscribes. The mark is written after each commit, before anything
 * is sent that depends on the commit. It isn't synced: after a crash of the machine the mark may be lower than the store's
 * epoch, but never higher.
 *
 *     broadsheet mark of <uid> at <epoch, 16 digits>
 *     home <the home of the store>
 *     <newsletter>/<slot>
 *     …
 */

const HEAD = /^broadsheet mark of ([0-9a-f]{16}) at (\d{16})\n/;
const EPOCH_AT = "broadsheet mark of 0123456789abcdef at ".length;
/** No issue has a space in its name. */
const HOME = "home ";

interface Mark {
  readonly uid: string;
  readonly epoch: number;
  /** The home of the store, which earlier versions did not note. */
  readonly home?: string | undefined;
  /** `<newsletter>/<slot>` of all that was planned. */
  readonly issues: readonly string[];
}

/** Whether the store of the mark was ever used. */
export function tellsOfData({ epoch, issues }: Mark): boolean {
  return epoch > 0 || issues.length > 0;
}

/** One mark in one file. The caller closes it. */
export class HighWater {
  readonly #file: string;
  #descriptor: number | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Reads the mark; undefined if there is none that can be read. */
  read(): Mark | undefined {
    const text = attempt(() => readFileSync(this.#file, "utf8")) ?? "";
    const [head, uid = "", epoch] = HEAD.exec(text) ?? [];
    if (head === undefined) return undefined;
    const lines = text.slice(head.length).split("\n").filter(Boolean);
    const home = lines.find((line) => line.startsWith(HOME));
    const issues = lines.filter((line) => line !== home);
    return { uid, epoch: Number(epoch), home: home?.slice(HOME.length), issues };
  }

  replace({ uid, epoch, home, issues }: Mark): void {
    this.#guarded(() => {
      this.close();
      const place = home === undefined ? [] : [HOME + home];
      const lines = [`broadsheet mark of ${uid} at ${digits(epoch)}`, ...place, ...issues];
      replaceFile(this.#file, lines.map((line) => `${line}\n`).join(""));
    });
  }

  /** Raises an existing mark; false if there is none. */
  raise(epoch: number): boolean {
    if (this.#descriptor === undefined && !existsSync(this.#file)) return false;
    this.#guarded(() => {
      this.#descriptor ??= openSync(this.#file, "r+");
      writeSync(this.#descriptor, digits(epoch), EPOCH_AT);
    });
    return true;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (cause) {
      const name = path.basename(this.#file);
      throw fileError(cause, "STORE_FAILED", `the mark ${name} beside the store can't be written`, {
        where: { file: this.#file },
        fix: "let it and its folder be writable for you",
      });
    }
  }
}

function digits(epoch: number): string {
  return String(epoch).padStart(16, "0");
}

/*
 * The other mark is named after the uid of its store, which is lost together with the store. So a file beside that mark
 * keeps the uid; its name is a hash of the store's path. If the whole folder is gone, no new store is begun in its place.
 */

/** Notes that the store in this place is the one with this uid. */
export function notePlace(state: string, store: string, uid: string): void {
  const file = placeFile(state, store);
  if (uidIn(file) !== uid) replaceFile(file, `${uid}\n`);
}

function replaceFile(file: string, text: string): void {
  makeFoldersSync(path.dirname(file));
  const fresh = `${file}.${process.pid}`;
  try {
    writeFileSync(fresh, text, { mode: PRIVATE_FILE });
    renameSync(fresh, file);
  } catch (cause) {
    // Each run on a full disk would leave one more file.
    rmSync(fresh, { force: true });
    throw cause;
  }
}

/** The mark of the last store in this place; undefined if there was none. */
export function markOfPlace(state: string, store: string): Mark | undefined {
  const uid = uidIn(placeFile(state, store));
  return uid === undefined ? undefined : new HighWater(path.join(state, `${uid}.mark`)).read();
}

function placeFile(state: string, store: string): string {
  const hash = createHash("sha256").update(path.resolve(store)).digest("hex");
  return path.join(state, `${hash.slice(0, 32)}.store`);
}

function uidIn(file: string): string | undefined {
  return attempt(() => /^([0-9a-f]{16})\n$/.exec(readFileSync(file, "utf8"))?.[1]);
}
