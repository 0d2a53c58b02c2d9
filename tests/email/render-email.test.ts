import * as fc from "fast-check";
import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import { shortHeadline } from "../../src/digest/one-line.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { ARABIC, article, brief, digestOf, entry, roundUp, summary } from "../fixtures.ts";
import { render } from "../render.ts";

const BRIEF = "brief";
const DIGEST = "digest";

function documentOf(html: string): Document {
  return new JSDOM(html).window.document;
}

describe("an email", () => {
  test("names its language and direction on the document and on the wrapper", async () => {
    for (const [digest, lang, dir] of [
      [brief(), "en", "ltr"],
      [ARABIC, "ar", "rtl"],
    ] as const) {
      const document = documentOf((await render(digest, BRIEF)).html);
      const wrapper = document.querySelector("[role=article]");
      expect([document.documentElement.lang, document.documentElement.dir]).toEqual([lang, dir]);
      expect([wrapper?.getAttribute("lang"), wrapper?.getAttribute("dir")]).toEqual([lang, dir]);
    }
  });

  test.each([
    ["brief", brief(), BRIEF],
    ["digest", roundUp(), DIGEST],
    ["brief of several stories", roundUp(3), BRIEF],
    ["digest of one story", brief(), DIGEST],
  ])("a %s has one h1 and skips no level", async (_name, digest, template) => {
    const document = documentOf((await render(digest, template)).html);
    const levels = [...document.querySelectorAll("h1,h2,h3,h4")].map(({ tagName }) =>
      Number(tagName[1]),
    );
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.reduce((before, level) => {
      expect(level - before).toBeLessThanOrEqual(1);
      return level;
    }, levels[0] ?? 0);
  });

  test("of ten stories stays under 45 KB, each a heading in order", async () => {
    const digest = roundUp(10);
    const { html, text } = await render(digest, DIGEST);
    expect(Buffer.byteLength(html)).toBeLessThan(45_000);
    const titles = digest.sections.flatMap(({ entries }) =>
      entries.map(({ article }) => article.title),
    );
    const headings = [...documentOf(html).querySelectorAll("h2,h3")].map(({ textContent }) =>
      plain(textContent),
    );
    expect(headings.filter((heading) => titles.includes(heading))).toEqual(titles);
    const places = titles.map((title) => plain(text.replaceAll("\n", " ")).lastIndexOf(title));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });

  test("asks no server for a font, marks every layout table, and says what each picture shows", async () => {
    const { html } = await render(roundUp(), DIGEST);
    const document = documentOf(html);
    expect(html).not.toMatch(/fonts\.googleapis|@import|@font-face/);
    expect(document.querySelectorAll("table:not([role=presentation])")).toHaveLength(0);
    expect([...document.images].map(({ alt, width }) => [alt, width])).toEqual([
      ["A mill wheel half under water, a lamp lit in the window above it", 520],
    ]);
  });

  test.each<[string, object, [string, string, string | undefined]]>([
    ["as wide as the page", { widthPx: 1200, heightPx: 801 }, ["600", "401", "600px"]],
    ["no wider than it is", { widthPx: 300, heightPx: 200 }, ["300", "200", "300px"]],
    ["a pixel high at least", { widthPx: 1200, heightPx: 1 }, ["520", "1", "520px"]],
    ["without a height where nobody measured it", {}, ["520", "", "520px"]],
  ])("shows a picture %s", async (_what, size, [width, height, most]) => {
    const image = { src: "images/mill.png", alt: "A mill", ...size };
    const { html } = await render(digestOf([entry({ images: [image] })]), BRIEF);
    const [shown] = documentOf(html).images;
    expect([shown?.getAttribute("width"), shown?.getAttribute("height") ?? ""]).toEqual([
      width,
      height,
    ]);
    expect(shown?.closest<HTMLElement>("div")?.style.maxWidth).toBe(most);
  });

  test("does not believe what a page says of a picture that is linked", async () => {
    const image = { src: "https://a.example/mill.png", alt: "", widthPx: 150, heightPx: 100 };
    const { html } = await render(digestOf([entry({ images: [image] })]), BRIEF);
    const [shown] = documentOf(html).images;
    expect([shown?.getAttribute("width"), shown?.hasAttribute("height")]).toEqual(["520", false]);
  });

  test("keeps Outlook's conditional comments balanced", async () => {
    for (const [digest, template] of [
      [brief(), BRIEF],
      [roundUp(), DIGEST],
    ] as const) {
      const { html } = await render(digest, template);
      const opened = html.match(/<!--\[if [^\]]*\]>/g)?.length ?? 0;
      expect(opened).toBeGreaterThan(5);
      expect(html.match(/<!\[endif\]-->/g)).toHaveLength(opened);
    }
  });

  test("hides its preheader without white or tiny text", async () => {
    const { html } = await render(brief(), BRIEF);
    const preheader = documentOf(html).querySelector("[role=article] > div");
    expect(preheader?.getAttribute("style")).toContain("display:none;max-height:0");
    expect(html).not.toMatch(/font-size:\s*[01](?:px)?;[^"]*">[^<\s]/);
  });

  test("a story in another language is marked as such", async () => {
    const german = entry({ title: "Die Bäckerei am Siel", language: "de" });
    const { html } = await render(digestOf([entry(), german]), DIGEST);
    const heading = [...documentOf(html).querySelectorAll("h2")].find((h) =>
      h.textContent?.startsWith("Die"),
    );
    expect(heading?.closest("[lang]")?.getAttribute("lang")).toBe("de");
  });

  test("the editor's letter is set whole, its links and emphasis kept, its HTML shown as written", async () => {
    const letter = article({
      kind: "letter",
      title: "",
      authors: ["Nell Pascoe"],
      text: "Read [the *last* one](https://paper.example/x?a=1&b=2), **please**.\n\n> Bread & tide\n\n<script>alert(1)</script> [no](javascript:alert(1))",
    });
    const { html, text } = await render(digestOf([entry()], { letter }), DIGEST);
    const document = documentOf(html);
    const link = [...document.links].find(({ href }) => href === "https://paper.example/x?a=1&b=2");
    expect(link?.innerHTML).toBe("the <em>last</em> one");
    expect(document.querySelectorAll("script, a[href^=javascript]")).toHaveLength(0);
    expect(document.body.textContent).toContain("<script>alert(1)</script>");
    expect(text).toContain("Read the last one (https://paper.example/x?a=1&b=2), please.");
    expect(text).toContain("> Bread & tide");
    expect(text).toContain("Nell Pascoe");
  });

  test("the subject has the apostrophes of the text below it", async () => {
    const digest = { ...digestOf([entry()]), subject: "The town's bakery", preheader: "It's open" };
    const { subject, html } = await render(digest, DIGEST);
    expect(subject).toBe("The town’s bakery");
    expect(documentOf(html).title).toBe(subject);
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
      const document = documentOf(html);
      const headings = [...document.querySelectorAll("h1,h2,h3")].map((h) => plain(h.textContent));
      const shown = new Set([title, shortHeadline(title)].map((words) => plain(words.trim())));
      expect(headings.filter((heading) => shown.has(heading))).toHaveLength(2);
      expect(headings).toContain(plain(title.trim()));
      expect(document.querySelectorAll("script")).toHaveLength(0);
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
        const document = documentOf((await render(digest, BRIEF)).html);
        const [told] = digest.sections[0]?.entries ?? [];
        expect(plain(document.querySelector("h1")?.textContent ?? "")).toBe(
          plain(told?.article.title ?? ""),
        );
        expect(plain(document.querySelector(".t-standfirst")?.textContent ?? "")).toBe(
          plain(told?.summary.gist.text ?? ""),
        );
      }),
      { numRuns: 20 },
    );
  });
});

/** Text as it reads: no-break spaces are spaces, and curly marks the straight ones they stand for. */
function plain(text: string): string {
  return text.replace(/[’‘]/g, "'").replace(/[“”]/g, '"').replace(/\s+/g, " ").trim();
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
