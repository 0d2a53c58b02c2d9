import type { FieldName } from "../../src/article/page/metadata/field-choice.ts";
import { likelihood, loadTrees, type StoredTrees } from "../../src/platform/boosted-trees.ts";
import { boundMarkup } from "../../src/article/page/bound-markup.ts";
import { parsePage } from "../../src/article/page/page-dom.ts";
import { binExamples, growTrees, type Growth } from "./boosting.ts";
import { foldOf, samplesOf } from "./corpus.ts";
import { fieldExamples, FOLDERS, type FieldExample } from "./field-examples.ts";
import { readerFor, readersWith } from "./readers-by-site.ts";
import { FOLDS } from "./training.ts";

/** Few and small trees, because there are about 180 sites with one page each. */
const GROWTH: Growth = {
  trees: 80,
  depth: 3,
  bins: 32,
  rate: 0.1,
  leafWeight: 2,
  damping: 3,
  featureShare: 0.4,
  rowShare: 0.8,
};

/**
 * The probability below which a field is left empty. A wrong value costs half of a right one's gain, because an
 * editor sees it. An issue needs a headline, so a doubtful title is better than none.
 */
const LIMITS: Readonly<Record<FieldName, number>> = {
  title: 0.1,
  authors: 0.33,
  date: 0.33,
  picture: 0.33,
};

type FieldWeights = Readonly<Record<FieldName, StoredTrees & { readonly limit: number }>>;

export const FIELD_WEIGHTS = "article/page/metadata/field-weights.json";

const NONE: StoredTrees = { feature: [], value: [], left: [] };
const BLANK: FieldWeights = {
  title: { ...NONE, limit: 0 },
  authors: { ...NONE, limit: 0 },
  date: { ...NONE, limit: 0 },
  picture: { ...NONE, limit: 0 },
};

/** The examples of fields, and for each fold the weights grown without its sites. */
export interface FieldsBySite {
  readonly examples: readonly FieldExample[];
  readonly byFold: readonly FieldWeights[];
}

/**
 * Trains the choice of fields by site. Bylines are sorted by their distance from the headline, so titles are trained
 * first. The other fields are trained on pages with the headline chosen by them.
 */
export async function trainFieldsBySite(): Promise<FieldsBySite> {
  const folds = Array.from({ length: FOLDS }, (_, fold) => fold);
  const first = await readAll(
    "blank",
    folds.map(() => BLANK),
  );
  const titled = folds.map((fold) => growWithout(first, fold));
  const examples = await readAll("titled", titled);
  return { examples, byFold: folds.map((fold) => growWithout(examples, fold)) };
}

async function readAll(name: string, byFold: readonly FieldWeights[]): Promise<FieldExample[]> {
  const readers = await readersWith(FIELD_WEIGHTS, byFold, name);
  const pages = FOLDERS.flatMap((folder) => samplesOf(folder)).map((sample) => {
    const markup = boundMarkup(sample.html.toWellFormed());
    const { offers } = readerFor(sample, readers).readPage(markup, `${sample.id}.html`, parsePage);
    return { sample, offers };
  });
  return pages.flatMap(({ sample, offers }, index) =>
    fieldExamples(sample, offers, pages.at(index - 1)?.offers ?? offers),
  );
}

function growWithout(examples: readonly FieldExample[], fold: number): FieldWeights {
  return growFields(examples.filter(({ sample }) => foldOf(sample.site, FOLDS) !== fold));
}

export function growFields(examples: readonly FieldExample[]): FieldWeights {
  const grow = (field: FieldName): FieldWeights[FieldName] => {
    const own = examples.filter((example) => example.field === field);
    const rows = own.flatMap((example) => example.rows);
    const labels = own.flatMap((example) => example.labels);
    const weights = own.flatMap((example) => example.rows.map(() => example.weight));
    const binned = binExamples({ rows, labels, weights }, GROWTH.bins);
    return { ...growTrees(binned, Int32Array.from(rows.keys()), GROWTH), limit: LIMITS[field] };
  };
  return {
    title: grow("title"),
    authors: grow("authors"),
    date: grow("date"),
    picture: grow("picture"),
  };
}

/**
 * A field of an unchanged page: the probability of its likeliest value from trees that have not seen its site, and
 * whether it is right.
 */
interface JudgedField {
  readonly example: FieldExample;
  readonly chance: number;
  readonly isRight: boolean;
}

export function judgeFields({ examples, byFold }: FieldsBySite): JudgedField[] {
  const loaded = byFold.map(
    (weights) =>
      new Map(Object.entries(weights).map(([name, trees]) => [name, loadTrees(trees)] as const)),
  );
  return examples.flatMap((example): JudgedField[] => {
    if (example.weight < 1) return [];
    const trees = loaded[foldOf(example.sample.site, FOLDS)]?.get(example.field);
    const chances = trees ? example.rows.map((row) => likelihood(trees, row)) : [];
    const chance = Math.max(...chances);
    const isRight = example.labels[chances.indexOf(chance)] === 1;
    return chances.length === 0 ? [] : [{ example, chance, isRight }];
  });
}
