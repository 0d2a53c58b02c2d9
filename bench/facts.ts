/**
 * Prints the facts of every nth article of a corpus, for reading by eye.
 *
 *   node bench/facts.ts [EVERY=20] [FIRST=0] [FILE=dev.jsonl] [LANGUAGE=en]
 *
 * BROADSHEET_CORPORA names the folder with summary/*.jsonl.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as z from "zod";
import type { Article } from "../src/article/article.ts";
import { summarize } from "../src/summary/summarize.ts";
import { bareArticle } from "./bare-article.ts";

const rowSchema = z.object({ id: z.string(), text: z.string() });
const corpora =
  process.env["BROADSHEET_CORPORA"] ?? resolve(import.meta.dirname, "../../shared/corpora");
const [every = "20", first = "0", file = "dev.jsonl", language = "en"] = process.argv.slice(2);

const articles = readFileSync(resolve(corpora, "summary", file), "utf8")
  .trim()
  .split("\n")
  .map((line) => bareArticle({ ...rowSchema.parse(JSON.parse(line)), language }));

for (const [index, article] of articles.entries()) {
  if (index % Number(every) === Number(first)) print(index, article);
}

function print(index: number, article: Article): void {
  const { people, timeline, figures, quote } = summarize(article);
  console.log(`\n#${index} ${article.text.slice(0, 100)}`);
  for (const { name, role } of people) console.log(`  who    ${name}${role ? ` | ${role}` : ""}`);
  for (const { when, iso, sentence } of timeline) {
    console.log(`  when   ${when} | ${iso ?? "-"} | ${sentence.text}`);
  }
  for (const { value, unit, what } of figures)
    console.log(`  figure ${value} | ${unit ?? "-"} | ${what}`);
  if (quote) console.log(`  quote  ${quote.speaker} | ${quote.text}`);
}
