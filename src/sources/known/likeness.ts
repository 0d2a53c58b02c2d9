/** News tells the whole of it at the start; what comes after changes nothing about which article it is. */
const CHARACTERS = 3000;
/** Of fewer words, one that is mended changes too many of the bits. */
const FEWEST_WORDS = 25;
const RUN = 3;
const BITS = 32;

/**
 * 64 bits that change little when a text does, in hexadecimal (Charikar's simhash over the runs of three words);
 * undefined where the text is too short to tell.
 */
export function likenessOf(text: string): string | undefined {
  const words = wordsOf(text.slice(0, CHARACTERS));
  if (words.length < FEWEST_WORDS) return undefined;
  const runs = words.length - RUN + 1;
  return [0x811c9dc5, 0x9e3779b9].map((seed) => majority(words, runs, seed)).join("");
}

/** How many of the 64 bits differ: about 32 of texts that have nothing to do with each other. */
export function differingBits(a: string, b: string): number {
  return (
    ones(parseInt(a.slice(0, 8), 16) ^ parseInt(b.slice(0, 8), 16)) +
    ones(parseInt(a.slice(8), 16) ^ parseInt(b.slice(8), 16))
  );
}

/** A script that writes no spaces has its signs for words. */
function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return SPACELESS.test(text) ? words.flatMap((word) => word.match(SIGNS) ?? []) : words;
}

const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const SIGNS = new RegExp(`${SPACELESS.source}|.+?(?=${SPACELESS.source}|$)`, "gu");

/** The bits that more than half of the runs have. */
function majority(words: readonly string[], runs: number, seed: number): string {
  const votes = new Int32Array(BITS);
  for (let at = 0; at < runs; at++) {
    const hash = hashOf(words, at, seed);
    for (let bit = 0; bit < BITS; bit++) votes[bit] = (votes[bit] ?? 0) + ((hash >>> bit) & 1);
  }
  const value = votes.reduce((sum, ones, bit) => (2 * ones > runs ? sum | (1 << bit) : sum), 0);
  return (value >>> 0).toString(16).padStart(8, "0");
}

/**
 * FNV-1a of a run of words with a space between them, mixed at its end (MurmurHash3's finaliser), since its own high
 * bits are poor for short texts.
 */
function hashOf(words: readonly string[], from: number, seed: number): number {
  let hash = seed;
  for (let at = from; at < from + RUN; at++) {
    if (at > from) hash = Math.imul(hash ^ SPACE, PRIME);
    const word = words[at] ?? "";
    for (let sign = 0; sign < word.length; sign++)
      hash = Math.imul(hash ^ word.charCodeAt(sign), PRIME);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

const PRIME = 0x01000193;
const SPACE = 0x20;

function ones(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count++;
  return count;
}
