import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import type { Digest, Entry } from "../../src/digest/digest.ts";
import { digestOf, entry } from "../fixtures.ts";
import { render } from "../render.ts";

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
  const paragraphs = [...new JSDOM(html).window.document.querySelectorAll("p")];
  const line = paragraphs.find(({ textContent }) => textContent.includes(FOLLOWS.title));
  const links = [...(line?.querySelectorAll("a") ?? [])].map(({ href }) => href);
  return { line: line?.textContent.replaceAll("\u00A0", " "), links, text };
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
    ["he", "המשך לידיעה מ־12 במרץ: "],
    ["ja", "3月12日の続報："],
    ["pl", "Ciąg dalszy z 12 marca: "],
    ["ru", "Продолжение темы от 12 марта: "],
    ["zh-Hant", "3月12日報導的後續："],
    ["sv", "Follows 12 March: "],
  ])("is told in %s", async (language, words) => {
    const { line } = await lineOf(following({}, language));
    expect(line?.replaceAll(/[\u2066-\u2069\u200E\u200F]/gu, "")).toBe(`${words}The ferry stops`);
  });
});
