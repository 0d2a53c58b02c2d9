import path from "node:path";
import { compileGenres, genreOf, type GenreTrees } from "../../src/summary/genre.ts";
import { rank } from "../../src/summary/ranking/rank.ts";
import { rankWith } from "../../src/summary/ranking/ranking.ts";
import { exampleOf as rankingExample, rowsOf } from "../training/examples.ts";
import { foldOf as foldOfGroup } from "../training/random.ts";
import { compileWeights, train, type StoredWeights } from "../training/train.ts";
import { corpora, judgedArticles, unletteredArticles, type JudgedArticle } from "./examples.ts";
import { genreLabels, type StoredGenres } from "./genres.ts";
import { articlesWithGists } from "./gists.ts";
import { exampleOf, type Example } from "./judge.ts";

const FOLDS = 5;

/** The judged articles as they are read, ranked and given a genre by weights that never saw their source. */
export function readExamples(
  rankings: readonly StoredWeights[],
  genres: readonly StoredGenres[],
): readonly Example[] {
  const ranking = rankings.map(compileWeights);
  const genre = genres.map(compileGenres);
  return [...judgedArticles(), ...withGistsAlone()].map((judged) => {
    const { article, document, label } = judged;
    const weights = label.set === "train" ? ranking[foldOf(judged)] : undefined;
    const ranked = weights ? rankWith(document, weights) : rank(document);
    const trees: GenreTrees = genre[foldOfGroup(label.group, FOLDS)] ?? {};
    return exampleOf(judged, ranked, genreOf(article, trees));
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
export function rankingsByFold(): readonly StoredWeights[] {
  const rows = rowsOf(path.join(corpora, "summary/train.jsonl"));
  const examples = rows.map((row) => ({ id: row.id, example: rankingExample(row) }));
  return Array.from({ length: FOLDS }, (_, fold) =>
    train(
      examples.filter(({ id }) => foldOfGroup(id, FOLDS) !== fold).map(({ example }) => example),
    ),
  );
}

export function foldsOf(examples: readonly Example[]) {
  return Array.from({ length: FOLDS }, (_, fold) => ({
    seen: examples.filter((example) => foldOf(example) !== fold),
    held: examples.filter((example) => foldOf(example) === fold),
  }));
}

// Pages and items of one site are never on both sides; each news text is an event of its own.
export function foldOf({ label }: Pick<JudgedArticle, "label">): number {
  return foldOfGroup(label.set === "train" ? label.id : label.group, FOLDS);
}
