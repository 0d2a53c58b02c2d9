import type { Sample } from "./corpus.ts";

interface Line {
  readonly text: string;
}

const TOKEN = /[\p{L}\p{N}_]+/gu;

export function tokensOf(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

/** The share of each block that is story, from 0 to 1; undefined if it is not labelled. */
export function labelsOf(
  blocks: readonly Line[],
  { folder, gold }: Sample,
): (number | undefined)[] {
  if (folder === "multilingual")
    return labelsBySegments(blocks, gold.with ?? [], gold.without ?? []);
  if (folder === "fields") return blocks.map(() => undefined);
  return shareInTruth(blocks, gold.articleBody ?? "");
}

function flat(text: string): string {
  return text.normalize("NFKC").replace(/\s+/g, " ").toLowerCase();
}

function labelsBySegments(
  blocks: readonly Line[],
  wanted: readonly string[],
  unwanted: readonly string[],
): (number | undefined)[] {
  const texts = blocks.map(({ text }) => flat(text));
  const labels = texts.map((): number | undefined => undefined);
  for (const [segments, label] of [
    [unwanted, 0],
    [wanted, 1],
  ] as const)
    for (const segment of segments.map(flat))
      texts.forEach((text, index) => {
        const isIn = text.includes(segment) || (text.length > 20 && segment.includes(text));
        if (isIn) labels[index] = label;
      });
  return labels;
}

const SHINGLE = 3;

// Aligns the tokens of page and truth by their longest common subsequence of shingles. Shared single words do not
// count.
function shareInTruth(blocks: readonly Line[], truth: string): number[] {
  const words = blocks.map(({ text }) => tokensOf(text));
  const page = words.flat();
  const covered = new Uint8Array(page.length);
  for (const at of alignedAt(page, tokensOf(truth))) covered.fill(1, at, at + SHINGLE);
  let start = 0;
  return words.map(({ length }) => {
    const part = covered.subarray(start, start + length);
    start += length;
    return length === 0 ? 0 : part.reduce((sum, is) => sum + is, 0) / length;
  });
}

/** The positions of the page's shingles in the longest common subsequence with the truth. */
function alignedAt(page: readonly string[], truth: readonly string[]): number[] {
  const places = new Map<string, number[]>();
  for (let at = 0; at + SHINGLE <= truth.length; at++) {
    const key = truth.slice(at, at + SHINGLE).join(" ");
    const list = places.get(key);
    if (list) list.push(at);
    else places.set(key, [at]);
  }
  // Hunt and Szymanski 1977: the smallest end in the truth of a subsequence of each length.
  const ends: number[] = [];
  const links: Link[] = [];
  for (let at = 0; at + SHINGLE <= page.length; at++) {
    const found = places.get(page.slice(at, at + SHINGLE).join(" ")) ?? [];
    for (const place of found.toReversed()) {
      const length = lowerBound(ends, place);
      ends[length] = place;
      links[length] = { at, before: length > 0 ? links[length - 1] : undefined };
    }
  }
  const aligned: number[] = [];
  for (let link = links.at(-1); link; link = link.before) aligned.push(link.at);
  return aligned.toReversed();
}

interface Link {
  readonly at: number;
  readonly before: Link | undefined;
}

function lowerBound(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
