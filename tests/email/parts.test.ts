import { describe, expect, test } from "vitest";
import { JSDOM } from "jsdom";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { PARTS, type Parts } from "../../src/digest/modules.ts";
import { brief } from "../fixtures.ts";
import { render } from "../render.ts";

const BRIEF = "brief";
const DIGEST = "digest";

/** What only that part of the full brief says: its label, and a word of its own. */
const SIGNS = {
  keyPoints: ["Key points", "kneader"],
  quote: ["moon decides"],
  people: ["Who’s who", "Stroud-Pemberton"],
  timeline: ["Timeline", "barley."],
  figures: ["In figures", "nearest other bakery"],
} satisfies Record<(typeof PARTS)[number], string[]>;

async function shown(parts: Parts | undefined, template = BRIEF) {
  const digest = { ...brief(), ...(parts && { parts }) };
  const { html, text } = await render(parseDigest(JSON.stringify(digest), "digest.json"), template);
  const { document } = new JSDOM(html).window;
  const words = (document.body.textContent + text).replaceAll(/\s+/g, " ");
  return { words, rules: document.querySelectorAll("h2").length };
}

describe("the parts of a brief", () => {
  test("are all shown unless one is switched off", async () => {
    const { words, rules } = await shown(undefined);
    for (const sign of Object.values(SIGNS).flat()) expect(words).toContain(sign);
    expect(await shown({ quote: true, figures: true })).toEqual({
      words: expect.any(String),
      rules,
    });
  });

  test.each(PARTS)(
    "can do without %s, which leaves neither label nor rule behind",
    async (part) => {
      const { words, rules } = await shown({ [part]: false });
      for (const sign of SIGNS[part]) expect(words).not.toContain(sign);
      for (const other of PARTS.filter((name) => name !== part))
        for (const sign of SIGNS[other]) expect(words).toContain(sign);
      // The quote stands between the rules of its neighbours, and the source keeps its own.
      expect(rules).toBe(part === "quote" ? 5 : 4);
    },
  );

  test("all switched off leave the headline, the gist and the source", async () => {
    const { words, rules } = await shown(Object.fromEntries(PARTS.map((part) => [part, false])));
    for (const sign of Object.values(SIGNS).flat()) expect(words).not.toContain(sign);
    expect(words).toContain("sells out by low water");
    expect(rules).toBe(1);
  });
});

test("a digest shows the lead's key points of them, unless they are switched off", async () => {
  const { words } = await shown(undefined, DIGEST);
  for (const sign of SIGNS.keyPoints) expect(words).toContain(sign);
  for (const sign of [...SIGNS.quote, ...SIGNS.people, ...SIGNS.figures])
    expect(words).not.toContain(sign);
  const without = await shown({ keyPoints: false }, DIGEST);
  for (const sign of SIGNS.keyPoints) expect(without.words).not.toContain(sign);
});
