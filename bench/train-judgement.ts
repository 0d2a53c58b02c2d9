/**
 * Trains what an editor would say of a sentence, and of a passage as the gist, from those that were judged (bench/judged/), and
 * writes the weights, the same to the byte in every run:
 *
 *   npm run train:judgement
 *   npm run train:judgement -- --check     cross-validated: what to expect of articles never seen; writes nothing
 *
 * BROADSHEET_CORPORA names the folder with summary/, articles/ and feeds/. Leaves with 66 where there is none. The ranking that
 * is a feature of it was itself trained on the news texts, so in both it is grown without the article's fifth.
 */
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { checkJudgement, judgedByOthers } from "./judged/check.ts";
import { corpora } from "./judged/examples.ts";
import { foldsOf, rankingsByFold, readExamples } from "./judged/folds.ts";
import { checkGenres, genreExamples, genresByFold, trainGenres } from "./judged/genres.ts";
import { trainGists } from "./judged/gists.ts";
import { trainJudgement } from "./judged/judge.ts";

const SUMMARY = path.join(import.meta.dirname, "../src/summary");

process.exitCode = main();

function main(): number {
  if (!existsSync(path.join(corpora, "summary"))) {
    console.error(`bench/train-judgement: ${corpora} has no summary; nothing was trained`);
    return 66;
  }
  const genres = genreExamples();
  const examples = readExamples(rankingsByFold(), genresByFold(genres));
  if (process.argv.includes("--check")) {
    checkGenres(genres);
    checkJudgement(foldsOf(examples));
    return 0;
  }
  store("genre-weights.json", trainGenres(genres));
  store("judgement-weights.json", trainJudgement(examples));
  const gists = judgedByOthers(foldsOf(examples)).flatMap((fold) => fold);
  store("gist-weights.json", trainGists(gists.flatMap((judged) => judged.gists)));
  return 0;
}

function store(name: string, weights: object): void {
  const stored = `${JSON.stringify(weights)}\n`;
  writeFileSync(path.join(SUMMARY, name), stored);
  console.log(`${name}: ${Math.ceil(stored.length / 1024)} KB`);
}
