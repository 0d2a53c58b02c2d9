import stringWidth from "fast-string-width";
import { stripVTControlCharacters } from "node:util";

/** In columns of a terminal: Chinese, Japanese and Korean letters take two, and combining accents none. */
export function textWidth(text: string): number {
  return stringWidth(stripVTControlCharacters(text));
}

/** Its beginning, with a sign that there is more, in no more columns than that. Not for what has colours. */
export function shortened(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let beginning = "";
  // What a reader takes for one letter. It isn't made before it is needed: that takes milliseconds.
  signs ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  for (const { segment } of signs.segment(text)) {
    if (textWidth(beginning + segment) >= columns) break;
    beginning += segment;
  }
  return `${beginning.trimEnd()}…`;
}

let signs: Intl.Segmenter | undefined;
