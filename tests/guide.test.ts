import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { type Block, blocksOf, Journey } from "./journey.ts";
import { told } from "./sources/collect/paper.ts";

const [INSTALL, ...BLOCKS] = blocksOf(await readFile("docs/guide.md", "utf8"));

/** A Friday, and a moment after the time of the schedule on the Tuesday that follows. */
const FRIDAY = new Date("2026-11-27T10:00:00Z");
const TUESDAY = new Date("2026-12-01T06:02:00Z");

const READERS = ["ada@reader.example", "bram@reader.example"];

/** Blocks of which a reader of the guide types one. */
const WAYS = { editor: "sh run by hand", operator: "sh run by schedule" };
const ON_TIME = "sh run on time";

afterEach(() => {
  vi.useRealTimers();
});

/** Takes blocks of the guide, and those that come on time at that time. */
async function walk(journey: Journey, blocks: readonly Block[]): Promise<void> {
  for (const block of blocks) {
    if (block.info === ON_TIME) vi.setSystemTime(TUESDAY);
    await journey.take(block);
  }
}

test("whoever follows the guide mails each reader once, by hand as an editor or by the schedule as an operator", async () => {
  const home = await mkdtemp(path.join(tmpdir(), "broadsheet-guide-"));
  const before = await mkdtemp(path.join(tmpdir(), "broadsheet-guide-"));
  vi.useFakeTimers({ toFake: ["Date"], now: FRIDAY });
  const journey = await Journey.from(home);
  const { received } = journey.smtp;
  try {
    const fork = BLOCKS.findIndex(({ info }) => Object.values(WAYS).includes(info));
    await walk(journey, BLOCKS.slice(0, fork));
    expect(received.map(({ to }) => to.join())).toEqual(["you@letter.example"]);
    expect(String(received[0]?.raw)).toContain("The boats are back");
    expect(journey.said).toContain("2026-W49 is a draft; it goes out Tue 2026-12-01 07:00 +01:00");
    expect(journey.said).toContain(told(1).title);
    expect(journey.said).toContain("1 to look at first");
    expect(journey.said).toContain("post@letter.example is only an example");
    await cp(home, before, { recursive: true, preserveTimestamps: true });

    for (const [person, way] of Object.entries(WAYS)) {
      await rm(home, { recursive: true });
      await cp(before, home, { recursive: true, preserveTimestamps: true });
      vi.setSystemTime(FRIDAY);
      const others = new Set(Object.values(WAYS).filter((other) => other !== way));
      const mailed = received.length;
      await walk(
        journey,
        BLOCKS.slice(fork).filter(({ info }) => !others.has(info)),
      );
      const readers = received.slice(mailed).flatMap(({ to }) => to);
      expect(readers.toSorted(), person).toEqual(READERS);
      expect(String(received.at(-1)?.raw)).toContain("The boats are back");
    }
  } finally {
    await journey.close();
    await rm(home, { recursive: true });
    await rm(before, { recursive: true });
  }
});

test("the guide installs the package as the README does, whose commands tests/package.test.ts runs", async () => {
  expect(INSTALL?.info).toBe("sh install");
  expect(blocksOf(await readFile("README.md", "utf8"))).toContainEqual(INSTALL);
});
