import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { startingFile } from "../../src/platform/own-files.ts";
import type { Call } from "../../src/serve/io/store-thread.ts";
import { ENGINES } from "../stores.ts";
import { readersContract } from "./readers-contract.ts";
import { storeBench } from "./store-bench.ts";

for (const engine of ENGINES) readersContract(engine, async () => storeBench(engine));

test("a call is done whose thread took long to start", async () => {
  const bench = await storeBench();
  const workerData = {
    store: bench.store,
    slug: "harbour-letter",
    secrets: { secret: "only for this test" },
  };
  const worker = new Worker(startingFile("serve/io/store-worker"), { workerData });
  const [now, askedAt] = [new Date(), Date.now() - 60_000];
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
  worker.postMessage({ id: 1, name: "forget", args: [], now, askedAt } satisfies Call);
  expect(await once(worker, "message")).toEqual([{ id: 1, result: undefined }]);
  await worker.terminate();
  await bench.close();
});
