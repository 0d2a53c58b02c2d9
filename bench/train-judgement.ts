/**
 * Trains the judgement of a sentence, of a passage as the gist, of a line in its place and of a whole entry, from labels (bench/judged/), and
 * writes the weights, the same to the byte in every run:
 *
 *   npm run train:judgement
 *   npm run train:judgement -- --check     cross-validated: what to expect of articles never seen; writes nothing
 *
 * BROADSHEET_CORPORA names the folder with summary/, articles/ and feeds/. Leaves with 66 where there is none.
 */
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  checkJudgement,
  entriesOf,
  gistsByFold,
  judgedByOthers,
  linesByFold,
  lineTreesByFold,
} from "./judged/check.ts";
import { trainEntries } from "./judged/entries.ts";
import { checkFacts, factsExamples, trainFacts } from "./judged/facts.ts";
import { corpora } from "./judged/examples.ts";
import { foldsOf, readExamples } from "./judged/folds.ts";
import { checkGenres, genreExamples, genresByFold, trainGenres } from "./judged/genres.ts";
import { trainGists } from "./judged/gists.ts";
import { trainJudgement } from "./judged/judge.ts";
import { trainLines } from "./judged/lines.ts";

const SUMMARY = path.join(import.meta.dirname, "../src/summary");

process.exitCode = main();

function main(): number {
  if (!existsSync(path.join(corpora, "summary"))) {
    console.error(`bench/train-judgement: ${corpora} has no summary; nothing was trained`);
    return 66;
  }
  const genres = genreExamples();
  const examples = readExamples(genresByFold(genres));
  if (process.argv.includes("--check")) {
    checkGenres(genres);
    checkFacts(factsExamples(checkJudgement(foldsOf(examples))));
    return 0;
  }
  store("genre-weights.json", trainGenres(genres));
  store("judgement-weights.json", trainJudgement(examples));
  const apart = judgedByOthers(foldsOf(examples));
  store("gist-weights.json", trainGists(apart.flat().flatMap(({ gists }) => gists)));
  const gists = gistsByFold(apart);
  const lines = linesByFold(apart, gists);
  store("line-weights.json", trainLines(lines.flat()));
  store("entry-weights.json", trainEntries(entriesOf(apart, gists, lineTreesByFold(lines))));
  store("fact-weights.json", trainFacts(factsExamples(apart)));
  return 0;
}

function store(name: string, weights: object): void {
  const stored = `${JSON.stringify(weights)}\n`;
  writeFileSync(path.join(SUMMARY, name), stored);
  console.log(`${name}: ${Math.ceil(stored.length / 1024)} KB`);
}
