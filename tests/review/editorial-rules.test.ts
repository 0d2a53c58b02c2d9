import { describe, expect, test } from "vitest";
import { checkIssue } from "../../src/review/review.ts";
import type { Report } from "../../src/check/finding.ts";
import type { Digest } from "../../src/digest/digest.ts";
import { digestOf, entry, roundUp, summary } from "../fixtures.ts";
import { issueOf, reportOn } from "./issue.ts";
import { found } from "../check/mail.ts";

function messages(report: Report, rule: string): string[] {
  return found(report, rule).map(({ message }) => message);
}

async function told(digest: Digest, rule: string): Promise<string[]> {
  return messages(await reportOn(digest, "digest"), rule);
}

const LINE = "The county council of Lune sold the old ferry to Ness for two million pounds.";

const points = (...texts: string[]) => ({ keyPoints: texts.map((text) => ({ text })) });
const image = (alt: string) => ({ src: "images/mill.png", alt, widthPx: 1040, heightPx: 500 });
const lost = () => entry({ title: "The lamp that was sold twice", url: undefined });
const own = (title: string, other: string) =>
  entry({ title }, { gist: { text: LINE }, ...points(other) });

const EDITORIAL = [
  "dead-end",
  "headline-link",
  "said-twice",
  "sentence-whole",
  "story-empty",
  "kicker",
  "lead-alt",
  "headline-site",
  "letter-story",
  "subject-whole",
];

test("of an issue that an editor would pass nothing is told", async () => {
  const report = await reportOn(roundUp(1), "digest");
  expect(EDITORIAL.flatMap((rule) => messages(report, rule))).toEqual([]);
});

describe("a story without an address", () => {
  test("leads nowhere, until an editor accepts it", async () => {
    expect(await told(digestOf([lost()]), "dead-end")).toEqual([
      "“The lamp that was sold twice” has no link to read on",
    ]);
    expect(await told(digestOf([{ ...lost(), accepted: true }]), "dead-end")).toEqual([]);
  });

  test("that is told whole has nothing to read on", async () => {
    const { gist, keyPoints } = summary();
    const text = [gist, ...keyPoints].map((line) => line.text).join(" ");
    const digest = digestOf([entry({ url: undefined, text })]);
    expect(await told(digest, "dead-end")).toEqual([]);
  });
});

test("a story that the letter names, and that the issue doesn't have, is told", async () => {
  const text =
    "Dear reader, [[story: The lamp that was | a lamp]], [[story: 1]] and [[story: Nothing]].";
  const digest = {
    ...digestOf([entry({ title: "The lamp that was sold twice" })]),
    letter: { text },
  };
  expect(await told(digest, "letter-story")).toEqual([
    "The letter names a story that isn't in the issue: “Nothing”",
  ]);
});

test("a headline that a template leaves without its link is told", async () => {
  const issue = await issueOf(roundUp(2), "digest");
  const html = issue.email.html.replaceAll(
    /(<h[23][^>]*>)<a [^>]*>([^]*?)<\/a>(?=<\/h[23]>)/g,
    "$1$2",
  );
  expect(html).not.toBe(issue.email.html);
  const report = await checkIssue({ ...issue, email: { ...issue.email, html } });
  expect(messages(report, "headline-link")[0]).toMatch(/^The headline “.*” is no link$/);
});

const line = (text: string) => digestOf([entry({}, { gist: { text }, keyPoints: [] })]);

describe("a first line", () => {
  test.each([
    ["&#151; -- The council of Lune sold the old ferry.", "has “&#151;” in it, which is code"],
    ["Feb. 23, 2015 -- The council of Lune sold it.", "begins with the date of its article"],
  ])("%s is told", async (text, what) => {
    expect(await told(line(text), "sentence-whole")).toEqual([expect.stringContaining(what)]);
  });

  test("with a first name put in is whole", async () => {
    const text = "[Wenna] Tregear sold the old ferry to Ness for two million pounds.";
    expect(await told(line(text), "sentence-whole")).toEqual([]);
  });
});

describe("a sentence", () => {
  test("said twice in a story is told, also as the quote", async () => {
    const digest = digestOf([
      entry({ title: "A ferry" }, { gist: { text: LINE }, ...points(LINE) }),
    ]);
    expect(await told(digest, "said-twice")).toHaveLength(1);
    const quote = { text: `“${LINE}”`, speaker: "A. Pilot" };
    const twice = digestOf([
      entry({ title: "A ferry" }, { gist: { text: LINE }, quote, keyPoints: [] }),
    ]);
    expect(messages(await reportOn(twice, "brief"), "said-twice")).toHaveLength(1);
  });

  test("said under two stories names both", async () => {
    const digest = digestOf([
      own("A ferry", "It needs a crew of nine and a cook."),
      own("A sale", "Nobody else had bid at the auction."),
    ]);
    expect(await told(digest, "said-twice")).toEqual([
      expect.stringMatching(/^“A sale” says “The county.*”, which is said under “A ferry” too$/),
    ]);
  });

  test("about the same in other words is none twice", async () => {
    const digest = digestOf([
      entry(
        { title: "A ferry" },
        { gist: { text: LINE }, ...points("Ness pays the council of Lune in ten yearly rates.") },
      ),
    ]);
    expect(await told(digest, "said-twice")).toEqual([]);
  });

  test.each([
    ["The ferry left at nine and…", "breaks off"],
    ["The ferry left at nine, and then,", "breaks off"],
    ["The ferry (which had been painted left at nine.", "breaks off"],
    ["and left the quay at nine.", "begins in the middle of a sentence"],
  ])("%s %s", async (text, what) => {
    const digest = digestOf([entry({ title: "A ferry" }, points(text))]);
    expect(await told(digest, "sentence-whole")).toEqual([`“${text}” ${what}`]);
  });

  test.each([
    "iPhones ring at nine.",
    "¿Qué pasa?",
    "潮が変わると窯に火を入れる。",
    "1) It left.",
    "eBay left.",
  ])("%s is whole", async (text) => {
    const digest = digestOf([entry({ title: "A ferry" }, points(text))]);
    expect(await told(digest, "sentence-whole")).toEqual([]);
  });
});

test.each([
  ["en", "But the ferry left at nine.", 1],
  ["de", "Außerdem fuhr die Fähre um neun ab.", 1],
  ["en", "The ferry left at nine.", 0],
])("in %s a story that opens with “%s”", async (language, text, count) => {
  const opening = entry({ title: "A ferry", language }, { gist: { text } });
  expect(await told(digestOf([opening]), "sentence-whole")).toHaveLength(count);
});

test.each(["", "A ferry"])(
  "a story that says only “%s” below its headline is told",
  async (text) => {
    const digest = digestOf([entry({ title: "A ferry" }, { gist: { text }, keyPoints: [] })]);
    expect(await told(digest, "story-empty")).toEqual([
      "“A ferry” says nothing below its headline",
    ]);
  },
);

describe("a kicker", () => {
  test.each([
    ["paper.example", "is a host"],
    ["#bread", "is a tag of a site"],
    ["local-news", "is a tag of a site"],
    ["Bread, Ovens", "is a tag of a site"],
    ["The Estuary Paper", "is the name of the paper"],
    ["What the bakers of Samphire Quay did when the tide came in", "is a sentence"],
  ])("%s %s", async (kicker, what) => {
    expect(await told(digestOf([entry({ kicker })]), "kicker")).toEqual([
      expect.stringContaining(what),
    ]);
  });

  test.each(["Bread", "Sea and shore", "Well-being", "パン", "R&D"])(
    "%s is one",
    async (kicker) => {
      expect(await told(digestOf([entry({ kicker })]), "kicker")).toEqual([]);
    },
  );
});

describe("the picture of the first story", () => {
  test("without alt text is told, until an editor accepts the story", async () => {
    const lead = entry({ images: [image("")] });
    expect(await told(digestOf([lead]), "lead-alt")).toEqual([
      "The picture of “The bakery that runs on tides” has no alt text",
    ]);
    expect(await told(digestOf([{ ...lead, accepted: true }]), "lead-alt")).toEqual([]);
  });

  test("with one, or without a picture, is not", async () => {
    expect(await told(digestOf([entry({ images: [image("A mill")] })]), "lead-alt")).toEqual([]);
    expect(await told(digestOf([entry()]), "lead-alt")).toEqual([]);
  });
});

test.each(["The Estuary Paper", "the estuary  paper", "paper.example"])(
  "the headline %s is the name of its site",
  async (title) => {
    expect(await told(digestOf([entry({ title })]), "headline-site")).toHaveLength(1);
  },
);

test.each(["A ferry that waits…", "A ferry that waits for", "A ferry (and", "A ferry that waits:"])(
  "the subject %s",
  async (subject) => {
    const isCut = !subject.endsWith("for");
    const faults = await told({ ...digestOf([entry()]), subject }, "subject-whole");
    expect(faults).toEqual(isCut ? [`The subject breaks off: “${subject}”`] : []);
  },
);

test("what is wrong with an advertisement's link is no story's fault", async () => {
  const sponsor = { name: "Halyard", title: "Rope", url: "https://rope.example/a", link: "here" };
  const report = await reportOn(
    digestOf([entry(), entry({ id: "b" })], { modules: { sponsor } }),
    "digest",
  );
  const [finding] = found(report, "link-text");
  expect(finding).toMatchObject({ message: expect.stringContaining("“here”") });
  expect(finding?.where?.story).toBeUndefined();
});
