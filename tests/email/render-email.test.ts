import * as fc from "fast-check";
import type { Browser } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { openEmail } from "../../src/check/io/browser/open-email.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { type Digest, flatEntries, headlineOf } from "../../src/digest/digest.ts";
import { MODULE_EXAMPLES, type ModuleSettings } from "../../src/digest/modules.ts";
import { headlineForms } from "../../src/digest/copy/fit-copy.ts";
import { checkIssue } from "../../src/review/review.ts";
import { openPackagedBrowser } from "../browser.ts";
import { ARABIC, LETTER, PUBLICATION, article, digestOf, entry, summary } from "../fixtures.ts";
import { attributesOf, documentOf, render, textsOf } from "../render.ts";
import { issueOf } from "../review/issue.ts";

const BRIEF = "brief";
const DIGEST = "digest";

describe("an email", () => {
  test.each<[string, object, [string, string, string | undefined]]>([
    ["as wide as the page", { widthPx: 1200, heightPx: 801 }, ["600", "401", "600px"]],
    ["no wider than it is", { widthPx: 300, heightPx: 200 }, ["300", "200", "300px"]],
    ["without a height where nobody measured it", {}, ["520", "", "520px"]],
  ])("shows a picture %s", async (_what, size, [width, height, most]) => {
    const image = { src: "images/mill.png", alt: "A mill", ...size };
    const { html } = await render(digestOf([entry({ images: [image] })]), BRIEF);
    const shown = documentOf(html)("img").first();
    expect([shown.attr("width"), shown.attr("height") ?? ""]).toEqual([width, height]);
    expect(shown.closest("div").css("max-width")).toBe(most);
  });

  test("shows no picture that is a banner, a tower or next to nothing", async () => {
    for (const [widthPx, heightPx] of [
      [1200, 300],
      [400, 800],
      [60, 40],
    ]) {
      const image = { src: "images/mill.png", alt: "A mill", widthPx, heightPx };
      const { html } = await render(digestOf([entry({ images: [image] })]), BRIEF);
      expect(documentOf(html)("img")).toHaveLength(0);
    }
  });

  test("does not believe what a page says of a picture that is linked", async () => {
    const image = { src: "https://a.example/mill.png", alt: "", widthPx: 150, heightPx: 100 };
    const { html } = await render(digestOf([entry({ images: [image] })]), BRIEF);
    const shown = documentOf(html)("img").first();
    expect([shown.attr("width"), shown.attr("height")]).toEqual(["520", undefined]);
  });

  test("a story in another language is marked as such", async () => {
    const german = entry({ title: "Die Bäckerei am Siel", language: "de" });
    const { html } = await render(digestOf([entry(), german]), DIGEST);
    const $ = documentOf(html);
    const heading = $("h2").filter((_, h) => $(h).text().startsWith("Die"));
    expect(heading.first().closest("[lang]").attr("lang")).toBe("de");
  });

  test.each(["digest", "brief", "letter"])(
    "a story of its own is not credited to the newsletter: %s",
    async (template) => {
      const bare = { url: undefined, site: undefined, authors: [], publishedAt: undefined };
      const digest = digestOf([entry(bare), entry({ ...bare, title: "A second story" })]);
      const { html, text } = await render(digest, template);
      const name = digest.publication?.name ?? digest.issue.newsletter;
      const below = text.split("=".repeat(72)).slice(1, -1).join("\n");
      expect(below).toContain("A second story");
      expect(below).not.toContain(name);
      expect(documentOf(html)("p.t-meta, td.from").text()).not.toContain(`${name} ·`);
    },
  );

  test("a story without an address is credited with its paper and its day", async () => {
    const { text } = await render(
      digestOf([entry({ url: undefined, site: "The Mudlark" })]),
      BRIEF,
    );
    expect(text).toContain("The Mudlark, 12 March 2019");
  });

  test("a date that an editor wrote in words is left out, and the story stays", async () => {
    for (const publishedAt of ["14 March 1987", "1987-3-14", "March 1987"]) {
      const { text } = await render(digestOf([entry({ publishedAt, url: undefined })]), BRIEF);
      expect(text).toContain(headlineOf(entry()));
      expect(text).not.toContain("1987");
    }
  });

  test("the editor's letter is set whole, its links and emphasis kept, its HTML shown as written", async () => {
    const letter = article({
      kind: "letter",
      title: "",
      authors: ["Nell Pascoe"],
      text: "Read [the *last* one](https://paper.example/x?a=1&b=2), **please**.\n\n> Bread & tide\n\n<script>alert(1)</script> [no](javascript:alert(1))",
    });
    const { html, text } = await render(digestOf([entry()], { letter }), DIGEST);
    const $ = documentOf(html);
    const link = $('a[href="https://paper.example/x?a=1&b=2"]');
    expect(link.html()).toBe("the <em>last</em> one");
    expect($("script, a[href^=javascript]")).toHaveLength(0);
    expect($("body").text()).toContain("<script>alert(1)</script>");
    expect(text).toContain("Read the last one (https://paper.example/x?a=1&b=2), please.");
    expect(text).toContain("> Bread & tide");
    expect(text).toContain("Nell Pascoe");
  });

  test("the subject has the apostrophes of the text below it", async () => {
    const digest = { ...digestOf([entry()]), subject: "The town's bakery", preheader: "It's open" };
    const { subject, html } = await render(digest, DIGEST);
    expect(subject).toBe("The town’s bakery");
    expect(documentOf(html)("title").text()).toBe(subject);
    expect(html).toContain("It’s open");
  });
});

describe("whatever a title holds", () => {
  const hostile = [
    "<script>alert(1)</script> & \"quotes\" 'too'",
    "{{subject}} {{{raw}}} and {{#if x}}",
    "</mj-text><mj-text> <b unclosed",
    "--> <![endif]--> ]]>",
    "=HYPERLINK(1) 🥖👩‍👩‍👧 ﷽",
    "x".repeat(300),
    "A title of three hundred characters, or so, ".repeat(7),
  ];

  test.each(hostile)("it is shown as written: %s", async (title) => {
    const digest = digestOf([entry({ title }), entry({ title })]);
    for (const template of [BRIEF, DIGEST]) {
      const { html, text } = await render(digest, template);
      const $ = documentOf(html);
      const headings = textsOf($("h1,h2,h3")).map(plain);
      const shown = new Set(headlineForms(entry({ title })).map((words) => plain(words.trim())));
      expect(headings.filter((heading) => shown.has(heading))).toHaveLength(2);
      expect(headings).toContain(plain(title.trim()));
      expect($("script")).toHaveLength(0);
      expect(html).not.toContain("{{");
      expect(plain(text.replaceAll(/\s+/g, " "))).toContain(plain(title.trim()));
    }
  });

  test("any text at all comes out as it went in", async () => {
    const words = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
      .filter((text) => /\S/.test(text));
    await fc.assert(
      fc.asyncProperty(words, words, async (title, gist) => {
        const given = digestOf([
          entry({ title: `T ${title}`, tags: [title] }, { gist: { text: `G ${gist}` } }),
        ]);
        const digest = parseDigest(JSON.stringify(given), "digest.json");
        const $ = documentOf((await render(digest, BRIEF)).html);
        const [told] = digest.sections[0]?.entries ?? [];
        expect(plain($("h1").first().text())).toBe(plain(told?.article.title ?? ""));
        expect(plain($(".t-standfirst").first().text())).toBe(plain(told?.summary.gist.text ?? ""));
      }),
      { numRuns: 20 },
    );
  });
});

/** Text as it reads: without soft hyphens, no-break spaces are spaces, and curly marks the straight ones they stand for. */
function plain(text: string): string {
  return text
    .replaceAll("\u00AD", "")
    .replace(/[’‘]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/\s+/g, " ")
    .trim();
}

test("numbers stay with their units and a headline's last two words together", async () => {
  const digest = digestOf([
    {
      article: article({ title: "The bakery that runs on a tide" }),
      summary: summary({ gist: { text: "It is 12 km off at 4 °C." } }),
    },
  ]);
  const { html } = await render(digest, BRIEF);
  expect(html).toContain("12\u00A0km off at 4\u00A0°C");
  expect(html).toContain("on a\u00A0tide</span></a></h1>");
});

test("no word of a key point is alone on its last line", async () => {
  const text =
    "The team found the next best thing to liquid water, which is water in the form of vapour, lead researcher Ada Pell said in a statement.";
  const digest = digestOf([entry({}, { keyPoints: [{ text }] })]);
  for (const name of [BRIEF, DIGEST]) {
    const { html, text: plain } = await render(digest, name);
    expect(html).toContain("said in a\u00A0statement.");
    expect(plain).toMatch(/said in\s+a\s+statement\./);
  }
});

const PICTURE = { src: "images/mill.png", alt: "A mill", widthPx: 1040, heightPx: 640 };
const QUOTE = { text: "I have stopped arguing.", speaker: "Ottilie Brand" };
const LOAVES = { value: "340", what: "loaves leave the oven at every tide" };
const MODULES = {
  sponsor: { name: "Halyard", title: "Rope", url: "https://rope.example/", link: "See the rope" },
  feedback: "https://a.example/{answer}",
  subscribe: "https://a.example/subscribe",
  closing: "Back on Thursday.",
} satisfies ModuleSettings;

function issue(
  count: number,
  {
    pictures = true,
    quoted = 0,
    ...more
  }: Parameters<typeof digestOf>[1] & { pictures?: boolean; quoted?: number } = {},
): Digest {
  const stories = Array.from({ length: count }, (_, at) =>
    entry(
      {
        title: `Story number ${at + 1} of the week`,
        url: `https://paper.example/${at + 1}`,
        images: pictures ? [{ ...PICTURE, src: `images/mill-${at}.png` }] : [],
        text: "She bakes 340 loaves. “I have stopped arguing.” ".repeat(20),
      },
      { ...(at === quoted && { quote: QUOTE }), ...(at === 0 && { figures: [LOAVES] }) },
    ),
  );
  return digestOf(stories, { sections: "none", ...more });
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

async function rendered(digest: Digest, name = "digest") {
  const { html, text } = await render(digest, name);
  return { html, text, $: documentOf(html) };
}

describe("the page of a digest", () => {
  test.each([14, 15, 23])(
    "parts %i stories in brief into groups of about one length",
    async (count) => {
      const { text } = await rendered(issue(count, { pictures: false }));
      const brief = text.split("=".repeat(72))[2] ?? "";
      const sizes = brief
        .split("-".repeat(72))
        .map((group) => group.match(/^Story number/gm)?.length);
      const groups = sizes.flatMap((size) => size ?? []);
      expect(Math.max(...groups)).toBeLessThanOrEqual(8);
      expect(Math.max(...groups) - Math.min(...groups)).toBeLessThanOrEqual(1);
      expect(groups.length).toBe(Math.ceil((count - 6) / 8));
    },
  );

  test("does not say how long the stories are if they are no longer than here", async () => {
    const short = issue(1, { pictures: false });
    const sections = short.sections.map(({ entries, ...section }) => ({
      ...section,
      entries: entries.map((one) => ({ ...one, summary: { ...one.summary, minutes: 1 } })),
    }));
    const { text } = await rendered({ ...short, sections }, "brief");
    expect(text.split("\n").slice(0, 6)).toContain("1 min");
  });

  test("shows pictures by weight, each a link to its story", async () => {
    const { $ } = await rendered(issue(8));
    expect(attributesOf($("img"), "width").map(Number)).toEqual([520, 236, 236, 136, 136]);
    const links = $("img")
      .toArray()
      .map((image) => $(image).closest("a").attr("href"));
    expect(links).toEqual([1, 2, 3, 4, 5].map((at) => `https://paper.example/${at}`));
  });

  test("numbers what is in the contents, and links to where it stands", async () => {
    const { $, text } = await rendered(issue(8));
    const links = attributesOf($("a[href^='#']"), "href");
    expect(links).toHaveLength(5);
    for (const link of links) expect($(`[name="${link?.slice(1)}"]`)).toHaveLength(1);
    expect(text).toContain("1. Story number 1 of the week (4 min)");
    expect($("body").text()).toContain("and three in brief");
  });

  test("has no contents of three stories, nor where they are switched off", async () => {
    for (const digest of [issue(3), issue(8, { modules: { contents: false } })])
      expect((await rendered(digest)).html).not.toContain("In this issue");
  });

  test("says what its modules say, in both parts and in this order", async () => {
    const { $, text } = await rendered(issue(8, { modules: MODULES }));
    const words = [
      "The number",
      "Advertisement, paid for by Halyard",
      "In brief",
      "I have stopped arguing.",
      "Back on Thursday.",
      "Was this issue worth your time?",
      "Forwarded to you?",
    ];
    // The contents name what is in brief, too.
    for (const part of [$("body").text(), text].map((part) => part.replace(/\s+/g, " "))) {
      const places = words.map((said) => part.lastIndexOf(said));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      expect(places).not.toContain(-1);
    }
    const urls = [
      "https://rope.example/",
      ...["yes", "no"].map((answer) => MODULES.feedback.replace("{answer}", answer)),
      MODULES.subscribe,
    ];
    for (const url of urls) {
      expect($(`a[href="${url}"]`)).not.toHaveLength(0);
      expect(text).toContain(url);
    }
    expect($("a[rel=sponsored]").first().text()).toBe("See the rope");
  });

  test.each([
    ["brief", issue(1)],
    ["digest", issue(8)],
    ["letter", LETTER],
  ])("a %s shows each of its modules in both parts or in neither", async (name, digest) => {
    const modules = { ...MODULE_EXAMPLES, ...issue(8, { modules: MODULES }).modules };
    const { $, text } = await rendered({ ...digest, modules }, name);
    const links = attributesOf($("a[href]"), "href");
    const words = [$("body").text(), ...links].join(" ").replace(/\s+/g, " ");
    const said = stringsIn(modules).filter((one) => / |^https/.test(one));
    expect(said.length).toBeGreaterThan(8);
    const inText = said.filter((one) => text.replace(/\s+/g, " ").includes(one));
    expect(said.filter((one) => words.includes(one))).toEqual(inText);
  });

  test("marks an advertisement in the reader's language", async () => {
    const { $, text } = await rendered(issue(4, { modules: MODULES, language: "de" }));
    expect($("body").text()).toContain("Anzeige, bezahlt von Halyard");
    expect(text).toContain("Anzeige, bezahlt von Halyard");
  });

  test.each([
    ["below a lead that has no picture", { pictures: false }, true],
    ["at the end, if the lead has a picture", {}, false],
    ["at the end, if it is from another story", { pictures: false, quoted: 2 }, false],
  ])("sets a quote %s", async (_, more, isBelowLead) => {
    const { text } = await rendered(issue(4, more));
    const quoteAt = text.indexOf("I have stopped arguing.");
    expect(quoteAt).toBeGreaterThan(text.indexOf("Story number 1"));
    expect(quoteAt < text.lastIndexOf("Story number 2")).toBe(isBelowLead);
  });

  test("quotes no story that is hidden", async () => {
    const json = JSON.stringify(issue(4)).replace('"entries":[{', '"entries":[{"hidden":true,');
    const { html } = await rendered(parseDigest(json, "digest.json"));
    expect(html).not.toContain("stopped arguing");
    expect(html).not.toContain("The number");
  });

  test("has no heading over a single story, and none that says there are more", async () => {
    for (const count of [2, 4, 6, 7]) {
      const { html } = await rendered(issue(count));
      expect(html).not.toContain("More stories");
      expect(html.includes(">In brief<")).toBe(count === 7);
    }
  });
});

function letter(text: string) {
  return article({ kind: "letter", title: "", text });
}

async function order(text: string) {
  const { $ } = await rendered(issue(5, { letter: letter(text) }), "letter");
  return $("h2, .t-letter")
    .toArray()
    .map((element) => {
      const words = $(element).text();
      return element.tagName === "h2" ? words.replace(/\D+/g, "") : words.replaceAll("\u00A0", " ");
    });
}

describe("a letter", () => {
  test("has a story after the paragraph that links to it, by headline, its beginning or its number", async () => {
    const text =
      "One\n\nSee [[story: Story number 3 of the week]].\n\nTwo [[story: 2 | the second]].\n\nEnd";
    expect(await order(text)).toEqual(
      "One|See Story number 3 of the week.|3|Two the second.|2|End|1|4|5".split("|"),
    );
  });

  test("has a story after the paragraph that names it, once", async () => {
    const text = "I read story number 4 of the week.\n\nStory number 4 of the week again.";
    expect(await order(text)).toEqual(
      "I read story number 4 of the week.|4|Story number 4 of the week again.|1|2|3|5".split("|"),
    );
  });

  test("sets three stories beside its prose, and the others below", async () => {
    const text = [1, 2, 3, 4].map((at) => `[[story: ${at}]]`).join("\n\n");
    expect((await order(text)).slice(-3)).toEqual([expect.stringContaining("4"), "4", "5"]);
  });

  test("leaves what no story answers to as its words", async () => {
    const { $, text } = await rendered(
      issue(2, { letter: letter("See [[story: Nobody's]] <b>now</b>.") }),
      "letter",
    );
    expect($(".t-letter").first().text()).toBe("See Nobody’s <b>now</b>.");
    expect(text).toContain("See Nobody’s <b>now</b>.");
  });
});

test.each([
  ["The quay is open", "The quay is open."],
  [
    "",
    `The mill turns again after nine years if ${"the council, the owner and the neighbours up the river, ".repeat(5)}all agree.`,
  ],
])("an inset of a letter has one whole line or none: %j", async (shown, line) => {
  const story = entry({ url: "https://paper.example/1" }, { gist: { text: line }, keyPoints: [] });
  const letter = article({ kind: "letter", title: "", text: "See [[story: 1]]." });
  const { $, text } = await rendered(digestOf([story], { letter }), "letter");
  const inset = $(".t-inset-text").first().text();
  expect(inset).toBe(shown === "" ? "" : line);
  expect(text.replace(/\s+/g, " ")).toContain(line);
});

describe("a brief", () => {
  test("says that it explains one story where it has no other", async () => {
    const says = "One story, explained";
    expect((await rendered(issue(1), "brief")).html).toContain(says);
    expect((await rendered(issue(2), "brief")).html).not.toContain(says);
  });

  test("names a source where there is one: a time to read is none", async () => {
    const headings = async (over: Parameters<typeof entry>[0]) => {
      const { $ } = await rendered(digestOf([entry(over)]), "brief");
      return textsOf($("h2"));
    };
    expect((await headings({})).at(-1)).toBe("The whole story, in The Estuary\u00A0Paper");
    expect((await headings({ site: undefined })).at(-1)).toBe("Source");
    expect(await headings({ site: undefined, url: undefined })).toEqual(["What has changed"]);
    const { $ } = await rendered(digestOf([entry({ site: undefined, url: undefined })]), "brief");
    expect($("body").text()).toContain("words, about");
  });
});

test("the year of the date is never alone on its line", async () => {
  for (const name of ["digest", "brief"] as const) {
    const { $, text } = await rendered(issue(1), name);
    expect($("body").text()).toMatch(/\p{L}+\u00A0\d{4}/u);
    expect(text).not.toContain("\u00A0");
  }
});

test("the footer says who edited the issue, and that answers are read, where the newsletter names an editor", async () => {
  const edited = { ...PUBLICATION, editor: "Wren & Aldous" };
  for (const name of ["digest", "brief", "letter"] as const) {
    const { $, text } = await rendered({ ...issue(1), publication: edited }, name);
    const says = "Edited by Wren & Aldous. Answers to this mail are read.";
    expect($("body").text()).toContain(says.replace("are read", "are\u00A0read"));
    expect(text).toContain(says);
    expect((await rendered(issue(1), name)).text).not.toContain("Edited by");
  }
});

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
