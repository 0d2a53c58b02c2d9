import { likelihood, loadTrees } from "../../platform/boosted-trees.ts";
import {
  AGAINST,
  type Against,
  type AlignedSource,
  type Alignment,
  alignmentOf,
} from "./alignment.ts";
import stored from "./misalignment-weights.json" with { type: "json" };
import { editsOf, NEARNESS_NAMES, nearnessOf } from "./nearness.ts";

/** What speaks against a sentence most, where that can be told, and whether that is sure. */
export interface Misalignment {
  readonly against: Against | undefined;
  readonly isSure: boolean;
}

/** What is learned from, in this order. */
const FEATURE_NAMES = [...AGAINST, ...NEARNESS_NAMES] as const;

/** How likely a sentence is false from which on it is doubted, and refused. */
const DOUBTFUL = 0.5;
const SURE = 0.75;

const trees = loadTrees(stored);

/** Why an English sentence (see `plainText`) is not shown to follow from a source; undefined where little speaks against it. */
export function misalignmentOf(sentence: string, source: AlignedSource): Misalignment | undefined {
  const alignment = alignmentOf(sentence, source);
  const chance = likelihood(trees, featuresOf(alignment));
  if (chance <= DOUBTFUL) return undefined;
  const against = mostAgainst(alignment);
  return { against, isSure: against !== undefined && chance > SURE };
}

/** The row of `FEATURE_NAMES`. */
export function featuresOf({ amounts, match }: Alignment): readonly number[] {
  const values = { ...amounts, ...nearnessOf(match), ...editsOf(match) };
  return FEATURE_NAMES.map((name) => values[name]);
}

/** From how much of it on each thing may be what is wrong, and surely is. */
const LIMITS = {
  number: [0.3, 0.5],
  date: [0.1, 0.3],
  name: [0.52, 0.7],
  deed: [0.33, 0.6],
  opposite: [0.33, 0.6],
  negation: [0.5, 0.7],
  hedge: [0.52, 0.75],
  swapped: [0.1, 0.5],
  another: [0.68, 0.9],
  title: [0.45, 0.85],
  figureElsewhere: [0.87, 0.95],
  placeElsewhere: [0.8, 0.97],
} as const satisfies Record<Against, readonly [possible: number, sure: number]>;

function mostAgainst({ amounts }: Alignment): Against | undefined {
  const excess = (against: Against) => {
    const [possible, sure] = LIMITS[against];
    return (amounts[against] - possible) / (sure - possible);
  };
  return AGAINST.filter((against) => excess(against) > 0).toSorted(
    (a, b) => excess(b) - excess(a),
  )[0];
}
