import { expect, test } from "vitest";
import { survives, worked, WORKS } from "../cli/killed-writes.ts";

/** Each work is done again from its beginning some thirty times. */
const LONGEST_MS = 900_000;

test.each(WORKS)(
  "kill -9 at each write of $name loses no word",
  async (work) => {
    const left = await worked(work);
    for (const isTorn of [false, true]) {
      let nth = 1;
      while (await survives(left, work, { nth, isTorn })) nth++;
      expect(nth).toBeGreaterThan(isTorn ? 2 : 8);
    }
  },
  LONGEST_MS,
);
