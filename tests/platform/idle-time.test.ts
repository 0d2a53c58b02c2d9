import { setImmediate, setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { withinIdleTime } from "../../src/platform/files/local-file.ts";

const late = () => new Error("late");

function keepBusy(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Work of some steps, between which the process reads something else. */
async function whileBusy(steps: number): Promise<string> {
  for (let step = 0; step < steps; step++) {
    await setImmediate();
    keepBusy(100);
  }
  return "read";
}

test("what waits for a busy process is not late", async () => {
  expect(await withinIdleTime(whileBusy(5), 200, late)).toBe("read");
});

test("what takes longer while the process has nothing to do is late", async () => {
  const stuck = Promise.withResolvers<never>();
  await expect(withinIdleTime(stuck.promise, 200, late)).rejects.toThrow("late");
  expect(await withinIdleTime(setTimeout(100, "read"), 20_000, late)).toBe("read");
});
