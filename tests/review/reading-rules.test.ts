import { describe, expect, test } from "vitest";
import type { Reading } from "../../src/article/article.ts";
import type { Digest } from "../../src/digest/digest.ts";
import { digestOf, entry } from "../fixtures.ts";
import { checkIssue } from "../../src/review/review.ts";
import { issueOf, reportOn } from "./issue.ts";
import { found } from "../check/mail.ts";

describe("a headline that mixes alphabets", () => {
  test("is told with its word", async () => {
    const report = await reportOn(
      digestOf([entry({ title: "The \u0410pple that was sold twice" })]),
      "brief",
    );
    expect(found(report, "mixed-alphabets")).toMatchObject([
      { severity: "warning", message: expect.stringContaining("\u0410pple") },
    ]);
  });

  test.each(["The ferry that waits", "Паром ждёт почту", "A 5 kΩ lamp and a µm of paint"])(
    "%s does not",
    async (title) => {
      const report = await reportOn(digestOf([entry({ title })]), "brief");
      expect(found(report, "mixed-alphabets")).toEqual([]);
    },
  );
});

describe("a story that was read with doubt", () => {
  const doubted = { reading: { confidence: 0.6, partial: "paywall" as const, doubts: [] } };

  test("is something to look at, until an editor accepts it", async () => {
    const story = entry({ title: "The lamp that was sold twice", ...doubted });
    const report = await reportOn(digestOf([story]), "brief");
    expect(found(report, "reading-doubted")).toMatchObject([
      { severity: "warning", where: { story: "The lamp that was sold twice" } },
    ]);
    const accepted = await reportOn(digestOf([{ ...story, accepted: true }]), "brief");
    expect(found(accepted, "reading-doubted")).toEqual([]);
  });
});

/** Eight stories, of which the first was read in this way. */
function eight(reading: Reading): Digest {
  const stories = Array.from({ length: 8 }, (_, at) =>
    entry(
      { id: `s${at}`, title: `The ferry of day ${at}`, ...(at === 0 && { reading }) },
      { gist: { text: `Ferry number ${at} left Ness.` }, keyPoints: [] },
    ),
  );
  return digestOf(stories);
}

function read(reading: Partial<Reading>): Reading {
  return { confidence: 0.9, doubts: [], ...reading };
}

describe("a story that is told by its headline alone", () => {
  test("as its text was read with doubt is in brief, which is a note", async () => {
    const report = await reportOn(eight(read({ confidence: 0.2 })), "digest");
    expect(found(report, "reading-doubted")).toEqual([]);
    expect(found(report, "in-brief")).toMatchObject([
      { severity: "info", where: { story: "The ferry of day 0" } },
    ]);
  });

  test.each([read({ partial: "paywall" }), read({ doubts: ["it reads like an imprint"] })])(
    "is looked at all the same for what its link leads to: %o",
    async (reading) => {
      const report = await reportOn(eight(reading), "digest");
      expect(found(report, "reading-doubted")).toHaveLength(1);
    },
  );
});

describe("a gist that is not surely what the story is about", () => {
  const TEXT =
    "The lamp was sold twice. Nobody at the quay of Ness had asked for it, and nobody paid.";
  const gist = { text: "The lamp was sold twice.", start: 0, end: 24 };

  function story(summary: object) {
    const made = entry({ title: "The lamp that was sold twice", text: TEXT });
    const own = { ...made.summary, gist, keyPoints: [], origin: "extract" as const, ...summary };
    return { ...made, summary: own };
  }

  test("is something to look at, until an editor accepts or rewrites it", async () => {
    const doubted = story({ confidence: 0.2 });
    const report = await reportOn(digestOf([doubted]), "brief");
    expect(found(report, "gist-doubted")).toMatchObject([
      { severity: "warning", where: { story: "The lamp that was sold twice" } },
    ]);
    const accepted = await reportOn(digestOf([{ ...doubted, accepted: true }]), "brief");
    expect(found(accepted, "gist-doubted")).toEqual([]);
    const rewritten = story({ confidence: 0.2, gist: { text: "A lamp was sold two times." } });
    expect(found(await reportOn(digestOf([rewritten]), "brief"), "gist-doubted")).toEqual([]);
  });

  test("that is a page's slogan is looked at too, until an editor rewrites it", async () => {
    const slogan = { text: "The best deals." };
    const told = story({ gist: slogan, origin: "author", confidence: 0.2 });
    const described = { ...told, article: { ...told.article, description: slogan.text } };
    const report = await reportOn(digestOf([described]), "brief");
    expect(found(report, "gist-doubted")).toMatchObject([
      { message: expect.stringContaining("its page's own description") },
    ]);
    const gist = { text: "A lamp was sold two times." };
    const rewritten = { ...described, summary: { ...described.summary, gist } };
    expect(found(await reportOn(digestOf([rewritten]), "brief"), "gist-doubted")).toEqual([]);
  });

  test("that no reader sees is nobody's to look at", async () => {
    const issue = await issueOf(digestOf([story({ confidence: 0.2 })]), "brief");
    const html = issue.email.html.replaceAll("The lamp was sold twice.", "");
    expect(html).not.toBe(issue.email.html);
    const report = await checkIssue({ ...issue, email: { ...issue.email, html } });
    expect(found(report, "gist-doubted")).toEqual([]);
  });
});

describe("a key point that an editor would probably strike", () => {
  const LINES = [
    "The Harbour Trust of Ness bought a second night ferry for 2 million pounds on Monday.",
    "I have always loved boats.",
    "The county of Lune pays half of it, and riders pay two pounds a crossing from June.",
  ];
  const text = LINES.join(" ");
  const sentence = (at: number) => {
    const line = LINES[at] ?? "";
    const start = text.indexOf(line);
    return { text: line, start, end: start + line.length };
  };

  function story(points: readonly object[]) {
    const made = entry({ title: "A night ferry for Ness", text });
    const summary = {
      ...made.summary,
      gist: sentence(0),
      keyPoints: points,
      origin: "extract" as const,
    };
    return Object.assign({}, made, { summary });
  }

  test("is named with what speaks against it", async () => {
    const report = await reportOn(digestOf([story([sentence(1), sentence(2)])]), "brief");
    expect(found(report, "line-doubted")).toMatchObject([
      { severity: "warning", message: expect.stringMatching(/always loved boats.*“?I”?/) },
    ]);
  });

  test("an editor's own words are not judged", async () => {
    const report = await reportOn(
      digestOf([story([{ text: "I have always loved boats." }])]),
      "brief",
    );
    expect(found(report, "line-doubted")).toEqual([]);
  });
});

describe("what a model wrote", () => {
  const text =
    "The Harbour Trust of Ness bought a second night ferry for 2 million pounds on Monday. The county of Lune pays half of it, and riders pay two pounds a crossing from June.";
  const gist = { text: "The Harbour Trust of Ness bought a second night ferry on Monday." };
  const OWN = "Commuters had demanded cheaper nocturnal sailings throughout winter.";

  function story(points: readonly string[], origin: "model" | "author" = "model") {
    const made = entry({ title: "A night ferry for Ness", text });
    const keyPoints = points.map((point) => ({ text: point }));
    return { ...made, summary: { ...made.summary, gist, keyPoints, origin } };
  }

  test("and the article doesn't show is named with the reason, until an editor accepts it", async () => {
    const report = await reportOn(digestOf([story([OWN])]), "brief");
    expect(found(report, "own-words")).toMatchObject([
      {
        severity: "warning",
        where: { story: "A night ferry for Ness" },
        message: expect.stringMatching(/^“Commuters had demanded.*words are in the article$/),
      },
    ]);
    const accepted = await reportOn(digestOf([{ ...story([OWN]), accepted: true }]), "brief");
    expect(found(accepted, "own-words")).toEqual([]);
  });

  test("under an author's own first line is looked at too", async () => {
    const report = await reportOn(digestOf([story([OWN], "author")]), "brief");
    expect(found(report, "own-words")).toHaveLength(1);
  });

  test("holds the issue as long as no editor has changed it, and an editor's own words don't", async () => {
    const digest = digestOf([story([OWN])]);
    const mine = digestOf([story(["Nobody asked the commuters for their opinion."])]);
    const issue = await issueOf(mine, "brief");
    const heldBy = async (built: Digest) =>
      found(await checkIssue({ ...issue, built: JSON.stringify(built) }), "own-words");
    expect(found(await reportOn(digest, "brief"), "own-words")).toMatchObject([{ holds: true }]);
    expect((await heldBy(digest)).map(({ holds }) => holds)).toEqual([undefined]);
    expect((await heldBy(mine)).map(({ holds }) => holds)).toEqual([true]);
  });

  test.each(["subject", "preheader"] as const)("as a doubtful %s holds the issue", async (name) => {
    const why = "nothing in the article shows this as it stands";
    const line = { text: "Ness gets its ferry back", about: ["1"], used: true, why };
    const digest = { ...digestOf([story([])]), advice: { [name]: line } };
    const marked = await reportOn({ ...digest, [name]: line.text }, "brief");
    const message = `“Ness gets its ferry back” in the ${name}: ${why}`;
    expect(found(marked, "own-words")).toMatchObject([{ message, holds: true }]);
    expect(found(await reportOn(digest, "brief"), "own-words")).toEqual([]);
  });

  test("and the article says, passes", async () => {
    const said = "The county of Lune pays half of it.";
    const report = await reportOn(digestOf([story([said])]), "brief");
    expect(found(report, "own-words")).toEqual([]);
  });
});
