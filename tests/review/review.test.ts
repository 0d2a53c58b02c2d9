import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { Article, Reading } from "../../src/article/article.ts";
import { readArticle } from "../../src/article/read-articles.ts";
import type { Report, Severity } from "../../src/check/finding.ts";
import { newsletterFiles } from "../../src/config/new-newsletter.ts";
import { type Digest, flatEntries } from "../../src/digest/digest.ts";
import { shownFindings, verdictText } from "../../src/issue/issue-to-send.ts";
import {
  HTML_RULES,
  ISSUE_RULES,
  MESSAGE_RULES,
  checkIssue,
  storyCosts,
} from "../../src/review/review.ts";
import { linesIn } from "../../src/review/lines.ts";
import { headlinesOf, storyAt } from "../../src/review/stories.ts";
import { attribute, named, parseHtml, textOf } from "../../src/check/html-document.ts";
import { noticesOf } from "../../src/schedule/notices.ts";
import { summarize } from "../../src/summary/summarize.ts";
import type { Summary } from "../../src/summary/summary.ts";
import { found } from "../check/mail.ts";
import {
  JAPANESE,
  LETTER,
  TITLES,
  brief,
  digestOf,
  entry,
  grouped,
  roundUp,
  summary,
} from "../fixtures.ts";
import { CONFIG, issueOf, reportOn, withOwnLines } from "./issue.ts";

const NOW = new Date("2031-04-02T07:00:00Z");

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
      "dkim-fields: the message is not signed: that happens when it is sent",
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
        message: "The text part does not contain “Why the night ferry carries bees”",
      },
    ]);
  });

  test("whose letter has several things wrong shows each kind of them", async () => {
    const text =
      "![A quay](gone.png)\n\n[[sponsor]]\n\n<iframe src=x></iframe>\n\n<b>bold</b>\n\nBack soon.";
    const { shown } = shownFindings(await reportOn({ ...LETTER, letter: { text } }, "letter"));
    const told = shown.filter(({ rule }) => rule === "letter-block");
    expect(told.map(({ message, more }) => `${message} ${more}`)).toEqual([
      "A picture of the letter can't be loaded or shown (line 1): “gone.png” 0",
      "The letter has a place for a sponsor, and the issue has none (line 3) 0",
      "The letter shows this as it is written (line 5): “<iframe src=x></iframe>” 2",
    ]);
  });

  test("with a long line of code in its letter has nothing to mend for its size", async () => {
    const text = `Run this:\n\n    ${"tide ".repeat(80)}\n\nBack soon.`;
    expect(found(await reportOn({ ...LETTER, letter: { text } }, "letter"), "text-size")).toEqual(
      [],
    );
  });

  test.each(["fr", "de", "ar", "ja"])(
    "has its typed marks in both parts in the shape of %s",
    async (language) => {
      const title = 'Elle dit "oui" au maire --- et "non" au port';
      const digest = digestOf([entry({ title, language }), entry({ language })], { language });
      expect(found(await reportOn(digest, "digest"), "parity")).toEqual([]);
    },
  );

  test("whose second story has no room in a pair is told in the order of its page", async () => {
    const title =
      "Ferrymaster Aldersey agrees deal replacing Wilhelmina Stroud-Pemberton as Staithe harbourmaster";
    const picture = { src: "images/mill.png", alt: "A mill", widthPx: 500, heightPx: 400 };
    const [first = "", third = "", ...rest] = TITLES;
    const digest = digestOf([
      ...[first, title].map((title) => entry({ title })),
      entry({ title: third, images: [picture] }),
      ...rest.slice(0, 3).map((title) => entry({ title })),
    ]);
    expect(found(await reportOn(digest, "digest"), "parity")).toEqual([]);
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

test.for([
  ["accept", /\baccept (?:it|the story)\b/, 11],
  ["hide", /\bhide (?:it|the story)\b/, 4],
] as const)(
  "a click can %s a story where a rule's cure says so, and nowhere else",
  ([op, cure, count]) => {
    const rules = [...HTML_RULES, ...MESSAGE_RULES, ...ISSUE_RULES];
    const offered = rules.filter(({ id: rule, severity }) => {
      const finding = {
        rule,
        severity,
        where: { story: "Story", id: "a" },
        message: "",
        source: "",
      };
      const [notice] = noticesOf({ issues: [{ slot: "", report: { findings: [finding] } }] }, NOW);
      const { operation, otherwise } = notice?.fix ?? {};
      return operation?.op === op || otherwise?.op === op;
    });
    const cured = rules.filter(({ fix }) => cure.test(fix));
    expect(offered.map(({ id }) => id)).toEqual(cured.map(({ id }) => id));
    expect(offered).toHaveLength(count);
  },
);

function messages(report: Report, rule: string): string[] {
  return found(report, rule).map(({ message }) => message);
}

async function told(digest: Digest, rule: string): Promise<string[]> {
  return messages(await reportOn(digest, "digest"), rule);
}

/** The findings of one rule in a digest, rendered as a brief. */
async function inBrief(digest: Digest, rule: string) {
  return found(await reportOn(digest, "brief"), rule);
}

const LINE = "The county council of Lune sold the old ferry to Ness for two million pounds.";

const points = (...texts: string[]) => ({ keyPoints: texts.map((text) => ({ text })) });
const image = (alt: string) => ({ src: "images/mill.png", alt, widthPx: 1040, heightPx: 500 });
const lost = () => entry({ title: "The lamp that was sold twice", url: undefined });
const own = (title: string, other: string) =>
  entry({ title }, { gist: { text: LINE }, ...points(other) });

describe("a story without an address", () => {
  test("leads nowhere, until an editor accepts it", async () => {
    expect(await told(digestOf([lost()]), "dead-end")).toEqual([
      "“The lamp that was sold twice” has no link to its article",
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

test("two stories that may be one are named, until the editor has parted them or hides one", async () => {
  const [host, guest] = [
    { ...lost(), id: "s0" },
    { ...entry({ id: "2", title: "The ferry" }), id: "s1" },
  ];
  const entries = [host, guest];
  const offered = [{ stories: ["s0", "s1"], chance: 0.31 }] as const;
  const report = await reportOn(digestOf(entries, { offered }), "digest");
  expect(found(report, "one-story")).toMatchObject([
    {
      severity: "warning",
      message: "“The lamp that was sold twice” and “The ferry” may be the same story (31 %)",
      where: { story: "The ferry", id: "s1", other: "s0" },
    },
  ]);
  const stories = { apart: [["s1", "s0"]] } as const;
  expect(await told(digestOf(entries, { offered, stories }), "one-story")).toEqual([]);
  const hidden = [{ ...host, hidden: true as const }, guest];
  expect(await told(digestOf(hidden, { offered }), "one-story")).toEqual([]);
});

test("a story that the letter names, and that the issue doesn't have, is told", async () => {
  const text =
    "Dear reader, [[story: The lamp that was | a lamp]], [[story: 1]] and [[story: Nothing]].";
  const digest = {
    ...digestOf([entry({ title: "The lamp that was sold twice" })]),
    letter: { text },
  };
  expect(await told(digest, "letter-story")).toEqual([
    "The letter names a story that isn't in the issue: “Nothing” (line 1)",
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

const asIn = (lines: readonly { readonly as: string }[]) => lines.map(({ as }) => as);

describe("the lines that readers meet", () => {
  const quote = { text: `“${LINE}”`, speaker: "A. Pilot" };
  const story = entry(
    { title: "A ferry" },
    { gist: { text: "It was sold." }, quote, ...points(LINE) },
  );

  test("are listed in order, and a sentence no oftener than it is shown", async () => {
    const digest = digestOf([story], { subject: "A ferry is sold" });
    const { html } = (await issueOf(digest, "brief")).email;
    const { lines, stories } = linesIn(parseHtml(html), digest);
    expect(asIn(lines.filter(({ entry }) => !entry))).toEqual(["sender", "subject", "preheader"]);
    expect(asIn(stories[0]?.lines ?? [])).toEqual([
      "headline",
      "gist",
      "source",
      "point",
      "quotation",
    ]);
    const once = parseHtml(html.replaceAll(LINE, "…").replace("…", LINE));
    const [first] = linesIn(once, digest).stories;
    expect(asIn(first?.lines ?? [])).toEqual(["headline", "gist", "source", "point"]);
  });

  test("are none of a story that the email leaves out", () => {
    const digest = digestOf([story]);
    const [first] = linesIn(parseHtml("<p>Nothing of it.</p>"), digest).stories;
    expect(first?.lines).toEqual([]);
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
      expect.stringMatching(/^“A sale” repeats “The county.*” from “A ferry”$/),
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
});

type Case = readonly [
  rule: string,
  over: Partial<Article>,
  say: Partial<Summary>,
  says?: string | undefined,
];

const kicker = (kicker: string, says?: string): Case => ["kicker", { kicker }, {}, says];
const gist = (text: string, says?: string, language = "en"): Case => [
  "sentence-whole",
  { language },
  { gist: { text } },
  says,
];
const paper = (site: string, url: string, says?: string): Case => [
  "source-name",
  { site, url: `https://${url}.example/a` },
  {},
  says,
];
const headline = (rule: string, title: string, says?: string): Case => [rule, { title }, {}, says];

/** Stories, each with what a rule says of it. Nothing is said of stories that are as they should be. */
const CASES: readonly Case[] = [
  kicker("paper.example", "is a host"),
  kicker("#bread", "is a tag of a site"),
  kicker("local-news", "is a tag of a site"),
  kicker("Bread, Ovens", "is a tag of a site"),
  kicker("The Estuary Paper", "is the name of the paper"),
  kicker("What the bakers of Samphire Quay did when the tide came in", "is a sentence"),
  ...["Bread", "Sea and shore", "Well-being", "パン", "R&D"].map((right) => kicker(right)),
  gist("&#151; -- The council of Lune sold the old ferry.", "contains code: “&#151;”"),
  gist("Feb. 23, 2015 -- The council of Lune sold it.", "begins with the date of its article"),
  gist("The ferry left at nine and…", "breaks off"),
  gist("The ferry left at nine, and then,", "breaks off"),
  gist("The ferry (which had been painted left at nine.", "breaks off"),
  gist("and left the quay at nine.", "begins in the middle of a sentence"),
  gist("But the ferry left at nine.", "“But"),
  gist("Außerdem fuhr die Fähre um neun ab.", "“Außerdem", "de"),
  gist("[Wenna] Tregear sold the old ferry to Ness for two million pounds."),
  gist("iPhones ring at nine."),
  gist("¿Qué pasa?"),
  gist("潮が変わると窯に火を入れる。"),
  gist("1) It left."),
  gist("eBay left."),
  ["story-empty", { title: "A ferry" }, { gist: { text: "" } }, "has no text below its headline"],
  ["story-empty", { title: "A quay" }, { gist: { text: "A quay" } }, "has no text below"],
  paper("courier.example", "courier", "is a host"),
  paper("@thornseacourier", "courier", "is the name of an account"),
  paper("The Courier | All the news of Thornsea", "courier", "contains a tagline"),
  paper("News, sport and weather from the north coast", "courier", "contains a tagline"),
  paper("The Thornsea Courier", "www.thornseacourier"),
  paper("Süddeutsche Zeitung", "www.sueddeutsche"),
  paper("The New York Times", "www.nytimes"),
  paper("Frankfurter Allgemeine Zeitung", "www.faz"),
  paper("HuffPost", "www.huffingtonpost"),
  paper("朝日新聞", "www.asahi"),
  paper("The Estuary Paper", "estuary"),
  headline("headline-site", "The Estuary Paper", ""),
  headline("headline-site", "the estuary  paper", ""),
  headline("headline-site", "paper.example", ""),
  headline("mixed-alphabets", "The ferry that waits"),
  headline("mixed-alphabets", "Паром ждёт почту"),
  headline("mixed-alphabets", "A 5 kΩ lamp and a µm of paint"),
  headline("mixed-alphabets", "The \u0410pple that was sold twice", "\u0410pple"),
];

test.each([...new Set(CASES.map(([rule]) => rule))])(
  "a story that breaks the rule is reported, and one that only looks so is not: %s",
  async (rule) => {
    const cases = CASES.filter(([of]) => of === rule);
    const entries = cases.map(([, over, say], at) => ({
      ...entry(
        { title: `Ferry number ${at}`, ...over },
        { gist: { text: `It left Ness at ${at}.` }, keyPoints: [], ...say },
      ),
      id: `s${at}`,
    }));
    // A brief shows sentences of its first story only.
    const issues = rule === "sentence-whole" ? entries.map((one) => [one]) : [entries];
    const reports = await Promise.all(
      issues.map(async (stories) => reportOn(digestOf(stories, { sections: "none" }), "brief")),
    );
    const told = reports.flatMap((report) => found(report, rule));
    const byStory = cases.map((_, at) =>
      told.flatMap(({ where, message }) => (where?.id === `s${at}` ? [message] : [])),
    );
    expect(byStory).toEqual(
      cases.map(([, , , says]) => (says === undefined ? [] : [expect.stringContaining(says)])),
    );
  },
);

describe("a text that has no room in its place", () => {
  const LONG =
    "The harbour board of Orrell approves ferries if the parish council and the owners agree "
      .repeat(2)
      .trim();

  test("is named with its story, and an editor's shorter one mends it", async () => {
    const [, ...others] = withOwnLines(roundUp(6)).sections.flatMap(({ entries }) => entries);
    const [first] = digestOf([entry({ title: LONG })]).sections.flatMap(({ entries }) => entries);
    if (!first) throw new Error("no story");
    const issue = (lead: typeof first) =>
      digestOf([{ ...lead, weight: "lead" }, ...others], { template: "digest" });
    expect(await told(issue(first), "copy-fit")).toEqual([expect.stringContaining("its headline")]);
    const short = { headline: "Ferries approved" };
    expect(await told(issue({ ...first, short }), "copy-fit")).toEqual([]);
  });

  test("is not looked for in a brief, which tells its story whole", async () => {
    expect(
      await told(digestOf([entry({ title: LONG })], { template: "brief" }), "copy-fit"),
    ).toEqual([]);
  });
});

describe("the picture of a story", () => {
  test("without alt text is told wherever it is shown, and where a crop is shown too", async () => {
    const crop = { src: "images/quay-pair.png", widthPx: 670, heightPx: 419 };
    const mute = (name: string) => ({ ...image(""), ...crop, src: `images/${name}.png` });
    const digest = digestOf([
      entry({ title: "Story 0", images: [mute("mill")] }),
      entry({ title: "Story 1", images: [{ ...mute("quay"), crops: { pair: crop } }] }),
      entry({ title: "Story 2", images: [{ ...mute("horn"), alt: "A horn" }] }),
      { ...entry({ title: "Story 3", images: [mute("hidden")] }), weight: "line" },
    ]);
    expect(await told(digest, "picture-alt")).toEqual([
      "The picture of “Story 0” has no alt text",
      "The picture of “Story 1” has no alt text",
    ]);
  });

  test("without alt text is told, until an editor accepts the story", async () => {
    const lead = entry({ images: [image("")] });
    expect(await told(digestOf([lead]), "picture-alt")).toEqual([
      "The picture of “The bakery that runs on tides” has no alt text",
    ]);
    expect(await told(digestOf([{ ...lead, accepted: true }]), "picture-alt")).toEqual([]);
  });
});

test.each(["A ferry that waits…", "A ferry that waits for", "A ferry (and", "A ferry that waits:"])(
  "the subject %s",
  async (subject) => {
    const isCut = !subject.endsWith("for");
    const faults = await told({ ...digestOf([entry()]), subject }, "subject-whole");
    expect(faults).toEqual(isCut ? [`The subject breaks off: “${subject}”`] : []);
  },
);

test("the link to subscribe after the last story belongs to no story", async () => {
  const subscribe = "https://mudlark.test/subscribe";
  const digest = digestOf([entry(), entry({ id: "b" })], { modules: { subscribe } });
  const [finding] = found(await reportOn(digest, "digest"), "link-test");
  expect(finding).toMatchObject({ message: expect.stringContaining("“Subscribe”") });
  expect(finding?.where?.story).toBeUndefined();
});

describe.each(["digest", "brief", "letter"])("in our template %s", (template) => {
  const TO_SUBSCRIBE = "https://b.test/ferry";

  // The last story may lead to the page to subscribe.
  test.each([
    [TO_SUBSCRIBE, { subscribe: TO_SUBSCRIBE, share: false }],
    ["mailto:desk@mudlark.test", { feedback: "desk@mudlark.test", share: false }],
    ["mailto:", {}],
  ])("the link after the last story to %s belongs to no story", async (to, modules) => {
    const last = entry({ id: "b", title: "The ferry", url: TO_SUBSCRIBE });
    const digest = digestOf([entry(), last], { modules });
    const { email } = await issueOf(digest, template);
    const html = parseHtml(email.html);
    const links = named(html, "a").map((link) => ({
      to: attribute(link, "href").replace(/\?subject=.*/, ""),
      story: storyAt(link, html, digest)?.story,
    }));
    expect(links).toContainEqual({ to: TO_SUBSCRIBE, story: "The ferry" });
    expect(links.findLast((link) => link.to === to)).toEqual({ to, story: undefined });
  });

  test("the editor's last word belongs to no story", async () => {
    const closing = "Back on Thursday.";
    const digest = digestOf([entry()], { modules: { closing } });
    const html = parseHtml((await issueOf(digest, template)).email.html);
    const notes = named(html, "p").filter((element) => textOf(element) === closing);
    expect(notes.map((note) => storyAt(note, html, digest))).toEqual([undefined]);
  });
});

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

describe("a story that was read with doubt", () => {
  const doubted = { reading: { confidence: 0.6, partial: "paywall" as const, doubts: [] } };

  test("is something to look at, until an editor accepts it", async () => {
    const story = entry({ title: "The lamp that was sold twice", ...doubted });
    expect(await inBrief(digestOf([story]), "reading-doubted")).toMatchObject([
      { severity: "warning", where: { story: "The lamp that was sold twice" } },
    ]);
    expect(await inBrief(digestOf([{ ...story, accepted: true }]), "reading-doubted")).toEqual([]);
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

describe("an entry that an editor would probably change more than a little", () => {
  const TEXT =
    "The lamp was sold twice. The Harbour Trust of Ness bought the lamp for 40 pounds in March. A dealer in Pellow paid 60 pounds for the same lamp in May. Nobody at the quay had asked for it, and nobody has returned the money.";
  const gist = { text: "The lamp was sold twice.", start: 0, end: 24 };

  function story(summary: object) {
    const made = entry({ title: "The lamp that was sold twice", text: TEXT });
    const own = { ...made.summary, gist, keyPoints: [], origin: "extract" as const, ...summary };
    return { ...made, summary: own };
  }

  test.each([
    [0.1, 1],
    [0.6, 0],
  ])("with a gist that is %d sure is looked at if that is little", async (confidence, findings) => {
    expect(await inBrief(digestOf([story({ confidence })]), "gist-doubted")).toHaveLength(findings);
  });

  test("is looked at for its lines if its gist is sure", async () => {
    const line = "I have always loved boats.";
    const text = `The lamp was sold twice. ${line} She said so to them, and that was it.`;
    const at = (words: string) => ({
      text: words,
      start: text.indexOf(words),
      end: text.indexOf(words) + words.length,
    });
    const made = entry({ title: "A harbour master of Ness resigns", text });
    const keyPoints = [at(line), at("She said so to them, and that was it.")];
    const summary = {
      ...made.summary,
      gist,
      keyPoints,
      origin: "extract" as const,
      confidence: 0.5,
    };
    expect(await inBrief(digestOf([{ ...made, summary }]), "gist-doubted")).toMatchObject([
      { message: expect.stringMatching(/^The lines of “?A harbour master/) },
    ]);
  });

  test("is something to look at, until an editor accepts or rewrites it", async () => {
    const doubted = story({ confidence: 0.1 });
    expect(await inBrief(digestOf([doubted]), "gist-doubted")).toMatchObject([
      { severity: "warning", where: { story: "The lamp that was sold twice" } },
    ]);
    expect(await inBrief(digestOf([{ ...doubted, accepted: true }]), "gist-doubted")).toEqual([]);
    const rewritten = story({ confidence: 0.1, gist: { text: "A lamp was sold two times." } });
    expect(await inBrief(digestOf([rewritten]), "gist-doubted")).toEqual([]);
  });

  test("that is a page's slogan is looked at too, until an editor rewrites it", async () => {
    const slogan = { text: "The best deals." };
    const told = story({ gist: slogan, origin: "author", confidence: 0.2 });
    const described = { ...told, article: { ...told.article, description: slogan.text } };
    expect(await inBrief(digestOf([described]), "gist-doubted")).toMatchObject([
      { message: expect.stringContaining("Its page's own description") },
    ]);
    const gist = { text: "A lamp was sold two times." };
    const rewritten = { ...described, summary: { ...described.summary, gist } };
    expect(await inBrief(digestOf([rewritten]), "gist-doubted")).toEqual([]);
  });

  test("that no reader sees is nobody's to look at", async () => {
    const issue = await issueOf(digestOf([story({ confidence: 0.1 })]), "brief");
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
    expect(
      await inBrief(digestOf([story([sentence(1), sentence(2)])]), "line-doubted"),
    ).toMatchObject([
      { severity: "warning", message: expect.stringMatching(/always loved boats.*“?I”?/) },
    ]);
  });

  test("an editor's own words are not judged", async () => {
    expect(
      await inBrief(digestOf([story([{ text: "I have always loved boats." }])]), "line-doubted"),
    ).toEqual([]);
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
    expect(await inBrief(digestOf([story([OWN])]), "own-words")).toMatchObject([
      {
        severity: "warning",
        where: { story: "A night ferry for Ness" },
        message: expect.stringMatching(/^“Commuters had demanded.*words are in the article$/),
      },
    ]);
    expect(await inBrief(digestOf([{ ...story([OWN]), accepted: true }]), "own-words")).toEqual([]);
  });

  test("under an author's own first line is looked at too", async () => {
    expect(await inBrief(digestOf([story([OWN], "author")]), "own-words")).toHaveLength(1);
  });

  test("holds the issue as long as no editor has changed it, and an editor's own words don't", async () => {
    const digest = digestOf([story([OWN])]);
    const mine = digestOf([story(["Nobody asked the commuters for their opinion."])]);
    const issue = await issueOf(mine, "brief");
    const heldBy = async (built: Digest) =>
      found(await checkIssue({ ...issue, built: JSON.stringify(built) }), "own-words");
    expect(await inBrief(digest, "own-words")).toMatchObject([{ holds: true }]);
    expect((await heldBy(digest)).map(({ holds }) => holds)).toEqual([undefined]);
    expect((await heldBy(mine)).map(({ holds }) => holds)).toEqual([true]);
  });

  test("and the article says, passes", async () => {
    const said = "The county of Lune pays half of it.";
    expect(await inBrief(digestOf([story([said])]), "own-words")).toEqual([]);
  });
});

test("an issue without anything of a sample in it is ready to send", async () => {
  const report = await reportOn(withOwnLines(roundUp(2)), "digest");
  expect(messages(report, "placeholder")).toEqual([]);
  expect(verdictText(report)).toBe("Ready to send");
});

test("a placeholder that an editor typed is told, and one that an article has is not", async () => {
  const [first = entry(), second = entry()] = flatEntries(withOwnLines(roundUp(2)));
  const called = (title: string) =>
    digestOf([{ ...first, article: { ...first.article, title } }, second]);
  const typed = called("A visit to [First Name]");
  const issue = await issueOf(typed, "digest");
  const heldBy = async (built: Digest) =>
    messages(await checkIssue({ ...issue, built: JSON.stringify(built) }), "placeholder-copy");
  expect(await heldBy(called("A visit to the mill"))).toEqual([
    "Sample text of a template: “[First Name]”",
  ]);
  expect(await heldBy(typed)).toEqual([]);
});

test("a placeholder of the config is told, and one in a story that an editor brought is not", async () => {
  const digest = withOwnLines(roundUp(2));
  const publication = { name: "The Mudlark", postalAddress: "The Mudlark, [Your City]" };
  const report = await reportOn({ ...digest, publication }, "digest");
  expect(messages(report, "placeholder-copy")).toEqual([
    "Sample text of a template: “[Your City]”",
  ]);
  const [first = entry(), second = entry()] = flatEntries(digest);
  const title = "A letter to [First Name]";
  const brought = { ...second, article: { ...second.article, title, text: `${title} came.` } };
  const issue = await issueOf(digestOf([first, brought]), "digest");
  const built = JSON.stringify(digestOf([first]));
  expect(messages(await checkIssue({ ...issue, built }), "placeholder-copy")).toEqual([]);
});

test("an issue from a reserved name is not ready to send, and passes", async () => {
  const config = { ...CONFIG, from: { address: "desk@mudlark.example" } };
  const report = await checkIssue(await issueOf(withOwnLines(roundUp(2)), "digest", config));
  expect(messages(report, "placeholder")).toEqual([
    "The sender desk@mudlark.example is only an example",
  ]);
  expect(report.verdict).toBe("pass");
  expect(verdictText(report)).toBe("1 to look at first");
});

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
    expect(await inBrief(digest, "placeholder")).toMatchObject([
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
    expect(messages(await reportOn(digest, "letter"), "placeholder")).toEqual([
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
      { severity: "warning", message: "One picture is loaded from the publisher" },
    ]);
    expect(verdictText(report)).toBe("1 to look at first");
  });

  test.each(["images/mill.png", "https://mudlark.wharfside/pictures/mill.png"])(
    "at %s comes with the message, or from the newsletter's own server",
    async (src) => {
      expect(messages(await shown(src), "image-hotlink")).toEqual([]);
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
  // `check` shows three of a kind as one line.
  expect(said("warning", "warning", "warning", "warning")).toBe("1 to look at first");
  expect(said("error", "warning")).toBe("1 to fix");
});
