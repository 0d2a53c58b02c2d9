import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileStamp } from "../../src/platform/kept.ts";
import { newFolder } from "../temporary.ts";

test("an edit of equal size right after another one gives another stamp", async () => {
  const file = join(await newFolder(), "digest.json");
  const stamps = new Set<string | undefined>();
  for (const word of [
    "quay",
    "pier",
    "mole",
    "buoy",
    "reef",
    "sand",
    "tide",
    "wave",
    "dune",
    "gull",
  ]) {
    writeFileSync(file, word);
    stamps.add(await fileStamp(file));
  }
  expect(stamps.size).toBe(10);
});
