// Scripts that put no space between words; two to three of their characters make one word.
const SPACELESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;

const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu;

/** How many words a line has, fairly across scripts. */
export function countWords(text: string): number {
  const spaceless = text.match(SPACELESS)?.length ?? 0;
  if (spaceless === 0) return text.match(WORD)?.length ?? 0;
  return Math.ceil(spaceless / 2.5) + (text.replace(SPACELESS, " ").match(WORD)?.length ?? 0);
}

/** Whether a line ends as a sentence does, closing quotes and brackets aside. */
export function endsSentence(text: string): boolean {
  return /[.!?…。！？؟।॥։۔][\s"'”’»›)\]」』）】*]{0,4}$/u.test(text.slice(-8));
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
