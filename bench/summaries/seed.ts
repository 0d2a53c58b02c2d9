import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { readArticle } from "../../src/article/read-articles.ts";
import { summarize } from "../../src/summary/summarize.ts";

const fact = z.object({
  id: z.string(),
  all: z.array(z.string()).optional(),
  any: z.array(z.string()).optional(),
});
const factsSchema = z.object({
  core: z.array(fact),
  should: z.array(fact),
  mustNot: z.array(z.object({ id: z.string(), re: z.string() })),
});

/** Which facts of one long article its gist and five key points tell. */
export function printSeedFacts(folder: string): void {
  const file = path.join(folder, "article.txt");
  if (!existsSync(file)) return;
  const body = readFileSync(file, "utf8");
  const facts = factsSchema.parse(
    JSON.parse(readFileSync(path.join(folder, "facts.json"), "utf8")),
  );
  const { gist, keyPoints } = summarize(readArticle({ format: "text", location: "seed", body }));
  const sentences = [gist, ...keyPoints].map(({ text }) => text);
  const told = sentences.join("\n");
  const tells = ({ all = [], any }: z.output<typeof fact>) =>
    all.every((words) => new RegExp(words, "m").test(told)) &&
    (any?.some((words) => new RegExp(words, "m").test(told)) ?? true);
  const row = (name: string, of: readonly z.output<typeof fact>[]) => {
    const found = of.filter(tells).map(({ id }) => id);
    console.log(`${name.padEnd(20)}${found.length} of ${of.length}   ${found.join(", ")}`);
  };
  console.log(`\nseed article, gist and ${keyPoints.length} key points`);
  row("core facts", facts.core);
  row("should facts", facts.should);
  const wrong = facts.mustNot.filter(({ re }) =>
    sentences.some((sentence) => new RegExp(re).test(sentence)),
  );
  console.log(
    `${"must not".padEnd(20)}${wrong.length}        ${wrong.map(({ id }) => id).join(", ")}`,
  );
  for (const sentence of sentences) console.log(`  ${sentence}`);
}
