import { rm } from "node:fs/promises";
import path from "node:path";
import { SqliteLedger } from "../../../src/delivery/io/ledger/sqlite-ledger.ts";
import { openStore } from "../../../src/platform/sqlite/open-store.ts";
import type { LedgerBench } from "../ledger-contract.ts";
import { newFolder } from "../../temporary.ts";

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
  let now = Date.UTC(2026, 10, 24, 7);
  const opened: SqliteLedger[] = [];
  const open = async () => {
    const ledger = new SqliteLedger(await openStore(file), {
      clock: () => new Date(now),
      markAway,
    });
    opened.push(ledger);
    return ledger;
  };
  return {
    file,
    markAway,
    open,
    now: () => new Date(now),
    pass: (ms) => (now += ms),
    loseLock: () => rm(`${file}-lock`, { force: true }),
    suppress: async (newsletter, address) => suppressIn(file, newsletter, address),
    isSuppressed: async (newsletter, address) => isSuppressedIn(file, newsletter, address),
    pause: async (newsletter, { address, subscriberId }, until) => {
      const store = await openStore(file);
      store.prepare(ADD_LIST).run(newsletter);
      store.prepare(PAUSE).run(subscriberId, address, address, until.getTime(), newsletter);
      store.close();
    },
    close: async () => {
      for (const ledger of opened) await ledger.close();
    },
  };
}

async function suppressIn(file: string, newsletter: string, address: string): Promise<void> {
  const store = await openStore(file);
  store.prepare(ADD_LIST).run(newsletter);
  store
    .prepare(
      "INSERT OR IGNORE INTO suppression (list, key, address, reason, since) SELECT id, lower(?), ?, 'unsubscribed', 0 FROM list WHERE newsletter = ?",
    )
    .run(address, address, newsletter);
  store.close();
}

const ADD_LIST =
  "INSERT INTO list (newsletter, uid) VALUES (?, randomblob(6)) ON CONFLICT DO NOTHING";

const PAUSE = `
  INSERT INTO subscriber (id, list, key, address, subscribed_at, paused_until)
  SELECT ?, id, ?, ?, 0, ? FROM list WHERE newsletter = ?`;

async function isSuppressedIn(file: string, newsletter: string, address: string): Promise<boolean> {
  const store = await openStore(file);
  const found = store
    .prepare(
      "SELECT 1 FROM suppression JOIN list ON list.id = list WHERE newsletter = ? AND key = ?",
    )
    .get(newsletter, address);
  store.close();
  return found !== undefined;
}
