import { readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import type { StoredTrees } from "../../src/platform/boosted-trees.ts";
import {
  compileGenres,
  genreFeatures,
  genreOf,
  type GenreTrees,
  type Kinded,
} from "../../src/summary/genre.ts";
import { GENRES, type Genre, type GenreChances } from "../../src/summary/summary.ts";
import { binExamples, growTrees } from "../reading/boosting.ts";
import { foldOf } from "../training/random.ts";
import { articlesOf } from "./examples.ts";

const labelled = z.object({
  set: z.string(),
  id: z.string(),
  group: z.string(),
  genre: z.enum(GENRES),
});

/** A text whose kind was read. */
interface Example {
  readonly label: z.output<typeof labelled>;
  readonly article: Kinded;
  readonly row: readonly number[];
}

export function genreLabels(): readonly Example["label"][] {
  const lines = readFileSync(path.join(import.meta.dirname, "genre.ndjson"), "utf8");
  return lines
    .split("\n")
    .filter(Boolean)
    .map((line) => labelled.parse(JSON.parse(line)));
}

/** The texts whose kind was read, that the corpora here still have. */
export function genreExamples(): readonly Example[] {
  return articlesOf(genreLabels()).flatMap(({ label, article }) => {
    const row = genreFeatures(article);
    return row ? [{ label, article, row }] : [];
  });
}

const THIRDS = 3;
const FOLDS = 5;

/** The last third, by source: opened once, when nothing was to be changed any more. */
function isLastThird({ label }: Example): boolean {
  return Number.parseInt(label.group, 16) % THIRDS === THIRDS - 1;
}

const GROWTH = {
  trees: 40,
  depth: 2,
  bins: 24,
  rate: 0.22,
  leafWeight: 0.7,
  damping: 2,
  featureShare: 0.3,
  rowShare: 0.7,
};

export type StoredGenres = Readonly<Record<string, StoredTrees>>;

/** Trees for each genre against the others. A text of a source with many counts less, and one of a rare genre more. */
export function trainGenres(examples: readonly Example[]): StoredGenres {
  const sizes = numbersOf(examples.map(({ label }) => label.group));
  const numbers = numbersOf(examples.map(({ label }) => label.genre));
  const weightOf = ({ label }: Example, genre: Genre) =>
    (sizes.get(label.group) ?? 1) ** -0.4 *
    (label.genre === genre
      ? (examples.length / numbers.size / (numbers.get(genre) ?? 1)) ** 0.4
      : 1);
  const rows = examples.map(({ row }) => row);
  const among = Int32Array.from(rows.keys());
  const genres = GENRES.filter((genre) => numbers.has(genre));
  return Object.fromEntries(
    genres.map((genre) => {
      const labels = examples.map(({ label }) => Number(label.genre === genre));
      const weights = examples.map((example) => weightOf(example, genre));
      const binned = binExamples({ rows, labels, weights }, GROWTH.bins);
      return [genre, growTrees(binned, among, GROWTH)];
    }),
  );
}

function numbersOf<Key>(keys: readonly Key[]): ReadonlyMap<Key, number> {
  const numbers = new Map<Key, number>();
  for (const key of keys) numbers.set(key, (numbers.get(key) ?? 0) + 1);
  return numbers;
}

/** For each fold, the weights of trees that never saw its sources. */
export function genresByFold(examples: readonly Example[]): readonly StoredGenres[] {
  return Array.from({ length: FOLDS }, (_, fold) =>
    trainGenres(examples.filter(({ label }) => foldOf(label.group, FOLDS) !== fold)),
  );
}

/** By source, trees that never saw it. */
function genresByOthers(examples: readonly Example[]): ReadonlyMap<string, GenreTrees> {
  const trees = genresByFold(examples).map(compileGenres);
  return new Map(
    examples.map(({ label }) => [label.group, trees[foldOf(label.group, FOLDS)] ?? {}]),
  );
}

/** Prints how well kinds of held-out sources are told. */
export function checkGenres(examples: readonly Example[]): void {
  const open = examples.filter((one) => !isLastThird(one));
  const byOthers = genresByOthers(open);
  printGenres("cross-validated", open, ({ label }) => byOthers.get(label.group) ?? {});
  const trees = compileGenres(trainGenres(open));
  printGenres("last third", examples.filter(isLastThird), () => trees);
}

function printGenres(
  name: string,
  examples: readonly Example[],
  treesOf: (example: Example) => GenreTrees,
): void {
  const told = examples.map((example) => ({
    is: example.label.genre,
    said: likeliestGenre(genreOf(example.article, treesOf(example))),
  }));
  const right = told.filter(({ is, said }) => is === said).length;
  const scores = GENRES.filter((genre) => told.some(({ is }) => is === genre)).map((genre) => {
    const is = told.filter((one) => one.is === genre);
    const said = told.filter((one) => one.said === genre);
    const both = is.filter((one) => one.said === genre).length;
    return { genre, f1: (2 * both) / (is.length + said.length), number: is.length };
  });
  const macro = scores.reduce((sum, { f1 }) => sum + f1, 0) / scores.length;
  console.log(
    `genre, ${name}: ${examples.length} texts · accuracy ${(right / told.length).toFixed(3)} · macro-F1 ${macro.toFixed(3)} · ` +
      scores.map(({ genre, f1, number }) => `${genre} ${f1.toFixed(2)} (${number})`).join(", "),
  );
  if (process.argv.includes("--listed"))
    for (const genre of GENRES)
      console.log(
        genre.padEnd(10),
        GENRES.map(
          (said) => told.filter((one) => one.is === genre && one.said === said).length,
        ).join(" "),
      );
}

function likeliestGenre(chances: GenreChances): Genre {
  return GENRES.reduce((best, genre) => (chances[genre] > chances[best] ? genre : best), GENRES[0]);
}
