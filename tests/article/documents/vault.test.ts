import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readBytes } from "./read.ts";
import { readArticles } from "../../../src/article/read-articles.ts";
import { sourceOf } from "../../../src/article/decode-source.ts";
import { broadsheet, contentsOf, folderWith } from "../../cli/broadsheet.ts";
import { makeZip } from "./make-zip.ts";

const STORY = [
  "The ferry from Orrell came back into service on Monday after eleven weeks in the yard.",
  "Its crew had repaired the rudder themselves, and the harbour office paid for the paint.",
];
const SECRET = "The buyer is the Lindqvist family.";
const STATUSES = ["Draft", "In progress", "Not started"];
const read = async (markdown: string, name = "ferry.md") => readBytes(Buffer.from(markdown), name);

async function extract(files: Record<string, string>) {
  const cwd = await folderWith(files);
  const run = await broadsheet(["extract", "notes/a.md", "--json"], { cwd });
  return JSON.parse(run.stdout);
}

describe("a note of Obsidian", () => {
  test("in a fence stays as it is", async () => {
    const { html } = await read(`${STORY[0]}\n\n~~~\n[[Ferry]] ==x==\n~~~\n\n**${STORY[1]}**\n`);
    expect(html).toContain("[[Ferry]] ==x==");
  });

  test("has embedded notes, a heading of one and a block of one in their places", async () => {
    const { text, images } = await extract({
      "notes/a.md": `# The ferry\n\n${STORY[0]}\n\n![[rudder]]\n\n![[crew#Pay]]\n\n![[crew^last]]\n\n![[ferry.jpg|300]]\n`,
      "notes/rudder.md": `---\ntags: boats\n---\n${STORY[1]}\n`,
      "notes/crew.md":
        "Five people.\n\n## Pay\n\nThey are paid on Fridays, in the office.\n\n## Food\n\nThey cook. ^last\n",
    });
    expect(text).toBe(
      [...STORY, "They are paid on Fridays, in the office.", "They cook."].join("\n\n"),
    );
    expect(images).toMatchObject([{ src: "ferry.jpg" }]);
  });

  test("whose embeds go in a circle ends, with each note once", async () => {
    const { text } = await extract({
      "notes/a.md": `${STORY[0]}\n\n![[b]]\n\n**Yes.**\n`,
      "notes/b.md": `${STORY[1]}\n\n![[a]]\n\n![[b]]\n`,
    });
    expect(text.split(STORY[1]).length - 1).toBe(1);
    expect(text.split(STORY[0]).length - 1).toBeLessThanOrEqual(2);
  });

  test("embeds nothing from outside of its folder", async () => {
    const { text } = await extract({
      "notes/a.md": `${STORY[0]}\n\n![[../secret]]\n\n![[/etc/passwd]]\n\n**${STORY[1]}**\n`,
      "secret.md": SECRET,
    });
    expect(text).toBe(STORY.join("\n\n"));
  });
});

const PAGE = `# The ferry is back

Created time: May 4, 2026 9:30 AM
Author: Ana Ruiz
Tags: boats, island
Date: May 5, 2026
Reviewer: ${SECRET}
Empty: 

${STORY.join("\n\n")}
`;
const NAME = "The ferry is back 0f3c1a5be4d94f6c8a7b2c1d0e9f8a7b.md";

describe("a page of Notion", () => {
  test("has its properties as fields, and those for its makers nowhere", async () => {
    const article = await read(PAGE, NAME);
    expect(article).toMatchObject({
      title: "The ferry is back",
      authors: ["Ana Ruiz"],
      tags: ["boats", "island"],
      publishedAt: "2026-05-05",
      text: STORY.join("\n\n"),
    });
    expect(JSON.stringify(article)).not.toContain("Lindqvist");
  });

  test("is known by Notion's own properties under another name", async () => {
    expect((await read(PAGE, "ferry.md")).text).toBe(STORY.join("\n\n"));
  });

  test("that isn't finished is a draft", async () => {
    for (const status of STATUSES)
      expect((await read(PAGE.replace("Empty:", `Status: ${status}`), NAME)).draft).toBe(true);
  });

  test("is no other Markdown that opens with colons", async () => {
    const { text } = await read(
      `# Two voices\n\nAna: Where is the ferry?\nTom: In the yard.\n\n${STORY[0]}\n`,
    );
    expect(text).toContain("Where is the ferry?");
  });

  test("is one of several in an export, which is an archive in an archive", async () => {
    const inner = makeZip({
      [`Notes/${NAME}`]: PAGE,
      "Notes/Second 0f3c1a5be4d94f6c8a7b2c1d0e9f8a7c.md": `# The second\n\n${STORY.join("\n\n")}\n`,
      "Notes/picture.png": "x",
      "Notes/table.csv": "a,b\n1,2\n",
    });
    for (const bytes of [inner, makeZip({ "Export-Part-1.zip": inner, "index.txt": "x" })]) {
      const { items, broken } = readArticles(await sourceOf(bytes, "export.zip"));
      expect(items.map(({ article }) => article.title)).toEqual([
        "The ferry is back",
        "The second",
      ]);
      expect(broken).toEqual([]);
    }
  });
});

test("what formats call private is in no file of the outbox", async () => {
  const cwd = await folderWith({
    "content/a.md": `# The ferry\n\n${STORY[0]} %%${SECRET}%% It sails.\n\n%%\n${SECRET}\n\n${SECRET}\n%%\n\n<!-- ${SECRET} -->\n\n${STORY[1]}\n`,
    [`content/${NAME}`]: PAGE,
    "content/doc.html": `<html><body><h1>The ferry</h1>${STORY.map((text) => `<p>${text}</p>`).join("")}<p>She is old.<sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup></p><div><p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>${SECRET}</span></p></div></body></html>`,
  });
  const run = await broadsheet(["build", "content", "--json"], { cwd });
  expect(run.code, run.stderr).toBe(0);
  const files = await contentsOf(path.join(cwd, "outbox"));
  expect(Object.keys(files).length).toBeGreaterThan(5);
  for (const [name, text] of Object.entries(files)) expect(text, name).not.toContain("Lindqvist");
  expect(await readFile(path.join(cwd, "content/a.md"), "utf8")).toContain("Lindqvist");
});
