/**
 * A text as the one line it must be: header fields and headlines end at a line break, and a subject
 * with one in it would be a second header field (RFC 5322 §2.2).
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

/** A text that begins with a capital, where its script has them. */
export function capitalised(text: string): string {
  return text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}

let graphemes: Intl.Segmenter | undefined;

/** Characters as people count them: an emoji or an accented letter is one (UAX #29). */
export function countCharacters(text: string): number {
  // The segmenter takes 10 ms to make, a tenth of a command that finds nothing to do.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  graphemes ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  let count = 0;
  for (const _ of graphemes.segment(text)) count++;
  return count;
}

/** What a row and the contents have room for: three lines on a phone. */
const ROW_CHARACTERS = 140;
/** A shorter beginning mostly says too little: "Exclusive", a name, a place. */
const ROW_LEAST_CHARACTERS = 40;

/** Where a headline may end, the best joint first: its main clauses, an aside, a list. */
const ROW_JOINTS = [
  /\s*[:;：；]\s+|\s+[–—|]\s*|(?<=[?!。？！])\s*/gu,
  /,\s+|[、，،]\s*/gu,
  /(?<=\p{L})\s+\(/gu,
] as const;

/** A headline as rows and contents show it: whole up to 140 characters, else up to its last joint before that. */
export function shortHeadline(headline: string): string {
  if (countCharacters(headline) <= ROW_CHARACTERS) return headline;
  for (const joint of ROW_JOINTS) {
    const ends = [...headline.matchAll(joint)]
      .map(({ index }) => headline.slice(0, index))
      .filter((start) => {
        const length = countCharacters(start);
        return length >= ROW_LEAST_CHARACTERS && length <= ROW_CHARACTERS;
      });
    const last = ends.at(-1);
    if (last !== undefined) return /[?!。？！]$/u.test(last) ? last : `${last} …`;
  }
  return `${betweenWords(headline)} …`;
}

function betweenWords(headline: string): string {
  const words = new Intl.Segmenter("en", { granularity: "word" }).segment(headline);
  let kept = "";
  for (const { segment } of words) {
    if (countCharacters(kept + segment) > ROW_CHARACTERS) break;
    kept += segment;
  }
  const trimmed = kept.replace(/[\s\p{P}]+$/u, "");
  return trimmed === "" ? headline.slice(0, ROW_CHARACTERS).toWellFormed() : trimmed;
}
