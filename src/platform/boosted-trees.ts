/**
 * Boosted trees as they are stored. All nodes of all trees are in one sequence, each before its branches, the left branch
 * first. The sequence is stored as columns, because a list for each node takes ten times as long to load.
 */
export interface StoredTrees {
  /** The index of the feature that a node tests; -1 at a leaf. */
  readonly feature: readonly number[];
  /** The threshold of a node: values up to it go left. At a leaf, its value in log-odds. */
  readonly value: readonly number[];
  /** The number of nodes in the left branch. */
  readonly left: readonly number[];
}

/** The same trees in a layout for fast evaluation. */
export interface Trees {
  readonly roots: Int32Array;
  readonly feature: Int16Array;
  readonly value: Float64Array;
  /** The node at which the right branch begins. The left branch begins at the next node. */
  readonly right: Int32Array;
}

export function loadTrees({ feature: asked, value, left }: StoredTrees): Trees {
  const feature = Int16Array.from(asked);
  const right = Int32Array.from(left);
  const roots: number[] = [];
  // A tree ends when all its open branches have ended in a leaf.
  let open = 0;
  for (let at = 0; at < feature.length; at++) {
    if (open === 0) {
      roots.push(at);
      open = 1;
    }
    open += feature[at] === -1 ? -1 : 1;
    right[at] = at + 1 + (right[at] ?? 0);
  }
  return { roots: Int32Array.from(roots), feature, value: Float64Array.from(value), right };
}

/** The sum of all trees for a row of features, in log-odds. */
export function logOddsOf(trees: Trees, row: ArrayLike<number>): number {
  const { roots, feature, value, right } = trees;
  let sum = 0;
  // This runs tens of thousands of times an article. An iterator, and defaults for values that always exist, double the time.
  for (let tree = 0; tree < roots.length; tree++) {
    let at = roots[tree]!;
    let asked = feature[at]!;
    while (asked !== -1) {
      at = (row[asked] ?? 0) <= value[at]! ? at + 1 : right[at]!;
      asked = feature[at]!;
    }
    sum += value[at]!;
  }
  return sum;
}

/** The probability that the trees give to a row, from 0 to 1. They must have been trained on yes or no. */
export function likelihood(trees: Trees, row: ArrayLike<number>): number {
  return 1 / (1 + Math.exp(-logOddsOf(trees, row)));
}
