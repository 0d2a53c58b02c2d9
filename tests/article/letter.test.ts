import { array, assert, constantFrom, property, stringMatching, tuple } from "fast-check";
import { expect, test } from "vitest";
import { blockSource, readLetter } from "../../src/article/markdown/letter.ts";
import { readArticle } from "../../src/article/read-articles.ts";
import { letterWords } from "../../src/digest/letter-blocks.ts";

function blocksOf(body: string) {
  const { blocks } = readArticle({ format: "markdown", location: "letter.md", body });
  return blocks;
}

test("footnotes come last, in the order in which the letter refers to them", () => {
  const [, notes] = readLetter("a[^b] c[^a]\n\n[^a]: First\n\n    and more\n[^b]: Second\n[^c]:");
  expect(notes).toMatchObject({
    kind: "footnotes",
    notes: [
      { label: "b", text: "Second" },
      { label: "a", text: "First", blocks: [{ kind: "paragraph", text: "and more" }] },
    ],
  });
});

test("a block has the line of its file, with front matter, a title and a note to oneself above it", () => {
  const body =
    "---\nkind: letter\n---\n# Title\n\nDear reader,\n\n<!-- not this -->\n\n- one\n\n  > two\n\n<b>x</b>\n";
  expect(blocksOf(body)).toEqual([
    { kind: "paragraph", text: "Dear reader,", line: 6 },
    {
      kind: "list",
      items: [{ text: "one", blocks: [{ kind: "quote", text: "two", line: 12 }] }],
      line: 10,
    },
    { kind: "paragraph", text: "<b>x</b>", line: 14 },
  ]);
});

test("a line that places a story parts its paragraph", () => {
  expect(readLetter("Before\n[[story: 2]]\nafter").map(({ kind, line }) => [kind, line])).toEqual([
    ["paragraph", 1],
    ["story", 2],
    ["paragraph", 3],
  ]);
});

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test.each([
  ["lists", (at: number) => `${"  ".repeat(at)}- word${at}`],
  ["quotations", (at: number) => `${"> ".repeat(at)}word${at}`],
  ["lists in quotations", (at: number) => `${"> ".repeat(at)}- word${at}`],
])("%s 40 deep keep their words, and are as deep as digest.json may be", (_name, lineAt) => {
  const blocks = readLetter(Array.from({ length: 40 }, (_, at) => lineAt(at)).join("\n"));
  expect(depthOf(blocks)).toBeLessThan(48);
  const words = letterWords(blocks).match(/word\d+/g);
  expect(words).toEqual(Array.from({ length: 40 }, (_, at) => `word${at}`));
});

test("a quotation ten thousand deep is shown as it was written", () => {
  const markdown = `${">".repeat(10_000)} deep`;
  expect(readLetter(markdown)).toEqual([{ kind: "raw", text: markdown, line: 1 }]);
});

test("whatever stands after one another, no word is lost", () => {
  const word = stringMatching(/^[a-z]{3,8}$/);
  const shapes = [
    (a: string) => `# ${a}`,
    (a: string) => `${a} **${a}** \`${a}\` ~~${a}~~ H<sub>${a}</sub>`,
    (a: string) => `![${a}](${a}.png "${a}")`,
    (a: string) => `| ${a} | ${a} |\n|---|---|\n| ${a} | ${a} |`,
    (a: string) => `1. ${a}\n   - ${a}\n\n     ${a}\n2. ${a}`,
    (a: string) => `> ${a}\n>\n> - ${a}`,
    (a: string) => `> [!NOTE]\n> ${a}`,
    (a: string) => `\`\`\`\n${a}\n\`\`\``,
    (a: string) => `<div>\n${a}\n</div>`,
    (a: string) => `${a}[^${a}]\n\n[^${a}]: ${a}`,
  ];
  const part = tuple(word, constantFrom(...shapes)).map(([a, shape]) => ({ a, text: shape(a) }));
  assert(
    property(array(part, { maxLength: 12 }), (parts) => {
      const said = letterWords(readLetter(parts.map(({ text }) => text).join("\n\n")));
      for (const { a } of parts) expect(said).toContain(a);
    }),
  );
});

test("a block as Markdown is read as the same block", () => {
  const letter = [
    "# A heading",
    "A paragraph with **bold**, a [link](https://a.example/) and a note[^1].",
    "- one\n- two\n\n  with more\n  - inner",
    "3. three\n4. four",
    "- [x] done\n- [ ] not yet",
    "> A quotation\n>\n> of two paragraphs",
    "> [!NOTE]\n> We were wrong.",
    "```\ncode `with` ticks\n```",
    "| a | b |\n| :-- | --: |\n| 1 \\| 2 | 3 |",
    '![Alt](https://a.example/x.png "Caption")',
    "---",
    "[[story: The quay]]",
    "[[sponsor]]",
    "[^1]: A footnote",
  ].join("\n\n");
  const blocks = readLetter(letter);
  const again = readLetter(blocks.map(blockSource).join("\n\n"));
  expect(withoutLines(again)).toEqual(withoutLines(blocks));
});

/** Blocks without the lines that they stood on. */
function withoutLines(blocks: unknown): unknown {
  return JSON.parse(
    JSON.stringify(blocks, (key, value: unknown) => (key === "line" ? undefined : value)),
  );
}
