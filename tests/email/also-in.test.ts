import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import type { AlsoIn, Digest } from "../../src/digest/digest.ts";
import { alsoIn, digestOf, entry, grouped } from "../fixtures.ts";
import { render } from "../render.ts";

const BRIEF = "brief";
const DIGEST = "digest";

function told(papers: readonly AlsoIn[], language = "en"): Digest {
  return digestOf([{ ...entry({ language }), alsoIn: papers }], { language });
}

/** The line that names other papers, with its links. */
async function lineOf(digest: Digest, template: string = BRIEF) {
  const { html, text } = await render(digest, template);
  const paragraphs = [...new JSDOM(html).window.document.querySelectorAll("p")];
  const line = paragraphs.find(({ textContent }) =>
    /^(?:Also in|Auch bei|نُشر أيضًا في|ほかの掲載紙) /.test(textContent),
  );
  const links = [...(line?.querySelectorAll("a") ?? [])].map(({ href }) => href);
  return { line: line?.textContent.replaceAll("\u00A0", " "), links, text };
}

describe.each([
  ["a brief", BRIEF],
  ["a digest", DIGEST],
])("in %s the papers that also have a story", (_name, template) => {
  test("are named with their links, in the text part too", async () => {
    const papers = [alsoIn("Tidewatch"), alsoIn("Keel & Plank"), { site: "The Slip" }];
    const { line, links, text } = await lineOf(told(papers), template);
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
    const { line, links } = await lineOf(told(papers));
    expect(line).toBe("Also in tide.example");
    expect(links).toEqual(["https://www.tide.example/1"]);
  });

  test("beyond the fourth is counted, not named", async () => {
    const papers = ["A", "B", "C", "D", "E", "F"].map(alsoIn);
    const { line, text } = await lineOf(told(papers));
    expect(line).toBe("Also in A, B, C, D and 2 more");
    expect(text).toContain("\nD\nhttps://d.example/story\nand 2 more\n");
  });

  test.each([
    ["de", "Auch bei A, B und C"],
    ["ar", "نُشر أيضًا في A وB وC"],
    ["ja", "ほかの掲載紙 A、B、C"],
  ])("is named in the issue's language: %s", async (language, words) => {
    expect((await lineOf(told(["A", "B", "C"].map(alsoIn), language))).line).toBe(words);
  });

  test("cannot bring markup or a script with it", async () => {
    const papers = [
      { site: '<img src=x onerror="alert(1)">', url: 'https://x.example/"><script>' },
    ];
    const { html } = await render(told(papers), DIGEST);
    const { document } = new JSDOM(html).window;
    expect(document.querySelectorAll("script, img, [onerror]")).toHaveLength(0);
    expect(document.body.textContent).toContain('<img src=x onerror="alert(1)">');
  });
});

describe("thirty stories in sections", () => {
  test("stay under 80 KB, each told once under its heading, which its kicker does not repeat", async () => {
    const digest = grouped(30);
    const { html } = await render(digest, DIGEST);
    expect(Buffer.byteLength(html)).toBeLessThan(80_000);
    const { document } = new JSDOM(html).window;
    const headings = [...document.querySelectorAll("h2")].map(({ textContent }) => textContent);
    // Lead and pair stand above the sections.
    expect(headings.slice(3)).toEqual(["Ferries", "Weather", "Bread", "Books"]);
    expect(document.querySelectorAll("h2,h3")).toHaveLength(30 + 4);
    const kickers = [...document.querySelectorAll(".t-kicker")].map(
      ({ textContent }) => textContent,
    );
    expect(new Set(kickers)).toEqual(new Set(["Bread", "River"]));
  });
});
