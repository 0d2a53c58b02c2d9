import { mkdir } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { collect, type Collected } from "../../../src/sources/collect/collect.ts";
import { Terminal } from "../../../src/cli/terminal.ts";
import { type Config, parseConfig } from "../../../src/config/config.ts";
import type { UserConfig } from "../../../src/config/user-config.ts";
import { type Cursor, openCursor } from "../../../src/sources/io/cursor.ts";
import { folderWith, writeInto } from "../../cli/broadsheet.ts";
import { takeArticlesFor } from "../take-articles.ts";
import { feedOf, Paper, told, type Told } from "./paper.ts";
import { SILENT } from "../../../src/platform/reporter.ts";

const FEED = "/feed.xml";

let folder: string;
let paper: Paper;
let base: string;
let now: Date;
let cursor: Cursor;
let terminal: Terminal;

beforeEach(async () => {
  folder = await folderWith();
  paper = new Paper();
  base = await paper.open();
  now = new Date("2026-11-24T07:00:00Z");
  cursor = await openCursor(config(), () => now);
  terminal = new Terminal();
  terminal.isQuiet = true;
});

afterEach(async () => {
  await cursor[Symbol.asyncDispose]();
  await paper.close();
});

function config(user: UserConfig = {}): Config {
  return parseConfig(user, {}, path.join(folder, "broadsheet.config.ts"));
}

/** A newsletter whose sources are those given, by default the feed of the paper. */
function letter(user: UserConfig = {}): Config {
  return config({ sources: [`${base}${FEED}`], ...user });
}

async function collected(user: UserConfig = {}, slot = "2026-W48"): Promise<Collected> {
  const flags = { allowPrivate: true } as const;
  const options = { cwd: process.cwd(), reporter: SILENT, clock: () => now };
  return collect(letter(user), { cursor, slot, flags, ...options });
}

/** Collects for a slot and takes it all, as whoever builds the issue does. */
async function issue(slot: string, user: UserConfig = {}): Promise<string[]> {
  const found = await collected(user, slot);
  await take(slot, found);
  return titles(found);
}

async function take(slot: string, { readings }: Collected): Promise<void> {
  const prints = readings.map(({ print }) => print);
  await takeArticlesFor(config(), prints, { slot, clock: () => now });
}

function titles({ readings }: Collected): string[] {
  return readings.map(({ article }) => article.title);
}

function publish(items: readonly Told[], at = FEED): void {
  paper.pages.set(at, feedOf(items));
}

const write = async (name: string, text: string) => writeInto(folder, { [name]: text });

function days(ago: number): string {
  return new Date(now.getTime() - ago * 86_400_000).toISOString();
}

const title = (...numbers: number[]) => numbers.map((number) => told(number).title);

describe("what has been in an issue", () => {
  test("is known with a new guid, another date, and what campaigns add to its link", async () => {
    publish([told(1, { date: days(1) }), told(2, { date: days(1) }), told(3, { date: days(1) })]);
    await issue("2026-W48");
    publish([
      told(1, { guid: "urn:uuid:other", date: days(1) }),
      told(2, { date: days(0) }),
      told(3, { guid: "x", link: `${told(3).link}?utm_source=rss&fbclid=9`, date: days(0) }),
    ]);
    expect(await issue("2026-W49")).toEqual([]);
  });

  test("is known when it comes by another feed, mended", async () => {
    publish([told(1)]);
    await issue("2026-W48");
    const mended = told(1, { guid: "other", link: "https://mirror.example/a/1" });
    publish([{ ...mended, text: mended.text.replace("oil", "Oil") }], "/mirror.xml");
    expect(await issue("2026-W49", { sources: [`${base}/mirror.xml`] })).toEqual([]);
  });

  test("is new again when it was rewritten, where the config says so", async () => {
    publish([told(1)]);
    await issue("2026-W48");
    publish([{ ...told(1), text: told(2).text }]);
    expect(await issue("2026-W49")).toEqual([]);
    expect(await issue("2026-W49", { edited: "again" })).toEqual(title(1));
  });
});

describe("a first issue", () => {
  test("has the last two weeks, and what has no date", async () => {
    publish([
      told(1, { date: days(1) }),
      told(2, { date: days(13) }),
      told(3, { date: days(15) }),
      told(4),
    ]);
    expect(titles(await collected())).toEqual(title(1, 2, 4));
    expect(titles(await collected({ window: "7d" }))).toEqual(title(1, 4));
  });

  test("has a page of the config however old it is, once", async () => {
    const dated = page(1).replace(
      "<body>",
      `<meta property="article:published_time" content="2019-11-18"><body>`,
    );
    paper.pages.set("/story/1", dated);
    const sources = [`${base}/story/1`];
    expect(titles(await collected({ sources }))).toEqual(title(1));
    await issue("2026-W48", { sources });
    expect(await issue("2026-W49", { sources })).toEqual([]);
  });

  test("has twenty stories at most, the newest; the others wait", async () => {
    const many = Array.from({ length: 30 }, (_, at) => told(at, { date: days(at / 5) }));
    publish(many.toReversed());
    const { stories, readings, leftOver, sources } = await collected();
    expect({ stories, leftOver, fresh: sources[0]?.fresh }).toEqual({
      stories: 20,
      leftOver: 10,
      fresh: 30,
    });
    expect(new Set(readings.map(({ article }) => article.title))).toEqual(
      new Set(many.slice(0, 20).map(({ title }) => title)),
    );
    await issue("2026-W48");
    expect(await issue("2026-W49")).toHaveLength(10);
  });

  test("after which the window goes back from the last issue, not from now", async () => {
    publish([told(1, { date: days(1) })]);
    await issue("2026-W48");
    publish([told(2, { date: days(-1) }), told(3, { date: days(20) })]);
    now = new Date("2027-02-24T07:00:00Z");
    expect(await issue("2027-W08")).toEqual(title(2));
  });

  test("also if the clock was wrong once, and the last issue has a date to come", async () => {
    publish([told(1, { date: days(-188) })]);
    now = new Date("2027-06-01T07:00:00Z");
    await issue("2027-W22");
    now = new Date("2026-11-24T07:00:00Z");
    publish([told(2, { date: days(1) }), told(3, { date: days(20) })]);
    expect(await issue("2026-W48")).toEqual(title(2));
  });
});

function pageOf({ title, text, link }: Told): string {
  return `<html><head><title>${title}</title><link rel="canonical" href="${link}"></head><body><article><h1>${title}</h1><p>${text}</p></article></body></html>`;
}

function textOf({ title, text }: Told): string {
  return `${title}\n\n${text}\n`;
}

describe("a source", () => {
  test("that was a feed and answers with a page has failed, and the page is no story", async () => {
    publish([told(1), told(2)]);
    expect(await issue("2026-W48")).toEqual(title(1, 2));
    const text = told(3).text;
    paper.pages.set(
      FEED,
      `<html><head><title>Back soon</title></head><body><h1>Back soon</h1><p>${text}</p></body></html>`,
    );
    const found = await collected({}, "2026-W49");
    expect(titles(found)).toEqual([]);
    expect(found.verdict).toBe("unread");
    expect(found.sources).toMatchObject([
      {
        error: {
          code: "CONTENT_UNSUPPORTED",
          message: expect.stringContaining("is a web page now"),
        },
      },
    ]);
    publish([told(4)]);
    expect(await issue("2026-W49")).toEqual(title(4));
  });

  test("that is a folder gives one file after it gave several", async () => {
    for (const number of [1, 2]) await write(`${number}.txt`, textOf(told(number)));
    expect(await issue("2026-W48", { sources: [folder] })).toEqual(title(1, 2));
    await write("3.txt", textOf(told(3)));
    expect(await issue("2026-W49", { sources: [folder] })).toEqual(title(3));
  });

  test("is not asked while it is paused, and has what was new then when it is not", async () => {
    publish([told(1, { date: days(1) })]);
    const from = `${base}${FEED}`;
    const paused = await collected({ sources: [{ from, paused: true }] });
    expect(paused.verdict).toBe("nothing");
    expect([titles(paused), paused.sources, paper.takeAnswers()]).toEqual([[], [], []]);
    expect(await issue("2026-W48", { sources: [{ from, paused: false }] })).toEqual(title(1));
  });

  test("that is another page each week gives a story each week", async () => {
    const sources = [`${base}/latest`];
    const found: string[] = [];
    for (const [week, story] of [told(1), told(2), told(3)].entries()) {
      paper.pages.set("/latest", pageOf(story));
      found.push(...(await issue(`2026-W4${week}`, { sources })));
    }
    expect(found).toEqual(title(1, 2, 3));
  });

  test("gives no more than its limit, the latest, and the rest later", async () => {
    publish([told(1, { date: days(3) }), told(2, { date: days(1) }), told(3, { date: days(2) })]);
    const sources = [{ from: `${base}${FEED}`, limit: 2 }];
    expect(await issue("2026-W48", { sources })).toEqual(title(2, 3));
    expect(await issue("2026-W49", { sources })).toEqual(title(1));
  });

  test("gives what has the words that it must have, in title or address, and none that it mustn't", async () => {
    publish([
      told(1),
      told(2, { link: "https://quay.example/sport/2" }),
      told(3, { title: "Ferries" }),
    ]);
    const from = `${base}${FEED}`;
    const of = async (choice: object) =>
      titles(await collected({ sources: [{ from, ...choice }] }));
    expect(await of({ include: "sport" })).toEqual(title(2));
    expect(await of({ include: ["sport", "ferr*"] })).toEqual([...title(2), "Ferries"]);
    expect(await of({ exclude: ["ferries"] })).toEqual(title(1, 2));
    expect(await of({ include: "quay.example", exclude: "stories" })).toEqual(title(2));
  });

  test("adds its tags before those of its articles", async () => {
    publish([told(1)]);
    await write(
      "content/own.md",
      "---\ntitle: Our own\ntags: [Boats, Quay]\n---\n\nA story of four words.\n",
    );
    const { readings } = await collected({
      sources: [
        { from: `${base}${FEED}`, tags: "Quay" },
        { from: "content", tags: ["Quay"] },
      ],
    });
    expect(readings.map(({ article }) => article.tags)).toEqual([["Quay"], ["Quay", "Boats"]]);
  });

  test("that is pinned leads, and keeps its place when there are too many", async () => {
    publish([told(1, { date: days(0) }), told(2, { date: days(0) })]);
    publish([told(3, { date: days(9) })], "/second.xml");
    const sources = [`${base}${FEED}`, { from: `${base}/second.xml`, pin: true }];
    const { readings } = await collected({ sources, maxItems: 2 });
    const pinned = readings.filter(({ isPinned }) => isPinned);
    expect(pinned.map(({ article }) => article.title)).toEqual(title(3));
  });

  test("may be a folder or a file, known by its path, whatever is in it", async () => {
    await write("content/one.md", "# The first\n\nThe ferry of Orrell waits for the post.\n");
    await write(
      "content/two.md",
      "---\ntitle: A draft\ndraft: true\n---\n\nNot for anybody to read.\n",
    );
    const sources = ["content"];
    expect(await issue("2026-W48", { sources })).toEqual(["The first"]);
    await write(
      "content/one.md",
      "# The first\n\nThe ferry of Orrell waits for the post no more.\n",
    );
    await write("content/three.txt", "The third\n\nThe mill of Brack turns again.\n");
    expect(await issue("2026-W49", { sources })).toEqual(["The third"]);
  });

  test("named twice over, as a folder and a file in it, gives an article once", async () => {
    await write("content/one.md", "# The first\n\nThe ferry of Orrell waits for the post.\n");
    const { readings, sources } = await collected({ sources: ["content", "content/one.md"] });
    expect(readings).toHaveLength(1);
    expect(sources).toMatchObject([{ found: 1 }, { found: 0 }]);
  });
});

test("of many feeds twenty stories are chosen by their news value, and all are counted", async () => {
  // The last feeds have the newest.
  const ages = Array.from({ length: 600 }, (_, at) => 1 + (at % 40) / 24 + (600 - at) / 2500);
  const all = ages.map((age, at) =>
    told(at, { date: days(age), text: `Told in brief and in a feed, number ${at}.` }),
  );
  const feeds = Array.from({ length: 15 }, (_, feed) => `/${feed}.xml`);
  for (const [feed, name] of feeds.entries()) publish(all.slice(feed * 40, feed * 40 + 40), name);
  const first = await collected({ sources: [`${base}/0.xml`], follow: false });
  await take("2026-W47", first);
  const sources = feeds.map((name) => `${base}${name}`);
  const found = await collected({ sources, follow: false });
  expect(found.stories).toBe(20);
  // Some of these invented names begin with the same seven letters, which are one term: their stories are taken for one.
  expect(found.leftOver).toBeGreaterThanOrEqual(600 - 20 - 22);
  expect(found.leftOver).toBeLessThanOrEqual(600 - 20 - 20);
});

describe("a source that fails", () => {
  test("is told of, by a name without its key, and the others are read", async () => {
    publish([told(1)]);
    const gone = `${base}/gone.xml?key=s3cret`;
    const found = await collected({ sources: [gone, `${base}${FEED}`, "no-folder"] });
    expect(titles(found)).toEqual(title(1));
    expect(found.verdict).toBe("enough");
    expect(found.sources).toMatchObject([
      { source: gone, name: `${base}/gone.xml?…`, found: 0, error: { code: "INPUT_MISSING" } },
      { found: 1, fresh: 1 },
      { source: "no-folder", error: { code: "INPUT_MISSING" } },
    ]);
    expect(JSON.stringify(found.sources.map(({ error }) => error?.message))).not.toContain(
      "s3cret",
    );
  });

  test("may be an address that is no feed, or a host without https", async () => {
    paper.pages.set("/page.html", "<html><title>404</title><body><p>Nothing</p></body></html>");
    const { sources } = await collected({
      sources: [`${base}/page.html`, "paper.example/feed.xml"],
    });
    expect(sources.map(({ error }) => error?.code)).toEqual(["CONTENT_NO_STORY", "INPUT_MISSING"]);
    expect(sources[1]?.error?.fix).toContain("https://paper.example/feed.xml");
  });

  test("may be an empty folder, which is only one where nothing is new", async () => {
    await mkdir(path.join(folder, "content"));
    const { verdict, sources } = await collected({ sources: ["content"] });
    expect(verdict).toBe("nothing");
    expect(sources[0]?.error).toBeUndefined();
  });
});

describe("how many", () => {
  test("too few stories stay new", async () => {
    publish([told(1), told(2)]);
    expect(await collected({ minItems: 3 })).toMatchObject({ verdict: "tooFew", stories: 2 });
    publish([told(1), told(2), told(3)]);
    expect(await collected({ minItems: 3 })).toMatchObject({ verdict: "enough", stories: 3 });
  });

  test("one story in two feeds is one, and both are taken", async () => {
    publish([told(1)]);
    publish([told(1, { guid: "b", link: "https://mill.example/1" })], "/second.xml");
    const sources = [`${base}${FEED}`, `${base}/second.xml`];
    const found = await collected({ sources, minItems: 2 });
    expect(found).toMatchObject({ stories: 1, verdict: "tooFew" });
    expect(found.readings).toHaveLength(2);
  });

  test("a letter counts, and a second one waits", async () => {
    await write("content/a.md", "---\nkind: letter\n---\n\nDear readers.\n");
    await write("content/b.md", "---\nkind: letter\n---\n\nDear readers, again.\n");
    const found = await collected({ sources: ["content"] });
    expect(found).toMatchObject({ verdict: "enough", stories: 0, leftOver: 1 });
    expect(found.readings).toHaveLength(1);
  });
});

/** A story of which its feed has only the link. */
function teaser(number: number): Told {
  return told(number, { text: "Read more", link: `${base}/story/${number}` });
}

function page(number: number): string {
  return `<html lang="en"><body><article><h1>${told(number).title}</h1><p>${told(number).text}</p></article></body></html>`;
}

describe("pages of items that their feed has only a part of", () => {
  test("are fetched for what goes into the issue only", async () => {
    publish([1, 2, 3].map(teaser));
    for (const number of [1, 2, 3]) paper.pages.set(`/story/${number}`, page(number));
    const { readings } = await collected({ maxItems: 1 });
    expect(readings[0]?.article.text).toContain("listens");
    // What is told in full may be of less news than a teaser promised: then the next is fetched as well.
    const fetched = paper.takeAnswers().filter(({ path }) => path.startsWith("/story"));
    expect(fetched.length).toBeLessThan(3);
  });

  test("leave their place to the next where they aren't there, and stay new", async () => {
    publish([1, 2, 3].map(teaser));
    paper.pages.set("/story/3", page(3));
    const found = await collected({ maxItems: 1 });
    expect(titles(found)).toEqual(title(3));
    expect(found.failures).toHaveLength(2);
    await take("2026-W48", found);
    paper.pages.set("/story/1", page(1));
    expect(titles(await collected({}, "2026-W49"))).toEqual(title(1));
  });
});

test("asking again with nothing new is asking whether anything changed, and no more", async () => {
  publish([told(1), teaser(2)]);
  publish([told(3)], "/second.xml");
  paper.pages.set("/story/2", page(2));
  const sources = [`${base}${FEED}`, `${base}/second.xml`];
  expect(await issue("2026-W48", { sources })).toHaveLength(3);
  paper.takeAnswers();
  const again = await collected({ sources }, "2026-W49");
  expect(again).toMatchObject({ verdict: "nothing", fetched: 2 });
  const answers = paper.takeAnswers();
  expect(answers.length).toBeGreaterThan(0);
  expect(answers.filter(({ status }) => status !== 304)).toEqual([]);
});
