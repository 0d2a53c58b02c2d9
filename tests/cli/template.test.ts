import { writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, expect, test } from "vitest";
import { broadsheet, contentsOf, folderWith, HARBOUR, issueOf, linesOf } from "./broadsheet.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await folderWith({ "harbour.txt": HARBOUR });
});

test("a new template builds what the one it was copied from builds", async () => {
  const run = await broadsheet(["template", "new", "evening", "--from", "brief", "--json"], {
    cwd,
  });
  expect(linesOf(run)).toEqual([
    { dir: path.join(cwd, "templates/evening"), files: ["html.mjml.hbs", "text.txt.hbs"] },
  ]);
  const build = ["build", "harbour.txt", "--date", "2030-11-14", "--json"];
  const [ours, copied] = [
    await broadsheet([...build, "--template", "brief", "--out", "a"], { cwd }),
    await broadsheet([...build, "--template", "evening", "--out", "b"], { cwd }),
  ];
  expect(await htmlIn(issueOf(copied).dir)).toBe(await htmlIn(issueOf(ours).dir));
});

test("the letter brings its own partials; --partials brings the shared ones too", async () => {
  await broadsheet(["template", "new", "own", "--from", "letter"], { cwd });
  await broadsheet(["template", "new", "whole", "--from", "letter", "--partials"], { cwd });
  const files = Object.keys(await contentsOf(path.join(cwd, "templates")));
  expect(files).toContain("own/partials/letterhead.mjml.hbs");
  expect(files).not.toContain("own/partials/head.mjml.hbs");
  expect(files).toContain("whole/partials/head.mjml.hbs");
  await writeFile(
    path.join(cwd, "templates/whole/partials/letterhead.mjml.hbs"),
    "<mj-text>Ours</mj-text>",
  );
  const run = await broadsheet(["build", "harbour.txt", "--template", "whole", "--json"], { cwd });
  expect((await contentsOf(issueOf(run).dir))["email.html"]).toContain(">Ours<");
});

test("what is there already stays as it is", async () => {
  await broadsheet(["template", "new", "evening"], { cwd });
  const before = await contentsOf(path.join(cwd, "templates"));
  const run = await broadsheet(["template", "new", "evening", "--from", "brief"], { cwd });
  expect(run).toMatchObject({ code: 73, stdout: "" });
  expect(run.stderr).toMatch(/^error FILE_EXISTS: templates\/evening already has html\.mjml\.hbs/);
  expect(await contentsOf(path.join(cwd, "templates"))).toEqual(before);
});

test.each([
  [["template", "new", "x", "--from", "brif"], 66, "did you mean brief?"],
  [["template", "new", "a/b"], 64, 'can\'t be called "a/b"'],
  [["template", "new", "partials"], 64, 'can\'t be called "partials"'],
  [["template", "nwe", "x"], 64, "did you mean new?"],
  [["template"], 64, "Usage: broadsheet template"],
])("%j leaves with %i and says what to do", async (args, code, said) => {
  const run = await broadsheet(args, { cwd });
  expect(run).toMatchObject({ code, stdout: "" });
  expect(run.stderr).toContain(said);
  expect(run.stderr).not.toContain("outputHelp");
});

async function htmlIn(dir: string): Promise<string | undefined> {
  return (await contentsOf(dir))["email.html"];
}
