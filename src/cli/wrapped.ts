import { stripVTControlCharacters } from "node:util";
import stringWidth from "fast-string-width";

/** A text in lines of at most so many columns; a word that is longer stands in a line of its own. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(last) + 1 + textWidth(word) <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A text that hangs on what stands before its first line, in lines of at most so many columns. */
export function hanging(before: string, text: string, columns: number): string {
  const indent = textWidth(before);
  return before + wrapped(text, columns - indent).join(`\n${" ".repeat(indent)}`);
}

/** A text with a note beside it, or below it where both are wider than the room there is. */
export function withNote(text: string, note: string, room: number): string {
  return textWidth(text) + 3 + textWidth(note) <= room ? `${text}   ${note}` : `${text}\n${note}`;
}

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
