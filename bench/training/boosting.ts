import { loadTrees, logOddsOf, type StoredTrees } from "../../src/platform/boosted-trees.ts";
import { binned, type Column } from "./column.ts";
import { randomFrom } from "./random.ts";

/** Training data: rows of features, each with a label from 0 (no) to 1 (yes). */
export interface Rows {
  readonly features: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

export interface Growth {
  readonly trees: number;
  readonly depth: number;
  /** The learning rate: the factor applied to each tree. */
  readonly rate: number;
  /** The fewest rows in a leaf. */
  readonly leafRows: number;
  /** Draws leaves with little evidence towards 0. */
  readonly damping: number;
  /** The shares of the features and of the rows that each tree sees. */
  readonly featureShare: number;
  readonly rowShare: number;
}

/** Significant digits of the stored values. */
const DIGITS = 4;

/** Grows trees whose sum is the log-odds of a row's label: gradient boosting with logistic loss on histograms. */
export function growForest({ features, labels }: Rows, growth: Growth): StoredTrees {
  const width = features[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, at) =>
    binned(
      at,
      Float64Array.from(features, (x) => x[at] ?? 0),
    ),
  );
  const said = new Float64Array(labels.length);
  const random = randomFrom(labels.length);
  const forest: Node[] = [];
  for (let tree = 0; tree < growth.trees; tree++) {
    const seen = columns.filter(() => random() < growth.featureShare);
    const rows = Int32Array.from(labels.keys()).filter(() => random() < growth.rowShare);
    const grown = branch(rows, growth.depth, { growth, columns: seen, ...slopesOf(labels, said) });
    const compiled = loadTrees(inColumns(grown));
    for (const [row, x] of features.entries()) {
      said[row] = (said[row] ?? 0) + logOddsOf(compiled, x);
    }
    forest.push(...grown);
  }
  return inColumns(forest);
}

/** As in `StoredTrees`. */
interface Node {
  readonly feature: number;
  readonly value: number;
  readonly left: number;
}

function inColumns(nodes: readonly Node[]): StoredTrees {
  return {
    feature: nodes.map(({ feature }) => feature),
    value: nodes.map(({ value }) => value),
    left: nodes.map(({ left }) => left),
  };
}

interface Ground {
  readonly growth: Growth;
  readonly columns: readonly Column[];
  /** First and second derivatives of the loss at each row. */
  readonly slope: Float64Array;
  readonly curve: Float64Array;
}

function slopesOf(labels: readonly number[], said: Float64Array) {
  const shares = said.map((logOdds) => 1 / (1 + Math.exp(-logOdds)));
  return {
    slope: shares.map((share, row) => (labels[row] ?? 0) - share),
    curve: shares.map((share) => Math.max(1e-6, share * (1 - share))),
  };
}

/** The nodes of a branch in the order of `StoredTrees`. */
function branch(rows: Int32Array, depth: number, ground: Ground): readonly Node[] {
  const split = depth > 0 ? bestSplit(rows, ground) : undefined;
  if (split === undefined) return [{ feature: -1, value: leafValue(rows, ground), left: 0 }];
  const { column, bin } = split;
  const goesLeft = (row: number) => (column.bins[row] ?? 0) <= bin;
  const left = branch(rows.filter(goesLeft), depth - 1, ground);
  const right = branch(
    rows.filter((row) => !goesLeft(row)),
    depth - 1,
    ground,
  );
  const value = column.thresholds[bin] ?? 0;
  return [{ feature: column.feature, value, left: left.length }, ...left, ...right];
}

function leafValue(rows: Int32Array, { growth, slope, curve }: Ground): number {
  let slopes = 0;
  let curves = 0;
  for (const row of rows) {
    slopes += slope[row] ?? 0;
    curves += curve[row] ?? 0;
  }
  return rounded((growth.rate * slopes) / (curves + growth.damping));
}

interface Split {
  readonly column: Column;
  /** Rows up to this bin go left. */
  readonly bin: number;
  readonly gain: number;
}

function bestSplit(rows: Int32Array, ground: Ground): Split | undefined {
  if (rows.length < 2 * ground.growth.leafRows) return undefined;
  let best: Split | undefined;
  for (const column of ground.columns) {
    const split = splitOf(column, rows, ground);
    if (split && split.gain > (best?.gain ?? 1e-9)) best = split;
  }
  return best;
}

function splitOf(column: Column, rows: Int32Array, ground: Ground): Split | undefined {
  const { leafRows, damping } = ground.growth;
  const { slopes, curves, counts } = histogram(column, rows, ground);
  const [allSlope, allCurve] = [sumOf(slopes), sumOf(curves)];
  const gainOf = (slope: number, curve: number) => (slope * slope) / (curve + damping);
  let best: Split | undefined;
  let [slope, curve, count] = [0, 0, 0];
  for (const bin of column.thresholds.keys()) {
    slope += slopes[bin] ?? 0;
    curve += curves[bin] ?? 0;
    count += counts[bin] ?? 0;
    if (count < leafRows || rows.length - count < leafRows) continue;
    const gain =
      gainOf(slope, curve) +
      gainOf(allSlope - slope, allCurve - curve) -
      gainOf(allSlope, allCurve);
    if (gain > (best?.gain ?? 0)) best = { column, bin, gain };
  }
  return best;
}

function histogram({ bins, thresholds }: Column, rows: Int32Array, { slope, curve }: Ground) {
  const slopes = new Float64Array(thresholds.length + 1);
  const curves = new Float64Array(thresholds.length + 1);
  const counts = new Float64Array(thresholds.length + 1);
  for (const row of rows) {
    const bin = bins[row] ?? 0;
    slopes[bin] = (slopes[bin] ?? 0) + (slope[row] ?? 0);
    curves[bin] = (curves[bin] ?? 0) + (curve[row] ?? 0);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { slopes, curves, counts };
}

function sumOf(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
