import type { StoredTrees } from "../../src/platform/boosted-trees.ts";
import { scorerByRoles, WITH_ROLES } from "./block-roles.ts";
import { samplesOf, type Sample } from "./corpus.ts";
import { remade } from "./forms.ts";
import type { JudgedPage } from "./judged-pages.ts";
import {
  answersOf,
  loadRival,
  readPlainly,
  readWith,
  RIVALS,
  type Found,
  type Read,
} from "./readers.ts";
import { scoreEnglish, scoreMultilingual, type Answers } from "./scorers.ts";
import { growByFold, judgeByFold, judgedPages, likelyBlocks } from "./training.ts";
import { readerFor, readersBySite } from "./readers-by-site.ts";

const FORM_NAMES: ReadonlyMap<string, string> = new Map([
  ["", ""],
  ["bare", "  classes and ids stripped"],
  ["divs", "  <p> made <div>"],
  ["breaks", "  <p> made <br><br>"],
]);

/** The training results that several tables use. */
export interface BySite {
  readonly pages: readonly JudgedPage[];
  readonly trees: readonly StoredTrees[];
}

export function trainBySite(): BySite {
  const pages = judgedPages();
  return { pages, trees: growByFold(pages) };
}

/**
 * Prints how well stories are found on unseen sites: by the whole reader, by its trees alone, by Readability and by
 * other libraries; and the loss when pages are written in other forms.
 */
export async function printBySite({ pages, trees }: BySite): Promise<void> {
  console.log(`${"by site".padEnd(34)}English F1  P     R      other languages F1  P     R`);
  const read = await readerBySite(trees);
  for (const [form, name] of FORM_NAMES)
    printScores(name || "the reader", await readAll(read, form));
  const judged = judgeByFold(pages, trees);
  const chosen = new Map(pages.map((page) => [page, page.choice]));
  console.log("\nby the roles of blocks (F1)         multilingual  vetted  fields");
  for (const [form, name] of FORM_NAMES) printByRoles(name || "the reader", read, form);
  for (const [form, name] of FORM_NAMES)
    printScores(name || "its trees alone", textsIn(judged, form, likelyBlocks));
  for (const [form, name] of FORM_NAMES)
    printScores(name || "Readability's blocks", textsIn(chosen, form, isTaken));
  printScores("Readability alone", await readAll(readPlainly));
  for (const rival of RIVALS.keys()) {
    const way = await loadRival(rival);
    if (way) printScores(rival, await readAll(way));
    else console.log(`${rival.padEnd(34)}not installed`);
  }
}

/** The reader with trees that have seen no page of the sample's site. */
async function readerBySite(trees: readonly StoredTrees[]): Promise<(sample: Sample) => Found> {
  const readers = await readersBySite(trees);
  return (sample) => readWith(readerFor(sample, readers).readHtml, sample);
}

interface BothAnswers {
  readonly en: Answers;
  readonly multilingual: Answers;
}

async function readAll(read: Read, form = ""): Promise<BothAnswers> {
  const remake = (sample: Sample): Sample => {
    return { ...sample, html: remade(sample.html, form) };
  };
  return {
    en: await answersOf(samplesOf("en").map(remake), read),
    multilingual: await answersOf(samplesOf("multilingual").map(remake), read),
  };
}

function printScores(name: string, { en, multilingual }: BothAnswers): void {
  const [english, others] = [scoreEnglish(en), scoreMultilingual(multilingual)].map(
    ({ f1, precision, recall }) => `${f1}  ${precision}  ${recall}`,
  );
  console.log(`${name.padEnd(34)}${english}        ${others}`);
}

/** Prints the mean F1 of the pages by the roles that readers gave to their blocks. */
function printByRoles(name: string, read: (sample: Sample) => Found, form: string): void {
  const means = WITH_ROLES.map((folder) => {
    const scores = samplesOf(folder).flatMap((sample) => {
      const score = scorerByRoles(sample);
      if (!score) return [];
      return [score(read({ ...sample, html: remade(sample.html, form) }).text)];
    });
    return scores.reduce((sum, score) => sum + score, 0) / scores.length;
  });
  console.log(`${name.padEnd(36)}${means.map((mean) => mean.toFixed(3).padEnd(10)).join("")}`);
}

/** The texts of the blocks that a function chooses by their values. */
function textsIn(
  values: ReadonlyMap<JudgedPage, Float64Array>,
  form: string,
  choose: (values: Float64Array) => readonly boolean[],
): BothAnswers {
  const answersIn = (folder: Sample["folder"]): Answers =>
    new Map(
      [...values]
        .filter(([page]) => page.form === form && page.sample.folder === folder)
        .map(([{ sample, blocks }, own]) => {
          const is = choose(own);
          const text = blocks.flatMap((block, index) => (is[index] ? [block.text] : []));
          return [sample.id, { text: text.join("\n\n") }];
        }),
    );
  return { en: answersIn("en"), multilingual: answersIn("multilingual") };
}

function isTaken(choice: Float64Array): boolean[] {
  return Array.from(choice, (share) => share > 0.5);
}
