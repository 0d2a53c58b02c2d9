import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import { headlineOf, type Digest, flatEntries } from "../../src/digest/digest.ts";
import { loadTemplate } from "../../src/email/io/load-template.ts";
import { digestOf, entry } from "../fixtures.ts";
import { render, template } from "../render.ts";

const PICTURE = { src: "images/mill.png", alt: "A mill wheel half under water" };
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
  return { document: new JSDOM(html).window.document, lines: text.split("\n"), html };
}

describe.each(["digest", "brief", "letter"])("in a %s", (template) => {
  test("each headline is a link to its story, in its own colour and without a line", async () => {
    const { document } = await rendered(STORIES, template);
    for (const { article } of flatEntries(STORIES)) {
      const heading = [...document.querySelectorAll<HTMLElement>("h1,h2,h3")].find(
        ({ textContent }) => textContent.replaceAll("\u00A0", " ") === article.title,
      );
      const link = heading?.querySelector("a");
      expect(link?.getAttribute("href")).toBe(article.url);
      if (!link) continue;
      // Each of the two is recoloured by some client, so both say their colour, and both turn dark.
      for (const element of [link, ...link.querySelectorAll("span")]) {
        expect(element.style.color).toBe(heading?.style.color);
        expect([...element.classList]).toContain("c-ink");
      }
      expect(link.style.textDecoration).toBe("none");
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
    const { document } = await rendered(digest, template);
    const [image] = document.images;
    return { image, link: image?.closest("a") };
  };

  test("is a link that its alt text names", async () => {
    const { image, link } = await shown({}, "https://paper.example/mill");
    expect(link?.href).toBe("https://paper.example/mill");
    expect([image?.alt, link?.hasAttribute("aria-hidden")]).toEqual([PICTURE.alt, false]);
  });

  test("has the headline for a name where it has no alt text, and isn't read out twice", async () => {
    const { image, link } = await shown({ alt: "" }, "https://paper.example/mill");
    expect(image?.alt).toBe(headlineOf(entry()));
    expect([link?.getAttribute("aria-hidden"), link?.tabIndex]).toEqual(["true", -1]);
  });

  test("is no link where the story has no address", async () => {
    const { image, link } = await shown({ alt: "" }, undefined);
    expect([image?.alt, link]).toEqual(["", null]);
  });
});

test("a headline is a link of the colour that a theme of one's own gives it", async () => {
  const { text, colours, ...theme } = (await template("digest")).theme;
  const story = text["story"];
  if (!story) throw new Error("no such style");
  const coloured = { ...theme, colours, text: { ...text, story: { ...story, colour: "accent" } } };
  const own = { ...(await template("digest")), theme: coloured };
  const { html } = await render(STORIES, own);
  const link = new JSDOM(html).window.document.querySelector(".t-story a");
  expect(link?.className).toBe("c-accent");
});

test("a template of one's own that was written before headlines were links still tells every address", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "broadsheet-own-"));
  try {
    await cp("templates/digest", path.join(folder, "mine"), { recursive: true });
    await writeFile(
      path.join(folder, "mine/text.txt.hbs"),
      "{{> text-head}}\n{{#with lead}}{{title}}\n{{> text-key-points}}\n{{> text-source}}{{/with}}\n{{> text-stories}}\n{{> text-foot}}",
    );
    const { lines } = await rendered(STORIES, "mine", folder);
    expect(lines).toContain("https://paper.example/0");
    expect(lines).toContain("https://paper.example/1");
  } finally {
    await rm(folder, { recursive: true });
  }
});

async function kickers(over: Parameters<typeof entry>[0]) {
  const digest = digestOf([entry({ kicker: undefined, ...over })]);
  const { document, lines } = await rendered(digest, "digest");
  return [document.querySelector(".t-kicker")?.textContent, lines.includes("Bread")];
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
  const { document, lines } = await rendered(digestOf([entry({}, { timeline })]), "brief");
  const ordered = ["1794", "March 2011", "9 November 2018"];
  const shown = [...document.querySelectorAll(".when")].map(({ textContent }) => textContent);
  expect(shown).toEqual(ordered);
  expect(lines.filter((line) => ordered.includes(line))).toEqual(ordered);
});
