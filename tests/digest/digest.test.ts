import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { findInJson } from "../../src/digest/digest-json.ts";
import { digestOf, entry } from "../fixtures.ts";
import { render } from "../render.ts";

/** The text of a digest.json in which an editor has set one thing to another, or taken it out. */
function edited(place: string, value: unknown): string {
  const digest = JSON.parse(JSON.stringify(digestOf([entry(), entry({ title: "Two" })])));
  const steps = place.split(".");
  const last = steps.pop() ?? "";
  steps.reduce((part, step) => part[step], digest)[last] = value;
  return JSON.stringify(digest, undefined, 2);
}

const STORY = "sections.0.entries.0";

describe("an edited digest.json", () => {
  // What is set to what, what is said of it after its place, and what stands on the line that is named.
  test.each<[string, unknown, string, string]>([
    ["subject", 7, "should be a string", '"subject": 7'],
    ["subjct", "x", "is not a field", '"subjct"'],
    [`${STORY}.summary.gist`, undefined, "is missing", '"summary": {'],
    ["language", "en_US", "is not a language tag such as en, pt-BR or ar", '"language": "en_US"'],
    [`${STORY}.article.language`, "!!", "is not a language tag such as en, pt-BR or ar", '"!!"'],
    ["issue.newsletter", "../../x", "is not in the form that it should have", '"newsletter"'],
    ["issue.slot", "2026-13-45", "is no day and no week of the calendar", '"slot"'],
    ["sections", [], "is empty or too small", '"sections"'],
    ["sections.0.entries", [], "is empty or too small", '"entries": []'],
    ["publication.accent", "#fff", "is not a colour such as #B01E23", '"accent"'],
  ])("%s set to %j is refused at its line", (place, value, says, marker) => {
    const json = edited(place, value);
    const line = json.split("\n").findIndex((text) => text.includes(marker)) + 1;
    expect(line).toBeGreaterThan(0);
    const where = { file: "digest.json", line };
    expect(() => parseDigest(json, "digest.json")).toThrow(
      expect.objectContaining({ code: "DIGEST_INVALID", message: `${place} ${says}`, where }),
    );
  });

  test.each(["javascript:alert(1)", "images/../../x.png"])("a picture at %s is refused", (src) => {
    const json = edited(`${STORY}.article.images`, [{ src, alt: "" }]);
    expect(() => parseDigest(json, "digest.json")).toThrow(
      `${STORY}.article.images.0.src is not in the form that it should have`,
    );
  });

  test.each(["places", "organisations"])("the %s of an older digest are left out", (list) => {
    const { sections } = parseDigest(edited(`${STORY}.summary.${list}`, ["Lune"]), "digest.json");
    expect(sections[0]?.entries[0]?.summary).toEqual(entry().summary);
  });

  test("a misspelt field brings the nearest that there is", () => {
    expect(() => parseDigest(edited("preheadr", "x"), "digest.json")).toThrow(
      expect.objectContaining({ fix: "did you mean preheader?" }),
    );
  });

  test.each([
    ["lists", "[", "]"],
    ["objects", '{"a":', "}"],
  ])(
    "20,000 %s in each other are refused at their line, before anything takes long",
    (_, open, close) => {
      const deep = `${open.repeat(20_000)}1${close.repeat(20_000)}`;
      const json = edited("x", "deep").replace('"deep"', deep);
      const line = json.split("\n").findIndex((text) => text.includes('"x"')) + 1;
      expect(() => parseDigest(json, "digest.json")).toThrow(
        expect.objectContaining({
          code: "DIGEST_INVALID",
          message: expect.stringMatching(/^x.* is more than 50 levels deep$/),
          where: { file: "digest.json", line },
        }),
      );
    },
  );

  test("JSON that breaks off is told with line and column", () => {
    expect(() => parseDigest('{\n  "issue": {,\n', "digest.json")).toThrow(
      expect.objectContaining({
        code: "DIGEST_INVALID",
        where: { file: "digest.json", line: 2, column: 13 },
      }),
    );
  });
});

test("the line of any value in any JSON is found", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const json = JSON.stringify({ value, last: "here" }, undefined, 2);
      const lines = json.split("\n");
      expect(lines[findInJson(json, ["last"]) - 1]).toContain('"last": "here"');
      expect(findInJson(json, ["value"])).toBe(2);
      expect(findInJson(json, ["last", "nowhere"])).toBe(findInJson(json, ["last"]));
    }),
  );
});

test("any digest goes through digest.json and renders the same", async () => {
  const template = "digest";
  const text = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
    .map((words) => `a ${words.trim()}`.trim());
  const story = fc.record({ title: text, gist: text, point: text, tag: text });
  await fc.assert(
    fc.asyncProperty(
      fc.array(story, { minLength: 1, maxLength: 4 }),
      text,
      async (stories, subject) => {
        const entries = stories.map(({ title, gist, point, tag }) =>
          entry(
            { title, tags: [tag] },
            { gist: { text: gist }, keyPoints: [{ text: point, start: 0, end: 1 }] },
          ),
        );
        const digest = parseDigest(JSON.stringify(digestOf(entries, { subject })), "digest.json");
        const again = parseDigest(JSON.stringify(digest), "digest.json");
        expect(again).toEqual(digest);
        expect(await render(again, template)).toEqual(await render(digest, template));
      },
    ),
    { numRuns: 25 },
  );
});
