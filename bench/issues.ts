/**
 * Sixty issues of ten English pages each, the same in every run, as they are built if all ten came in on one day. It
 * tells whether the lead is among the first three that an editor would choose, and whether the editor would send the subject as it is.
 *
 *   node bench/issues.ts             how many of each half
 *   node bench/issues.ts --seed 19   of sixty others, drawn of the same pages
 *   node bench/issues.ts --show      with each lead and subject, and what an editor says of them
 *   node bench/issues.ts --pages     the pages to be judged, in random order, without what becomes of them
 *
 * What was judged is in bench/judged/issues.ndjson. BROADSHEET_CORPORA names the folder with articles/. Leaves with 66
 * where there is none.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { type Article, isDoubtful } from "../src/article/article.ts";
import { readArticle } from "../src/article/read-articles.ts";
import { arrangeStories } from "../src/digest/arrange/arrange-stories.ts";
import { headlineOf } from "../src/digest/digest.ts";
import { composeSubject } from "../src/digest/subject/compose-subject.ts";
import { BroadsheetError } from "../src/errors.ts";
import { summarize } from "../src/summary/summarize.ts";
import { tooThin } from "../src/summary/summary.ts";
import { readings } from "../tests/digest/readings.ts";
import { corpora, samplesOf } from "./reading/corpus.ts";
import { randomFrom } from "./training/random.ts";

const FOLDERS = ["en", "fields", "vetted"] as const;
const STORIES = 10;
const ISSUES_OF_HALF = 30;
const DAY = "2026-11-24";
const SEED = seedGiven() ?? 7;

const judgedRow = z.strictObject({
  id: z.string(),
  /** How high an editor would put it in an issue of general news, 0 to 9. */
  worth: z.number(),
  /** Whether its subject can go as it is, by the hash of the subject. */
  subjects: z.record(z.string(), z.boolean()),
});

interface Page {
  readonly id: string;
  readonly half: "a" | "b";
  readonly article: Article;
}

process.exitCode = await main();

async function main(): Promise<number> {
  if (!existsSync(path.join(corpora, "articles"))) {
    console.error(`bench/issues: ${corpora} has no articles; nothing was measured`);
    return 66;
  }
  const pages = readPages();
  if (process.argv.includes("--pages")) show(pages);
  else for (const half of ["a", "b"] as const) await measure(half, pages);
  return 0;
}

/** Pages of one site are in one half. */
function readPages(): Page[] {
  return FOLDERS.flatMap((folder) =>
    samplesOf(folder).flatMap(({ id, html, site }): Page[] => {
      try {
        if (/lorem ipsum/i.test(html)) return [];
        const read = readArticle({ format: "html", location: `${id}.html`, body: html });
        if (!read.language.startsWith("en") || isDoubtful(read.reading) || tooThin(read)) return [];
        const half = Number.parseInt(hashOf(site).at(-1) ?? "", 16) % 2 === 0 ? "a" : "b";
        return [{ id: `${folder}/${id}`, half, article: { ...read, publishedAt: DAY } }];
      } catch (error) {
        if (error instanceof BroadsheetError) return [];
        throw error;
      }
    }),
  );
}

async function measure(half: "a" | "b", pages: readonly Page[]): Promise<void> {
  const judged = new Map(judgedPages().map((row) => [row.id, row]));
  const random = randomFrom(SEED + (half === "a" ? 0 : 1));
  const own = pages.filter((page) => page.half === half && judged.has(page.id));
  let [leads, sent, unjudged] = [0, 0, 0];
  for (let at = 0; at < ISSUES_OF_HALF; at++) {
    const drawn = shuffled(own, random).slice(0, STORIES);
    const lead = await leadOf(drawn);
    const worth = (id: string) => judged.get(id)?.worth ?? 0;
    const third = drawn.map(({ id }) => worth(id)).sort((a, b) => b - a)[2] ?? 0;
    const isAmongThree = worth(lead.id) >= third;
    const { article } = lead;
    const subject = composeSubject({ article, summary: summarize(article) });
    const verdict = judged.get(lead.id)?.subjects[hashOf(subject.text).slice(0, 16)];
    if (isAmongThree) leads++;
    if (verdict === true) sent++;
    if (verdict === undefined) unjudged++;
    if (process.argv.includes("--show"))
      console.log(
        `${half} ${isAmongThree ? "lead " : "     "} ${verdict === undefined ? "?" : verdict ? "send" : "no  "} ${subject.text}  [${subject.confidence}] ${lead.id}`,
      );
  }
  console.log(
    `half ${half}: lead among an editor's first three ${leads} of ${ISSUES_OF_HALF}; subject sent as it is ${sent}, not judged ${unjudged}`,
  );
}

function seedGiven(): number | undefined {
  const at = process.argv.indexOf("--seed");
  return at < 0
    ? undefined
    : z.coerce
        .number()
        .int()
        .parse(process.argv[at + 1]);
}

async function leadOf(drawn: readonly Page[]): Promise<Page> {
  const articles = drawn.map(({ article }) => article);
  const read = readings(articles, { collected: true });
  const { stories } = await arrangeStories(read, { day: DAY, order: "weight" });
  const lead = drawn[Number(stories[0]?.id)];
  if (!lead) throw new RangeError("an issue without a lead");
  return lead;
}

function show(pages: readonly Page[]): void {
  for (const { id, half, article } of shuffled(pages, randomFrom(SEED))) {
    const summary = summarize(article);
    console.log(`${half} ${id}\n  ${headlineOf({ article, summary })}\n  ${summary.gist.text}`);
  }
}

function judgedPages(): z.output<typeof judgedRow>[] {
  const file = path.join(import.meta.dirname, "judged/issues.ndjson");
  return readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => judgedRow.parse(JSON.parse(line)));
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  return values
    .map((value) => ({ value, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
