import { beforeEach, expect, test } from "vitest";
import { JobLock } from "../../../src/platform/postgres/job-lock.ts";
import { inDatabase, newDatabase } from "../../stores.ts";

let url: string;

beforeEach(async () => {
  url = await newDatabase();
});

const lock = (queue = "runs/the-slipway") => new JobLock(url, queue);

test("one process has the lock at a time, and others see who", async () => {
  const [first, second] = [lock(), lock()];
  expect(await first.take()).toBe(true);
  expect(await second.take()).toBe(false);
  const { name, heldMs } = await second.holder();
  expect(name).toMatch(new RegExp(`^process ${process.pid} on \\S+, since \\d{4}-[\\d:T-]+Z$`));
  expect(heldMs).toBeGreaterThanOrEqual(0);
  await first.release();
  expect(await second.take()).toBe(true);
  await second.release();
});

test("of many that come at once one gets it", async () => {
  const locks = Array.from({ length: 5 }, () => lock());
  const taken = await Promise.all(locks.map(async (one) => one.take()));
  expect(taken.filter(Boolean)).toHaveLength(1);
  for (const one of locks) await one.release();
});

test("locks of other names are others", async () => {
  const [first, second] = [lock(), lock("runs/another")];
  expect([await first.take(), await second.take()]).toEqual([true, true]);
  for (const one of [first, second]) await one.release();
});

test("a process that shows no sign of life loses it", async () => {
  const [dead, next] = [lock(), lock()];
  expect(await dead.take()).toBe(true);
  await inDatabase(url, "UPDATE broadsheet_jobs.job SET heartbeat_on = now() - interval '1 hour'");
  expect(await next.take()).toBe(true);
  await dead.release();
  expect(await lock().take()).toBe(false);
  await next.release();
});
