import { setTimeout as sleep } from "node:timers/promises";
import { BroadsheetError } from "../../../errors.ts";
import { textIn } from "../../../platform/database.ts";
import type { PostgresQueries, PostgresStore } from "../../../platform/postgres/postgres-store.ts";

/** The time that a sender waits for a database that can't be reached. */
const PATIENCE_MS = 300_000;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1_000;

/**
 * Does `work` in a transaction beside others. It is repeated while the database can't be reached, and after a conflict with
 * another transaction. If COMMIT was not answered, it is repeated only if it was not committed. `work` must therefore change
 * nothing but rows. The caller uses its result.
 * @throws BroadsheetError STORE_* if the database stays away for five minutes.
 */
export async function steadily<Result>(
  store: PostgresStore,
  work: (tx: PostgresQueries) => Promise<Result>,
): Promise<Result> {
  let done: { readonly id: string; readonly result: Result } | undefined;
  return patiently(async () => {
    if (done && (await isCommitted(store, done.id))) return done.result;
    done = undefined;
    return store.beside(async (tx) => {
      const [row = {}, result] = await Promise.all([tx.get(ID), work(tx)]);
      done = { id: textIn(row, "id"), result };
      return result;
    });
  });
}

const ID = "SELECT CAST(pg_current_xact_id() AS text) AS id";

/** The status is NULL for a number that the server has not used. After a crash, it may have forgotten the transaction. */
const STATUS = `
  SELECT CASE WHEN CAST(?1 AS xid8) < pg_snapshot_xmax(pg_current_snapshot())
    THEN pg_xact_status(CAST(?1 AS xid8)) END AS status`;

/** @throws BroadsheetError STORE_BUSY while the transaction is open: the server has not noticed the lost connection yet. */
async function isCommitted(store: PostgresStore, id: string): Promise<boolean> {
  const row = await store.get(STATUS, id);
  if (row?.["status"] !== "in progress") return row?.["status"] === "committed";
  throw new BroadsheetError(
    "STORE_BUSY",
    "a transaction is still open after its connection was lost",
    { fix: "run the command again in a minute" },
  );
}

/** Repeats `work` while the database can't be reached or is busy. */
export async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
  const until = performance.now() + PATIENCE_MS;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || performance.now() > until) throw error;
    }
    await sleep(waitMs);
  }
}

function isPassing(error: unknown): boolean {
  return (
    error instanceof BroadsheetError &&
    (error.code === "STORE_UNREACHABLE" || error.code === "STORE_BUSY")
  );
}
