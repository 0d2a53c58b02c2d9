import { loadTrees, logOddsOf, type StoredTrees } from "../../src/platform/boosted-trees.ts";
import { boundMarkup } from "../../src/article/page/bound-markup.ts";
import { parsePage } from "../../src/article/page/page-dom.ts";
import { verdictFeatures } from "../../src/article/page/verdict-features.ts";
import { binExamples, growTrees, type Growth } from "./boosting.ts";
import { foldOf, type Sample, samplesOf } from "./corpus.ts";
import { remade } from "./forms.ts";
import { harmedPages } from "./harms.ts";
import { pageF1, segmentF1 } from "./page-scores.ts";
import { readerFor, readersBySite } from "./readers-by-site.ts";
import { FOLDS } from "./training.ts";

/** A reading by a reader that has not seen the site, with the F1 of its text. */
export interface JudgedReading {
  readonly sample: Pick<Sample, "folder" | "id" | "site">;
  readonly form: string;
  /** The name of the harm; empty for an unharmed page. */
  readonly harm: string;
  readonly f1: number;
  readonly row: readonly number[];
  /** Whether it is doubted for another reason than its predicted F1, such as a paywall or a missing headline. */
  readonly isDoubtedOtherwise: boolean;
  readonly isRefused: boolean;
}

/** The weights of the verdict as they are stored. */
export interface StoredVerdict {
  readonly trees: StoredTrees;
  /** The log-odds below which a reading is doubted. */
  readonly limit: number;
  /** Points from log-odds to the mean F1. */
  readonly curve: readonly (readonly [number, number])[];
  /** The median of each feature among well read pages. */
  readonly typical: readonly number[];
}

const FORMS = ["", "bare", "divs", "breaks"];
const FOLDERS = ["en", "multilingual", "vetted"] as const;
const DRAWS = 2;

/** Reads all pages in all forms, and all harmed pages. Takes half an hour. */
export async function readForVerdicts(trees: readonly StoredTrees[]): Promise<JudgedReading[]> {
  const readers = await readersBySite(trees);
  const samples = FOLDERS.flatMap((folder) => samplesOf(folder));
  return samples.flatMap((sample) => {
    const { readPage } = readerFor(sample, readers);
    const read = (html: string, form: string, harm: string): JudgedReading => {
      const { folder, id, site } = sample;
      const page = readPage(boundMarkup(html.toWellFormed()), `${id}.html`, parsePage);
      const { seen, reading, hasProse } = page;
      return {
        sample: { folder, id, site },
        form,
        harm,
        f1: f1Of(page.text, sample),
        row: Object.values(verdictFeatures(seen)),
        isDoubtedOtherwise: reading.partial !== undefined || reading.doubts.some(isOfPage),
        isRefused: !hasProse,
      };
    };
    const harmed = Array.from({ length: DRAWS }, (_, draw) => {
      const form = FORMS[draw] ?? "";
      return harmedPages(sample, samples, FOLDS, draw).map(({ html, harm }) =>
        read(remade(html, form), form, harm),
      );
    });
    return FORMS.map((form) => read(remade(sample.html, form), form, "")).concat(harmed.flat());
  });
}

// These doubts do not come from the predicted F1.
function isOfPage(doubt: string): boolean {
  return /no headline|headline is|imprint|may not show/.test(doubt);
}

function f1Of(text: string, { folder, gold }: Sample): number {
  return folder === "multilingual"
    ? segmentF1(text, gold.with ?? [], gold.without ?? [])
    : pageF1(text, gold.articleBody ?? "");
}

/** Many small steps, because few unharmed pages are read badly. */
const GROWTH: Growth = {
  trees: 160,
  depth: 3,
  bins: 48,
  rate: 0.08,
  leafWeight: 0.4,
  damping: 2,
  featureShare: 0.4,
  rowShare: 0.6,
};

const REMADE = 0.7;

/** How a verdict is trained. */
export interface Training {
  readonly growth: Growth;
  /** The weight of a harmed page; an unharmed one has 1. Harmed pages are more frequent here and rarer in practice. */
  readonly harmed: number;
  /** The share of good readings that may be doubted. If absent, the costs set the limit. */
  readonly mostDoubted?: number;
}

const OF_PAGES: Training = { growth: GROWTH, harmed: 0.2 };
/**
 * Harm to a text shows in combinations of features, so the trees are deeper. With twice as many doubts, a fifth of
 * the items of real feeds would be doubted.
 */
export const OF_TEXTS: Training = {
  growth: { ...GROWTH, depth: 4 },
  harmed: 0.5,
  mostDoubted: 0.04,
};

/** Trains the verdict. Its limit and its curve come from trees that have not seen the site. */
export function trainVerdict(
  readings: readonly JudgedReading[],
  training: Training = OF_PAGES,
): StoredVerdict {
  const known = readings.filter(({ isRefused }) => !isRefused);
  const { growth, mostDoubted } = training;
  const binned = binExamples(examplesOf(known, training), growth.bins);
  const logOdds = verdictsByFold(known, training);
  const weights = costWeights(known);
  const limit =
    mostDoubted === undefined
      ? limitOf(known, logOdds, weights)
      : quantileOfGood(known, logOdds, mostDoubted);
  return {
    trees: growTrees(binned, Int32Array.from(known.keys()), growth),
    limit: Number(limit.toPrecision(4)),
    curve: curveOf(known, logOdds, weights),
    typical: typicalOf(known),
  };
}

function examplesOf(readings: readonly JudgedReading[], { harmed }: Training) {
  return {
    rows: readings.map(({ row }) => row),
    labels: readings.map(({ f1 }) => rightness(f1)),
    weights: readings.map(({ harm, form }) => (harm ? harmed : form === "" ? 1 : REMADE)),
  };
}

// Any reading below .8 needs an editor, however far below.
function rightness(f1: number): number {
  if (f1 >= 0.9) return 1;
  if (f1 >= 0.8) return 0.8;
  return f1 >= 0.7 ? 0.2 : 0;
}

/** The log-odds of each reading, from trees that have seen no reading of its site. */
function verdictsByFold(readings: readonly JudgedReading[], training: Training): readonly number[] {
  const { growth } = training;
  const binned = binExamples(examplesOf(readings, training), growth.bins);
  const folds = readings.map(({ sample }) => foldOf(sample.site, FOLDS));
  const trees = Array.from({ length: FOLDS }, (_, fold) =>
    loadTrees(
      growTrees(
        binned,
        Int32Array.from(readings.keys()).filter((at) => folds[at] !== fold),
        growth,
      ),
    ),
  );
  return readings.map(({ row }, at) => {
    const own = trees[folds[at] ?? 0];
    return own ? logOddsOf(own, row) : 0;
  });
}

const BAD = 0.8;
/** One missed bad reading costs as much as this number of doubted good ones. */
const COST_OF_MISS = 5;

/** The assumed number of texts for each bad one, if no unharmed text is bad. */
const BAD_IN = 20;

/** Weights that make bad readings of harmed pages as frequent as bad readings of unharmed ones. */
function costWeights(readings: readonly JudgedReading[]): readonly number[] {
  const asIs = readings.filter(({ harm }) => harm === "");
  const bad = (own: readonly JudgedReading[]) => own.filter(({ f1 }) => f1 < BAD).length;
  const harmed = (bad(asIs) || asIs.length / BAD_IN) / Math.max(1, bad(readings) - bad(asIs));
  return readings.map(({ harm }) => (harm ? harmed : 1));
}

function quantileOfGood(
  readings: readonly JudgedReading[],
  logOdds: readonly number[],
  share: number,
): number {
  const good = logOdds.filter((_, at) => readings[at]?.harm === "").toSorted((a, b) => a - b);
  return good[Math.floor(good.length * share)] ?? -Infinity;
}

function limitOf(
  readings: readonly JudgedReading[],
  logOdds: readonly number[],
  weights: readonly number[],
): number {
  const order = [...readings.keys()].toSorted((a, b) => (logOdds[a] ?? 0) - (logOdds[b] ?? 0));
  let [cost, least, limit] = [0, 0, -Infinity];
  for (const at of order) {
    const isBad = (readings[at]?.f1 ?? 1) < BAD;
    cost += (weights[at] ?? 0) * (isBad ? -COST_OF_MISS : 1);
    if (cost < least) [least, limit] = [cost, (logOdds[at] ?? 0) + 1e-3];
  }
  return limit;
}

const POINTS = 12;

/** The mean F1 by log-odds at some quantiles, made monotone (pool adjacent violators). */
function curveOf(
  readings: readonly JudgedReading[],
  logOdds: readonly number[],
  weights: readonly number[],
): readonly (readonly [number, number])[] {
  const order = [...readings.keys()].toSorted((a, b) => (logOdds[a] ?? 0) - (logOdds[b] ?? 0));
  const all = order.reduce((sum, at) => sum + (weights[at] ?? 0), 0);
  const pools: { x: number; y: number; weight: number }[] = [];
  let open = { x: 0, y: 0, weight: 0 };
  // Bad readings are few, so the lower bins are narrow.
  let bin = 0;
  const endOf = (at: number) => all * ((at + 1) / POINTS) ** 3;
  let done = 0;
  for (const at of order) {
    const weight = weights[at] ?? 0;
    open.x += weight * (logOdds[at] ?? 0);
    open.y += weight * (readings[at]?.f1 ?? 0);
    open.weight += weight;
    done += weight;
    if (done < endOf(bin) && at !== order.at(-1)) continue;
    while (bin < POINTS - 1 && done >= endOf(bin)) bin++;
    pools.push(open);
    open = { x: 0, y: 0, weight: 0 };
    for (
      let last = pools.at(-1), before = pools.at(-2);
      last && before;
      last = pools.at(-1), before = pools.at(-2)
    ) {
      if (before.y / before.weight <= last.y / last.weight) break;
      pools.splice(-2, 2, {
        x: before.x + last.x,
        y: before.y + last.y,
        weight: before.weight + last.weight,
      });
    }
  }
  return pools.map(({ x, y, weight }) => [
    Number((x / weight).toFixed(3)),
    Number((y / weight).toFixed(3)),
  ]);
}

function typicalOf(readings: readonly JudgedReading[]): readonly number[] {
  const good = readings.filter(({ f1, harm }) => harm === "" && f1 >= 0.95);
  return (good[0]?.row ?? []).map((_, at) => {
    const values = good.map(({ row }) => row[at] ?? 0).toSorted((a, b) => a - b);
    return Number((values[values.length >> 1] ?? 0).toPrecision(4));
  });
}

/** Prints the results of the verdict on unharmed and harmed pages, by trees that have not seen the site. */
export function printVerdicts(
  readings: readonly JudgedReading[],
  { limit }: StoredVerdict,
  training: Training = OF_PAGES,
): void {
  const known = readings.filter(({ isRefused }) => !isRefused);
  const logOdds = verdictsByFold(known, training);
  const doubted = new Set(
    readings.filter(({ isRefused, isDoubtedOtherwise }) => isRefused || isDoubtedOtherwise),
  );
  known.forEach((reading, at) => {
    if ((logOdds[at] ?? 0) < limit) doubted.add(reading);
  });
  const line = (name: string, own: readonly JudgedReading[]): void => {
    const bad = own.filter(({ f1 }) => f1 < BAD);
    const good = own.filter(({ f1 }) => f1 >= 0.95);
    const cells = [
      bad.length,
      bad.filter((reading) => !doubted.has(reading)).length,
      good.length,
      good.filter((reading) => doubted.has(reading)).length,
    ];
    console.log(`  ${name.padEnd(20)}${cells.map((cell) => String(cell).padEnd(13)).join("")}`);
  };
  console.log("\nverdicts              F1 < .8      not doubted  F1 ≥ .95     doubted");
  const asIs = readings.filter(({ harm }) => harm === "");
  line("all pages", asIs);
  for (const folder of FOLDERS)
    line(
      folder,
      asIs.filter(({ sample }) => sample.folder === folder),
    );
  for (const form of new Set(asIs.map((one) => one.form)))
    line(
      form || "as it is",
      asIs.filter((one) => one.form === form),
    );
  const harmed = readings.filter(({ harm }) => harm !== "");
  line("all harms", harmed);
  for (const [harm, own] of Map.groupBy(harmed, (one) => one.harm)) line(harm, own);
}
