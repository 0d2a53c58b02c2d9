import { readFile } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import * as z from "zod";
import { broadsheet, folderWith, HARBOUR, linesOf } from "./broadsheet.ts";

const told = z.looseObject({ dir: z.string(), files: z.array(z.string()) });

test("an issue is pictured in every view, and one that isn't there is named", async () => {
  const cwd = await folderWith({ "ferry.txt": HARBOUR });
  const env = { CHROMIUM_PATH: process.env["CHROMIUM_PATH"] ?? "" };
  await broadsheet(["build", "ferry.txt", "--date", "2026-11-24"], { cwd });
  const run = await broadsheet(["screenshot", "latest", "--out", "shots", "--json"], { cwd, env });
  expect(run).toMatchObject({ code: 0, stderr: "" });
  const { dir, files } = told.parse(linesOf(run)[0]);
  expect(dir).toBe(path.join(cwd, "shots"));
  expect(files).toHaveLength(17);
  const pixels = async (name: string) => sharp(await readFile(path.join(dir, name)));
  const [light, dark, desktop] = await Promise.all(
    ["light-375.png", "dark-375.png", "light-640.png"].map(pixels),
  );
  expect((await light?.metadata())?.width).toBe(750);
  expect((await desktop?.metadata())?.width).toBe(1280);
  expect((await light?.stats())?.channels[0]?.mean).toBeGreaterThan(200);
  expect((await dark?.stats())?.channels[0]?.mean).toBeLessThan(60);
  for (const name of ["text.png", "source.png", "headers.png", "model.png", "page.png"])
    expect((await (await pixels(name)).metadata()).height).toBeGreaterThan(400);
  const missing = await broadsheet(["screenshot", "2020-01-01"], { cwd });
  expect(missing.code).toBe(66);
  expect(missing.stderr).toContain("error ISSUE_MISSING");
  const theirs = await folderWith({ "digest.json": "{," });
  const broken = await broadsheet(["screenshot", theirs], { cwd });
  expect(broken.code).toBe(65);
  expect(broken.stderr).toContain(path.join(theirs, "digest.json"));
});
