import { editDistance } from "../../errors.ts";
import { folded } from "../../digest/stories/source-name.ts";
import type { Fingerprint } from "./fingerprint.ts";
import { differingBits } from "./likeness.ts";

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
