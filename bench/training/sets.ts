import type { Candidate } from "../../src/summary/candidate.ts";
import { agreement, type Overlap } from "./overlap.ts";

/** A human summary of an article has said what it will by then. */
const LOOKED_AT = 45;

/** Sets of two and three sentences that may stand as a summary. */
export function standingSets(candidates: readonly Candidate[]): readonly (readonly number[])[] {
  const open = candidates
    .slice(0, LOOKED_AT)
    .filter(({ refusal }) => refusal === undefined || refusal === "leaning")
    .map(({ index }) => index);
  const pairs = open.flatMap((a, at) => open.slice(at + 1).map((b) => [a, b]));
  const triples = pairs.flatMap(([a = 0, b = 0]) =>
    open.filter((c) => c > b).map((c) => [a, b, c]),
  );
  return [...pairs, ...triples].filter((set) => stands(set, candidates));
}

function stands(set: readonly number[], candidates: readonly Candidate[]): boolean {
  return set.every((at) => candidates[at]?.refusal === undefined || set.includes(at - 1));
}

/** So much less agreement makes a set e times less likely to be the one to choose. */
const SHARPNESS = 0.007;

/**
 * For each sentence, how likely it is in the best set, given that several sets are nearly as good: a softer
 * form of membership in the best one alone, which chance decides among equals.
 */
export function memberships(candidates: readonly Candidate[], overlap: Overlap): readonly number[] {
  const sets = standingSets(candidates).map((set) => ({ set, worth: agreement(overlap, set) }));
  const most = sets.reduce((best, { worth }) => Math.max(best, worth), 0);
  const shares = new Float64Array(candidates.length);
  let total = 0;
  for (const { set, worth } of sets) {
    const share = Math.exp((worth - most) / SHARPNESS);
    total += share;
    for (const at of set) shares[at] = (shares[at] ?? 0) + share;
  }
  return [...shares].map((share) => (total === 0 ? 0 : share / total));
}
