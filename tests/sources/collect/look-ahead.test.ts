import { existsSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lookAhead } from "../../../src/issue/look-ahead.ts";
import { watchedFiles } from "../../../src/cli/watch.ts";
import { Terminal } from "../../../src/cli/terminal.ts";
import { parseConfig } from "../../../src/config/config.ts";
import { broadsheet, folderWith, issueOf, linesOf } from "../../cli/broadsheet.ts";
import { feedOf, Paper, told } from "./paper.ts";
import { type Reporter, SILENT } from "../../../src/platform/reporter.ts";
import { reporterOn } from "../../../src/cli/reporter.ts";

const DAY = "2026-11-24";

let folder: string;
let paper: Paper;
let base: string;

beforeEach(async () => {
  paper = new Paper();
  base = await paper.open();
  const dates = { today: `${DAY}T06:00:00Z`, old: "2026-11-01T06:00:00Z" };
  paper.pages.set(
    "/feed.xml",
    feedOf([told(1, { date: dates.today }), told(2, { date: dates.old }), told(3)]),
  );
  folder = await folderWith({
    "own/letter.md":
      "# The ferry that waits\n\nThe ferry of Orrell waits for the post on Tuesdays.\n",
  });
});

afterEach(async () => paper.close());

function config(more: object = {}) {
  const user = { sources: ["own", `${base}/feed.xml`], ...more };
  return { user, parsed: parseConfig(user, {}, path.join(folder, "broadsheet.config.json")) };
}

async function look(more: object = {}) {
  const flags = { allowPrivate: true, date: DAY } as const;
  const cwd = process.cwd();
  const { readings } = await lookAhead(config(more).parsed, { flags, cwd, reporter: SILENT });
  return readings.map(({ article }) => article.title);
}

test("a build without names takes the sources of the config, and leaves no trace", async () => {
  folder = await folderWith({
    "broadsheet.config.json": JSON.stringify(config().user),
    "own/a.md": "# Ferry\n\nThe ferry of Orrell waits for the post.\n",
  });
  const args = ["build", "--date", DAY, "--allow-private", "--json"];
  const run = await broadsheet(args, { cwd: folder });
  expect([run.code, run.stderr]).toEqual([0, ""]);
  expect(issueOf(run).issue.slot).toBe(DAY);
  expect(linesOf(run)).toMatchObject([{ articles: 3 }]);
  expect(existsSync(path.join(folder, ".broadsheet/broadsheet.db"))).toBe(false);
});

test("it is what an issue of that day would have, each time", async () => {
  const titles = ["The ferry that waits", told(1).title, told(3).title];
  expect(await look()).toEqual(titles);
  expect(await look()).toEqual(titles);
  expect(await look({ window: "30d" })).toHaveLength(4);
});

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

test("without a day, the window counts back from now and not from the end of today", async () => {
  const [within, before] = [told(1, { date: hoursAgo(23) }), told(2, { date: hoursAgo(25) })];
  paper.pages.set("/feed.xml", feedOf([within, before]));
  const { user } = config({ sources: [`${base}/feed.xml`], window: "1d" });
  const cwd = await folderWith({ "broadsheet.config.json": JSON.stringify(user) });
  const run = await broadsheet(["build", "--allow-private", "--json"], { cwd });
  expect(linesOf(run)).toMatchObject([{ articles: 1, order: [{ title: within.title }] }]);
});

test("the progress says what is done", async () => {
  const told: string[] = [];
  const progress: Reporter["progress"] = (what, all) => {
    told.push(what);
    return SILENT.progress(what, all);
  };
  const flags = { allowPrivate: true, date: DAY } as const;
  const reporter = { ...SILENT, progress };
  await lookAhead(config().parsed, { flags, cwd: process.cwd(), reporter });
  expect(told).toEqual(["Reading"]);
});

test("a source that can't be read is told of, and nothing new is an error that says what to do", async () => {
  const sources = [`${base}/feed.xml`, `${base}/gone.xml`];
  const terminal = new Terminal();
  terminal.isQuiet = true;
  const flags = { allowPrivate: true, date: DAY } as const;
  const { failures } = await lookAhead(config({ sources }).parsed, {
    flags,
    cwd: terminal.cwd,
    reporter: reporterOn(terminal),
  });
  expect(failures).toMatchObject([{ name: `${base}/gone.xml`, error: { code: "INPUT_MISSING" } }]);
  expect(terminal.exitCode).toBe(75);
  await expect(
    look({ sources: [{ from: `${base}/feed.xml`, include: "zeppelin" }] }),
  ).rejects.toMatchObject({
    code: "CONTENT_NO_STORY",
    message: expect.stringContaining("nothing new"),
  });
  await expect(look({ sources: [`${base}/gone.xml`] })).rejects.toMatchObject({
    code: "INPUT_MISSING",
  });
});

test("what is watched are the sources on this machine, or what is named", () => {
  const { parsed } = config();
  expect(watchedFiles([], parsed.sources, folder)).toEqual([path.join(folder, "own")]);
  expect(watchedFiles(["a.md", "-"], parsed.sources, folder)).toEqual([path.join(folder, "a.md")]);
});
