import { compileGenres, genreOf, type GenreTrees } from "../../src/summary/genre.ts";
import { foldOf as foldOfGroup } from "../training/random.ts";
import { judgedArticles, unletteredArticles, type JudgedArticle } from "./examples.ts";
import { genreLabels, type StoredGenres } from "./genres.ts";
import { articlesWithGists } from "./gists.ts";
import { exampleOf, type Example } from "./judge.ts";

const FOLDS = 5;
type Label = Pick<JudgedArticle["label"], "set" | "id" | "group">;

/** The judged articles with a genre by weights that never saw their source. */
export function readExamples(genres: readonly StoredGenres[]): readonly Example[] {
  const genre = genres.map(compileGenres);
  return [...judgedArticles(), ...withGistsAlone()].map((judged) => {
    const trees: GenreTrees = genre[foldOfGroup(judged.label.group, FOLDS)] ?? {};
    return exampleOf(judged, genreOf(judged.article, trees));
  });
}

/** Articles of which gists were judged, and no sentences: those of other kinds than news. */
function withGistsAlone(): readonly JudgedArticle[] {
  const known = new Set(judgedArticles().map(({ label }) => `${label.set} ${label.id}`));
  const wanted = new Set(articlesWithGists().map(({ set, id }) => `${set} ${id}`));
  const labels = genreLabels().filter(({ set, id }) => wanted.has(`${set} ${id}`));
  return unletteredArticles(labels.filter(({ set, id }) => !known.has(`${set} ${id}`)));
}

export function foldsOf<Labelled extends { readonly label: Label }>(examples: readonly Labelled[]) {
  return Array.from({ length: FOLDS }, (_, fold) => ({
    seen: examples.filter((example) => foldOf(example) !== fold),
    held: examples.filter((example) => foldOf(example) === fold),
  }));
}

/** Pages and items of one site are in one fold. Each news text is an event of its own. */
export function foldOf({ label }: { readonly label: Label }): number {
  return foldOfGroup(groupOf({ label }), FOLDS);
}

export function groupOf({ label }: { readonly label: Label }): string {
  return label.set === "train" ? label.id : label.group;
}
