import { loadTrees, logOddsOf, type StoredTrees } from "../../src/platform/boosted-trees.ts";

/** A sentence as what speaks against it, whether it is false, and how much it counts. */
export interface Row {
  readonly features: readonly number[];
  readonly isFalse: boolean;
  readonly weight: number;
}

const GROWTH = { rounds: 160, rate: 0.12, damping: 3, leastWeight: 4, edges: 24 };

/**
 * Trees of one question each that say how likely a sentence is false. More of what speaks against it never
 * makes it likelier to be true: else that planted falsehoods keep to the article's words would be learned,
 * and the article's own words taken for false.
 */
export function growStumps(rows: readonly Row[], growth = GROWTH): StoredTrees {
  const width = rows[0]?.features.length ?? 0;
  const edges = Array.from({ length: width }, (_, at) => edgesOf(rows, at, growth.edges));
  const said = new Float64Array(rows.length);
  const feature: number[] = [];
  const value: number[] = [];
  const left: number[] = [];
  const add = (asked: number, edge: number, low: number, high: number) => {
    feature.push(asked, -1, -1);
    value.push(edge, round(low), round(high));
    left.push(1, 0, 0);
    for (const [index, row] of rows.entries()) said[index] = said[index]! + ((row.features[asked] ?? 0) <= edge ? low : high);
  };
  for (let round = 0; round < growth.rounds; round++) {
    const best = bestSplit(rows, edges, said, growth);
    if (!best) break;
    add(best.feature, best.edge, best.low * growth.rate, best.high * growth.rate);
  }
  return { feature, value, left };
}

function bestSplit(rows: readonly Row[], edges: readonly (readonly number[])[], said: Float64Array, growth: typeof GROWTH) {
  const slopes = rows.map(({ isFalse, weight }, index) => weight * ((isFalse ? 1 : 0) - chance(said[index]!)));
  const curves = rows.map(({ weight }, index) => weight * chance(said[index]!) * (1 - chance(said[index]!)));
  let best: { feature: number; edge: number; low: number; high: number } | undefined;
  let most = 0;
  for (const [feature, all] of edges.entries()) {
    for (const edge of all) {
      const [slope, curve] = [[0, 0], [0, 0]] as [[number, number], [number, number]];
      let [few, many] = [0, 0];
      for (const [index, row] of rows.entries()) {
        const side = (row.features[feature] ?? 0) <= edge ? 0 : 1;
        slope[side] += slopes[index]!;
        curve[side] += curves[index]!;
        if (side === 0) few += row.weight;
        else many += row.weight;
      }
      if (few < growth.leastWeight || many < growth.leastWeight) continue;
      const low = slope[0] / (curve[0] + growth.damping);
      const high = slope[1] / (curve[1] + growth.damping);
      if (high <= low) continue;
      const gain = slope[0] * low + slope[1] * high;
      if (gain > most) [most, best] = [gain, { feature, edge, low, high }];
    }
  }
  return best;
}

function edgesOf(rows: readonly Row[], at: number, count: number): readonly number[] {
  const values = rows.map(({ features }) => features[at] ?? 0).toSorted((a, b) => a - b);
  const picked = Array.from({ length: count }, (_, i) => values[Math.floor(((i + 0.5) * values.length) / count)] ?? 0);
  return [...new Set(picked.map((value) => Number(value.toPrecision(4))))];
}

function chance(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

/** The log-odds of each row, by trees that saw no row of its fold. */
export function crossValidated(rows: readonly (Row & { readonly fold: number })[], more: readonly Row[], folds: number, growth = GROWTH): readonly number[] {
  const odds = new Array<number>(rows.length).fill(0);
  for (let fold = 0; fold < folds; fold++) {
    const seen = [...rows.filter((row) => row.fold !== fold), ...more];
    const trees = loadTrees(growStumps(seen, growth));
    for (const [index, row] of rows.entries()) if (row.fold === fold) odds[index] = logOddsOf(trees, row.features);
  }
  return odds;
}
