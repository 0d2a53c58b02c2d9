import { parentPort, workerData } from "node:worker_threads";
import { BroadsheetError } from "../../errors.ts";
import { openTrusted } from "../../platform/sqlite/open-store.ts";
import { markAway, Watermarks } from "../../platform/sqlite/watermarks.ts";
import { type ListConfig, SqliteAudience } from "../../subscribers/io/sqlite-audience.ts";
import { keyringOf } from "../../subscribers/tokens.ts";
import type { Answer, Call } from "./store-thread.ts";
import type { Store } from "./store.ts";
import { scrubWhereDue, WRITES } from "./writes.ts";

/*
 * The worker of a StoreThread. Each call opens the store anew: one that was restored or moved meanwhile is noticed, and a
 * file that another one has replaced is not written to. An error other than a BroadsheetError is thrown, which ends the
 * thread and is passed on by Node.
 */
const writes: Readonly<Record<string, (store: Store, ...args: readonly never[]) => unknown>> =
  WRITES;

const { store: file, slug: newsletter, secrets }: ListConfig = workerData;
const keyring = keyringOf(secrets.secret ?? "", secrets.oldSecrets);

/** As long as another process may hold the store. A call that waits longer is not done any more. */
const PATIENCE_MS = 6_000;
/** On a busy machine a thread takes seconds to start. That time is no wait for the store. */
const startedAt = Date.now();

let last: Promise<void> = Promise.resolve();

parentPort?.on("message", (call: Call | "end") => {
  last = last.then(async () => (call === "end" ? parentPort?.close() : work(call)));
});

async function work({ id, name, args, now, askedAt }: Call): Promise<void> {
  try {
    if (Date.now() - Math.max(askedAt, startedAt) > PATIENCE_MS) throw tooLate();
    using database = await openTrusted(file);
    const away = markAway(database, process.env);
    const clock = () => now;
    using audience = new SqliteAudience(database, { newsletter, clock, keyring, markAway: away });
    using marks = new Watermarks(database, away);
    answer({
      id,
      result: await writes[name]?.({ audience, database, marks, clock, keyring }, ...args),
    });
    scrubWhereDue({ audience });
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    const { code, message, where, fix } = error;
    answer({ id, failure: { code, message, where, fix } });
  }
}

function answer(to: Answer): void {
  parentPort?.postMessage(to);
}

function tooLate(): BroadsheetError {
  const fix = "run it again when that is done";
  return new BroadsheetError("STORE_BUSY", "the store is in use by another program", { fix });
}
