/** One feature of all rows. The values are sorted into bins with about the same number of rows. */
export interface Column {
  readonly feature: number;
  readonly bins: Uint8Array;
  /** The value between two bins, up to which a row is in the lower one. */
  readonly thresholds: readonly number[];
}

const BINS = 32;

export function binned(feature: number, values: Float64Array): Column {
  const thresholds = thresholdsOf(values);
  return {
    feature,
    thresholds,
    bins: Uint8Array.from(values, (value) => binOf(value, thresholds)),
  };
}

function thresholdsOf(values: Float64Array): readonly number[] {
  const sorted = values.toSorted();
  const distinct = [...new Set(sorted)];
  const between = distinct.slice(1).map((value, at) => (value + (distinct[at] ?? 0)) / 2);
  if (distinct.length <= BINS) return [...new Set(between.map(rounded))];
  const most = sorted.at(-1) ?? 0;
  const quantiles = Array.from({ length: BINS - 1 }, (_, at) =>
    rounded(sorted[Math.floor(((at + 1) * sorted.length) / BINS)] ?? 0),
  );
  return [...new Set(quantiles)].filter((value) => value < most);
}

/**
 * Values are stored rounded, so they are compared rounded. A row then takes the same branch when the trees are
 * loaded.
 */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function binOf(value: number, thresholds: readonly number[]): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (thresholds[middle] ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return low;
}
