import { tokensOf } from "./labels.ts";

const SHINGLE = 4;

/** F1 of one page's text over shingles of four words, as the scorer of whole corpora has it. */
export function pageF1(text: string, truth: string): number {
  const found = shinglesOf(text);
  const wanted = shinglesOf(truth);
  let both = 0;
  for (const [shingle, times] of found) both += Math.min(times, wanted.get(shingle) ?? 0);
  const all = sumOf(found) + sumOf(wanted);
  return all === 0 ? 1 : (2 * both) / all;
}

function shinglesOf(text: string): Map<string, number> {
  const tokens = tokensOf(text);
  const counts = new Map<string, number>();
  for (let at = 0; at < Math.max(1, tokens.length - SHINGLE + 1); at++) {
    const shingle = tokens.slice(at, at + SHINGLE).join(" ");
    if (shingle !== "") counts.set(shingle, (counts.get(shingle) ?? 0) + 1);
  }
  return counts;
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, times) => sum + times, 0);
}
