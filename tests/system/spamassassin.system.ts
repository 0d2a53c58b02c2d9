import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { broadsheet, folderWith, linesOf } from "../cli/broadsheet.ts";

test("SpamAssassin finds less than one point in a newsletter as init writes it, and check says so", async () => {
  const cwd = await folderWith();
  await broadsheet(["init", "--yes"], { cwd });
  const built = await broadsheet(["build", "--date", "2026-11-24", "--json"], { cwd });
  const { dir } = z.looseObject({ dir: z.string() }).parse(linesOf(built)[0]);
  const mail = await readFile(path.join(dir, "email.eml"));
  const report = execFileSync("spamassassin", ["-L", "-t"], { input: mail, encoding: "utf8" });
  const points = Number(/^X-Spam-Status: .*?score=(-?[\d.]+)/m.exec(report)?.[1]);
  expect(points).toBeLessThan(1);
  const checked = await broadsheet(["check", "latest", "--json"], { cwd });
  const { notRun } = z
    .looseObject({ notRun: z.array(z.looseObject({ rule: z.string() })) })
    .parse(linesOf(checked)[0]);
  expect(notRun.map(({ rule }) => rule)).not.toContain("spam-words");
});
