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
  // Most places that are asked for stand in the paragraph of the one before.
  let known = { start: 0, end: 0, isSetApart: false };
  return (place) => {
    if (place > known.start && place < known.end) return known.isSetApart;
    const start = text.lastIndexOf("\n\n", place) + 1;
    const next = text.indexOf("\n\n", place);
    const end = next === -1 ? text.length : next;
    known = { start, end, isSetApart: lines.has(fold(text.slice(start, end))) };
    return known.isSetApart;
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
