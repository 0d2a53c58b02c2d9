/**
 * Boosted regression trees as they are stored: the nodes of all trees in one row, each before its own
 * branches and the left branch before the right. A node that asks is [feature, threshold, nodes in its left branch]:
 * left where the feature is at most the threshold. A leaf is [value].
 */
export type StoredForest = readonly (readonly number[])[];

/** The same, laid out to be read fast. */
export interface Forest {
  readonly roots: Int32Array;
  /** Which feature a node asks for; -1 at a leaf. */
  readonly feature: Int16Array;
  /** What it compares it with; the value of a leaf. */
  readonly value: Float64Array;
  /** Where its right branch begins; its left one is next to it. */
  readonly right: Int32Array;
}

export function compileForest(stored: StoredForest): Forest {
  const feature = new Int16Array(stored.length);
  const value = new Float64Array(stored.length);
  const right = new Int32Array(stored.length);
  for (const [at, [first = 0, threshold, left = 0]] of stored.entries()) {
    feature[at] = threshold === undefined ? -1 : first;
    value[at] = threshold ?? first;
    right[at] = at + 1 + left;
  }
  return { roots: rootsOf(feature), feature, value, right };
}

/** A tree ends where as many branches are closed as were opened. */
function rootsOf(feature: Int16Array): Int32Array {
  const roots: number[] = [];
  let open = 0;
  for (const [at, asked] of feature.entries()) {
    if (open === 0) {
      roots.push(at);
      open = 1;
    }
    open += asked === -1 ? -1 : 1;
  }
  return Int32Array.from(roots);
}

/** What the trees say together of something with these features. */
export function sumOfTrees({ roots, feature, value, right }: Forest, x: ArrayLike<number>): number {
  let sum = 0;
  for (const root of roots) {
    let at = root;
    let asked = feature[at] ?? -1;
    while (asked !== -1) {
      at = (x[asked] ?? 0) <= (value[at] ?? 0) ? at + 1 : (right[at] ?? 0);
      asked = feature[at] ?? -1;
    }
    sum += value[at] ?? 0;
  }
  return sum;
}

/** Trees that were trained on yes and no, as a likelihood from 0 to 1. */
export function likelihood(forest: Forest, x: ArrayLike<number>): number {
  return 1 / (1 + Math.exp(-sumOfTrees(forest, x)));
}
