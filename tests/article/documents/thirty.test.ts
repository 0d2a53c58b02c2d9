import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { readBytes } from "./read.ts";
import { isDoubtful } from "../../../src/article/article.ts";
import { broadsheet, contentsOf, folderWith } from "../../cli/broadsheet.ts";
import { closePage } from "./make-pdf.ts";
import { SECRET, thirtyDocuments } from "./thirty.ts";

afterAll(closePage);

const samples = await thirtyDocuments();

test("all of thirty documents are read rightly, and without a doubt", async () => {
  expect(samples).toHaveLength(30);
  const wrong: string[] = [];
  for (const { name, bytes, title, authors, story } of samples) {
    const article = await readBytes(bytes, name);
    const isRight =
      article.title === title &&
      article.authors.join() === authors.join() &&
      article.text === story.join("\n\n");
    if (!isRight || isDoubtful(article.reading)) wrong.push(name);
  }
  expect(wrong).toEqual([]);
});

test("a folder takes them mixed, and what is private in them is in no file of the outbox", async () => {
  const cwd = await folderWith(
    Object.fromEntries(samples.map(({ name, bytes }) => [`content/${name}`, bytes])),
  );
  const run = await broadsheet(["build", "content", "--json"], { cwd });
  expect(run.code, run.stderr).toBe(0);
  expect(JSON.parse(run.stdout)).toMatchObject({ failed: [] });
  const files = await contentsOf(path.join(cwd, "outbox"));
  expect(Object.keys(files).length).toBeGreaterThan(5);
  for (const [name, text] of Object.entries(files)) expect(text, name).not.toContain(SECRET);
});
