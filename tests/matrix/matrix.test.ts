import { describe, expect, test } from "vitest";
import { parseHtml } from "../../src/check/html-document.ts";
import { contentOf, reviewMail } from "../../src/review/review.ts";
import {
  FIXTURE_NAMES,
  LANGUAGES,
  MATRIX,
  renderView,
  sent,
  TEMPLATE_NAMES,
  type View,
} from "./render-matrix.ts";

/** Gmail cuts a mail off at 102 KB; ours stay far below, thirty stories too. */
const MOST_BYTES = 80_000;
const MOST_BYTES_OF_TEN = 40_000;

test("the matrix has every fixture in three templates and four languages", () => {
  expect(MATRIX).toHaveLength(FIXTURE_NAMES.length * 3 * LANGUAGES.length);
  expect(FIXTURE_NAMES.length).toBeGreaterThanOrEqual(12);
});

/** Each fixture in each template once, and so in three of the four languages. */
function isTested({ fixture, template, language }: View): boolean {
  const turn = FIXTURE_NAMES.indexOf(fixture) + 3 * (TEMPLATE_NAMES.indexOf(template) + 1);
  return language === LANGUAGES[turn % LANGUAGES.length];
}

/** Fixtures that are made for one finding. An editor is told of a headline without end, and of a story in another language. */
const MEANT: Readonly<Record<string, string>> = {
  "long titles": "sentence-whole",
  "other languages": "line-language",
};

describe.each(FIXTURE_NAMES)("an issue with %s", (name) => {
  test.each(TEMPLATE_NAMES)("has no fault that was not meant as a %s", async (template) => {
    for (const view of MATRIX.filter((v) => v.fixture === name && v.template === template)) {
      if (!isTested(view)) continue;
      const { digest, email } = await renderView(view);
      const html = parseHtml(sent(email));
      const { subject, text } = email;
      const content = contentOf(digest, html);
      const report = reviewMail({ target: view.language, subject, html, text, digest, content });
      const faults = report.findings.filter(({ severity }) => severity !== "info");
      const others = faults.filter(({ rule }) => rule !== MEANT[name]);
      expect(others, view.language).toEqual([]);
      expect(Buffer.byteLength(email.html)).toBeLessThan(MOST_BYTES);
      if (name === "ten" && view.language === "en")
        expect(Buffer.byteLength(email.html)).toBeLessThanOrEqual(MOST_BYTES_OF_TEN);
      expect(text).not.toMatch(/undefined|\[object|slot-\w+-url\S/);
    }
  });
});
