import { statSync } from "node:fs";
import type { Clock } from "../../platform/clock.ts";
import type { Store } from "../../platform/database.ts";
import { lookAtStore } from "../../platform/sqlite/open-store.ts";
import { SqliteStore } from "../../platform/sqlite/sqlite-store.ts";
import { openStore } from "../../platform/store.ts";
import { Audience, type ListConfig } from "../../subscribers/io/audience.ts";
import { keyringOf } from "../../subscribers/tokens.ts";
import type { OpenList } from "./mail-queue.ts";
import { StoreThread } from "./store-thread.ts";
import {
  type ArgsOf,
  type ResultOf,
  type StoreReader,
  type StoreWriter,
  type StoreCalls,
  callsByName,
} from "./store-calls.ts";

/** The store of the server. SQLite blocks its thread during a write, so another thread writes. PostgreSQL needs no thread. */
export async function openDoorStore(
  config: ListConfig,
  clock: Clock,
): Promise<{ readonly reader: StoreReader; readonly writer: StoreWriter }> {
  const { store: place, slug: newsletter, secrets } = config;
  if ("file" in place) {
    return { reader: new SqliteReader(place.file), writer: new StoreThread(config, clock) };
  }
  const store = await openStore(place);
  const keyring = keyringOf(secrets.secret ?? "", secrets.oldSecrets);
  const audience = new Audience(store, { newsletter, clock, keyring });
  const reader = { store: async () => store, close: async () => undefined };
  return { reader, writer: new DirectWriter({ store, audience, clock, keyring }) };
}

/** The longest wait of a read for a store that another process is opening or closing. */
const WAIT_MS = 500;

/** Reads a store on SQLite. It opens the file again if another file has replaced it. */
class SqliteReader implements StoreReader {
  readonly #file: string;
  #opened: { readonly store: Store; readonly file: string } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  async store(): Promise<Store> {
    const { dev, ino } = statSync(this.#file, { throwIfNoEntry: false }) ?? {};
    const file = `${dev} ${ino}`;
    if (this.#opened?.file !== file) {
      void this.#opened?.store.close();
      this.#opened = undefined;
      this.#opened = { store: new SqliteStore(lookAtStore(this.#file, WAIT_MS)), file };
    }
    return this.#opened.store;
  }

  async close(): Promise<void> {
    await this.#opened?.store.close();
    this.#opened = undefined;
  }
}

export class DirectWriter implements StoreWriter {
  readonly #opened: OpenList;

  constructor(opened: OpenList) {
    this.#opened = opened;
  }

  do<Name extends keyof StoreCalls>(
    name: Name,
    ...args: ArgsOf<StoreCalls[Name]>
  ): Promise<ResultOf<StoreCalls[Name]>>;
  async do(name: keyof StoreCalls, ...args: readonly never[]): Promise<unknown> {
    return callsByName[name]?.(this.#opened, ...args);
  }

  async close(): Promise<void> {
    await this.#opened.store.close();
  }
}
