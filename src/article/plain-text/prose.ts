import { measureText } from "../page/text-measure.ts";

/** How many words a line has, fairly across scripts. */
export function countWords(text: string): number {
  return measureText(text).words;
}

/** Whether a line ends as a sentence does, closing quotes and brackets aside. */
export function endsSentence(text: string): boolean {
  return measureText(text.slice(-8)).endsSentence;
}

/** Whether the line break between two lines is one that the script would not put a space at. */
export function joinsWithoutSpace(before: string, after: string): boolean {
  return WIDE_END.test(before) || WIDE_START.test(after);
}

// Korean is wide, but has spaces.
const WIDE = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3001-\u3030\uff01-\uff60]`;
const WIDE_END = new RegExp(`${WIDE}$`, "u");
const WIDE_START = new RegExp(`^${WIDE}`, "u");

/** Columns on a terminal: East Asian characters take two. */
export function widthOf(text: string): number {
  return (
    text.length +
    (text.match(/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60]/g)?.length ??
      0)
  );
}
