import type { Browser } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { openEmail } from "../../src/check/io/browser/check-in-browser.ts";
import { type Digest, flatEntries, headlineOf } from "../../src/digest/digest.ts";
import { openPackagedBrowser } from "../browser.ts";
import { issueOf } from "../review/issue.ts";
import { checkIssue } from "../../src/review/review.ts";
import { ARABIC, digestOf, entry, LETTER } from "../fixtures.ts";

const story = (at: number, over: Parameters<typeof entry>[0] = {}) =>
  entry({
    title: `What happened at quay ${at} in the week of the flood`,
    url: `https://paper.example/${at}`,
    ...over,
  });
const stories = (count: number, over: Parameters<typeof entry>[0] = {}) =>
  Array.from({ length: count }, (_, at) => story(at + 1, over));

const wide = (widthPx: number, heightPx: number) => ({
  images: [{ src: "images/mill.png", alt: "A mill", widthPx, heightPx }],
});

const ISSUES: readonly (readonly [what: string, template: string, digest: Digest])[] = [
  ["a kicker of 200 letters", "digest", digestOf(stories(5, { kicker: "Harbours ".repeat(22) }))],
  [
    "a section with one story",
    "digest",
    digestOf(stories(5), {
      sections: [{ heading: "Alone", sources: ["paper.example/5"], tags: ["Bread"] }],
    }),
  ],
  ["sixty stories", "digest", digestOf(stories(60, wide(1040, 600)))],
  ["pictures of 20,000 × 10", "digest", digestOf(stories(5, wide(20_000, 10)))],
  [
    "pictures of every shape",
    "digest",
    digestOf([
      story(1, wide(300, 900)),
      story(2, wide(900, 300)),
      story(3, wide(900, 900)),
      story(4),
      story(5, wide(90, 60)),
    ]),
  ],
  [
    "a letter from right to left with stories from left to right",
    "letter",
    {
      ...LETTER,
      language: "ar",
      letter: { text: "عزيزي القارئ،\n\nهذا ما قرأت: [[story: 1]].", signature: "هند" },
      sections: digestOf(stories(4)).sections,
    },
  ],
  ["an Arabic issue in English", "digest", { ...ARABIC, sections: digestOf(stories(8)).sections }],
  [
    "a sponsor with a script",
    "digest",
    digestOf(stories(3), {
      modules: {
        sponsor: {
          name: '<script>alert("1")</script>',
          title: "</td></tr></table><img src=x onerror=alert(1)>",
          text: "{{subject}}",
          url: 'https://rope.example/?"><script>alert(1)</script>',
          link: "<b>See</b>",
        },
      },
    }),
  ],
  [
    "a logo wider than the page",
    "digest",
    digestOf(stories(3), {
      publication: {
        name: "The Mudlark",
        postalAddress: "3 Staithe Lane",
        logo: { src: "images/logo.png", alt: "The Mudlark", width: 2400, height: 400 },
      },
    }),
  ],
];

let browser: Browser;
beforeAll(async () => {
  browser = await openPackagedBrowser();
});

describe.each(ISSUES)("an issue with %s", (_what, template, digest) => {
  test("tells every story, has no fault, runs no script, and fits the narrowest phone", async () => {
    const issue = await issueOf(digest, template);
    const { findings } = await checkIssue(issue);
    const structural = findings.filter(
      ({ severity, rule }) => severity === "error" && !/^(?:image|picture|lead)/.test(rule),
    );
    expect(structural).toEqual([]);
    const { html, text } = issue.email;
    expect(html).not.toMatch(/<script|<img src=x/);
    for (const told of flatEntries(digest)) expect(text).toContain(headlineOf(told).slice(0, 40));
    const { page } = await openEmail(browser, html, { widthPx: 280, colorScheme: "light" });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    await page.close();
    expect(width).toBeLessThanOrEqual(280);
  });
});
