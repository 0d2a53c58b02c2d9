import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";
import { SqliteLedger } from "../../../src/delivery/io/ledger/sqlite-ledger.ts";
import { PostgresLedger } from "../../../src/delivery/io/postgres/postgres-ledger.ts";
import type { Store } from "../../../src/platform/database.ts";
import { JOB_TIMING, openJobs } from "../../../src/platform/postgres/jobs.ts";
import { openPostgres } from "../../../src/platform/postgres/open-postgres.ts";
import { openDatabase } from "../../../src/platform/sqlite/open-store.ts";
import { SqliteStore } from "../../../src/platform/sqlite/sqlite-store.ts";
import { addressKey } from "../../../src/subscribers/recipient.ts";
import { forgetKilled, newDatabase } from "../../stores.ts";
import { newFolder } from "../../temporary.ts";
import type { LedgerBench } from "../ledger-contract.ts";

export interface SqliteBench extends LedgerBench {
  open(): Promise<SqliteLedger>;
  readonly file: string;
  readonly markAway: string;
}

/** A ledger in a file of its own, with a clock that only a test moves. */
export async function sqliteBench(): Promise<SqliteBench> {
  const folder = await newFolder();
  const file = path.join(folder, "store", "broadsheet.db");
  const markAway = path.join(folder, "home", "mark");
  const openFile = async () => new SqliteStore(await openDatabase(file), markAway);
  const bench = benchOf(openFile, (store, clock) => new SqliteLedger(store, { clock }));
  return { ...bench, file, markAway, loseLock: () => rm(`${file}-lock`, { force: true }) };
}

export interface PostgresBench extends LedgerBench {
  open(): Promise<PostgresLedger>;
  /** The same ledger over another way to its server. */
  openAt(url: string): Promise<PostgresLedger>;
  readonly url: string;
  /** The process was stopped for so long: only its monotonic clock shows that. */
  sleep(ms: number): void;
}

/** The same in a database of its own. */
export async function postgresBench(): Promise<PostgresBench> {
  const url = await newDatabase();
  const env = { XDG_STATE_HOME: await newFolder() };
  const openUrl = async (at = url) => openPostgres(at, { env });
  let slept = 0;
  const steady = () => performance.now() + slept;
  const bench = benchOf(openUrl, (store, clock) => new PostgresLedger(store, { clock, steady }));
  const loseLock = async () => {
    await forgetKilled({ url });
    const store = await openUrl();
    const boss = await openJobs(store, JOB_TIMING);
    await boss.supervise();
    await boss.stop({ graceful: false });
    await store.close();
  };
  return { ...bench, url, openAt: bench.open, loseLock, sleep: (ms) => void (slept += ms) };
}

function benchOf<Of extends Store, Made extends { close(): Promise<void> }>(
  openStore: (at?: string) => Promise<Of>,
  make: (store: Of, clock: () => Date) => Made,
) {
  let now = Date.UTC(2026, 10, 24, 7);
  const opened: Made[] = [];
  const inStore = async (work: (store: Store) => Promise<void>) => {
    await using store = await openStore();
    await work(store);
  };
  return {
    open: async (at?: string) => {
      const ledger = make(await openStore(at), () => new Date(now));
      opened.push(ledger);
      return ledger;
    },
    now: () => new Date(now),
    pass: (ms: number) => void (now += ms),
    suppress: async (newsletter: string, address: string) =>
      inStore(async (store) => {
        await store.run(ADD_LIST, newsletter, randomBytes(6));
        await store.run(SUPPRESS, addressKey(address), address, newsletter);
      }),
    isSuppressed: async (newsletter: string, address: string) => {
      await using store = await openStore();
      return (await store.get(SUPPRESSED, newsletter, address)) !== undefined;
    },
    pause: async (newsletter: string, reader: Reader, until: Date) =>
      inStore(async (store) => {
        const { address, subscriberId } = reader;
        await store.run(ADD_LIST, newsletter, randomBytes(6));
        const id = subscriberId ?? (pausedId += 1);
        await store.run(PAUSE, id, address, address, until.getTime(), newsletter);
      }),
    close: async () => {
      for (const ledger of opened) await ledger.close();
    },
  };
}

interface Reader {
  readonly address: string;
  readonly subscriberId?: number;
}

let pausedId = 0;

const ADD_LIST =
  "INSERT INTO list (newsletter, uid) VALUES (?, ?) ON CONFLICT (newsletter) DO NOTHING";

const SUPPRESS = `
  INSERT INTO suppression (list, key, address, reason, since)
  SELECT id, ?, ?, 'unsubscribed', 0 FROM list WHERE newsletter = ?
  ON CONFLICT (list, key) DO NOTHING`;

const SUPPRESSED =
  "SELECT 1 FROM suppression JOIN list ON list.id = suppression.list WHERE newsletter = ? AND key = ?";

const PAUSE = `
  INSERT INTO subscriber (id, list, key, address, subscribed_at, paused_until)
  SELECT ?, id, ?, ?, 0, ? FROM list WHERE newsletter = ?`;
