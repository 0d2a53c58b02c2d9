import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { buildIssue, draftIssue, finishIssue, read } from "../../src/issue/build.ts";
import { Memory, openBuild } from "../../src/issue/open-build.ts";
import { SILENT } from "../../src/platform/reporter.ts";
import { STORY } from "../article/articles.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "broadsheet-build-"));
  await writeFile(path.join(folder, "story.txt"), STORY);
});

afterEach(async () => rm(folder, { recursive: true }));

/** Builds an issue, then builds it again while an editor saves a new subject in each of the first `saves` attempts. */
async function builtWhileSaved(saves: number) {
  const config = parseConfig({ name: "The Mudlark" }, {}, path.join(folder, "broadsheet.yaml"));
  const options = { flags: { date: "2019-03-14" }, cwd: folder, reporter: SILENT };
  const first = await buildIssue(["story.txt"], config, options);
  const file = path.join(first.folder, "digest.json");
  const build = await openBuild(config, options);
  const composed = await draftIssue(async () => read(["story.txt"], config, options), build);
  let attempts = 0;
  const watched = {
    ...config,
    // Each attempt asks for this folder once, after it has read the editor's changes.
    get templates() {
      attempts++;
      if (attempts <= saves) saveSubject(file, `Subject ${attempts}`);
      return config.templates;
    },
  };
  const issue = await finishIssue(composed, { ...build, config: watched });
  return { attempts, subject: issue.digest.subject };
}

function saveSubject(file: string, subject: string): void {
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), subject }));
}

test("a change that an editor saves during a build is in the issue", async () => {
  expect(await builtWhileSaved(2)).toEqual({ attempts: 3, subject: "Subject 2" });
});

test("a build ends though a program saves digest.json all the time", async () => {
  expect(await builtWhileSaved(Infinity)).toEqual({ attempts: 5, subject: "Subject 4" });
});

const PAGE = `<!doctype html><html lang="en"><title>The ferry waits for the post</title><article>
<h1>The ferry waits for the post</h1>
<p>The ferry waits for the post each evening, and nobody on the island minds it.</p>
<h2>The ferry waited for the post for forty years before anybody asked why.</h2>
<p>The post office of Thornsea pays 300 crowns a year for it, says its keeper, Wenna Stark.</p>
<p>The harbour board wants the ferry to leave on time from March, and will vote on Monday.</p>
</article></html>`;

test("the preview, which remembers summaries, makes the issue of a page that the command makes", async () => {
  await writeFile(path.join(folder, "page.html"), PAGE);
  const config = parseConfig({ name: "The Mudlark" }, {}, path.join(folder, "broadsheet.yaml"));
  const options = { flags: { date: "2019-03-14" }, cwd: folder, reporter: SILENT };
  const { digest } = await buildIssue(["page.html"], config, options);
  const memory = new Memory();
  expect(await buildIssue(["page.html"], config, { ...options, memory })).toMatchObject({ digest });
  expect(JSON.stringify(digest.sections[0]?.entries[0]?.summary)).not.toContain("forty years");
});
