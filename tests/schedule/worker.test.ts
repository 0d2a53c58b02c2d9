import { expect, onTestFinished, test } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { openRecords } from "../../src/delivery/io/issue-records.ts";
import { BroadsheetError } from "../../src/errors.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { workOn } from "../../src/schedule/worker.ts";
import { startCuttingProxy } from "../cutting-proxy.ts";
import { newDatabase } from "../stores.ts";
import { newFolder } from "../temporary.ts";

test("a worker says that its database is away, and stays up", async () => {
  const url = new URL(await newDatabase());
  const proxy = await startCuttingProxy(Number(url.port));
  onTestFinished(async () => proxy.close());
  url.port = String(proxy.port);
  const env = { DATABASE_URL: url.href, XDG_STATE_HOME: await newFolder() };
  const config = parseConfig({ name: "The Slipway" }, env, "/letters/broadsheet.config.json");
  await using records = await openRecords(config, systemClock, { env });
  const ending = new AbortController();
  const said: unknown[] = [];
  await workOn({
    config,
    records,
    clock: systemClock,
    env,
    signal: ending.signal,
    bell: { next: async () => proxy.cut(true) },
    report: (outcome) => {
      said.push(outcome instanceof BroadsheetError ? outcome.code : outcome);
      ending.abort();
    },
  });
  expect(said).toEqual(["STORE_UNREACHABLE"]);
});
