import { statSync } from "node:fs";
import { SqliteLedger } from "../../delivery/io/ledger/sqlite-ledger.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/sqlite/database.ts";
import { lookAtStore } from "../../platform/sqlite/open-store.ts";
import { type ListConfig, PROBE, SqliteAudience } from "../../subscribers/io/sqlite-audience.ts";
import { type Keyring, keyringOf } from "../../subscribers/tokens.ts";
import type { Reader, ReaderRecord, Readers } from "../ports.ts";
import type { StoreThread } from "./store-thread.ts";

/** Reads wait no longer than this for a store that is being opened or closed elsewhere. */
const WAIT_MS = 500;

/** A store that is only read. It is opened again when another file has taken its place. */
export class StoreReader {
  readonly #file: string;
  #opened: { readonly database: Database; readonly file: string } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  get database(): Database {
    const { dev, ino } = statSync(this.#file, { throwIfNoEntry: false }) ?? {};
    const file = `${dev} ${ino}`;
    if (this.#opened?.file !== file) {
      this.close();
      this.#opened = { database: lookAtStore(this.#file, WAIT_MS), file };
    }
    return this.#opened.database;
  }

  close(): void {
    this.#opened?.database.close();
    this.#opened = undefined;
  }
}

/** The readers in a store. A write goes through its thread. */
export class SqliteReaders implements Readers {
  readonly #newsletter: string;
  readonly #keyring: Keyring | undefined;
  readonly #clock: Clock;
  readonly #reader: StoreReader;
  readonly #thread: StoreThread;

  constructor(
    { slug, secrets: { secret, oldSecrets } }: ListConfig,
    { reader, thread, clock }: { reader: StoreReader; thread: StoreThread; clock: Clock },
  ) {
    this.#newsletter = slug;
    this.#keyring = secret ? keyringOf(secret, oldSecrets) : undefined;
    this.#clock = clock;
    this.#reader = reader;
    this.#thread = thread;
  }

  async find(token: string): Promise<Reader | undefined> {
    const found = this.#audience().readerOf(token);
    if (!found) return undefined;
    const { id, address, suppressed, pausedUntil } = found;
    const isGone = id !== PROBE && address === undefined;
    if (suppressed || isGone)
      return {
        id,
        ...(address && { address }),
        state: "left",
        ...(suppressed && { leftAt: suppressed.since }),
      };
    const isPaused = pausedUntil && pausedUntil > this.#clock();
    return {
      id,
      ...(address && { address }),
      ...(isPaused ? { state: "paused", pausedUntil } : { state: "subscribed" }),
    };
  }

  async leave(id: number, how: string): Promise<Date | undefined> {
    return id === PROBE ? undefined : this.#thread.do("leave", id, how);
  }

  async undo(id: number, leftAt: Date): Promise<boolean> {
    return id !== PROBE && this.#thread.do("undo", id, leftAt);
  }

  async pause(id: number, until: Date | undefined): Promise<boolean> {
    return id !== PROBE && this.#thread.do("pause", id, until);
  }

  async record(id: number): Promise<ReaderRecord | undefined> {
    const found = this.#audience().readerWith(id);
    if (found?.address === undefined) return undefined;
    const { address, tags = [], ...others } = found;
    const ledger = new SqliteLedger(this.#reader.database, { clock: this.#clock });
    const issues = (await ledger.explain(address))
      .filter(({ issue }) => issue.newsletter === this.#newsletter)
      .map(({ issue, state, changedAt }) => ({ slot: issue.slot, state, at: changedAt }));
    return { ...others, address, tags, issues };
  }

  async erase(id: number): Promise<void> {
    if (id !== PROBE) await this.#thread.do("erase", id);
  }

  #audience(): SqliteAudience {
    const newsletter = this.#newsletter;
    const [clock, keyring] = [this.#clock, this.#keyring];
    return new SqliteAudience(this.#reader.database, { newsletter, clock, keyring });
  }
}
