import { cp, writeFile } from "node:fs/promises";
import path from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDigest } from "../../src/digest/digest-json.ts";
import {
  type AlsoIn,
  type Digest,
  type Entry,
  type Publication,
  flatEntries,
  headlineOf,
} from "../../src/digest/digest.ts";
import { PARTS, type Parts } from "../../src/digest/modules.ts";
import { loadTemplate } from "../../src/email/io/load-template.ts";
import { pictureTypeOf } from "../../src/platform/picture.ts";
import { cpuSecondsOf } from "../cpu-time.ts";
import {
  ARABIC,
  LETTER,
  PUBLICATION,
  alsoIn,
  brief,
  digestOf,
  entry,
  grouped,
} from "../fixtures.ts";
import { CHART, animation, photo } from "../pictures.ts";
import { attributesOf, documentOf, render, template, textsOf } from "../render.ts";
import { newFolder } from "../temporary.ts";

const PICTURE = {
  src: "images/mill.png",
  alt: "A mill wheel half under water",
  widthPx: 1040,
  heightPx: 500,
};
const TITLES = ["The bakery on the quay", "A library of knots", "The ferry with the bees"];

/** Three stories with an address and a picture each, but the last without the one. */
const STORIES = digestOf(
  TITLES.map((title, at) => ({
    ...entry({
      title,
      images: [PICTURE],
      ...(at < 2 ? { url: `https://paper.example/${at}` } : { url: undefined }),
    }),
  })),
);

async function rendered(digest: Digest, name: string, dir?: string) {
  const { html, text } = await render(
    digest,
    dir === undefined ? name : await loadTemplate(name, dir),
  );
  return { $: documentOf(html), lines: text.split("\n"), html };
}

describe.each(["digest", "brief", "letter"])("in a %s", (template) => {
  test("each headline is a link to its story, in its own colour and without a line", async () => {
    const { $ } = await rendered(STORIES, template);
    for (const { article } of flatEntries(STORIES)) {
      const heading = $("h1,h2,h3")
        .filter((_, h) => $(h).text().replaceAll("\u00A0", " ") === article.title)
        .first();
      const link = heading.find("a").first();
      expect(link.attr("href")).toBe(article.url);
      if (link.length === 0) continue;
      // Each of the two is recoloured by some client, so both say their colour, and both turn dark.
      expect(heading.css("color")).toMatch(/^#/);
      for (const element of [...link, ...link.find("span")]) {
        expect($(element).css("color")).toBe(heading.css("color"));
        expect($(element).hasClass("c-ink")).toBe(true);
      }
      expect(link.css("text-decoration")).toBe("none");
    }
  });

  test("the address of each story stands under its headline in the text part, and nothing where it has none", async () => {
    const { lines } = await rendered(STORIES, template);
    const under = TITLES.map((title) => lines[lines.lastIndexOf(title) + 1]);
    expect(under).toEqual(["https://paper.example/0", "https://paper.example/1", ""]);
  });
});

describe.each(["digest", "brief"])("the picture of a %s", (template) => {
  const shown = async (picture: object, url: string | undefined) => {
    const digest = digestOf([entry({ images: [{ ...PICTURE, ...picture }], url })]);
    const { $ } = await rendered(digest, template);
    const image = $("img").first();
    return { alt: image.attr("alt"), link: image.closest("a") };
  };

  test("is a link that its alt text names", async () => {
    const { alt, link } = await shown({}, "https://paper.example/mill");
    expect(link.attr("href")).toBe("https://paper.example/mill");
    expect([alt, link.attr("aria-hidden")]).toEqual([PICTURE.alt, undefined]);
  });

  test("has the headline for a name where it has no alt text, and isn't read out twice", async () => {
    const { alt, link } = await shown({ alt: "" }, "https://paper.example/mill");
    expect(alt).toBe(headlineOf(entry()));
    expect(link.attr()).toMatchObject({ "aria-hidden": "true", tabindex: "-1" });
  });

  test("is no link where the story has no address", async () => {
    const { alt, link } = await shown({ alt: "" }, undefined);
    expect([alt, link.length]).toEqual(["", 0]);
  });
});

test("a headline is a link of the colour that a theme of one's own gives it", async () => {
  const { text, colours, ...theme } = (await template("digest")).theme;
  const story = text["story"];
  if (!story) throw new Error("no such style");
  const coloured = { ...theme, colours, text: { ...text, story: { ...story, colour: "accent" } } };
  const own = { ...(await template("digest")), theme: coloured };
  const { html } = await render(STORIES, own);
  expect(documentOf(html)(".t-story a").first().attr("class")).toBe("c-accent");
});

test("a template of one's own that was written before headlines were links still tells every address", async () => {
  const folder = await newFolder();
  await cp("templates/digest", path.join(folder, "mine"), { recursive: true });
  await writeFile(
    path.join(folder, "mine/text.txt.hbs"),
    "{{> text-head}}\n{{#with lead}}{{title}}\n{{> text-key-points}}\n{{> text-source}}{{/with}}\n{{> text-stories}}\n{{> text-foot}}",
  );
  const { lines } = await rendered(STORIES, "mine", folder);
  expect(lines).toContain("https://paper.example/0");
  expect(lines).toContain("https://paper.example/1");
});

async function kickers(over: Parameters<typeof entry>[0]) {
  const digest = digestOf([entry({ kicker: undefined, ...over })]);
  const { $, lines } = await rendered(digest, "digest");
  return [textsOf($(".t-kicker"))[0], lines.includes("Bread")];
}

test("a kicker is the editor's own: no tag is one, and neither is the name of a site", async () => {
  expect(await kickers({ tags: ["gizmodo.com", "Bread"] })).toEqual([undefined, false]);
  expect(await kickers({ tags: ["bakeries"], kicker: "Bread" })).toEqual(["Bread", true]);
});

test("a timeline stands in the order of time, whatever order the digest has it in", async () => {
  const events = [
    ["9 November 2018", "2018-11-09"],
    ["1794", "1794"],
    ["March 2011", "2011-03"],
  ] as const;
  const timeline = events.map(([when, iso]) => ({ when, iso, sentence: { text: `In ${when}.` } }));
  const { $, lines } = await rendered(digestOf([entry({}, { timeline })]), "brief");
  const ordered = ["1794", "March 2011", "9 November 2018"];
  expect(textsOf($(".when"))).toEqual(ordered);
  expect(lines.filter((line) => ordered.includes(line))).toEqual(ordered);
});

const BRIEF = "brief";
const DIGEST = "digest";

function told(papers: readonly AlsoIn[], language = "en"): Digest {
  return digestOf([{ ...entry({ language }), alsoIn: papers }], { language });
}

/** The text of the first paragraph of an email whose words fit, and where its links lead. */
function paragraphOf(html: string, fits: (words: string) => boolean) {
  const $ = documentOf(html);
  const line = $("p")
    .filter((_, p) => fits($(p).text()))
    .first();
  const links = attributesOf(line.find("a"), "href");
  return { line: textsOf(line)[0]?.replaceAll("\u00A0", " "), links };
}

/** The line that names other papers, with its links. */
async function alsoInLine(digest: Digest, template: string = BRIEF) {
  const { html, text } = await render(digest, template);
  const starts = /^(?:Also in|Auch bei|نُشر أيضًا في|ほかの掲載紙) /;
  return { ...paragraphOf(html, (words) => starts.test(words)), text };
}

describe.each([
  ["a brief", BRIEF],
  ["a digest", DIGEST],
])("in %s the papers that also have a story", (_name, template) => {
  test("are named with their links, in the text part too", async () => {
    const papers = [alsoIn("Tidewatch"), alsoIn("Keel & Plank"), { site: "The Slip" }];
    const { line, links, text } = await alsoInLine(told(papers), template);
    expect(line).toBe("Also in Tidewatch, Keel & Plank and The Slip");
    expect(links).toEqual(["https://tidewatch.example/story", "https://keel-plank.example/story"]);
    expect(text).toContain(
      "\n\nAlso in\nTidewatch\nhttps://tidewatch.example/story\nKeel & Plank\nhttps://keel-plank.example/story\nThe Slip\n",
    );
  });

  test("leave nothing behind where there is none", async () => {
    const without = await bare(digestOf([entry()]), template);
    expect(without).not.toContain("Also in");
    expect(await bare(told([]), template)).toBe(without);
    expect(await bare(told([{ title: "Of no paper" }]), template)).toBe(without);
  });
});

/** Both parts of an email, without the tokens, which are made from the digest's hash. */
async function bare(digest: Digest, template: string): Promise<string> {
  const { html, text } = await render(digest, template);
  return (html + text).replace(/slot-[0-9a-f]+/g, "slot");
}

describe("a paper", () => {
  test("is named by its host where it has no name, once, and not where it is the story's own", async () => {
    const papers = [
      { url: "https://www.tide.example/1" },
      { url: "https://tide.example/2" },
      { site: "The Estuary Paper", url: "https://paper.example/older" },
    ];
    const { line, links } = await alsoInLine(told(papers));
    expect(line).toBe("Also in tide.example");
    expect(links).toEqual(["https://www.tide.example/1"]);
  });

  test("beyond the fourth is counted, not named", async () => {
    const papers = ["A", "B", "C", "D", "E", "F"].map(alsoIn);
    const { line, text } = await alsoInLine(told(papers));
    expect(line).toBe("Also in A, B, C, D and 2 more");
    expect(text).toContain("\nD\nhttps://d.example/story\nand 2 more\n");
  });

  test.each([
    ["de", "Auch bei A, B und C"],
    ["ar", "نُشر أيضًا في A وB وC"],
    ["ja", "ほかの掲載紙 A、B、C"],
  ])("is named in the issue's language: %s", async (language, words) => {
    expect((await alsoInLine(told(["A", "B", "C"].map(alsoIn), language))).line).toBe(words);
  });

  test("cannot bring markup or a script with it", async () => {
    const papers = [
      { site: '<img src=x onerror="alert(1)">', url: 'https://x.example/"><script>' },
    ];
    const { html } = await render(told(papers), DIGEST);
    const $ = documentOf(html);
    expect($("script, img, [onerror]")).toHaveLength(0);
    expect($("body").text()).toContain('<img src=x onerror="alert(1)">');
  });
});

test("thirty stories in sections: stay under 80 KB, each told once under its heading, which its kicker does not repeat", async () => {
  const digest = grouped(30);
  const { html } = await render(digest, DIGEST);
  expect(Buffer.byteLength(html)).toBeLessThan(80_000);
  const $ = documentOf(html);
  // Lead and pair stand above the sections.
  expect(textsOf($("h2")).slice(3)).toEqual(["Ferries", "Weather", "Bread", "Books"]);
  expect($("h2,h3")).toHaveLength(30 + 4);
  expect(new Set(textsOf($(".t-kicker")))).toEqual(new Set(["Bread", "River"]));
});

const FOLLOWS = {
  slot: "2026-03-12",
  id: "earlier",
  title: "The ferry stops",
  url: "https://paper.example/stops",
  as: "next",
} as const satisfies Entry["follows"];

function following(follows: Partial<Entry["follows"]>, language = "en", isShown = true): Digest {
  const told = { ...entry({ language }), follows: { ...FOLLOWS, ...follows } };
  return { ...digestOf([told], { language }), parts: { follows: isShown } };
}

/** The line of the HTML part that has a headline, with where it leads, and the whole text part. */
async function lineOf(digest: Digest, name = "brief") {
  const { html, text } = await render(digest, name);
  return { ...paragraphOf(html, (words) => words.includes(FOLLOWS.title)), text };
}

describe("what an earlier issue told of a story", () => {
  test.each(["brief", "digest", "letter"] as const)(
    "is a line with a link, in the text part of a %s too",
    async (name) => {
      const { line, links, text } = await lineOf(following({}), name);
      expect(line).toBe("Follows 12 March: The ferry stops");
      expect(links).toEqual([FOLLOWS.url]);
      expect(text).toContain(`\n\nFollows 12 March: The ferry stops\n${FOLLOWS.url}\n`);
    },
  );

  test("has no link where that story has no address", async () => {
    const { url: _url, ...follows } = FOLLOWS;
    const told = { ...entry({}), follows };
    const { line, links } = await lineOf({ ...digestOf([told]), parts: { follows: true } });
    expect(line).toBe("Follows 12 March: The ferry stops");
    expect(links).toEqual([]);
  });

  test("is not told to readers unless the newsletter asks for it", async () => {
    const { line, text } = await lineOf(following({}, "en", false));
    expect(line).toBeUndefined();
    expect(text).not.toContain("Follows");
    const { parts: _parts, ...bare } = following({});
    expect((await lineOf(bare)).line).toBeUndefined();
  });

  test("names the day on that issue's front page, and else the first of its week", async () => {
    const weekly = await lineOf(following({ slot: "2026-W11" }));
    expect(weekly.line).toMatch(/^Follows 9 March: /);
    const dated = await lineOf(following({ slot: "2026-W11", date: "2026-03-13" }));
    expect(dated.line).toMatch(/^Follows 13 March: /);
  });

  test.each([
    ["ar", "متابعة لخبر ١٢ مارس: "],
    ["ja", "3月12日の続報："],
  ])("is told in %s", async (language, words) => {
    const { line } = await lineOf(following({}, language));
    expect(line?.replaceAll(/[\u2066-\u2069\u200E\u200F]/gu, "")).toBe(`${words}The ferry stops`);
  });
});

const TEMPLATES = ["brief", "digest", "letter"] as const;
const LOGO = { src: "images/logo-1.png", alt: "The Mudlark", width: 240, height: 48 };

async function shown(over: Partial<Publication>, template = "brief") {
  const digest = digestOf([entry()], { publication: { ...PUBLICATION, ...over } });
  const { html, text } = await render(digest, template);
  return { html, text, $: documentOf(html) };
}

describe("a logo", () => {
  test.each(TEMPLATES)("stands in the place of the name in the %s, which it says", async (name) => {
    const { $, text } = await shown({ logo: LOGO }, name);
    const image = $("img");
    expect(image).toHaveLength(1);
    expect(image.attr("alt")).toBe("The Mudlark");
    expect(image.parent().text().trim()).toBe("");
    // Where pictures are off the alt text wears the nameplate's own style.
    expect(image.parent().attr("class")).toMatch(/^t-nameplate/);
    expect(text).toMatch(/^The Mudlark\n/);
  });

  test("is smaller beside the date of a letter", async () => {
    const { $ } = await shown({ logo: LOGO }, "letter");
    expect($("img").first().attr()).toMatchObject({ width: "140", height: "28" });
  });

  test("gives way to the one for a dark ground", async () => {
    const { html, $ } = await shown({ logo: { ...LOGO, dark: "images/logo-2.png" } });
    expect(attributesOf($("img"), "class").slice(0, 2)).toEqual(["logo-light", "logo-dark"]);
    const dark = $("img").eq(1);
    expect(dark.css("display")).toBe("none");
    expect(dark.attr("alt")).toBe("The Mudlark");
    expect(html).toContain(".logo-light{display:none!important}");
    expect(html).toContain("[data-ogsb] .logo-dark{display:block!important");
  });

  test("with a clear ground stands on light paper in the dark", async () => {
    const { html, $ } = await shown({ logo: { ...LOGO, plate: true } });
    expect($("img").first().attr("class")).toBe("plate");
    expect(html).toContain(".plate{background:#FBFAF7!important");
  });

  test("leaves nothing in the style sheet of a newsletter without one", async () => {
    expect((await shown({})).html).not.toContain("logo");
  });
});

test("fonts of a newsletter's own stand in the place of the template's, in every script", async () => {
  const fonts = { serif: "'Iowan Old Style',Georgia,serif", sans: "Verdana,sans-serif" };
  const { html } = await shown({ fonts });
  expect(html).toContain(" 'Iowan Old Style',Georgia,serif");
  expect(html).not.toContain("Helvetica");
  const arabic = { ...ARABIC, publication: { name: "الضفة", fonts } };
  const own = await render(arabic, "brief");
  expect(own.html).not.toContain("Geeza");
});

test.each(TEMPLATES)("more lines and links stand at the foot of the %s", async (name) => {
  const footer = {
    lines: ["Set by hand & printed by nobody."],
    links: [{ text: "Earlier issues", url: "https://mudlark.example/issues?a=1&b=2" }],
  };
  const { $, text } = await shown({ footer }, name);
  const links = $("a").slice(-3);
  expect(textsOf(links)).toEqual(["Unsubscribe", "View in browser", "Earlier issues"]);
  expect(links.last().attr("href")).toBe("https://mudlark.example/issues?a=1&b=2");
  expect($("body").text()).toContain("Set by hand & printed by nobody.");
  expect(text).toContain("Set by hand & printed by nobody.");
  expect(text).toContain("Earlier issues:\nhttps://mudlark.example/issues?a=1&b=2");
});

test.each(TEMPLATES)(
  "the %s leads to what readers get, where they have a page for that",
  async (name) => {
    const { html, text, slots } = await render({ ...STORIES, hasPreferences: true }, name);
    const $ = documentOf(html);
    const link = $("a").filter((_, a) => $(a).text() === "What I get");
    expect(link.first().attr("href")).toBe(slots.preferencesUrl);
    expect(text).toContain(`What I get:\n${slots.preferencesUrl}`);
    expect((await render(STORIES, name)).slots).not.toHaveProperty("preferencesUrl");
  },
);

function parse(publication: object) {
  return parseDigest(JSON.stringify({ ...LETTER, publication }, undefined, 1), "digest.json");
}

test.each<[string, object, string]>([
  ["a logo outside the issue", { logo: { ...LOGO, src: "../logo.png" } }, "logo.src"],
  ["a logo without words", { logo: { src: LOGO.src, width: 9 } }, "logo.alt"],
  ["a link that is a script", { footer: { links: [{ text: "x", url: "javascript:1" }] } }, "url"],
])("a digest.json edited by hand: %s is refused", (_what, wrong, told) => {
  expect(() => parse({ name: "The Mudlark", ...wrong })).toThrow(told);
});

/** What only that part of the full brief says: its label, and a word of its own. */
const SIGNS = {
  keyPoints: ["What has changed", "kneader"],
  quote: ["moon decides"],
  people: ["Who’s who", "Stroud-Pemberton"],
  timeline: ["How we got here", "barley."],
  figures: ["In figures", "nearest other bakery"],
} satisfies Record<(typeof PARTS)[number], string[]>;

async function shownParts(parts: Parts | undefined, template = BRIEF) {
  const digest = { ...brief(), ...(parts && { parts }) };
  const { html, text } = await render(parseDigest(JSON.stringify(digest), "digest.json"), template);
  const $ = documentOf(html);
  const words = ($("body").text() + text).replaceAll(/\s+/g, " ");
  return { words, rules: $("h2").length };
}

describe("the parts of a brief", () => {
  test("are all shown unless one is switched off", async () => {
    const { words, rules } = await shownParts(undefined);
    for (const sign of Object.values(SIGNS).flat()) expect(words).toContain(sign);
    expect(await shownParts({ quote: true, figures: true })).toEqual({
      words: expect.any(String),
      rules,
    });
  });

  test.each(PARTS)(
    "can do without %s, which leaves neither label nor rule behind",
    async (part) => {
      const { words, rules } = await shownParts({ [part]: false });
      for (const sign of SIGNS[part]) expect(words).not.toContain(sign);
      for (const other of PARTS.filter((name) => name !== part))
        for (const sign of SIGNS[other]) expect(words).toContain(sign);
      // The quote stands between the rules of its neighbours, and the source keeps its own.
      expect(rules).toBe(part === "quote" ? 5 : 4);
    },
  );

  test("all switched off leave the headline, the gist and the source", async () => {
    const { words, rules } = await shownParts(
      Object.fromEntries(PARTS.map((part) => [part, false])),
    );
    for (const sign of Object.values(SIGNS).flat()) expect(words).not.toContain(sign);
    expect(words).toContain("sells out by low water");
    expect(rules).toBe(1);
  });
});

test("a digest shows the lead's key points of them, unless they are switched off", async () => {
  const { words } = await shownParts(undefined, DIGEST);
  for (const sign of ["Key points", "kneader"]) expect(words).toContain(sign);
  for (const sign of [...SIGNS.quote, ...SIGNS.people, ...SIGNS.figures])
    expect(words).not.toContain(sign);
  const without = await shownParts({ keyPoints: false }, DIGEST);
  for (const sign of ["Key points", "kneader"]) expect(without.words).not.toContain(sign);
});

const ftyp = (brands: string) => Buffer.from(`\0\0\0\x18ftyp${brands}\0\0\0\0mif1`, "latin1");

test.each<[string, Buffer, string | undefined]>([
  ["a JPEG", await photo(9, 9).jpeg().toBuffer(), "image/jpeg"],
  ["a PNG", await photo(9, 9).png().toBuffer(), "image/png"],
  ["a GIF", await animation(9, 9), "image/gif"],
  ["a WebP", await photo(9, 9).webp().toBuffer(), "image/webp"],
  ["an AVIF", await photo(64, 64).avif({ effort: 0 }).toBuffer(), "image/avif"],
  ["a TIFF", await photo(9, 9).tiff().toBuffer(), "image/tiff"],
  ["a phone's HEIC", ftyp("heic"), "image/heic"],
  ["a film", ftyp("isom").fill(0, 16), undefined],
  ["an SVG", Buffer.from(CHART), "image/svg+xml"],
  [
    "an SVG with all that may stand before it",
    Buffer.from(
      `\uFEFF<?xml version="1.0"?>\n<!-- <svg> is below -->\n<!DOCTYPE svg [<!ENTITY a "b">]>\n<s:svg xmlns:s="http://www.w3.org/2000/svg"/>`,
    ),
    "image/svg+xml",
  ],
  ["a web page with an SVG in it", Buffer.from(`<!doctype html><body>${CHART}`), undefined],
  ["a text", Buffer.from("GIF is a kind of picture"), undefined],
  ["nothing", Buffer.alloc(0), undefined],
])("%s is told by its content", (_what, content, contentType) => {
  expect(pictureTypeOf(content)?.contentType).toBe(contentType);
});

test("no bytes are too odd to be told from a picture", () => {
  const odd = fc.tuple(
    fc.constantFrom("\0\0\0\0ftyp", "\xff\xff\xff\xffftyp", "RIFF", "<!--", "<!DOCTYPE [", ""),
    fc.uint8Array({ maxLength: 60 }),
  );
  fc.assert(
    fc.property(odd, ([start, rest]) => {
      expect(() =>
        pictureTypeOf(Buffer.concat([Buffer.from(start, "latin1"), rest])),
      ).not.toThrow();
    }),
  );
});

test("a long run of marks before an SVG takes no time", () => {
  const seconds = cpuSecondsOf(() => {
    for (const mark of ["<!--", "<!-- -->", "<?x?>", "<!DOCTYPE[", " ", "<!DOCTYPE x []>"]) {
      expect(pictureTypeOf(Buffer.from(mark.repeat(100_000)))).toBeUndefined();
    }
  });
  expect(seconds).toBeLessThan(20);
});
