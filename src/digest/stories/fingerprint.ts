import type { Article } from "../../article/article.ts";
import { lettersHash, canonicalLink, folded } from "../../article/identity.ts";
import { editDistance } from "../../errors.ts";
import type { Fingerprint } from "./story.ts";

interface Origin {
  /** The source of the config. */
  readonly source: string;
  /** The file that was read, where it holds one article. */
  readonly file?: string | undefined;
  /** Whether its articles came together, of a feed or an export. */
  readonly isCollection: boolean;
  /** The address of the site that a feed is of. */
  readonly site?: string | undefined;
}

/** What makes the fingerprints of articles that were read together from one place: the others say what is one's own. */
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
  // A page that is named itself may hold another article next week; what a feed links to may not.
  const isOwn = isCollection && link !== undefined && !isFrontPage(link) && !shared.has(link);
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

/** Some feeds give all their items the address of the site, and some blogs all notes of a day that of the day. */
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

function isFrontPage(link: string): boolean {
  return !/[/?#]/.test(link);
}

/** A sentence that is added or taken out changes so many bits; two reports of one form differ in more. */
const MENDED_BITS = 8;
/** A typo that is mended changes no more. */
const TYPO_BITS = 3;
const BAND_DIGITS = 4;

/** What an article is looked for by: two that are the same have one of these in common. */
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
 * Whether two fingerprints are of one article. An address decides by itself. A guid or a file's name does
 * where title or text agree, as some feeds number their items from the top, and some files are written anew
 * each week. Without either it takes the same text, or nearly, under the same title.
 */
export function isSameArticle(a: Fingerprint, b: Fingerprint): boolean {
  if (a.link !== undefined && a.link === b.link) return true;
  const isOnePlace = a.id === b.id || (a.file !== undefined && a.file === b.file);
  if (isOnePlace && (isLikeTitle(a, b) || isLikeText(a, b))) return true;
  if (a.likeness === undefined) return false;
  // Two addresses of one site and two texts: a report that comes each day in one form.
  const isOneAddress = a.link === undefined || b.link === undefined;
  const isOneText = a.letters === b.letters || (isOneAddress && isLikeText(a, b));
  return isOneText && isMendedTitle(a.title, b.title);
}

/** Whether an article says something else now: more than a typo was mended. */
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

/** Titles that share more than half of their words, or most of their letters. */
function isLikeTitle(a: Fingerprint, b: Fingerprint): boolean {
  if (isMendedTitle(a.title, b.title)) return true;
  const [words, others] = [wordsIn(a.title), wordsIn(b.title)];
  const common = [...words].filter((word) => others.has(word)).length;
  return 2 * common > Math.max(words.size, others.size);
}

/** The same title, or the same but for a typo; another number is another number of a series. */
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

/** News tells the whole of it at the start; what comes after changes nothing about which article it is. */
const CHARACTERS = 3000;
/** In a text of fewer words, one changed word changes too many of the bits. */
const FEWEST_WORDS = 25;
const RUN = 3;
const BITS = 32;

/**
 * 64 bits that change little when a text does, in hexadecimal (Charikar's simhash over the runs of three words);
 * undefined where the text is too short to tell.
 */
function likenessOf(text: string): string | undefined {
  const words = wordsOf(text.slice(0, CHARACTERS));
  if (words.length < FEWEST_WORDS) return undefined;
  const runs = words.length - RUN + 1;
  return [0x811c9dc5, 0x9e3779b9].map((seed) => majority(words, runs, seed)).join("");
}

/** How many of the 64 bits differ: about 32 of texts that have nothing to do with each other. */
function differingBits(a: string, b: string): number {
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
