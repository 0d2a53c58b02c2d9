import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sectionsOf, type Grouping } from "../../../src/digest/compose-digest.ts";
import { article, entry } from "../../fixtures.ts";

type Told = readonly [title: string, tags: readonly string[], site?: string];

const STORIES: readonly Told[] = [
  ["Rye", ["bread"], "The Quay"],
  ["Knots", ["Books", "Bread"], "Tidewatch"],
  ["Bees", ["Ferries"], "The Quay"],
  ["Buns", ["#Bread"], "The Slip"],
  ["Nets", [], "Tidewatch"],
  ["Oars", ["Bread", "Ferries"], "the  quay"],
  ["Fog", ["Weather", "ferries"]],
];

const entries = STORIES.map(([title, tags, site]) =>
  entry({ title, tags, site, url: site === undefined ? "https://www.fog.example/1" : undefined }),
);

function grouped(grouping: Grouping | undefined): [string, string[]][] {
  return sectionsOf(entries, grouping).map(({ heading, entries }) => [
    heading,
    entries.map(({ article }) => article.title),
  ]);
}

describe("sections", () => {
  test("are one without a heading by default", () => {
    const all = STORIES.map(([title]) => title);
    expect(grouped(undefined)).toEqual([["", all]]);
    expect(grouped("none")).toEqual([["", all]]);
  });

  test("by tag have two stories at least, whatever the case and signs of the tag", () => {
    expect(grouped("tag")).toEqual([
      ["Bread", ["Rye", "Knots", "Buns", "Oars"]],
      ["", ["Bees", "Nets", "Fog"]],
    ]);
  });

  test("by source go by the paper's name, as most have it", () => {
    expect(grouped("source")).toEqual([
      ["The Quay", ["Rye", "Bees", "Oars"]],
      ["Tidewatch", ["Knots", "Nets"]],
      ["", ["Buns", "Fog"]],
    ]);
  });

  test("of the editor's own may share a heading", () => {
    const rules = [
      { heading: "Both", tags: ["books"] },
      { heading: "Both", sources: ["fog.example"] },
    ];
    expect(grouped(rules)[0]).toEqual(["Both", ["Knots", "Fog"]]);
  });

  test.each(["fog.example", "https://www.fog.example/", "FOG.example", "example"])(
    "of a source may name its host: %s",
    (source) => {
      expect(grouped([{ heading: "Fog", sources: [source] }])[0]).toEqual(["Fog", ["Fog"]]);
    },
  );

  test("of nothing are none", () => {
    expect(sectionsOf([], "tag")).toEqual([]);
  });

  test("hold every story exactly once and in order, whatever the tags", () => {
    const tag = fc.oneof(
      fc.constantFrom("a", "A ", "#a", "b-c", "B_c", "__proto__", "", "##"),
      fc.string(),
    );
    const story = fc.record({
      tags: fc.array(tag, { maxLength: 4 }),
      site: fc.option(fc.constantFrom("x", "X", "constructor"), { nil: undefined }),
    });
    const grouping: fc.Arbitrary<Grouping> = fc.oneof(
      fc.constantFrom("none" as const, "tag" as const, "source" as const),
      fc.array(fc.record({ heading: fc.constantFrom("H", "I"), tags: fc.array(tag) })),
    );
    fc.assert(
      fc.property(fc.array(story, { maxLength: 12 }), grouping, (stories, by) => {
        const told = stories.map((over, index) => ({
          ...entry(),
          article: article({ ...over, id: String(index) }),
        }));
        const sections = sectionsOf(told, by);
        const ids = sections.map(({ entries }) => entries.map(({ article }) => Number(article.id)));
        expect(ids.flat().sort((a, b) => a - b)).toEqual(told.map((_, index) => index));
        for (const group of ids) expect(group).toEqual(group.toSorted((a, b) => a - b));
        const headings = sections.map(({ heading }) => heading);
        expect(new Set(headings).size).toBe(headings.length);
        expect(headings.slice(0, -1)).not.toContain("");
      }),
    );
  });
});
