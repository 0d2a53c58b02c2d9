import type { Article } from "./article.ts";
import { fold } from "./clean-text.ts";

const HEADING_OR_ROW = /<(h[2-6]|tr)>(.*?)<\/\1>/gs;

/**
 * Tells whether a place in an article's text is in a heading or a row of a table: pages have them in
 * their text, where they are no sentences, however they end. Where they are is in the HTML.
 */
export function setApartIn({ html, text }: Article): (place: number) => boolean {
  const lines = new Set(
    [...html.matchAll(HEADING_OR_ROW)].map(([, , inside = ""]) => plain(inside)),
  );
  if (lines.size === 0) return () => false;
  return (place) => {
    const start = text.lastIndexOf("\n\n", place) + 1;
    const end = text.indexOf("\n\n", place);
    return lines.has(fold(text.slice(start, end === -1 ? text.length : end)));
  };
}

function plain(markup: string): string {
  return fold(
    markup
      .replace(/<\/t[dh]>|<br \/>/g, " ")
      .replace(/<[^>]*>/g, "")
      .replace(/&(?:amp|lt|gt|quot);/g, " "),
  );
}
