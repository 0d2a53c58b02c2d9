import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Digest, parseDigest } from "../../src/digest/digest.ts";
import { findInJson } from "../../src/digest/digest-error.ts";
import { digestOf, entry } from "../fixtures.ts";
import { render } from "../render.ts";

/** The text of a digest.json after a change that an editor might have made. */
function edited(change: (digest: ReturnType<typeof asJson>) => void): string {
  const digest = asJson(digestOf([entry(), entry({ title: "Two" })]));
  change(digest);
  return JSON.stringify(digest, undefined, 2);
}

function asJson(digest: Digest) {
  return JSON.parse(JSON.stringify(digest));
}

describe("an edited digest.json", () => {
  test.each<[string, Parameters<typeof edited>[0], string, string]>([
    [
      "a number for a text",
      (digest) => (digest.subject = 7),
      "subject should be a string",
      '"subject": 7',
    ],
    ["a misspelt field", (digest) => (digest.subjct = "x"), "subjct is not a field", '"subjct"'],
    [
      "a field that is gone",
      (digest) => delete digest.sections[0].entries[0].summary.gist,
      "sections.0.entries.0.summary.gist is missing",
      '"summary": {',
    ],
    [
      "a language that is none",
      (digest) => (digest.language = "en_US"),
      "language is not a language tag such as en, pt-BR or ar",
      '"language": "en_US"',
    ],
    [
      "an article's too",
      (digest) => (digest.sections[1].entries[0].article.language = "!!"),
      "sections.1.entries.0.article.language is not a language tag such as en, pt-BR or ar",
      '"language": "!!"',
    ],
    [
      "a slug that leads elsewhere",
      (digest) => (digest.issue.newsletter = "../../x"),
      "issue.newsletter is not in the form that it should have",
      '"newsletter"',
    ],
    [
      "a day that no calendar has",
      (digest) => (digest.issue.slot = "2026-13-45"),
      "issue.slot is no day and no week of the calendar",
      '"slot"',
    ],
    [
      "no sections",
      (digest) => (digest.sections = []),
      "sections is empty or too small",
      '"sections"',
    ],
    [
      "a section without stories",
      (digest) => (digest.sections[0].entries = []),
      "sections.0.entries is empty or too small",
      '"entries": []',
    ],
    [
      "a picture that is a script",
      (digest) =>
        (digest.sections[0].entries[0].article.images = [{ src: "javascript:alert(1)", alt: "" }]),
      "sections.0.entries.0.article.images.0.src is not in the form that it should have",
      '"src"',
    ],
    [
      "a picture outside the issue",
      (digest) =>
        (digest.sections[0].entries[0].article.images = [{ src: "images/../../x.png", alt: "" }]),
      "sections.0.entries.0.article.images.0.src is not in the form that it should have",
      '"src"',
    ],
    [
      "an accent that is no colour",
      (digest) => (digest.publication.accent = "#fff"),
      "publication.accent is not a colour such as #B01E23",
      '"accent"',
    ],
  ])("%s is refused at its line", (_what, change, message, marker) => {
    const json = edited(change);
    const line = json.split("\n").findIndex((text) => text.includes(marker)) + 1;
    expect(line).toBeGreaterThan(0);
    expect(() => parseDigest(json, "digest.json")).toThrow(
      expect.objectContaining({
        code: "DIGEST_INVALID",
        message,
        where: { file: "digest.json", line },
      }),
    );
  });

  test("a misspelt field brings the nearest that there is", () => {
    expect(() =>
      parseDigest(
        edited((digest) => (digest.preheadr = "x")),
        "digest.json",
      ),
    ).toThrow(expect.objectContaining({ fix: "did you mean preheader?" }));
  });

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
