/**
 * How often the gate lets a sentence pass: the falsehoods and paraphrases of judged/gate.ndjson by kind, then
 * the article's own sentences, a human's about it, a human's about another article, and human ones with one
 * thing changed. What is marked as the writer's own words counts as not passed.
 *
 *   node bench/faithfulness.ts [FILE=dev.jsonl] [LANGUAGE=en] [--refused ROW | --passed ROW]
 *   node bench/faithfulness.ts --judged [open | last | a | b | c | d] [--listed]
 *
 * With a row's name it lists the sentences of that row that were refused, or that passed; with --listed those
 * of the judged ones that went wrong. The parts last, b and d are for the last measure of a change, never for making one.
 *
 * BROADSHEET_CORPORA names the folder with summary/*.jsonl.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as z from "zod";
import type { Article } from "../src/article/article.ts";
import { unfaithfulness } from "../src/summary/faithfulness/faithfulness.ts";
import { splitSentences } from "../src/summary/language/segments.ts";
import { bareArticle } from "./bare-article.ts";
import { claimedSentences, judgedSentences, reportJudged } from "./gate/judged.ts";
import { corpora } from "./judged/examples.ts";

if (process.argv[2] === "--judged") {
  const part = z.enum(["open", "last", "a", "b", "c", "d"]).parse(process.argv[3] ?? "open");
  const sentences =
    part === "open" || part === "last" ? claimedSentences(part) : judgedSentences(part);
  reportJudged(sentences, process.argv.includes("--listed"));
  process.exit();
}
const [file = "dev.jsonl", language = "en", flag, listed] = process.argv.slice(2);
const rowSchema = z.object({
  id: z.string(),
  text: z.string(),
  reference: z.string(),
  title: z.string().default(""),
});

const rows = readFileSync(resolve(corpora, "summary", file), "utf8")
  .trim()
  .split("\n")
  .map((line) => rowSchema.parse(JSON.parse(line)));
const articles = rows.map(({ id, text, title }) => bareArticle({ id, title, text, language }));
const human = rows.map(({ reference }) => sentencesOf(reference));

interface Case {
  readonly sentence: string;
  readonly article: Article;
}

const started = performance.now();
let judged = 0;
report("the article's own sentences", (index) => sentencesOf(rows[index]?.text ?? ""));
report("a human's about it", (index) => human[index] ?? []);
report("a human's about another article", (index) => human[(index + 1) % rows.length] ?? []);
report("a human's, a number changed", (index) =>
  changed(index, /(?<![\d.,])\d{1,3}(?![\d.,]*\d)/, (found) => String(Number(found) + 7)),
);
report("a human's, a name of another's", (index) =>
  changed(index, /(?<=\p{Ll}\s)\p{Lu}\p{Ll}{3,}/u, () =>
    nameFrom(human[(index + 3) % rows.length] ?? []),
  ),
);
report("the article's, “not” put in", (index) =>
  own(index, /\b(?:is|was|has|will|are|were)\b(?! not)/, (found) => `${found} not`),
);
report("the article's, “not” taken out", (index) =>
  own(index, /\b(?:is|was|has|will|are|were) not\b/, (found) => found.replace(" not", "")),
);
report("the article's, “may” made sure", (index) =>
  own(index, /\b(?:may|might|could) (?=be\b)/, () => "will "),
);
report("the article's, two numbers swapped", swappedNumbers);
report("the article's, a quotation reworded", (index) =>
  own(index, /(?<=["“][^"”]{12,})\b(?:the|a|is|was)\b(?=[^"“]{4,}["”])/, () => "surely"),
);
console.log(
  `${((performance.now() - started) / judged).toFixed(3)} ms a sentence, the reading of its article shared`,
);

function report(name: string, casesOf: (index: number) => readonly string[]): void {
  const cases = articles.flatMap((article, index): Case[] =>
    casesOf(index).map((sentence) => ({ sentence, article })),
  );
  const kinds = new Map<string, number>();
  for (const { sentence, article } of cases) {
    const fault = unfaithfulness(sentence, article);
    judged++;
    if (fault) kinds.set(fault.kind, (kinds.get(fault.kind) ?? 0) + 1);
    if (flag === "--refused" && name === listed && fault)
      console.log(`  ${fault.message} | ${sentence}`);
    if (flag === "--passed" && name === listed && !fault) console.log(`  ${sentence}`);
  }
  const passed = cases.length - [...kinds.values()].reduce((sum, count) => sum + count, 0);
  const why = [...kinds]
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${kind} ${count}`);
  console.log(
    `${name.padEnd(38)} ${((100 * passed) / cases.length).toFixed(1).padStart(5)} % of ${cases.length} pass   ${why.join(", ")}`,
  );
}

function changed(
  index: number,
  pattern: RegExp,
  change: (found: string) => string,
): readonly string[] {
  return (human[index] ?? [])
    .filter(
      (sentence) =>
        pattern.test(sentence) && articles[index] && !unfaithfulness(sentence, articles[index]),
    )
    .map((sentence) => sentence.replace(pattern, change))
    .filter((sentence) => !(human[index] ?? []).includes(sentence));
}

function own(index: number, pattern: RegExp, change: (found: string) => string): readonly string[] {
  return sentencesOf(rows[index]?.text ?? "")
    .filter((sentence) => pattern.test(sentence))
    .map((sentence) => sentence.replace(pattern, change));
}

function swappedNumbers(index: number): readonly string[] {
  return own(
    index,
    /^[^\d]*(?<![\d.,])(\d{1,3}) (?=\p{Ll})[^\d]*(?<![\d.,])(\d{1,3}) (?=\p{Ll})[^\d]*$/u,
    (found) => {
      const [first, second] = found.match(/\d+/g) ?? [];
      let turn = 0;
      return found.replace(/\d+/g, () => (turn++ === 0 ? second : first) ?? "");
    },
  );
}

function nameFrom(sentences: readonly string[]): string {
  return /(?<=\p{Ll}\s)\p{Lu}\p{Ll}{3,}/u.exec(sentences.join(" "))?.[0] ?? "Zubrowka";
}

function sentencesOf(text: string): readonly string[] {
  return splitSentences(text, language).map(({ start, end }) => text.slice(start, end));
}
