import { stemmer } from "stemmer";

/** What a human summary and the sentences of an article have in common, counted once for all sets of them. */
export interface Overlap {
  readonly words: Counts;
  readonly pairs: Counts;
  readonly lengths: readonly number[];
}

interface Counts {
  /** How often each word of the reference is in it, and in each sentence. */
  readonly reference: Uint8Array;
  readonly sentences: readonly Uint8Array[];
  readonly total: number;
}

export function overlapOf(reference: string, sentences: readonly string[]): Overlap {
  const read = sentences.map(stemsOf);
  return {
    words: countsOf(stemsOf(reference), read),
    pairs: countsOf(pairsOf(stemsOf(reference)), read.map(pairsOf)),
    lengths: read.map(({ length }) => length),
  };
}

/**
 * ROUGE-1 counted twice and ROUGE-2 once, as the mean of the three, since ROUGE-Lsum of whole sentences goes with
 * ROUGE-1. From 0 to 1.
 */
export function agreement({ words, pairs, lengths }: Overlap, set: readonly number[]): number {
  const length = set.reduce((sum, at) => sum + (lengths[at] ?? 0), 0);
  const ofPairs = fOf(pairs, set, Math.max(0, length - 1));
  return (2 * fOf(words, set, length) + ofPairs) / 3;
}

function fOf(
  { reference, sentences, total }: Counts,
  set: readonly number[],
  length: number,
): number {
  let shared = 0;
  for (let at = 0; at < reference.length; at++) {
    let count = 0;
    for (const index of set) count += sentences[index]?.[at] ?? 0;
    shared += Math.min(count, reference[at] ?? 0);
  }
  return shared === 0 ? 0 : (2 * shared) / (total + length);
}

function countsOf(reference: readonly string[], sentences: readonly (readonly string[])[]): Counts {
  const distinct = [...new Set(reference)];
  const places = new Map(distinct.map((name, at) => [name, at]));
  const count = (names: readonly string[]) => {
    const counts = new Uint8Array(distinct.length);
    for (const name of names) {
      const at = places.get(name);
      if (at !== undefined) counts[at] = (counts[at] ?? 0) + 1;
    }
    return counts;
  };
  return { reference: count(reference), sentences: sentences.map(count), total: reference.length };
}

/** As Google's rouge_score reads a text: letters and digits of ASCII, words over three letters stemmed. */
function stemsOf(text: string): readonly string[] {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.map((word) => (word.length > 3 ? stemmer(word) : word));
}

function pairsOf(words: readonly string[]): readonly string[] {
  return words.slice(1).map((word, at) => `${words[at] ?? ""} ${word}`);
}
