import { expect, test } from "vitest";
import { surviveAll, worked, WORKS } from "../cli/killed-writes.ts";

/** Each work is done again from its beginning some thirty times. */
const LONGEST_MS = 900_000;
const AT_ONCE = [0, 1, 2, 3];

test.each(WORKS)(
  "kill -9 at each write of $name loses no word",
  async (work) => {
    const left = await worked(work);
    for (const isTorn of [false, true]) {
      let kills = 0;
      for (let first = 1; kills === first - 1; first += AT_ONCE.length) {
        const deaths = AT_ONCE.map((more) => ({ nth: first + more, isTorn }));
        const killed = await surviveAll(left, work, deaths);
        kills += killed.filter(Boolean).length;
      }
      expect(kills).toBeGreaterThan(isTorn ? 1 : 7);
    }
  },
  LONGEST_MS,
);
