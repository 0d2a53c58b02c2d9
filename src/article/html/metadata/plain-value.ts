import { cleanText, oneLine } from "../../clean-text.ts";
import { decodeReferences } from "../../sanitise-html.ts";

/**
 * A value from a page's metadata as one line of plain text; undefined where it has none. Many sites
 * put HTML in it, escaped once too often.
 */
export function plainValue(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > 20_000) return undefined;
  const decoded = decodeReferences(decodeReferences(value));
  const line = oneLine(cleanText(decoded.replace(IN_WORDS, "").replace(TAG, " ")));
  return line === "" || line === "null" || line === "undefined" ? undefined : line;
}

// Tags that may stand inside a word; all others part two.
const IN_WORDS = /<\/?(?:a|abbr|b|em|i|mark|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]{0,200})?>/gi;
const TAG = /<\/?[a-z][^<>]{0,200}>/gi;
