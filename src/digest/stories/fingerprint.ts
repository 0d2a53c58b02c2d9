import { SPACELESS } from "../../platform/text.ts";
import type { Article } from "../../article/article.ts";
import { lettersHash, canonicalLink, folded } from "../../article/identity.ts";
import { editDistance } from "../../errors.ts";
import type { Fingerprint } from "./story.ts";

interface Origin {
  /** The source in the config. */
  readonly source: string;
  /** The file, if it contains one article. */
  readonly file?: string | undefined;
  /** Whether its articles came together in a feed or an export. */
  readonly isCollection: boolean;
  /** The address of the site to which a feed belongs. */
  readonly site?: string | undefined;
}

/**
 * Returns a function that makes the fingerprints of articles read together from one place. The other articles show whether an
 * address is unique.
 */
export function fingerprinter(
  articles: readonly Article[],
  origin: Origin,
): (article: Article) => Fingerprint {
  const shared = origin.isCollection ? sharedLinks(articles) : new Set<string>();
  if (origin.site !== undefined) shared.add(canonicalLink(origin.site));
  return (article) => fingerprintOf(article, origin, shared);
}

function fingerprintOf(
  { id, url, title, text }: Article,
  { source, file, isCollection }: Origin,
  shared: ReadonlySet<string>,
): Fingerprint {
  const link = url === undefined ? undefined : canonicalLink(url);
  // A page that is named itself may contain another article next week. A page to which a feed links usually does not.
  const isOwn = isCollection && link !== undefined && /[/?#]/.test(link) && !shared.has(link);
  const likeness = likenessOf(text);
  return {
    id,
    ...(file !== undefined && !isCollection && { file }),
    ...(isOwn && { link }),
    title,
    letters: lettersHash(text),
    ...(likeness !== undefined && { likeness }),
    source,
  };
}

/** Some feeds give all items the address of the site, and some blogs all notes of a day the same address. */
function sharedLinks(articles: readonly Article[]): Set<string> {
  const seen = new Map<string, string>();
  const shared = new Set<string>();
  for (const { id, url } of articles) {
    if (url === undefined) continue;
    const link = canonicalLink(url);
    if (seen.has(link) && seen.get(link) !== id) shared.add(link);
    seen.set(link, id);
  }
  return shared;
}

/** An added or removed sentence changes up to this many bits. Two reports with the same structure differ in more. */
const MENDED_BITS = 8;
/** A corrected typo changes no more bits. */
const TYPO_BITS = 3;
const BAND_DIGITS = 4;

/** The lookup keys of an article. Two fingerprints of the same article share at least one. */
export function keysOf({ id, file, link, title, letters, likeness }: Fingerprint): string[] {
  const bands = [0, 1, 2, 3].map((band) =>
    likeness?.slice(band * BAND_DIGITS, (band + 1) * BAND_DIGITS),
  );
  return [
    `id ${id}`,
    ...(file === undefined ? [] : [`file ${file}`]),
    ...(link === undefined ? [] : [`link ${link}`]),
    ...(likeness === undefined ? [] : [`text ${letters}`, `title ${lettersIn(title)}`]),
    ...(likeness === undefined ? [] : bands.map((digits, band) => `like ${band} ${digits}`)),
  ];
}

/**
 * Whether two fingerprints are of the same article. Equal addresses are sufficient. Equal guids or file names also need a
 * similar title or text, because some feeds number their items from the top, and some files are rewritten each week.
 * Otherwise the titles must be equal, and the texts equal or nearly so.
 */
export function isSameArticle(a: Fingerprint, b: Fingerprint): boolean {
  if (a.link !== undefined && a.link === b.link) return true;
  const isOnePlace = a.id === b.id || (a.file !== undefined && a.file === b.file);
  if (isOnePlace && (isLikeTitle(a, b) || isLikeText(a, b))) return true;
  if (a.likeness === undefined) return false;
  // Different addresses of one site with different texts: a daily report with the same structure.
  const isOneAddress = a.link === undefined || b.link === undefined;
  const isOneText = a.letters === b.letters || (isOneAddress && isLikeText(a, b));
  return isOneText && isMendedTitle(a.title, b.title);
}

/** Whether the content of an article has changed by more than a typo. */
export function isEdited(before: Fingerprint, now: Fingerprint): boolean {
  if (before.letters === now.letters) return !isLikeTitle(before, now);
  if (before.likeness === undefined || now.likeness === undefined) return true;
  return differingBits(before.likeness, now.likeness) > TYPO_BITS;
}

function isLikeText(a: Fingerprint, b: Fingerprint): boolean {
  if (a.letters === b.letters) return true;
  if (a.likeness === undefined || b.likeness === undefined) return false;
  return differingBits(a.likeness, b.likeness) <= MENDED_BITS;
}

/** Whether two titles share more than half of their words, or most of their letters. */
function isLikeTitle(a: Fingerprint, b: Fingerprint): boolean {
  if (isMendedTitle(a.title, b.title)) return true;
  const [words, others] = [wordsIn(a.title), wordsIn(b.title)];
  const common = [...words].filter((word) => others.has(word)).length;
  return 2 * common > Math.max(words.size, others.size);
}

/** Whether two titles are equal apart from a typo. A different number is another part of a series. */
function isMendedTitle(title: string, other: string): boolean {
  const [a, b] = [lettersIn(title), lettersIn(other)];
  if (a === b) return true;
  if (String(a.match(/\p{N}+/gu)) !== String(b.match(/\p{N}+/gu))) return false;
  return editDistance(a, b) <= Math.floor(Math.max(a.length, b.length) / 10);
}

function lettersIn(title: string): string {
  return folded(title).replace(/[^\p{L}\p{M}\p{N}]+/gu, "");
}

function wordsIn(title: string): ReadonlySet<string> {
  return new Set(folded(title).match(/[\p{L}\p{M}\p{N}]+/gu) ?? []);
}

/** The beginning of a news text contains its whole news. The rest does not help to identify it. */
const CHARACTERS = 3000;
/** In a shorter text, one changed word changes too many bits. */
const FEWEST_WORDS = 25;
const RUN_WORDS = 3;
const BITS = 32;

/**
 * 64 bits, in hexadecimal, that change little with the text (Charikar's simhash over runs of three words); undefined for a
 * text that is too short.
 */
function likenessOf(text: string): string | undefined {
  const words = wordsOf(text.slice(0, CHARACTERS));
  if (words.length < FEWEST_WORDS) return undefined;
  const runs = words.length - RUN_WORDS + 1;
  return [0x811c9dc5, 0x9e3779b9].map((seed) => majority(words, runs, seed)).join("");
}

/** The number of different bits among 64. For unrelated texts it is about 32. */
function differingBits(a: string, b: string): number {
  return (
    ones(parseInt(a.slice(0, 8), 16) ^ parseInt(b.slice(0, 8), 16)) +
    ones(parseInt(a.slice(8), 16) ^ parseInt(b.slice(8), 16))
  );
}

/** In a script without spaces, characters serve as words. */
function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return SPACELESS.test(text) ? words.flatMap((word) => word.match(SIGNS) ?? []) : words;
}

const SIGNS = new RegExp(`${SPACELESS.source}|.+?(?=${SPACELESS.source}|$)`, "gu");

/** The bits that are set in more than half of the runs. */
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
 * FNV-1a of a run of words with spaces between them, finished with MurmurHash3's mixer, because its own high bits are poor
 * for short texts.
 */
function hashOf(words: readonly string[], from: number, seed: number): number {
  let hash = seed;
  for (let at = from; at < from + RUN_WORDS; at++) {
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
