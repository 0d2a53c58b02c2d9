import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HostQueue, Places } from "../../../src/platform/http/fetch-limits.ts";

describe("the queue of hosts", () => {
  test("asks a host for one thing at a time, in order, and no more hosts at once than it may", async () => {
    const hosts = fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        hosts,
        fc.integer({ min: 1, max: 4 }),
        fc.scheduler(),
        async (asked, limit, s) => {
          const queue = new HostQueue();
          const places = new Places(limit);
          const running = new Set<string>();
          const begun: number[] = [];
          const tasks = asked.map(async (host, index) =>
            queue.run(host, async () =>
              places.run(async () => {
                expect(running.has(host)).toBe(false);
                running.add(host);
                expect(running.size).toBeLessThanOrEqual(limit);
                begun.push(index);
                await s.schedule(Promise.resolve());
                running.delete(host);
                return index;
              }),
            ),
          );
          expect(await s.waitFor(Promise.all(tasks))).toEqual(asked.map((_, index) => index));
          for (const host of asked) {
            const order = begun.filter((index) => asked[index] === host);
            expect(order).toEqual(order.toSorted((one, other) => one - other));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test("goes on after a failure", async () => {
    const queue = new HostQueue();
    const places = new Places(1);
    const failing = queue.run("a", async () =>
      places.run(async () => Promise.reject(new Error("no"))),
    );
    const next = queue.run("a", async () => places.run(async () => "yes"));
    await expect(failing).rejects.toThrow("no");
    await expect(next).resolves.toBe("yes");
  });
});
