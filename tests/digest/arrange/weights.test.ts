import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { weightedDigest, type Weight } from "../../../src/digest/arrange/weights.ts";
import { type Digest, type Entry } from "../../../src/digest/digest.ts";
import { parseDigest } from "../../../src/digest/digest-json.ts";
import { digestOf, entry } from "../../fixtures.ts";

const WIDE = { src: "images/a.jpg", alt: "A", widthPx: 1200, heightPx: 750 };
const TALL = { ...WIDE, widthPx: 400, heightPx: 1600 };

/** Stories with a picture where the letter is big, and none where it is small. */
function stories(letters: string): Entry[] {
  return letters
    .split("")
    .map((letter, at) =>
      entry({ title: `${letter}${at}`, images: letter === letter.toUpperCase() ? [WIDE] : [] }),
    );
}

function withArticle(entry: Entry, fields: Partial<Entry["article"]>): Entry {
  return { ...entry, article: { ...entry.article, ...fields } };
}

function weighedAs(entries: readonly Entry[], weights: Readonly<Record<number, Weight>>): Entry[] {
  return entries.map((entry, at) => (weights[at] ? { ...entry, weight: weights[at] } : entry));
}

/** The weights of each section, by their first letters. */
function page(digest: Digest): string[] {
  return weightedDigest(digest).sections.map(({ heading, entries }) =>
    `${heading} ${entries.map(({ weight }) => weight.charAt(0)).join("")}`.trim(),
  );
}

function titles(digest: Digest): string[] {
  return weightedDigest(digest).sections.flatMap(({ entries }) =>
    entries.map(({ article }) => article.title),
  );
}

const count = (length: number) => stories("a".repeat(length));
const tagged = (length: number, tags: readonly string[]) =>
  Array.from({ length }, (_, at) =>
    entry({ title: `a${at}`, tags: [tags[at % tags.length] ?? ""] }),
  );

describe("the weights of a digest", () => {
  test.each([
    [1, "l"],
    [2, "lr"],
    [3, "lpp"],
    [4, "lppr"],
    [5, "lpprr"],
    [6, "lpprrr"],
    [7, "lpprrll"],
    [12, "lpprrlllllll"],
    [13, "lpprrrlllllll"],
  ])("go by their number: %i", (length, weights) => {
    expect(page(digestOf(count(length), { sections: "none" }))).toEqual([weights]);
  });

  test("of a long issue in sections are a row for each, and the rest in brief", () => {
    const digest = digestOf(tagged(14, ["Weather", "Boats", "Opinion"]));
    expect(page(digest)).toEqual(["lpp", "Weather rlll", "Boats rlll", "Opinion rll"]);
  });

  test("of a short issue in sections are rows where a section has two", () => {
    const digest = digestOf(tagged(8, ["Weather", "Boats", "Boats"]), { sections: "tag" });
    expect(page(digest)).toEqual(["l", "Boats rllll", "Weather rr"]);
  });

  test("in a section of the config are what the config says", () => {
    const sections = [{ heading: "Notes", tags: ["Boats"], weight: "line" as const }];
    expect(page(digestOf(tagged(6, ["Weather", "Boats"]), { sections }))).toEqual([
      "l",
      "Notes lll",
      "ll",
    ]);
  });

  test("give the lead's place to the story that an editor made the lead", () => {
    const digest = digestOf(weighedAs(count(4), { 2: "lead" }));
    expect(page(digest)).toEqual(["lppr"]);
    expect(titles(digest)).toEqual(["a2", "a0", "a1", "a3"]);
  });

  test("are an editor's where she says so, and never a pair of one", () => {
    expect(page(digestOf(weighedAs(count(4), { 1: "line", 2: "line", 3: "pair" })))).toEqual([
      "lrll",
    ]);
    expect(page(digestOf(weighedAs(count(5), { 4: "pair" })))).toEqual(["lpprr"]);
    expect(titles(digestOf(weighedAs(count(5), { 4: "pair" })))).toEqual(
      "a0 a1 a4 a2 a3".split(" "),
    );
    expect(page(digestOf(weighedAs(count(4), { 1: "line", 2: "row", 3: "row" })))).toEqual([
      "lrrl",
    ]);
  });

  test("set two stories with pictures side by side, or two without", () => {
    expect(titles(digestOf(stories("AAaA")))).toEqual(["A0", "A1", "A3", "a2"]);
    expect(titles(digestOf(stories("AAaaa")))).toEqual(["A0", "A1", "a2", "a3", "a4"]);
  });

  test("take a picture that is a tower for none", () => {
    const tower = entry({ title: "tower", images: [TALL] });
    const [a, b, c] = stories("AAA");
    if (!a || !b || !c) throw new Error("three stories");
    expect(titles(digestOf([a, b, tower, c]))).toEqual(["A0", "A1", "A2", "tower"]);
  });

  test("let a story that is doubted lead, or stand with its first line, only where none is surer", () => {
    const doubted = { reading: { confidence: 0.2, doubts: [] } };
    const told = stories("aaaaaaaa").map((entry, at) =>
      at < 2 ? withArticle(entry, doubted) : entry,
    );
    const digest = digestOf(told, { sections: "none" });
    expect(page(digest)).toEqual(["lpprrlll"]);
    expect(titles(digest)).toEqual(["a2", "a3", "a4", "a5", "a6", "a0", "a1", "a7"]);
    const accepted = digestOf(told.map((entry) => ({ ...entry, accepted: true as const })));
    expect(titles(accepted)[0]).toBe("a0");
    const only = digestOf(told.slice(0, 2));
    expect(titles(only)).toEqual(["a0", "a1"]);
  });

  test("give the lead to one of the first three whose picture says what it shows", () => {
    const mute = { ...WIDE, alt: "" };
    const told = stories("AAAAA").map((entry, at) =>
      at === 2 || at === 4 ? entry : withArticle(entry, { images: [mute] }),
    );
    expect(titles(digestOf(told, { sections: "none" }))[0]).toBe("A2");
  });

  test("stand in digest.json, and no other word does", () => {
    const json = JSON.stringify(digestOf(count(2)));
    const weighted = (weight: string) =>
      json.replace('"entries":[{', `"entries":[{"weight":"${weight}",`);
    expect(parseDigest(weighted("row"), "digest.json").sections[0]?.entries[0]?.weight).toBe("row");
    expect(() => parseDigest(weighted("hero"), "digest.json")).toThrow(/weight/);
  });

  test("are one for every story, with no pair alone and each story once, whatever was said", () => {
    const weight = fc.constantFrom(undefined, undefined, "lead", "pair", "row", "line");
    const issue = fc.record({
      told: fc.array(fc.record({ weight, isBig: fc.boolean(), tag: fc.nat(4) }), {
        minLength: 1,
        maxLength: 60,
      }),
      sections: fc.constantFrom("auto", "none", "tag"),
    });
    fc.assert(
      fc.property(issue, ({ told, sections }) => {
        const entries = told.map(({ weight, isBig, tag }, at): Entry => {
          const letters = stories(isBig ? "A" : "a")[0];
          if (!letters) throw new Error("one story");
          const article = { ...letters.article, title: `${at}`, tags: [`Tag ${tag}`] };
          return { ...letters, article, ...(weight && { weight }) };
        });
        const digest = digestOf(entries, { sections });
        const weighted = weightedDigest(digest);
        const flat = weighted.sections.flatMap(({ entries }) => entries);
        expect(flat.map(({ article }) => article.title).sort()).toEqual(
          entries.map(({ article }) => article.title).sort(),
        );
        expect(flat.map(({ weight }) => weight).indexOf("lead")).toBe(0);
        expect(flat.filter(({ weight }) => weight === "lead")).toHaveLength(1);
        expect(flat.filter(({ weight }) => weight === "pair").length % 2).toBe(0);
        for (const { heading, entries } of weighted.sections) {
          const ranks = entries.map(({ weight }) =>
            ["lead", "pair", "row", "line"].indexOf(weight),
          );
          expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
          if (heading !== "") expect(ranks.filter((rank) => rank < 2)).toEqual([]);
        }
        expect(weightedDigest(weighted)).toEqual(weighted);
      }),
    );
  });
});
