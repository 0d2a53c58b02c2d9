import { stripVTControlCharacters } from "node:util";
import type { Article } from "../article/article.ts";
import type { Sentence } from "../summary/summary.ts";
import type { Paint } from "./terminal.ts";

/** Columns of running text. */
const MEASURE = 76;

/** Who wrote it, when, in which language and where it was read, as far as is known. */
export function bylineOf({ authors, publishedAt, language, source }: Article): string {
  return [authors.join(", "), publishedAt?.slice(0, 10), language, source]
    .filter(Boolean)
    .join(", ");
}

/** The paragraphs, each with its number in the margin. */
export function paragraphsView(text: string, paint: Paint): string {
  return text
    .split("\n\n")
    .map((paragraph, index) => hung(paint("dim", String(index + 1).padStart(3)), paragraph))
    .join("\n\n");
}

/** The number of the paragraph that a sentence was taken from; empty where it wasn't. */
export function paragraphOf({ start }: Sentence, text: string): string {
  return start === undefined ? "" : String(text.slice(0, start).split("\n\n").length);
}

/** Running text that hangs on a label three columns wide. */
export function hung(label: string, text: string): string {
  return `${label}  ${wrapped(text).join("\n     ")}`;
}

/** The lines of a text, broken between words. */
function wrapped(text: string): string[] {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? "";
    if (line === "") lines[lines.length - 1] = word;
    else if (columnsOf(line) + columnsOf(word) < MEASURE)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Colours take no place. */
function columnsOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
