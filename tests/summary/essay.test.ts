import { describe, expect, test } from "vitest";
import { summarize } from "../../src/summary/summarize.ts";
import { articleOf } from "./article-of.ts";

const ESSAY = `For years I kept my letters in a shoe box under the bed. Every letter that I answered brought me two more.

I tried folders of every colour, and I lost all of them. My sister gave me a drawer with a lock. I lost the key within a week.

Then I threw the box away and I slept well for a month. My letters come to the office now. I read them on Fridays, with a cup of tea. We call it the hour of the post. I have never been happier.`;

describe("a text that its author tells as I", () => {
  test("opens with who writes it, which is no part of the source", () => {
    const { gist } = summarize(articleOf(ESSAY, { authors: ["Ada Quill"] }));
    expect(gist.text).toMatch(/^Ada Quill writes: /);
    expect(gist.added?.[0]).toEqual({ at: gist.start, text: "Ada Quill writes: " });
    expect(ESSAY.replace(/\s+/g, " ")).toContain(gist.text.slice("Ada Quill writes: ".length));
  });

  test.each([
    [["Ada Quill", "Tomas Reil"], "en", /^Ada Quill, Tomas Reil: /],
    [["Ada Quill"], "en-GB", /^Ada Quill writes: /],
    [[], "en", /^(?!.*:)/],
    [["ada@quill.example"], "en", /^(?!.*:)/],
    [["Ada", "Mary", "Tomas"], "en", /^(?!.*:)/],
  ])("by %j in %s", (authors, language, expected) => {
    expect(summarize(articleOf(ESSAY, { authors, language })).gist.text).toMatch(expected);
  });

  test("in the words of its language", () => {
    const text = "Ich habe meine Briefe jahrelang in einem Karton unter dem Bett aufbewahrt.";
    const { gist } = summarize(articleOf(text, { authors: ["Ada Quill"], language: "de" }));
    expect(gist.text).toBe(`Ada Quill schreibt: ${text}`);
  });

  test("and a report is nobody's but its speakers'", () => {
    const report = articleOf("The ferry was late again. “I waited for an hour,” said Ada Pell.", {
      authors: ["Mary Reil"],
    });
    expect(summarize(report).gist.text).not.toContain("Mary Reil");
  });
});
