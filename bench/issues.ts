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
import { existsSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { arrangeStories } from "../src/digest/arrange/arrange-stories.ts";
import { headlineOf } from "../src/digest/digest.ts";
import { composeSubject } from "../src/digest/subject/compose-subject.ts";
import { summarize } from "../src/summary/summarize.ts";
import { readings } from "../tests/digest/readings.ts";
import { DAY, judgedPages, type Page, readPages, subjectHash } from "./issues/judged-pages.ts";
import { corpora } from "./reading/corpus.ts";
import { randomFrom } from "./training/random.ts";

const STORIES = 10;
const ISSUES_OF_HALF = 30;
const SEED = seedGiven() ?? 7;

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
    const verdict = judged.get(lead.id)?.subjects[subjectHash(subject.text)];
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

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  return values
    .map((value) => ({ value, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}
