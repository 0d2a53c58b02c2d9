/**
 * How well articles are read: `node bench/reading.ts`. Each row has what must be reached, our
 * figure, and that of what people use without us on the same files of a corpora folder
 * (BROADSHEET_CORPORA, by default ../shared/corpora beside the project), scored by the scripts in
 * BROADSHEET_SCORERS (../shared/bench). Leaves with 66 where there are no such folders.
 */
import { existsSync } from "node:fs";
import { corpora, pageRows, scorers } from "./reading-pages.ts";
import { feedRows } from "./reading-feeds.ts";
import { speedRows } from "./reading-speed.ts";
import { textRows } from "./reading-texts.ts";

/** One figure of the table. */
export interface Row {
  readonly what: string;
  readonly must?: string;
  readonly ours: string;
  readonly beside: string;
  /** What the other figure is of. */
  readonly other: string;
}

// Each gives some rows of the table; a part of the reader that is measured gets one of its own.
const PARTS: readonly (() => Row[])[] = [pageRows, feedRows, textRows, speedRows];

if (import.meta.main) process.exitCode = main();

function main(): number {
  const missing = [corpora, scorers].filter((folder) => !existsSync(folder));
  for (const folder of missing) {
    console.error(`bench/reading: ${folder} does not exist; nothing was measured`);
  }
  if (missing.length > 0) return 66;
  print(PARTS.flatMap((rowsOf) => rowsOf()));
  return 0;
}

function print(rows: readonly Row[]): void {
  console.log(`${"".padEnd(36)}${"must".padEnd(11)}${"ours".padEnd(16)}beside it`);
  for (const { what, must = "", ours, beside, other } of rows) {
    const besideText = other ? `${beside} (${other})` : "";
    console.log(`${what.padEnd(36)}${must.padEnd(11)}${ours.padEnd(16)}${besideText}`);
  }
}
