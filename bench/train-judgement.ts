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
import { rank } from "../src/summary/ranking/rank.ts";
import { rankWith, type Weights } from "../src/summary/ranking/ranking.ts";
import { genreOf } from "../src/summary/genre.ts";
import {
  checkGenres,
  genreChances,
  genreExamples,
  genreLabels,
  trainGenres,
} from "./judged/genres.ts";
import { checkJudgement, judgedByOthers } from "./judged/check.ts";
import {
  corpora,
  judgedArticles,
  unletteredArticles,
  type JudgedArticle,
} from "./judged/examples.ts";
import { articlesWithGists, trainGists } from "./judged/gists.ts";
import { exampleOf, trainJudgement, type Example } from "./judged/judge.ts";
import { exampleOf as rankingExample, rowsOf } from "./training/examples.ts";
import { foldOf as foldOfGroup } from "./training/random.ts";
import { compileWeights, train } from "./training/train.ts";

const SUMMARY = path.join(import.meta.dirname, "../src/summary");
export const FOLDS = 5;

process.exitCode = main();

function main(): number {
  if (!existsSync(path.join(corpora, "summary"))) {
    console.error(`bench/train-judgement: ${corpora} has no summary; nothing was trained`);
    return 66;
  }
  const examples = readExamples();
  if (process.argv.includes("--check")) {
    checkGenres(genreExamples());
    checkJudgement(foldsOf(examples));
    return 0;
  }
  store("genre-weights.json", trainGenres(genreExamples()));
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

function readExamples(): readonly Example[] {
  const judged = [...judgedArticles(), ...withGistsAlone()];
  const rankings = rankingWeights();
  const genres = genreChances(genreExamples());
  return judged.map((judgedArticle) => {
    const { article, document, label } = judgedArticle;
    const weights = label.set === "train" ? rankings[foldOf(judgedArticle)] : undefined;
    const ranking = weights ? rankWith(document, weights) : rank(document);
    return exampleOf(judgedArticle, ranking, genres(label) ?? genreOf(article));
  });
}

/** Articles of which gists were judged, and no sentences: those of other kinds than news. */
function withGistsAlone(): readonly JudgedArticle[] {
  const known = new Set(judgedArticles().map(({ label }) => `${label.set} ${label.id}`));
  const wanted = new Set(articlesWithGists().map(({ set, id }) => `${set} ${id}`));
  const labels = genreLabels().filter(({ set, id }) => wanted.has(`${set} ${id}`));
  return unletteredArticles(labels.filter(({ set, id }) => !known.has(`${set} ${id}`)));
}

/** A ranking for each fold that has seen no text of it. */
function rankingWeights(): readonly Weights[] {
  const rows = rowsOf(path.join(corpora, "summary/train.jsonl"));
  const examples = rows.map((row) => ({ id: row.id, example: rankingExample(row) }));
  return Array.from({ length: FOLDS }, (_, fold) => {
    const others = examples.filter(({ id }) => foldOfGroup(id, FOLDS) !== fold);
    return compileWeights(train(others.map(({ example }) => example)));
  });
}

function foldsOf(examples: readonly Example[]) {
  return Array.from({ length: FOLDS }, (_, fold) => ({
    seen: examples.filter((example) => foldOf(example) !== fold),
    held: examples.filter((example) => foldOf(example) === fold),
  }));
}

// Pages and items of one site are never on both sides; each news text is an event of its own.
function foldOf({ label }: JudgedArticle): number {
  return foldOfGroup(label.set === "train" ? label.id : label.group, FOLDS);
}
