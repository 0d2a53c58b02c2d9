/**
 * Boosted regression trees as they are stored: the nodes of all trees in one row, each before its own
 * branches and the left branch before the right. In columns, since a file of small lists takes ten times as
 * long to make ready as the rest of the start.
 */
export interface StoredForest {
  /** Which feature a node asks for; -1 at a leaf. */
  readonly feature: readonly number[];
  /** What it is compared with, left being up to it; the value of a leaf. */
  readonly value: readonly number[];
  /** How many nodes the left branch has. */
  readonly left: readonly number[];
}

/** The same, laid out to be read fast. */
export interface Forest {
  readonly roots: Int32Array;
  readonly feature: Int16Array;
  readonly value: Float64Array;
  /** Where the right branch begins; the left one is next to its node. */
  readonly right: Int32Array;
}

export function compileForest({ feature: asked, value, left }: StoredForest): Forest {
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
