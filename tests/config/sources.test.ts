import path from "node:path";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import type { UserConfig } from "../../src/config/user-config.ts";
import { BroadsheetError } from "../../src/errors.ts";

const FILE = path.resolve("/letters/broadsheet.config.ts");
const FEED = "https://paper.example/feed.xml";
const DAY_MS = 86_400_000;

function parse(raw: unknown) {
  return parseConfig(raw, {}, FILE);
}

function refusal(raw: unknown): string {
  try {
    parse(raw);
  } catch (error) {
    if (error instanceof BroadsheetError) return `${error.message} | ${error.fix}`;
    throw error;
  }
  throw new Error("the config was accepted");
}

describe("sources", () => {
  test("are folders, files and addresses, by themselves or with what is taken of them", () => {
    const quay = {
      from: FEED,
      limit: 3,
      include: "ferr*",
      tags: ["Quay"],
      pin: true,
      weight: 1,
      allowPrivate: false,
    };
    const { sources } = parse({ sources: ["content/", quay] });
    const plain = {
      include: [],
      exclude: [],
      tags: [],
      pin: false,
      weight: 1,
      allowPrivate: false,
    };
    expect(sources).toEqual([
      { ...plain, name: "content/", from: path.resolve("/letters/content") },
      { ...quay, name: FEED, include: ["ferr*"], exclude: [] },
    ]);
  });

  test("are the content folder where there are none, which is taken whole", () => {
    const { sources, window, maxItems } = parse({ content: "stories" });
    expect(sources).toMatchObject([{ name: "stories", from: path.resolve("/letters/stories") }]);
    expect({ window, maxItems }).toEqual({ window: undefined, maxItems: undefined });
  });

  test("bring no more than two weeks and twenty stories, unless the config says so", () => {
    expect(parse({ sources: [FEED] })).toMatchObject({ window: 14 * DAY_MS, maxItems: 20 });
    expect(parse({ sources: [FEED], window: "3d", maxItems: 90 })).toMatchObject({
      window: 3 * DAY_MS,
      maxItems: 90,
    });
    expect(parse({ sources: [FEED], minItems: 30 })).toMatchObject({ maxItems: 30 });
  });

  test.each<[string, unknown, string, string]>([
    ["an unknown key", [{ from: FEED, limt: 3 }], '"sources.0.limt" is not', '"sources.0.limit"?'],
    ["no place", [{ limit: 3 }], '"sources.0.from" must be a text in quotes', "left out"],
    ["an empty place", ["content", " "], '"sources.1" is empty', "name a folder"],
    ["no list", FEED, '"sources" must be a list in [ ]', ""],
    ["an empty list", [], '"sources" is empty', 'such as "content"'],
    ["a number", [3], '"sources.0" must be', "not 3"],
    ["standard input", ["-"], '"sources.0" is standard input', "name a folder"],
    ["a line break", ["a\nb"], '"sources.0" has a line break', ""],
    ["a feed: address", ["feed://paper.example/x"], "not on the web", "begin it with https://"],
    ["another scheme", [{ from: "ftp://a:b@c.example" }], "is at ftp:", "https://"],
    ["no address", ["https://"], '"sources.0" is "https://", which is not an address', "spelling"],
    ["a login", ["https://a:b@c.example/x"], '"sources.0" holds a login', "before the @"],
    [
      "one twice",
      [FEED, { from: "http://www.paper.example/feed.xml/" }],
      '"sources.1" is the same place as "sources.0"',
      "remove",
    ],
    ["a folder twice", ["content", "x", "./content/"], 'the same place as "sources.0"', ""],
    ["no limit", [{ from: FEED, limit: 0 }], '"sources.0.limit" must be 1 or more', ""],
    ["an empty pattern", [{ from: FEED, include: ["*"] }], "which has no letter", "ferr*"],
    ["a regular expression", [{ from: FEED, exclude: "sp.*t" }], "a regular expression", "ferr*"],
    ["an empty tag", [{ from: FEED, tags: [""] }], '"sources.0.tags.0" is empty', ""],
    ["a pin that is a title", [{ from: FEED, pin: "The ferry" }], "must be true or false", ""],
  ])("are refused with %s", (_what, sources, message, fix) => {
    expect(refusal({ sources })).toContain(message);
    expect(refusal({ sources })).toContain(fix);
    expect(refusal({ sources })).not.toContain("a:b");
  });

  test.each<[UserConfig, string]>([
    [{ minItems: 5, maxItems: 3 }, '"minItems" is more than maxItems'],
    [{ minItems: 0 }, '"minItems" must be 1 or more'],
    [{ window: "two weeks" }, '"window" is "two weeks", which is not a time'],
  ])("%j is refused", (raw, told) => {
    expect(refusal(raw)).toContain(told);
  });

  test("know two things to do with an edited article", () => {
    expect(parse({ edited: "again" }).edited).toBe("again");
    expect(refusal({ edited: "agian" })).toContain('write "ignore" or "again"');
  });
});
