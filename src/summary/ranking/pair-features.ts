import type { Document } from "../document.ts";
import { stemOf, tokensIn } from "../language/terms.ts";
import type { Occurrence } from "./occurrences.ts";

/** Two words that stand side by side, small words too, each without its ending. */
export function pairsOf(text: string): ReadonlySet<string> {
  const pairs = new Set<string>();
  let previous: string | undefined;
  for (const { token, isPair } of tokensIn(text)) {
    const word = isPair ? token : stemOf(token.toLowerCase());
    if (previous !== undefined) pairs.add(`${previous} ${word}`);
    previous = word;
  }
  return pairs;
}

/** What is known of two words side by side to tell whether a human summary would have them so. */
export function pairFeatures(
  pair: string,
  { weight, count, first }: Occurrence,
  { candidates, termLikelihood }: PairContext,
): readonly number[] {
  const [left = "", right = ""] = pair.split(" ");
  const last = Math.max(1, candidates.length);
  // A small word is no term: it is told apart from an unlikely one.
  const a = termLikelihood.get(left) ?? -1;
  const b = termLikelihood.get(right) ?? -1;
  return [
    weight,
    count,
    first,
    first / last,
    Math.max(a, b),
    Math.min(a, b),
    b,
    candidates.length,
    left.length,
    right.length,
  ];
}

export interface PairContext extends Pick<Document, "candidates"> {
  readonly termLikelihood: ReadonlyMap<string, number>;
}
