import { parentPort, workerData } from "node:worker_threads";
import { sentError } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { openAudience } from "./audience.ts";
import { type Answer, type ImportRequest, rowsOf } from "./import-thread.ts";
import type { Importer } from "./importer.ts";
import type { Tally } from "../import-row.ts";

/*
 * The worker of an ImportThread. It opens its own connection to the store, and closes it. Any error that is not a
 * BroadsheetError is thrown. It ends the thread, and Node passes it on.
 */
try {
  answer({ kind: "finished", tally: await importAll() });
} catch (error) {
  answer({ kind: "failed", ...sentError(error) });
} finally {
  parentPort?.close();
}

async function importAll(): Promise<Tally> {
  await using audience = await openAudience(workerData, systemClock);
  return await takeAll(audience.importer());
}

/** Imports the groups one after the other. */
async function takeAll(importer: Importer): Promise<Tally> {
  return new Promise((resolve, reject) => {
    let last: Promise<void> = Promise.resolve();
    const take = async ({ rows }: ImportRequest): Promise<void> => {
      if (!rows) return resolve(await importer.finish());
      await importer.add(rowsOf(rows));
      answer({ kind: "taken" });
    };
    parentPort?.on("message", (request: ImportRequest) => {
      last = last.then(async () => take(request));
      last.catch(reject);
    });
  });
}

function answer(what: Answer): void {
  parentPort?.postMessage(what);
}
