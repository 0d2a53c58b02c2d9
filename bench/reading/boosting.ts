import { FEATURE_NAMES } from "../../src/article/page/block-features.ts";
import type { StoredTrees } from "../../src/platform/boosted-trees.ts";
import { randomFrom } from "../training/random.ts";

/** Rows of features, each with a label (0 to 1) and a weight. */
export interface Examples {
  readonly rows: readonly ArrayLike<number>[];
  readonly labels: readonly number[];
  readonly weights: readonly number[];
}

export interface Growth {
  readonly trees: number;
  readonly depth: number;
  readonly bins: number;
  /** The learning rate: the factor applied to each tree. */
  readonly rate: number;
  /** The least sum of the loss's curvature in a leaf. */
  readonly leafWeight: number;
  /** Draws leaves with little evidence towards 0. */
  readonly damping: number;
  /** The shares of the features and of the rows that each tree sees. */
  readonly featureShare: number;
  readonly rowShare: number;
}

/** Few trees with heavy leaves, because there are about 200 sites and the rows of one page are similar. */
const GROWTH: Growth = {
  trees: 120,
  depth: 5,
  bins: 64,
  rate: 0.1,
  leafWeight: 8,
  damping: 20,
  featureShare: 0.25,
  rowShare: 0.5,
};

interface Column {
  readonly feature: number;
  readonly bins: Uint8Array;
  /** The upper bound of each bin. */
  readonly edges: readonly number[];
}

/** The features of all rows in bins, computed once for all folds. */
export interface Binned {
  readonly columns: readonly Column[];
  readonly examples: Examples;
}

export function binExamples(examples: Examples, bins = GROWTH.bins): Binned {
  const width = examples.rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, feature) =>
    toColumn(
      feature,
      Float64Array.from(examples.rows, (row) => row[feature] ?? 0),
      bins,
    ),
  );
  return { columns, examples };
}

function toColumn(feature: number, values: Float64Array, bins: number): Column {
  const edges = edgesOf(values, bins);
  return { feature, edges, bins: Uint8Array.from(values, (value) => binOf(value, edges)) };
}

function edgesOf(values: Float64Array, bins: number): readonly number[] {
  const sorted = values.toSorted();
  const distinct = [...new Set(sorted)];
  if (distinct.length <= bins)
    return [...new Set(distinct.slice(1).map((value, i) => rounded((value + distinct[i]!) / 2)))];
  const edges = Array.from({ length: bins - 1 }, (_, i) =>
    rounded(sorted[Math.floor(((i + 1) * sorted.length) / bins)] ?? 0),
  );
  return [...new Set(edges)].filter((edge) => edge < sorted.at(-1)!);
}

// Values are stored rounded, so they are compared rounded. A row then takes the same branch when the trees are
// loaded.
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function binOf(value: number, edges: readonly number[]): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

interface Node {
  readonly feature: number;
  readonly value: number;
  readonly left: number;
}

/**
 * Grows trees whose sum is the log-odds of a row's label: gradient boosting with logistic loss on histograms. Only
 * the rows in `among` are used. The same input gives the same trees.
 */
export function growTrees(
  { columns, examples }: Binned,
  among: Int32Array,
  growth: Growth = GROWTH,
): StoredTrees {
  const { labels, weights } = examples;
  const said = new Float64Array(labels.length);
  const slope = new Float64Array(labels.length);
  const curve = new Float64Array(labels.length);
  const random = randomFrom(7);
  const forest: Node[] = [];
  for (let tree = 0; tree < growth.trees; tree++) {
    for (const row of among) {
      const chance = 1 / (1 + Math.exp(-said[row]!));
      slope[row] = weights[row]! * (labels[row]! - chance);
      curve[row] = weights[row]! * Math.max(1e-6, chance * (1 - chance));
    }
    const seen = columns.filter(() => random() < growth.featureShare);
    const rows = among.filter(() => random() < growth.rowShare);
    const nodes = new Growing(seen, slope, curve, growth).grow(rows);
    for (const row of among) said[row] = said[row]! + leafOf(nodes, columns, row);
    forest.push(...nodes.map(({ feature, value, left }) => ({ feature, value, left })));
  }
  return {
    feature: forest.map(({ feature }) => feature),
    value: forest.map(({ value }) => value),
    left: forest.map(({ left }) => left),
  };
}

interface BinNode extends Node {
  readonly bin: number;
}

function leafOf(nodes: readonly BinNode[], columns: readonly Column[], row: number): number {
  let at = 0;
  for (;;) {
    const node = nodes[at]!;
    if (node.feature < 0) return node.value;
    at = columns[node.feature]!.bins[row]! <= node.bin ? at + 1 : at + 1 + node.left;
  }
}

interface Histogram {
  readonly slopes: Float64Array;
  readonly curves: Float64Array;
}

class Growing {
  readonly #columns: readonly Column[];
  readonly #slope: Float64Array;
  readonly #curve: Float64Array;
  readonly #growth: Growth;

  constructor(
    columns: readonly Column[],
    slope: Float64Array,
    curve: Float64Array,
    growth: Growth,
  ) {
    this.#columns = columns;
    this.#slope = slope;
    this.#curve = curve;
    this.#growth = growth;
  }

  grow(rows: Int32Array): BinNode[] {
    return this.#branch(rows, this.#growth.depth, this.#count(rows));
  }

  // The histogram of the larger branch is the difference between the parent's and the smaller one's, which saves half
  // of the work.
  #branch(rows: Int32Array, depth: number, counted: Histogram): BinNode[] {
    const split = depth > 0 ? this.#bestSplit(counted) : undefined;
    if (!split) return [this.#leaf(rows)];
    const { column, bin } = split;
    const left = rows.filter((row) => column.bins[row]! <= bin);
    const right = rows.filter((row) => column.bins[row]! > bin);
    const isLeftSmall = left.length < right.length;
    const small = depth > 1 ? this.#count(isLeftSmall ? left : right) : counted;
    const large = depth > 1 ? without(counted, small) : counted;
    const leftNodes = this.#branch(left, depth - 1, isLeftSmall ? small : large);
    const rightNodes = this.#branch(right, depth - 1, isLeftSmall ? large : small);
    const value = column.edges[bin]!;
    return [
      { feature: column.feature, value, left: leftNodes.length, bin },
      ...leftNodes,
      ...rightNodes,
    ];
  }

  #leaf(rows: Int32Array): BinNode {
    let [slopes, curves] = [0, 0];
    for (const row of rows) {
      slopes += this.#slope[row]!;
      curves += this.#curve[row]!;
    }
    const value = (this.#growth.rate * slopes) / (curves + this.#growth.damping);
    return { feature: -1, value: Number(value.toPrecision(3)), left: 0, bin: 0 };
  }

  #count(rows: Int32Array): Histogram {
    const { bins: width } = this.#growth;
    const slopes = new Float64Array(this.#columns.length * width);
    const curves = new Float64Array(this.#columns.length * width);
    // Gathered once, because every column reads them in the same order.
    const slope = Float64Array.from(rows, (row) => this.#slope[row]!);
    const curve = Float64Array.from(rows, (row) => this.#curve[row]!);
    for (const [index, { bins }] of this.#columns.entries()) {
      const [first, end] = [index * width, (index + 1) * width];
      addUp(rows, bins, slope, slopes.subarray(first, end));
      addUp(rows, bins, curve, curves.subarray(first, end));
    }
    return { slopes, curves };
  }

  #bestSplit({ slopes, curves }: Histogram): { column: Column; bin: number } | undefined {
    const { bins: width, damping, leafWeight } = this.#growth;
    let best: { column: Column; bin: number } | undefined;
    let most = 1e-6;
    for (const [index, column] of this.#columns.entries()) {
      const base = index * width;
      let [allSlope, allCurve] = [0, 0];
      for (let bin = 0; bin <= column.edges.length; bin++) {
        allSlope += slopes[base + bin]!;
        allCurve += curves[base + bin]!;
      }
      const whole = (allSlope * allSlope) / (allCurve + damping);
      let [slope, curve] = [0, 0];
      for (let bin = 0; bin < column.edges.length; bin++) {
        slope += slopes[base + bin]!;
        curve += curves[base + bin]!;
        if (curve < leafWeight) continue;
        if (allCurve - curve < leafWeight) break;
        const rest = allSlope - slope;
        const gain =
          (slope * slope) / (curve + damping) +
          (rest * rest) / (allCurve - curve + damping) -
          whole;
        if (gain > most) {
          most = gain;
          best = { column, bin };
        }
      }
    }
    return best;
  }
}

function addUp(rows: Int32Array, bins: Uint8Array, values: Float64Array, sums: Float64Array): void {
  for (let i = 0; i < rows.length; i++) {
    const bin = bins[rows[i]!]!;
    sums[bin] = sums[bin]! + values[i]!;
  }
}

function without(all: Histogram, part: Histogram): Histogram {
  return {
    slopes: all.slopes.map((value, index) => value - part.slopes[index]!),
    curves: all.curves.map((value, index) => value - part.curves[index]!),
  };
}

/** The number of nodes that test each feature, the most frequent first. */
export function askedMost({ feature }: StoredTrees): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const asked of feature) {
    const name = FEATURE_NAMES[asked];
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].toSorted(([, a], [, b]) => b - a);
}
