import { parentPort, workerData } from "node:worker_threads";
import { BroadsheetError } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { openAudience } from "./open-audience.ts";
import type { Answer, Told } from "./import-thread.ts";
import type { Importer, Tally } from "./importer.ts";
import { rowsOf } from "./row-columns.ts";

/*
 * The other end of an ImportThread: it opens the store for itself, and closes it. What isn't ours to explain
 * is thrown, and ends the thread, which tells the other end as well.
 */
try {
  answer({ kind: "finished", tally: await importAll() });
} catch (error) {
  if (!(error instanceof BroadsheetError)) throw error;
  const { code, message, where, fix } = error;
  answer({ kind: "failed", code, message, where, fix });
} finally {
  parentPort?.close();
}

async function importAll(): Promise<Tally> {
  const audience = await openAudience(workerData, systemClock);
  try {
    return await takeAll(audience.importer());
  } finally {
    audience.close();
  }
}

async function takeAll(importer: Importer): Promise<Tally> {
  return new Promise((resolve, reject) => {
    parentPort?.on("message", ({ rows }: Told) => {
      try {
        if (!rows) return resolve(importer.finish());
        importer.add(rowsOf(rows));
        answer({ kind: "taken" });
      } catch (error) {
        reject(error);
      }
    });
  });
}

function answer(what: Answer): void {
  parentPort?.postMessage(what);
}
