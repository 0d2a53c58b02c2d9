import { readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import type { Article } from "../../src/article/article.ts";
import { unfaithfulness } from "../../src/summary/faithfulness/faithfulness.ts";
import { bareArticle } from "../bare-article.ts";
import { corpora } from "../judged/examples.ts";

const judgedSchema = z.strictObject({
  set: z.enum(["dev", "train"]),
  id: z.string(),
  half: z.enum(["a", "b", "c", "d"]),
  isTrue: z.boolean(),
  kind: z.string(),
  sentence: z.string(),
});

const rowSchema = z.object({ id: z.string(), text: z.string() });

/** A sentence about an article, true or false by its writer's will. */
export interface JudgedSentence extends z.output<typeof judgedSchema> {
  readonly article: Article;
}

/** The sentences of one half, with their articles. */
export function judgedSentences(half: JudgedSentence["half"]): readonly JudgedSentence[] {
  const articles = new Map(
    ["dev", "train"].flatMap((set) =>
      linesOf(path.join(corpora, "summary", `${set}.jsonl`)).map((line) => {
        const { id, text } = rowSchema.parse(line);
        return [id, bareArticle({ id, language: "en", text })] as const;
      }),
    ),
  );
  return linesOf(path.join(import.meta.dirname, "../judged/gate.ndjson"))
    .map((line) => judgedSchema.parse(line))
    .filter((judged) => judged.half === half)
    .flatMap((judged) => {
      const article = articles.get(judged.id);
      return article ? [{ ...judged, article }] : [];
    });
}

const claimedSchema = z.strictObject({
  id: z.string(),
  published: z.iso.date(),
  title: z.string(),
  text: z.string(),
  lines: z.array(z.strictObject({ isTrue: z.boolean(), kind: z.string(), line: z.string() })),
});

/** A sentence about an article, with its article. */
export type Claimed = Pick<JudgedSentence, "id" | "isTrue" | "kind" | "sentence" | "article">;

/** The lines about invented articles: those for work, or the last third. */
export function claimedSentences(part: "open" | "last"): readonly Claimed[] {
  const file = part === "open" ? "claims.ndjson" : "claims-last.ndjson";
  return linesOf(path.join(import.meta.dirname, "../judged", file))
    .map((row) => claimedSchema.parse(row))
    .flatMap(({ id, published, title, text, lines }) => {
      const article = bareArticle({ id, title, text, language: "en", publishedAt: published });
      return lines.map(({ line, ...known }) => ({ id, sentence: line, article, ...known }));
    });
}

function linesOf(file: string): readonly unknown[] {
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}

interface Tally {
  refused: number;
  marked: number;
  count: number;
}

/** Prints how many were refused, marked and passed, by kind. */
export function reportJudged(sentences: readonly Claimed[], isListed: boolean): void {
  const tallies = new Map<string, Tally>();
  for (const { isTrue, kind, sentence, article } of sentences) {
    const fault = unfaithfulness(sentence, article);
    for (const name of [
      isTrue ? "paraphrases" : "falsehoods",
      `${isTrue ? "true " : "false"} ${kind}`,
    ]) {
      const tally = tallies.get(name) ?? { refused: 0, marked: 0, count: 0 };
      tally.count++;
      if (fault?.isSure === true) tally.refused++;
      else if (fault) tally.marked++;
      tallies.set(name, tally);
    }
    if (isListed && isTrue === (fault !== undefined))
      console.log(`  ${kind}: ${fault?.message ?? "passed"} | ${sentence}`);
  }
  for (const [name, { refused, marked, count }] of [...tallies].toSorted(([a], [b]) =>
    a.localeCompare(b),
  )) {
    const passed = count - refused - marked;
    const isGood = name.startsWith("true") || name === "paraphrases";
    const share = (100 * (isGood ? passed : count - passed)) / count;
    console.log(
      `${name.padEnd(22)} ${isGood ? "passed" : "caught"} ${share.toFixed(0).padStart(3)} % of ${count}   refused ${refused}, own words ${marked}, passed ${passed}`,
    );
  }
}
