/**
 * How well plain texts and Markdown are read: `node bench/texts.ts`. Runs readArticle over the texts of a
 * corpora folder (BROADSHEET_CORPORA, by default ../shared/corpora beside the project) that have an
 * `*.expected.json`, and has them scored by `score-texts.mjs` (in BROADSHEET_SCORERS, ../shared/bench).
 * Prints the scorer's line and the time. Leaves with 66 where there is no such folder.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { decodeText } from "../src/article/decode-text.ts";
import { readArticle } from "../src/article/read-article.ts";
import { sniffFormat } from "../src/article/sniff-format.ts";
import { BroadsheetError } from "../src/errors.ts";

const project = path.join(import.meta.dirname, "..");
const texts = path.join(folder("BROADSHEET_CORPORA", "../shared/corpora"), "texts");
const scorer = path.join(folder("BROADSHEET_SCORERS", "../shared/bench"), "score-texts.mjs");

process.exitCode = [texts, scorer].every((needed) => existsSync(needed) || isMissing(needed))
  ? run()
  : 66;

function folder(variable: string, usual: string): string {
  return path.resolve(project, process.env[variable] ?? usual);
}

function isMissing(needed: string): false {
  console.error(`bench/texts: ${needed} does not exist; nothing was measured`);
  return false;
}

function run(): number {
  const work = mkdtempSync(path.join(tmpdir(), "broadsheet-texts-"));
  try {
    const started = performance.now();
    const { read, count } = readAll();
    const ms = performance.now() - started;
    const predictions = path.join(work, "pred.json");
    writeFileSync(predictions, JSON.stringify(read));
    const { status } = spawnSync(process.execPath, [scorer, texts, predictions], {
      stdio: "inherit",
    });
    console.log(`${count} texts in ${ms.toFixed(0)} ms`);
    return status ?? 70;
  } finally {
    rmSync(work, { recursive: true });
  }
}

function readAll(): { read: Record<string, object>; count: number } {
  const read: Record<string, object> = {};
  for (const file of readdirSync(texts).filter((name) => /\.(?:txt|md)$/.test(name))) {
    const name = file.replace(/\.[^.]*$/, "");
    if (!existsSync(path.join(texts, `${name}.expected.json`))) continue;
    try {
      const body = decodeText(readFileSync(path.join(texts, file)), file);
      const { title, authors, text } = readArticle({
        format: sniffFormat(body, file),
        location: file,
        body,
      });
      read[name] = { title, authors, text };
    } catch (error) {
      if (!(error instanceof BroadsheetError)) throw error;
      console.error(`${file}: ${error.code} ${error.message}`);
    }
  }
  return { read, count: Object.keys(read).length };
}
