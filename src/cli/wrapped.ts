import { textWidth } from "./text-width.ts";

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

/** A text with an aside beside it, or below it where both are wider than the room there is. */
export function withAside(text: string, aside: string, room: number): string {
  return textWidth(text) + 3 + textWidth(aside) <= room
    ? `${text}   ${aside}`
    : `${text}\n${aside}`;
}
