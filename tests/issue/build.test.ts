import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { buildIssue, draftIssue, finishIssue, read } from "../../src/issue/build.ts";
import { openBuild } from "../../src/issue/open-build.ts";
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
