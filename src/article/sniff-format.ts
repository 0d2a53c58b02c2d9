import type { SourceFormat } from "./article.ts";
import { exportKind } from "./exports/export-kind.ts";
import { looksLikeFeed } from "./feed/looks-like-feed.ts";
import { refuseForeign } from "./foreign-format.ts";

const BY_ENDING: ReadonlyMap<string, SourceFormat> = new Map([
  ["md", "markdown"],
  ["markdown", "markdown"],
  ["mdown", "markdown"],
  ["mkd", "markdown"],
  ["mdx", "markdown"],
  ["txt", "text"],
  ["text", "text"],
  ["html", "html"],
  ["htm", "html"],
  ["xhtml", "html"],
  ["rss", "feed"],
  ["atom", "feed"],
]);

/**
 * What an article is written in: by its content where that is certain (a page or a feed says so in its
 * first line), then by the ending of its name, then by how much Markdown is in it.
 * @throws BroadsheetError CONTENT_UNSUPPORTED for an email, a list of feeds or pages, reStructuredText and AsciiDoc
 */
export function sniffFormat(text: string, location: string): SourceFormat {
  const certain = fromFirstLine(text);
  if (certain) return certain;
  const written = ending(location);
  refuseForeign(text, location, written);
  return BY_ENDING.get(written) ?? fromMarks(text);
}

function ending(location: string): string {
  const path = location.replace(/[?#].*$/s, "");
  return /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
}

function fromFirstLine(text: string): SourceFormat | undefined {
  const start = text.slice(0, 2000).replace(/^[\ufeff\s]+/u, "");
  if (/^(?:<!doctype html|<html|<head|<body)[\s>]/i.test(start)) return "html";
  if (looksLikeFeed(text)) return "feed";
  if (exportKind(text) !== undefined) return "export";
  return undefined;
}

const MARKS: readonly RegExp[] = [
  /^#{1,6} \S/m,
  /\]\(\S+\)/,
  /^(?:```|~~~)/m,
  /\*\*\S[^*\n]*\*\*/,
  /^\[[^\]\n]+\]: \S/m,
  /^> \S/m,
];

// One mark may be chance ("> " quotes mail, "#1" counts); two of different kinds are a habit.
function fromMarks(text: string): SourceFormat {
  const start = text.slice(0, 20_000);
  return MARKS.filter((mark) => mark.test(start)).length >= 2 ? "markdown" : "text";
}
