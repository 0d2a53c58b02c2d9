import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { startingFile } from "../../src/platform/own-files.ts";
import type { Call } from "../../src/serve/io/store-thread.ts";
import { openDoorStore } from "../../src/serve/io/door-store.ts";
import { tokensOf } from "../../src/subscribers/tokens.ts";
import { ENGINES } from "../stores.ts";
import { LOOK, requestOf } from "./join-bench.ts";
import { readersContract } from "./readers-contract.ts";
import { storeBench } from "./store-bench.ts";

for (const engine of ENGINES) readersContract(engine, async () => storeBench(engine));

test("a thread does each change of the list, and takes and returns what it is given", async () => {
  const bench = await storeBench("sqlite", openDoorStore);
  const token = await bench.add({ address: "mara@harbour.example", tags: [] });
  const id = (await bench.readers.find(token))?.id ?? -1;
  const leftAt = await bench.readers.leave(id, "the page");
  expect(leftAt).toEqual(bench.now());
  expect(await bench.readers.undo(id, leftAt ?? new Date(0))).toBe(true);
  const until = new Date(bench.now().getTime() + 3_600_000);
  expect(await bench.readers.pause(id, until)).toBe(true);
  expect(await bench.readers.find(token)).toMatchObject({ pausedUntil: until });
  expect(await bench.readers.pause(id, undefined)).toBe(true);
  const { bounceToken } = tokensOf({ subscriberId: id, list: bench.list }, bench.keyring);
  const complaint = { token: bounceToken, what: "complained", said: "abuse" } as const;
  expect(await bench.reports.take(complaint)).toBe(true);
  expect(await bench.audience.statusOf("mara@harbour.example")).toBe("complained");
  await bench.readers.erase(id);
  expect(await bench.readers.record(id)).toBeUndefined();

  const { joins, outgoing } = bench.joinsWith(LOOK);
  await joins.ask(requestOf("jory@harbour.example"));
  await joins.weigh();
  const words = {
    subject: "Your data",
    text: "A link.\n",
    html: "<p>A link.</p>",
    expiresAt: until,
  };
  expect(await outgoing.put({ key: "own", to: "wenna@harbour.example", ...words })).toBe(true);
  const [first, second] = [await outgoing.claim(60), await outgoing.claim(60)];
  expect([first?.to, second]).toMatchObject([
    "jory@harbour.example",
    { ...words, putAt: bench.now() },
  ]);
  await outgoing.settle(second?.id ?? -1, { state: "waiting", due: until });
  bench.pass(3_600_000);
  expect(await outgoing.isDue(60)).toBe(false);
  await bench.close();
});

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
