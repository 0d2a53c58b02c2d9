import { describe, expect, test } from "vitest";
import type { Digest } from "../../src/digest/digest.ts";
import { openPackagedBrowser } from "../browser.ts";
import { roundUp } from "../fixtures.ts";
import { documentOf, render } from "../render.ts";

const SPONSOR = {
  name: "Halyard & Tow",
  title: "Rope that floats",
  url: "https://rope.example/",
  link: "See the rope",
  image: { src: "images/rope.png", alt: "A coil of rope", widthPx: 880, heightPx: 300 },
};

function issue(text: string, more: Partial<Digest> = {}): Digest {
  const digest = roundUp(2);
  return { ...digest, modules: { ...digest.modules, sponsor: SPONSOR }, letter: { text }, ...more };
}

async function shown(digest: Digest, template = "letter") {
  const { html, text } = await render(digest, template);
  return { html, text, $: documentOf(html) };
}

/** All that a letter may have: Markdown, what its HTML has for it, and a line of its text part. */
const KEPT = {
  heading: ["## Lamps", "h2.t-section", "Lamps\n-----"],
  paragraph: ["Dear reader", "p.t-letter", "Dear reader"],
  picture: [
    '![A boat](images/boat.png "At *sea*")',
    'img[src="images/boat.png"][alt="A boat"]',
    "[A boat]\nAt sea",
  ],
  table: ["| a | b |\n|---|--:|\n| 1 | 22 |", 'td[align="right"]', "a   b\n-   --\n1   22"],
  "nested list": ["- a\n  1. b", "ul > li > ol > li", "* a\n  1. b"],
  quote: ["> Quoth", "blockquote", "> Quoth"],
  code: ["```\nif x:\n    y\n```", "p.t-code code", "    if x:\n        y"],
  rule: ["a\n\n***\n\nb", ".inset .hair", "* * *"],
  footnotes: ["Word[^x]\n\n[^x]: Below", 'a[href="#note-1"]', "[1] Below"],
  note: ["> [!NOTE]\n> Mended", "td.note", "| Mended"],
  story: ["[[story: 2]]", "h2.t-inset", "A library of knots finds its last librarian\nhttps://"],
  sponsor: [
    "a\n\n[[sponsor]]\n\nb",
    'img[alt="A coil of rope"]',
    "Rope that floats\n[A coil of rope]",
  ],
  "code span": ["Type `ls -l`", "p:not(.t-code) > code", "`ls -l`"],
  sub: ["H<sub>2</sub>O", "sub", "H₂O"],
  sup: ["m<sup>2</sup>, 19<SUP>th</SUP>", "sup", "m², 19^th"],
  strike: ["~~old~~ new", "del", "~~old~~ new"],
} as const;

test("a letter keeps all of it in both parts", async () => {
  const { $, text } = await shown(
    issue(
      Object.values(KEPT)
        .map(([source]) => source)
        .join("\n\n"),
    ),
  );
  for (const [, selector, line] of Object.values(KEPT)) {
    expect($(`.inset ${selector}, ${selector}`), selector).not.toHaveLength(0);
    expect(text).toContain(line);
  }
});

test.each(["digest", "brief"])("a letter keeps its words in a %s", async (template) => {
  const words = Object.entries(KEPT).filter(([name]) => !/story|sponsor|rule/.test(name));
  const markdown = words.map(([, [source]]) => source).join("\n\n");
  const { $, text } = await shown(issue(`${markdown}\n\n[[story: 2]]`), template);
  for (const [, [, selector]] of words) expect($(selector), selector).not.toHaveLength(0);
  expect(text).toMatch(/A library of knots finds its last librarian\s+\(https:/);
});

test("HTML, an iframe and a script are shown as they are written", async () => {
  const raw =
    '<iframe src="https://x.example"></iframe>\n\n<script>alert(1)</script>\n\n<b>x</b> <sub>y';
  const { $, text } = await shown(issue(raw));
  expect($("iframe, script, b, sub")).toHaveLength(0);
  for (const line of raw.split("\n\n")) {
    expect($("body").text()).toContain(line);
    expect(text).toContain(line);
  }
});

test("the quotation marks of a letter are typographic, those of its code are not", async () => {
  const { $, text } = await shown(
    issue('I don\'t call it "news": [Ann\'s lamp](https://a.example/x), `"x"`.'),
  );
  expect($("p.t-letter").first().text()).toBe('I don’t call it “news”: Ann’s lamp, "x".');
  expect(text).toContain('I don’t call it “news”: Ann’s lamp (https://a.example/x), `"x"`.');
});

test.each([
  [`He said "*yes*", "**no**".`, "He said “yes”, “no”."],
  ["*Ann*'s lamp and `x`'s lamp by the dogs' *bowl*", "Ann’s lamp and x’s lamp by the dogs' bowl"],
  ["Lamps  \n'so' -- *so* -- so", "Lamps‘so’ — so — so"],
  ["By -*- the -*- quay", "By -- the -- quay"],
])("the marks around an emphasis are those of its line: %s", async (markdown, text) => {
  const { $ } = await shown(issue(markdown));
  expect($("p.t-letter").first().text()).toBe(text);
});

test("an address in a letter keeps its characters, and stands once in the text part", async () => {
  const addresses = ["https://a.example/it's---z", "ann.o'dell@a.example"];
  const { $, text } = await shown(issue(addresses.map((address) => `<${address}>`).join(" ")));
  expect($("p.t-letter").first().text()).toBe(addresses.join(" "));
  expect(text).toContain(`\n${addresses[0]} `);
});

describe("a letter that ends with its signature", () => {
  test.each([
    "Until Thursday,\n\nWren Aldous",
    "Until Thursday,\nWren Aldous",
    "Until Thursday,\n\n— *Wren Aldous*\n\nEditor, The Slipway",
    "Until Thursday,<br>Wren Aldous\n\n[^1]: No.",
  ])("has it once: %j", async (end) => {
    const letter = {
      text: `Dear reader,\n\n${end}`,
      signature: "Wren Aldous\nEditor, The Slipway",
    };
    const { $, text } = await shown({ ...roundUp(2), letter });
    expect(
      $("body")
        .text()
        .match(/Wren Aldous/g),
    ).toHaveLength(1);
    expect(text.match(/Wren Aldous\nEditor, The Slipway/g)).toHaveLength(1);
    expect(text).toContain("Until Thursday,");
  });
});

test("a sponsor that the letter does not place stands below it, once", async () => {
  for (const text of ["Dear reader", "Dear\n\n[[sponsor]]\n\nreader"]) {
    const { $ } = await shown(issue(text));
    expect($('a[rel="sponsored"]')).toHaveLength(2);
  }
  const { $, text } = await shown(issue("[[sponsor]]", { modules: {} }));
  expect($('a[rel="sponsored"]')).toHaveLength(0);
  expect(text).not.toContain("[[sponsor]]");
});

test("the text part wraps no code, and hangs lists in quotations", async () => {
  const code = "x".repeat(100);
  const { text } = await shown(issue(`    ${code}\n\n> - ${"word ".repeat(30)}`));
  expect(text).toContain(`    ${code}\n`);
  expect(text).toMatch(/^> \* word.*\n> {3}word/m);
});

function row(texts: readonly string[]): string {
  return `| ${texts.join(" | ")} |`;
}

test("a table too wide for a line is told row by row in the text part", async () => {
  const cells = Array.from({ length: 12 }, (_, at) => `column${at}`);
  const { text } = await shown(
    issue([row(cells), row(cells.map(() => "---")), row(cells)].join("\n")),
  );
  expect(text).toContain("column0: column0\ncolumn1: column1\n");
});

test("nothing in a letter is wider than a phone of 320 px", async () => {
  const cells = Array.from({ length: 12 }, (_, at) => `column${at}`).join(" | ");
  const markdown = [
    ...Object.values(KEPT).map(([source]) => source),
    `\`\`\`\n${"x".repeat(400)}\n\`\`\``,
    Array.from({ length: 40 }, (_, at) => `${"  ".repeat(at)}- deep`).join("\n"),
    `| ${cells} |\n|${"---|".repeat(12)}\n| ${cells} |`,
    "w".repeat(60),
    `[${"l".repeat(60)}](https://x.example)`,
  ].join("\n\n");
  const { html } = await shown(issue(markdown));
  const browser = await openPackagedBrowser();
  await using page = await browser.newPage({ viewport: { width: 320, height: 800 } });
  await page.setContent(html);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});
