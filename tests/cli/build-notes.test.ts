import { expect, test } from "vitest";
import { broadsheet, folderWith, HARBOUR, LIGHTHOUSE } from "./broadsheet.ts";

async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const cwd = await folderWith(files);
  return cwd;
}

test("says what it made nothing of, a line each", async () => {
  const odd = [
    "kind: banana",
    "tilte: A slip",
    "layout: post",
    "date: someday",
    "language: klaus",
    "url: nowhere",
    "cover: javascript:x",
    "image: https://carrow.example/lamp.png",
    "- no field",
    "kind: story",
  ];
  const cwd = await project({
    // Two of these tell one story, each with a fault of its own.
    "broadsheet.config.json": '{ "merge": false, "images": { "copy": false } }',
    "content/a.md": LIGHTHOUSE.replace("date: 2021-05-02", odd.join("\n")),
    "content/b.md": `---js\n{ title: x }\n---\n${HARBOUR}`,
    "content/c.md": `---\ntitle: Never closed\n\n${HARBOUR}`,
    "content/d.md": "---\nkind: letter\n---\nDear readers, it is spring.",
    "content/e.md": "---\nkind: letter\n---\nDear readers, it is autumn.",
  });
  const { code, stderr } = await broadsheet(["build", "--json"], { cwd });
  expect(code).toBe(0);
  expect(stderr.trimEnd().split("\n")).toEqual([
    "Not used in content/a.md: - no field (front matter that could not be read)",
    "Not used in content/a.md: kind: story (a front matter field that is given twice; the first one is kept)",
    "Not used in content/a.md: kind: banana (neither story nor letter)",
    "Not used in content/a.md: tilte: A slip, layout: post (front matter that Broadsheet does not use)",
    "Not used in content/a.md: date: someday (not a date that can be read for certain)",
    "Not used in content/a.md: language: klaus (not a language tag (en, de, pt-BR))",
    "Not used in content/a.md: url: nowhere (not an http(s) address)",
    "Not used in content/a.md: cover: javascript:x (front matter that Broadsheet does not use)",
    "Not used in content/b.md: { title: x } (front matter written as a program is not run)",
    expect.stringMatching(/^Not used in content\/c\.md: --- \(the front matter is never closed;/),
    "Left out content/e.md: an issue has one letter, and it has content/d.md",
    "No alt text in content/a.md: https://carrow.example/lamp.png says nothing to those who can't see it",
  ]);
});

test("an open quote in front matter is doubted with its file and line", async () => {
  const cwd = await project({
    "broadsheet.config.json": "{}",
    "content/a.md": LIGHTHOUSE.replace(/^title: .*$/m, 'title: "The lamp” of Carrow'),
  });
  const { stderr } = await broadsheet(["build"], { cwd });
  expect(stderr).toContain(
    "Doubted: “The lamp” of Carrow”: a quotation mark is never closed in line 2 of content/a.md",
  );
  expect((await broadsheet(["build", "--strict"], { cwd })).code).toBe(65);
});

test("without a config it says that it made do, to people", async () => {
  const cwd = await project({ "ferry.txt": HARBOUR });
  const bare = await broadsheet(["build", "ferry.txt"], { cwd });
  expect(bare.stderr).toMatch(/^No broadsheet\.yaml here: .* broadsheet init\n$/);
  expect((await broadsheet(["build", "ferry.txt", "--quiet"], { cwd })).stderr).toBe("");
  const begun = await project({ "ferry.txt": HARBOUR, "broadsheet.config.json": "{}" });
  expect((await broadsheet(["build", "ferry.txt"], { cwd: begun })).stderr).toBe("");
});

test("a letter that is longer than an issue can hold is cut with a note, and the build goes on", async () => {
  const cwd = await project({
    "content/a.md": LIGHTHOUSE,
    "content/letter.md": `---\nkind: letter\n---\n${"Dear readers, it is spring.\n\n".repeat(4000)}`,
  });
  const { code, stderr } = await broadsheet(["build", "--json"], { cwd });
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^Cut in content\/letter\.md: .* \(a letter is cut at 100,000 characters\)\n$/,
  );
});
