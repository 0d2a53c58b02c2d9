/**
 * Boosted trees as they are stored: all nodes in one row, each before its own branches, the left
 * branch first. In columns, for small lists take ten times as long to load.
 */
export interface StoredTrees {
  /** Which feature a node asks for; -1 at a leaf. */
  readonly feature: readonly number[];
  /** What it is compared with, left being up to it; the value of a leaf, in log-odds. */
  readonly value: readonly number[];
  /** How many nodes the left branch has. */
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
  // A tree ends where as many branches are closed as were opened.
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

/** The log-odds that all trees together give to a row of features. */
export function logOddsOf(trees: Trees, row: ArrayLike<number>): number {
  const { roots, feature, value, right } = trees;
  let sum = 0;
  // Asked tens of thousands of times an article: an iterator and defaults for what is always there take twice as long.
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

/** The probability that the trees give to a row, from 0 to 1. They were trained on answers of yes and no. */
export function likelihood(trees: Trees, row: ArrayLike<number>): number {
  return 1 / (1 + Math.exp(-logOddsOf(trees, row)));
}
