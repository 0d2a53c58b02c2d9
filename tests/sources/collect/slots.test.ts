import { rm } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { collect } from "../../../src/sources/collect/collect.ts";
import { makeIssueOf } from "../../../src/issue/build.ts";
import { type Config, parseConfig } from "../../../src/config/config.ts";
import { openCursor } from "../../../src/sources/io/cursor/sqlite-cursor.ts";
import { folderWith } from "../../cli/broadsheet.ts";
import { feedOf, Paper, told, type Told } from "./paper.ts";
import { SILENT } from "../../../src/platform/reporter.ts";

const WEEK_MS = 7 * 86_400_000;
const FIRST_SLOT = new Date("2026-11-24T07:00:00Z");

let folder: string;
let paper: Paper;
let config: Config;

beforeEach(async () => {
  paper = new Paper();
  const base = await paper.open();
  folder = await folderWith({
    "content/own.md": "# Our own words\n\nThe ferry of Orrell waits for the post.\n",
  });
  const sources = ["content", { from: `${base}/quay.xml`, tags: "Quay" }, `${base}/mill.xml`];
  config = parseConfig({ sources, minItems: 1 }, {}, path.join(folder, "broadsheet.config.ts"));
});

afterEach(async () => {
  await paper.close();
  await rm(folder, { recursive: true });
});

interface Week {
  readonly slot: string;
  readonly titles: readonly string[];
  readonly verdict: string;
}

/** What a run does for the slot of a week: the store is opened, and closed again, each time. */
async function run(week: number): Promise<Week> {
  const now = new Date(FIRST_SLOT.getTime() + week * WEEK_MS);
  const slot = now.toISOString().slice(0, 10);
  const clock = () => now;
  const surroundings = { cwd: process.cwd(), reporter: SILENT };
  const flags = { allowPrivate: true, date: slot } as const;
  const cursor = await openCursor(config, clock);
  try {
    const found = await collect(config, { cursor, slot, flags, clock, ...surroundings });
    cursor.noteSources(slot, found.sources);
    if (found.verdict !== "enough") return { slot, titles: [], verdict: found.verdict };
    const { built } = await makeIssueOf(found, config, { flags, slot, ...surroundings });
    expect(built.digest.issue.slot).toBe(slot);
    cursor.take(slot, found.items);
    const entries = built.digest.sections.flatMap((section) => section.entries);
    const titles = entries.map(({ article }) => article.title);
    return { slot, titles: titles.toSorted(), verdict: found.verdict };
  } finally {
    cursor.close();
  }
}

async function health(name: string) {
  const cursor = await openCursor(config, () => FIRST_SLOT);
  const found = cursor.sources().find(({ source }) => source.endsWith(name));
  cursor.close();
  return found;
}

function publish(name: string, items: readonly Told[], week = 0): void {
  const day = new Date(FIRST_SLOT.getTime() + week * WEEK_MS - 3_600_000).toISOString();
  paper.pages.set(name, feedOf(items.map((item) => ({ date: day, ...item }))));
}

const title = (...numbers: number[]) => numbers.map((number) => told(number).title).toSorted();

test("each story is in one issue, whatever its feed does from week to week", async () => {
  publish("/quay.xml", [told(1), told(2)]);
  publish("/mill.xml", [told(1, { guid: "m1", link: "https://mill.example/1" })]);
  const first = await run(0);
  // The second telling of a story is taken with the first.
  expect(first.titles).toEqual(["Our own words", ...title(1, 2)].toSorted());

  paper.pages.set("/quay.xml", 503);
  publish("/mill.xml", [told(4, { link: "https://mill.example/4" })], 1);
  expect((await run(1)).titles).toEqual(title(4));
  expect(await health("quay.xml")).toMatchObject({ failures: 1, code: "FETCH_DEFERRED" });
  expect(await health("mill.xml")).toMatchObject({ failures: 0 });

  paper.pages.set("/mill.xml", "<rss><channel><item><title>cut o");
  expect((await run(2)).verdict).toBe("nothing");
  expect(await health("quay.xml")).toMatchObject({ failures: 2 });

  const renamed = [1, 2].map((number) => told(number, { guid: `urn:uuid:${number}` }));
  publish("/quay.xml", [told(3), ...renamed], 3);
  publish("/mill.xml", [told(4, { link: "https://mill.example/4?utm_medium=feed" })], 3);
  expect((await run(3)).titles).toEqual(title(3));
  expect(await health("quay.xml")).toMatchObject({ failures: 0 });

  publish("/quay.xml", [told(3, { guid: "a" }), ...renamed, told(4, { guid: "b" })], 4);
  publish("/mill.xml", [told(3, { guid: "c", link: "https://mill.example/3" })], 4);
  expect((await run(4)).verdict).toBe("nothing");

  publish("/quay.xml", [told(5), ...renamed], 5);
  expect((await run(5)).titles).toEqual(title(5));
});

test("a newsletter that stood still for two months has what was told meanwhile", async () => {
  publish("/quay.xml", [told(1)]);
  publish("/mill.xml", [told(2)]);
  await run(0);
  publish("/quay.xml", [told(3), told(1)], 2);
  expect((await run(9)).titles).toEqual(title(3));
});
