import { piecesOf } from "../fragment/markup-pieces.ts";

/** Whether a text begins as a feed does: with the root of one, after whatever XML may have before it. */
export function looksLikeFeed(text: string): boolean {
  const start = text.slice(0, 5000);
  if (/^[\ufeff\s]*\{/.test(start))
    return /"version"\s*:\s*"https?:\/\/(?:www\.)?jsonfeed\.org\/version/.test(start);
  return /^(?:rss|feed|rdf|channel)$/i.test(rootName(start) ?? "");
}

/** The name of the element that a text begins with, after whatever XML may have before it, and without a namespace. */
export function rootName(start: string): string | undefined {
  for (const piece of piecesOf(start)) {
    if (piece.is === "open") return piece.name.replace(/^[\w.-]+:/, "");
    if (piece.is !== "text" || piece.text.replace(/^[\ufeff\s]+/, "") !== "") return undefined;
  }
  return undefined;
}
