import { countCharacters } from "./one-line.ts";

/** What a row and the contents have room for: three lines on a phone. */
const MOST_CHARACTERS = 140;
/** A shorter beginning mostly says too little: "Exclusive", a name, a place. */
const LEAST_CHARACTERS = 40;

/** Where a headline may end, the best joint first: its main clauses, an aside, a list. */
const JOINTS = [
  /\s*[:;：；]\s+|\s+[–—|]\s*|(?<=[?!。？！])\s*/gu,
  /,\s+|[、，،]\s*/gu,
  /(?<=\p{L})\s+\(/gu,
] as const;

/** A headline as rows and contents show it: whole up to 140 characters, else up to its last joint before that. */
export function shortHeadline(headline: string): string {
  if (countCharacters(headline) <= MOST_CHARACTERS) return headline;
  for (const joint of JOINTS) {
    const ends = [...headline.matchAll(joint)]
      .map(({ index }) => headline.slice(0, index))
      .filter((start) => {
        const length = countCharacters(start);
        return length >= LEAST_CHARACTERS && length <= MOST_CHARACTERS;
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
    if (countCharacters(kept + segment) > MOST_CHARACTERS) break;
    kept += segment;
  }
  const trimmed = kept.replace(/[\s\p{P}]+$/u, "");
  return trimmed === "" ? headline.slice(0, MOST_CHARACTERS).toWellFormed() : trimmed;
}
