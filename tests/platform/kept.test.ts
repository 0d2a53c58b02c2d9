import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { fileStamp, Kept } from "../../src/platform/kept.ts";

test("what was made of the same is not made again; what failed is", async () => {
  const kept = new Kept<string>();
  const made: string[] = [];
  const make = (text: string) => async () => {
    made.push(text);
    if (text === "bad") throw new Error("bad");
    return text;
  };
  expect(await kept.get("a", "1", make("one"))).toBe("one");
  expect(await kept.get("a", "1", make("two"))).toBe("one");
  expect(await kept.get("a", "2", make("three"))).toBe("three");
  expect(await kept.get("b", "2", make("four"))).toBe("four");
  await expect(kept.get("c", "1", make("bad"))).rejects.toThrow("bad");
  expect(await kept.get("c", "1", make("good"))).toBe("good");
  kept.forget();
  expect(await kept.get("a", "2", make("five"))).toBe("five");
  expect(made).toEqual(["one", "three", "four", "bad", "good", "five"]);
});

test("a file's stamp changes with what is in it, and one that isn't there has none", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "broadsheet-kept-"));
  const file = path.join(folder, "a.txt");
  expect(await fileStamp(file)).toBeUndefined();
  await writeFile(file, "one");
  const first = await fileStamp(file);
  expect(await fileStamp(file)).toBe(first);
  await writeFile(file, "three");
  expect(await fileStamp(file)).not.toBe(first);
  const second = await fileStamp(file);
  await utimes(file, 1, 1);
  expect(await fileStamp(file)).not.toBe(second);
  await rm(folder, { recursive: true });
});
