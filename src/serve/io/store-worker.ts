import { parentPort, workerData } from "node:worker_threads";
import { BroadsheetError } from "../../errors.ts";
import { openAudience } from "../../subscribers/io/sqlite-audience.ts";
import type { Answer, Call } from "./store-thread.ts";
import { type Store, WRITES } from "./writes.ts";

/*
 * The worker of a StoreThread. Each call opens the store anew: one that was restored or moved meanwhile is noticed, and a
 * file that another one has replaced is not written to. An error other than a BroadsheetError is thrown, which ends the
 * thread and is passed on by Node.
 */
const writes: Readonly<Record<string, (store: Store, ...args: readonly never[]) => unknown>> =
  WRITES;

let last: Promise<void> = Promise.resolve();

parentPort?.on("message", (call: Call | "end") => {
  last = last.then(async () => {
    if (call === "end") parentPort?.close();
    else parentPort?.postMessage(await answerTo(call));
  });
});

async function answerTo({ id, name, args, now, deadline }: Call): Promise<Answer> {
  try {
    if (Date.now() > deadline) throw tooLate();
    using audience = await openAudience(workerData, () => now);
    return { id, result: await writes[name]?.({ audience }, ...args) };
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    const { code, message, where, fix } = error;
    return { id, failure: { code, message, where, fix } };
  }
}

function tooLate(): BroadsheetError {
  const fix = "run it again when that is done";
  return new BroadsheetError("STORE_BUSY", "the store is in use by another program", { fix });
}
