import type { Candidate } from "../document.ts";

/** Where in an article something stands: a term, or two words side by side. */
export interface Occurrence {
  /** How many sentences have it. */
  count: number;
  /** The same, early sentences counting more. */
  weight: number;
  /** Index of the first sentence that has it, and of the last. */
  first: number;
  last: number;
}

/** The n-th sentence counts 1 / (1 + n × this). */
const FADING = 0.3;

/** Where everything stands that sentences are said to have, in the order in which it comes up first. */
export function occurrencesOf(
  candidates: readonly Candidate[],
  has: (candidate: Candidate) => Iterable<string>,
): ReadonlyMap<string, Occurrence> {
  const found = new Map<string, Occurrence>();
  for (const candidate of candidates) {
    const { index } = candidate;
    const weight = 1 / (1 + index * FADING);
    for (const name of has(candidate)) {
      const known = found.get(name);
      if (known === undefined) {
        found.set(name, { count: 1, weight, first: index, last: index });
      } else {
        known.count++;
        known.weight += weight;
        known.last = index;
      }
    }
  }
  return found;
}
