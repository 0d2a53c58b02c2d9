import { tokensOf } from "./labels.ts";

const SHINGLE = 4;

/** F1 of one page's text over shingles of four words, like the scorer of whole corpora. */
export function pageF1(text: string, truth: string): number {
  const found = shinglesOf(text);
  const wanted = shinglesOf(truth);
  let both = 0;
  for (const [shingle, times] of found) both += Math.min(times, wanted.get(shingle) ?? 0);
  const all = sumOf(found) + sumOf(wanted);
  return all === 0 ? 1 : (2 * both) / all;
}

/** F1 over required and forbidden segments, like the scorer of whole corpora. */
export function segmentF1(
  text: string,
  wanted: readonly string[],
  unwanted: readonly string[],
): number {
  const flat = flattened(text);
  const isIn = (segment: string) => flat.includes(flattened(segment));
  const right = wanted.filter(isIn).length;
  const wrong = unwanted.filter(isIn).length;
  return (2 * right) / Math.max(1, wanted.length + right + wrong);
}

function flattened(text: string): string {
  return text.normalize("NFKC").replace(/\s+/g, " ").toLowerCase();
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
