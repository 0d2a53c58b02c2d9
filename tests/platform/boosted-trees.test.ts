import { describe, expect, test } from "vitest";
import { loadTrees, likelihood, logOddsOf } from "../../src/platform/boosted-trees.ts";

/** Feature 0 up to 2 → 10, else feature 1 up to 0.5 → 20, else 30; and a tree that always says 5. */
const FOREST = loadTrees({
  feature: [0, -1, 1, -1, -1, -1],
  value: [2, 10, 0.5, 20, 30, 5],
  left: [1, 0, 1, 0, 0, 0],
});

describe("trees as they are stored", () => {
  test.each([
    [[2, 9], 15],
    [[3, 0.5], 25],
    [[3, 0.6], 35],
  ])("%j is led to %i", (features, sum) => {
    expect(logOddsOf(FOREST, features)).toBe(sum);
  });

  test("a left branch may be as deep as it likes", () => {
    const forest = loadTrees({
      feature: [0, 0, -1, -1, -1],
      value: [5, 2, 1, 2, 3],
      left: [3, 1, 0, 0, 0],
    });
    expect([1, 4, 6].map((value) => logOddsOf(forest, [value]))).toEqual([1, 2, 3]);
  });

  test("no trees say nothing, which is as likely as not", () => {
    expect(likelihood(loadTrees({ feature: [], value: [], left: [] }), [1])).toBe(0.5);
  });
});
