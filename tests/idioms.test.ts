import { describe, expect, test } from "vitest";
import recorded from "../bench/idioms/recorded.json" with { type: "json" };
import { scoresOf } from "../bench/idioms/judged-rows.ts";
import { TABLES } from "../bench/idioms/tables.ts";

describe("each language is read no worse than when the figures were recorded", () => {
  test.each(Object.entries(recorded))("%s", (name, figures) => {
    const scores = scoresOf(TABLES[name]?.() ?? []);
    const worse = Object.entries(figures)
      .filter(([language, right]) => (scores[language]?.right ?? 0) < right)
      .map(([language]) => ({ language, wrong: scores[language]?.wrong }));
    expect(worse).toEqual([]);
  });

  test("and no table is without a figure", () => {
    expect(Object.keys(recorded)).toEqual(Object.keys(TABLES));
  });
});
