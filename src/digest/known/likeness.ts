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
  const votes = new Int32Array(2 * BITS);
  for (let at = 0; at + RUN <= words.length; at++) {
    const run = words.slice(at, at + RUN).join(" ");
    vote(votes, hashOf(run, 0x811c9dc5), 0);
    vote(votes, hashOf(run, 0x9e3779b9), BITS);
  }
  return hexOf(votes, 0) + hexOf(votes, BITS);
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
  const script =
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}]+?(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[^\p{L}\p{M}\p{N}]|$)/gu;
  return text.toLowerCase().match(script) ?? [];
}

function vote(votes: Int32Array, hash: number, from: number): void {
  for (let bit = 0; bit < BITS; bit++) {
    const at = from + bit;
    votes[at] = (votes[at] ?? 0) + ((hash >>> bit) & 1 ? 1 : -1);
  }
}

function hexOf(votes: Int32Array, from: number): string {
  let value = 0;
  for (let bit = 0; bit < BITS; bit++) if ((votes[from + bit] ?? 0) > 0) value |= 1 << bit;
  return (value >>> 0).toString(16).padStart(8, "0");
}

/** FNV-1a, mixed at its end (MurmurHash3's finaliser), since its own high bits are poor for short texts. */
function hashOf(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function ones(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count++;
  return count;
}
