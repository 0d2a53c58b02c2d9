const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Characters as people count them: an emoji or an accented letter is one (UAX #29). */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of GRAPHEMES.segment(text)) count++;
  return count;
}
