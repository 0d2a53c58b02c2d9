/**
 * How many of the idioms in idioms/*.json the reader, the summary and the digest treat as an editor would, by language.
 *
 *   node bench/idioms.ts [TABLE] [--record]
 *
 * With a table's name it lists the texts that went wrong. With --record the figures become the ones that
 * tests/idioms.test.ts holds.
 */
import { writeFileSync } from "node:fs";
import { scoresOf } from "./idioms/judged-rows.ts";
import { TABLES } from "./idioms/tables.ts";

const listed = process.argv[2] ?? "";
const recorded: Record<string, Record<string, number>> = {};
for (const [name, rows] of Object.entries(TABLES)) {
  const scores = Object.entries(scoresOf(rows()));
  recorded[name] = Object.fromEntries(scores.map(([language, { right }]) => [language, right]));
  const told = scores.map(
    ([language, { right, wrong }]) => `${language} ${right}/${right + wrong.length}`,
  );
  console.log(`${name}: ${told.join(", ")}`);
  if (name === listed)
    for (const [, { wrong }] of scores) for (const text of wrong) console.log(`  ${text}`);
}
if (process.argv.includes("--record")) {
  const file = new URL("idioms/recorded.json", import.meta.url);
  writeFileSync(file, `${JSON.stringify(recorded, undefined, 2)}\n`);
}
