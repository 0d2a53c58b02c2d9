/** Rows of evidence, and of each whether it is so. */
export interface Rows {
  readonly evidence: readonly (readonly number[])[];
  readonly labels: readonly boolean[];
}

export interface Line {
  readonly weights: readonly number[];
  readonly bias: number;
}

/** Holds the weights small, each as for evidence of one standard deviation. */
const DAMPING = 8;
const STEPS = 40;

/** The line between yes and no: logistic regression by Newton's method, the same in every run. */
export function fitLine({ evidence, labels }: Rows): Line {
  const width = evidence[0]?.length ?? 0;
  const scales = Array.from({ length: width }, (_, at) =>
    scaleOf(evidence.map((row) => row[at] ?? 0)),
  );
  const rows = evidence.map((row) => [
    ...row.map((value, at) => (value - scales[at]!.mean) / scales[at]!.deviation),
    1,
  ]);
  let weights = Array.from({ length: width + 1 }, () => 0);
  for (let step = 0; step < STEPS; step++) weights = stepped(rows, labels, weights);
  const own = weights.slice(0, width).map((weight, at) => weight / scales[at]!.deviation);
  const moved = own.reduce((sum, weight, at) => sum + weight * scales[at]!.mean, 0);
  return { weights: own.map(rounded), bias: rounded((weights[width] ?? 0) - moved) };
}

export function logOddsOn({ weights, bias }: Line, evidence: readonly number[]): number {
  return evidence.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), bias);
}

function stepped(
  rows: readonly number[][],
  labels: readonly boolean[],
  weights: readonly number[],
): number[] {
  const width = weights.length;
  const slope = weights.map((weight, at) => (at < width - 1 ? DAMPING * weight : 0));
  const curve = weights.map((_, at) =>
    weights.map((_, to) => (at === to && at < width - 1 ? DAMPING : at === to ? 1e-9 : 0)),
  );
  for (const [at, row] of rows.entries()) {
    const chance =
      1 / (1 + Math.exp(-row.reduce((sum, value, to) => sum + value * (weights[to] ?? 0), 0)));
    const miss = chance - (labels[at] ? 1 : 0);
    for (let i = 0; i < width; i++) {
      slope[i]! += miss * row[i]!;
      for (let j = 0; j < width; j++) curve[i]![j]! += chance * (1 - chance) * row[i]! * row[j]!;
    }
  }
  const change = solved(curve, slope);
  return weights.map((weight, at) => weight - (change[at] ?? 0));
}

/** Gauss's elimination; the matrix is definite, as the weights are damped. */
function solved(matrix: number[][], right: number[]): number[] {
  const size = right.length;
  const rows = matrix.map((row, at) => [...row, right[at]!]);
  for (let at = 0; at < size; at++)
    for (let to = 0; to < size; to++) {
      if (to === at) continue;
      const factor = rows[to]![at]! / rows[at]![at]!;
      for (let column = at; column <= size; column++)
        rows[to]![column]! -= factor * rows[at]![column]!;
    }
  return rows.map((row, at) => row[size]! / row[at]!);
}

function scaleOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const spread =
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
  return { mean, deviation: Math.sqrt(spread) || 1 };
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
