import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { readArticle } from "../../src/article/read-articles.ts";
import { checkIssue } from "../../src/review/review.ts";
import type { Report } from "../../src/check/finding.ts";
import type { Severity } from "../../src/check/finding.ts";
import { verdictText } from "../../src/issue/issue-to-send.ts";
import type { Digest } from "../../src/digest/digest.ts";
import { newsletterFiles } from "../../src/cli/commands/init.ts";
import { summarize } from "../../src/summary/summarize.ts";
import { digestOf, entry, LETTER, roundUp } from "../fixtures.ts";
import { CONFIG, issueOf, reportOn, withOwnLines } from "./issue.ts";
import { found } from "../check/mail.ts";

function told(report: Report, rule: string): string[] {
  return found(report, rule).map(({ message }) => message);
}

test("an issue without anything of a sample in it is ready to send", async () => {
  const report = await reportOn(withOwnLines(roundUp(2)), "digest");
  expect(told(report, "placeholder")).toEqual([]);
  expect(verdictText(report)).toBe("Ready to send");
});

test.each(["desk@mudlark.example"])(
  "an issue from %s is not ready to send, and passes",
  async (address) => {
    const config = { ...CONFIG, from: { address } };
    const report = await checkIssue(await issueOf(withOwnLines(roundUp(2)), "digest", config));
    expect(told(report, "placeholder")).toEqual([`The sender ${address} is only an example`]);
    expect(report.verdict).toBe("pass");
    expect(verdictText(report)).toBe("1 to look at first");
  },
);

describe("a text of the sample is told:", () => {
  const ofInit = [...newsletterFiles({ name: "My letter", timeZone: "UTC" })]
    .filter(([name]) => name.startsWith("content/"))
    .map(([name, body]) => ({ name, body }));
  const ofClone =
    "01-foghorn.md 02-eleven-minutes.txt 03-eels.md 04-kirchenbank.md 05-boat.md 99-whelks.md"
      .split(" ")
      .map((name) => ({ name: `content/${name}`, body: undefined }));

  test.each([...ofInit, ...ofClone])("$name", async ({ name, body }) => {
    const source = {
      format: name.endsWith(".md") ? ("markdown" as const) : ("text" as const),
      location: name,
      body: body ?? (await readFile(name, "utf8")),
    };
    const article = readArticle(source);
    const digest = digestOf([{ article, summary: summarize(article) }]);
    const report = await reportOn(digest, "brief");
    expect(found(report, "placeholder")).toMatchObject([
      {
        severity: "warning",
        message: `The story “${article.title}” is only an example`,
      },
    ]);
  });

  test("the letter of a clone's newsletter", async () => {
    const body = await readFile("content/00-letter.md", "utf8");
    const letter = readArticle({ format: "markdown", location: "00-letter.md", body });
    const digest: Digest = { ...LETTER, letter: { text: letter.text } };
    expect(told(await reportOn(digest, "letter"), "placeholder")).toEqual([
      "The letter is only an example",
    ]);
  });
});

async function shown(src: string): Promise<Report> {
  const image = { src, alt: "A mill", widthPx: 1040, heightPx: 500 };
  return reportOn(digestOf([entry({ images: [image] })]), "brief");
}

describe("a picture", () => {
  test("that is fetched from its publisher is told, and the issue isn't ready", async () => {
    const report = await shown("https://paper.example/mill.png");
    expect(found(report, "image-hotlink")).toMatchObject([
      { severity: "warning", message: "One picture is fetched from the publisher" },
    ]);
    expect(verdictText(report)).toBe("1 to look at first");
  });

  test.each(["images/mill.png", "https://mudlark.wharfside/pictures/mill.png"])(
    "at %s comes with the message, or from the newsletter's own server",
    async (src) => {
      expect(told(await shown(src), "image-hotlink")).toEqual([]);
    },
  );
});

/** What a report is said to come to in which there is so much of each weight. */
function said(...severities: readonly Severity[]): string {
  return verdictText({
    findings: severities.map((severity) => ({ rule: "any", severity, message: "x", source: "x" })),
  });
}

test("every warning keeps “Ready to send” back, whatever its rule", () => {
  expect(said("info")).toBe("Ready to send");
  expect(said("warning", "info")).toBe("1 to look at first");
  expect(said("warning", "warning")).toBe("2 to look at first");
  expect(said("error", "warning")).toBe("1 to fix");
});
