import { parentPort, workerData } from "node:worker_threads";
import { BroadsheetError, sentError } from "../../errors.ts";
import { openStore } from "../../platform/store.ts";
import { Audience, type ListConfig } from "../../subscribers/io/audience.ts";
import { keyringOf } from "../../subscribers/tokens.ts";
import type { Answer, Call } from "./store-thread.ts";
import { scrubWhereDue, callsByName } from "./store-calls.ts";

/*
 * The worker of a StoreThread. Each call opens the store again. So it notices a store that was restored or moved, and never
 * writes to a file that was replaced. Any error that is not a BroadsheetError is thrown. It ends the thread, and Node passes
 * it on.
 */
const { store: place, slug: newsletter, secrets }: ListConfig = workerData;
const keyring = keyringOf(secrets.secret ?? "", secrets.oldSecrets);

/** The longest wait of a call for the store. A call that waits longer fails. */
const PATIENCE_MS = 6_000;
/** The start of the thread. On a busy machine, starting it takes seconds, which do not count as a wait for the store. */
const startedAt = Date.now();

let last: Promise<void> = Promise.resolve();

parentPort?.on("message", (call: Call | "end") => {
  last = last.then(async () => (call === "end" ? parentPort?.close() : work(call)));
});

async function work({ id, name, args, now, askedAt }: Call): Promise<void> {
  try {
    if (Date.now() - Math.max(askedAt, startedAt) > PATIENCE_MS) throw tooLate();
    await using store = await openStore(place);
    const clock = () => now;
    const audience = new Audience(store, { newsletter, clock, keyring });
    answer({ id, result: await callsByName[name]?.({ store, audience, clock, keyring }, ...args) });
    await scrubWhereDue({ audience });
  } catch (error) {
    answer({ id, failure: sentError(error) });
  }
}

function answer(to: Answer): void {
  parentPort?.postMessage(to);
}

function tooLate(): BroadsheetError {
  const fix = "try again when it has ended";
  return new BroadsheetError("STORE_BUSY", "the store is in use by another program", { fix });
}
