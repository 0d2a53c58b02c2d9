import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Converter } from "../../../../src/issue/pictures/io/converter.ts";
import { type Loaded, pictureLoader } from "../../../../src/issue/pictures/io/load-pictures.ts";
import { Kept } from "../../../../src/platform/kept.ts";
import { photo } from "../../../pictures.ts";

const webp = await photo(60, 40).webp().toBuffer();

test("three slow pictures of one article cost no other article its picture, and messages name them", async () => {
  const root = await mkdtemp(join(tmpdir(), "broadsheet-slow-"));
  onTestFinished(() => rm(root, { recursive: true }));
  const names = ["a.webp", "b.webp", "c.webp", "pier.webp"];
  for (const name of names) await writeFile(join(root, name), webp);
  const limits = { longestMs: 1, shortestMs: 1 };
  const converter = new Converter(limits);
  onTestFinished(() => converter.close());
  const kept = new Kept<Loaded>();
  const load = pictureLoader({ root, converter, kept });
  const hostile = { source: join(root, "hostile.md") };
  const harmless = { source: join(root, "harmless.md") };

  const slow: Loaded[] = [];
  for (const name of names.slice(0, 3)) slow.push(await load(name, hostile));
  expect(slow.map(messageOf)).toEqual(
    ["a", "b", "c"].map(
      (name) => `the picture ${name}.webp took longer than 0.001 seconds to decode`,
    ),
  );
  limits.longestMs = 60_000;
  // Two articles show the same picture. Only the one that is itself to blame goes without it.
  const [left, shown] = await Promise.all([
    load("pier.webp", hostile),
    load("pier.webp", harmless),
  ]);
  expect(messageOf(left)).toBe(
    "the picture pier.webp was not decoded, since other pictures of its source took too long: a.webp, b.webp, c.webp",
  );
  expect(left).toMatchObject({ error: { fix: expect.stringMatching(/^take those out/) } });
  expect(shown).toMatchObject({ picture: { type: { name: "png" } } });
});

function messageOf(loaded: Loaded): string {
  return "error" in loaded ? loaded.error.message : "shown";
}
