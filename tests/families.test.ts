import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseAst } from "rolldown/parseAst";
import { expect, test } from "vitest";
import { ARTICLE_FAMILIES } from "../bench/ablate/article-families.ts";
import { changed, SRC } from "../bench/ablate/change.ts";
import { DIGEST_FAMILIES } from "../bench/ablate/digest-families.ts";
import { familyLines, type Family } from "../bench/ablate/family.ts";
import { SUMMARY_FAMILIES } from "../bench/ablate/summary-families.ts";

const FAMILIES: readonly Family[] = [...ARTICLE_FAMILIES, ...DIGEST_FAMILIES, ...SUMMARY_FAMILIES];

test("each family of rules that can be switched off has its declarations in src", () => {
  for (const { name, changes } of FAMILIES)
    for (const change of changes) {
      const source = readFileSync(fileURLToPath(new URL(change.file, SRC)), "utf8");
      const without = changed(source, [change]);
      expect(without, name).not.toBe(source);
      if (change.file.endsWith(".json")) JSON.parse(without);
      else parseAst(without, { lang: "ts" });
    }
});

test("a family takes at least a line", () => {
  for (const family of FAMILIES) expect(familyLines(family), family.name).toBeGreaterThan(0);
});

test("no two families have one name", () => {
  const names = FAMILIES.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
});

test.each([
  { args: ["nowhere"], says: 'there is no room "nowhere"; the rooms are article, digest, summary' },
  { args: ["summary", "slogans"], says: 'summary has no family "slogans"; its families are' },
  { args: ["summary", "--retrain", "slogans"], says: 'summary has no family "slogans"' },
  { args: ["summary", "--retrain", "veto"], says: "--retrain takes one family of these" },
  { args: ["summary", "plans", "--retrain", "plans"], says: "one name of families is expected" },
  { args: ["digest", "--retrain", "subject: owned"], says: "no rule of digest changes" },
  { args: ["article", "--retrain", "signs: pointers"], says: "no rule of article changes" },
  { args: ["summary", "--train"], says: "Unknown option '--train'" },
])("the ablation refuses $args and says why", ({ args, says }) => {
  const { status, stderr } = spawnSync(process.execPath, ["bench/ablate.ts", ...args], {
    encoding: "utf8",
  });
  expect(stderr).toContain(`bench/ablate: ${says}`);
  expect(status).toBe(64);
});
