import { describe, expect, test } from "vitest";
import { flatEntries } from "../../src/digest/digest.ts";
import { isAcceptable } from "../../src/review/verdict-words.js";
import {
  checkIssue,
  HTML_RULES,
  ISSUE_RULES,
  MESSAGE_RULES,
  storyCosts,
} from "../../src/review/review.ts";
import { headlinesOf } from "../../src/review/stories.ts";
import { brief, grouped, JAPANESE, LETTER, roundUp } from "../fixtures.ts";
import { CONFIG, issueOf, reportOn, withOwnLines } from "./issue.ts";
import { found } from "../check/mail.ts";

const ISSUES = [
  ["digest in sections", withOwnLines(grouped(7)), "digest"],
  ["letter", withOwnLines(LETTER), "letter"],
  ["Japanese brief", JAPANESE, "brief"],
] as const;

describe.each(ISSUES)("our own %s", (_name, digest, template) => {
  test("has nothing to fix and nothing to look at", async () => {
    const { findings, verdict } = await reportOn(digest, template);
    expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
    expect(verdict).toBe("pass");
  });
});

describe("an issue", () => {
  test("is checked by every rule for which the config gives a value", async () => {
    const { notRun } = await reportOn(brief(), "brief");
    const left = notRun.map(({ rule, why }) => `${rule}: ${why}`);
    expect(left.filter((line) => !/--browser|--links|--dkim-key|SpamAssassin/.test(line))).toEqual([
      "dkim-fields: the message isn't signed: that is done when it is sent",
    ]);
  });

  test("says what there is no URL or address for, and passes it over", async () => {
    const digest = { ...brief(), publication: { name: "The Mudlark" }, webUrl: undefined };
    const config = { ...CONFIG, urls: {} };
    const { notRun, verdict } = await checkIssue(await issueOf(digest, "brief", config));
    expect(notRun).toEqual(
      expect.arrayContaining([
        { rule: "web-link", why: "urls.web is not set in the config" },
        { rule: "postal-address", why: "postalAddress is not set in the config" },
        { rule: "one-click", why: "urls.unsubscribe is not set in the config" },
      ]),
    );
    expect(verdict).toBe("pass");
  });

  test("is not asked for a story that is hidden", async () => {
    const [first, second, third] = flatEntries(roundUp(3));
    if (!first || !second || !third) throw new Error("no stories");
    const entries = [first, { ...second, hidden: true as const }, third];
    const digest = { ...roundUp(3), sections: [{ heading: "", entries }] };
    const { findings } = await reportOn(withOwnLines(digest), "digest");
    expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
  });

  test.each(["digest", "brief", "letter"])(
    "may have stories without a title: %s",
    async (template) => {
      const entries = flatEntries(roundUp(3)).map(({ article, summary }) => ({
        article: { ...article, title: "" },
        summary,
      }));
      const digest = { ...roundUp(3), sections: [{ heading: "", entries }] };
      const { findings } = await reportOn(withOwnLines(digest), template);
      expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
    },
  );

  const lacking = [
    ["unsubscribe-link", /<a href="[^"]*unsubscribe-url"[^>]*>[^<]*<\/a>/],
    ["web-link", /<a href="[^"]*web-url"[^>]*>[^<]*<\/a>/g],
    ["postal-address", /The Mudlark, 3 Staithe Lane, Orrell/],
    ["reason", /You get this because you signed up for The Mudlark\./],
    ["story-headings", /<h2([^>]*)>(?=<a[^>]*><span[^>]*>A library of knots)[^]*?<\/h2>/],
  ] as const;

  test.each(lacking)("whose template leaves something out is told so: %s", async (rule, left) => {
    const issue = await issueOf(roundUp(3), "digest");
    const html = issue.email.html.replace(left, (_all, attributes = "") => `<p${attributes}>x</p>`);
    expect(html).not.toBe(issue.email.html);
    const report = await checkIssue({ ...issue, email: { ...issue.email, html } });
    expect(found(report, rule)).toMatchObject([{ severity: "error" }]);
  });

  test("names the story that a fault is in", async () => {
    const issue = await issueOf(roundUp(3), "digest");
    const html = issue.email.html.replace(
      /(Why the night ferry carries\sbees<\/span><\/a><\/h2>[^]*?<a )href="[^"]*"/,
      '$1href="https://localhost/bees"',
    );
    const [finding] = found(
      await checkIssue({ ...issue, email: { ...issue.email, html } }),
      "link-local",
    );
    expect(finding?.where).toMatchObject({
      story: "Why the night ferry carries bees",
      line: expect.any(Number),
      selector: expect.stringMatching(/a$/),
    });
  });

  test("whose text part leaves a story out is told so", async () => {
    const issue = await issueOf(roundUp(3), "digest");
    const text = issue.email.text.replace("Ferries\nWhy the night ferry carries bees\n", "");
    const report = await checkIssue({ ...issue, email: { ...issue.email, text } });
    expect(found(report, "parity")).toMatchObject([
      {
        severity: "error",
        message: "The text part doesn't tell “Why the night ferry carries bees”",
      },
    ]);
  });

  test("whose text part leaves a link out is told so", async () => {
    const issue = await issueOf(brief(), "brief");
    const text = issue.email.text.replaceAll("https://paper.example/bakery", "");
    const report = await checkIssue({ ...issue, email: { ...issue.email, text } });
    expect(found(report, "parity")).toMatchObject([
      {
        severity: "error",
        message: "The text part has no link to “The bakery that runs on tides”",
        where: { story: "The bakery that runs on tides" },
      },
    ]);
  });

  test("is as large as it is for the reader with the longest of everything", async () => {
    const issue = await issueOf(brief(), "brief");
    const pad = "x".repeat(102 * 1024 - Buffer.byteLength(issue.email.html) - 100);
    const html = issue.email.html.replace("</body>", `<!--${pad}--></body>`);
    const report = await checkIssue({ ...issue, email: { ...issue.email, html } });
    expect(found(report, "html-size")).toMatchObject([{ severity: "error" }]);
  });

  test("with words in it that look like a template's is not at fault", async () => {
    const [section] = roundUp(1).sections;
    const [entry] = section?.entries ?? [];
    if (!section || !entry) throw new Error("no story");
    const title = "Why {{ mustaches }} stay in templates";
    const told = { ...entry, article: { ...entry.article, title } };
    const digest = { ...roundUp(1), sections: [{ ...section, entries: [told] }] };
    const { findings } = await reportOn(digest, "brief");
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});

describe("the cost of each story", () => {
  test("together with all around them is the whole", async () => {
    const { email, digest } = await issueOf(grouped(7), "digest");
    const { total, head, stories, rest } = storyCosts(email.html, digest);
    expect(total).toBe(Buffer.byteLength(email.html));
    expect(head + rest + stories.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(total);
    expect(stories.map(({ headline }) => headline)).toEqual(headlinesOf(digest));
    for (const { bytes } of stories) expect(bytes).toBeGreaterThan(600);
    expect(rest).toBeGreaterThan(1000);
    expect(head).toBeGreaterThan(5000);
  });

  test("grows with what is said in it, and no other's does", async () => {
    const { email, digest } = await issueOf(roundUp(3), "digest");
    const before = storyCosts(email.html, digest).stories;
    const longer = email.html.replace(/carries\sbees<\/span><\/a><\/h2>/, "$&<p>é</p>");
    const after = storyCosts(longer, digest).stories;
    expect(after.map(({ bytes }, at) => bytes - (before[at]?.bytes ?? 0))).toEqual([0, 0, 9]);
  });
});

test("the preview offers Accept where a rule's cure says so, and nowhere else", () => {
  const rules = [...HTML_RULES, ...MESSAGE_RULES, ...ISSUE_RULES];
  const offered = rules.filter(({ id }) => isAcceptable({ rule: id })).map(({ id }) => id);
  const cured = rules
    .filter(({ fix }) => /\baccept (?:it|the story)\b/.test(fix))
    .map(({ id }) => id);
  expect(offered).toEqual(cured);
  expect(offered.length).toBeGreaterThan(5);
});
