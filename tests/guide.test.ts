import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { blocksOf, Journey } from "./journey.ts";
import { told } from "./sources/collect/paper.ts";

const [INSTALL, ...BLOCKS] = blocksOf(await readFile("docs/guide.md", "utf8"));

test("every command of the guide does what it says, one after the other", async () => {
  const home = await mkdtemp(path.join(tmpdir(), "broadsheet-guide-"));
  const journey = await Journey.from(home);
  try {
    for (const block of BLOCKS) await journey.take(block);
    const read = journey.smtp.received.map(({ to }) => to.join());
    // The copy, the issue, and the one of the schedule.
    const readers = ["ada@reader.example", "bram@reader.example"];
    expect(read.slice(0, 1)).toEqual(["you@letter.example"]);
    expect(read.slice(1, 3).toSorted()).toEqual(readers);
    expect(read.slice(3).toSorted()).toEqual(readers);
    expect(String(journey.smtp.received[1]?.raw)).toContain("The boats are back");
    expect(journey.said).toContain(told(1).title);
    expect(journey.said).toContain("1 to look at first");
    expect(journey.said).toContain("post@letter.example is only an example");
  } finally {
    await journey.close();
    await rm(home, { recursive: true });
  }
}, 300_000);

test("the guide installs the package as the README does, whose commands tests/package.test.ts runs", async () => {
  expect(INSTALL?.info).toBe("sh install");
  expect(blocksOf(await readFile("README.md", "utf8"))).toContainEqual(INSTALL);
});
