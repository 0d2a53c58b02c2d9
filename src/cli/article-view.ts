import type { Article } from "../article/article.ts";
import type { Sentence } from "../summary/summary.ts";
import type { Paint } from "./terminal.ts";
import { hanging } from "./wrapped.ts";

/** Columns of running text, with a label before it. */
const MEASURE = 81;

/** Who wrote it, when, in which language and where it was read, as far as the article says. */
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
  return hanging(`${label}  `, text.trim().replace(/\s+/g, " "), MEASURE);
}
