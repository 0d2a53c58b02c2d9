import type { Dropped } from "../article.ts";
import { piecesOf, type MarkupPiece } from "./markup-pieces.ts";

// What publishing programs set into a story that is not of it: cards for other pages, forms, share bars.
// They have no words that give them away, only the classes that their own style sheets go by.
const WIDGET = new RegExp(
  String.raw`\sclass\s*=\s*(?:"(?:[^"]*\s)?|'(?:[^']*\s)?)(?:` +
    // Ghost
    String.raw`kg-(?:bookmark|button|signup|cta|product|paywall|nft)-card|gh-(?:post-upgrade|subscribe)[\w-]*|` +
    // Substack
    String.raw`(?:captioned-)?button-wrap(?:per)?|subscription-widget(?:-wrap[\w-]*)?|(?:digest|embedded)-p\w+-(?:embed|wrap)|install-substack-app-embed|` +
    // WordPress and its common plugins, FeedBurner
    String.raw`sharedaddy|jp-relatedposts|addtoany_[\w-]+|wp-block-(?:buttons?|jetpack-subscriptions)|yarpp[\w-]*|feedflare` +
    String.raw`)(?=[\s"'])`,
  "i",
);

const VOID = /^(?:br|hr|img|input|wbr|source|meta|link|area|col|embed|track)$/i;

/** HTML without the widgets of publishing programs, and their words. */
export function withoutWidgets(html: string): { html: string; dropped: Dropped[] } {
  if (!WIDGET.test(html)) return { html, dropped: [] };
  const kept: string[] = [];
  const dropped: Dropped[] = [];
  let widget: { readonly name: string; depth: number; text: string } | undefined;
  for (const piece of piecesOf(html)) {
    const name = "name" in piece ? piece.name.toLowerCase() : undefined;
    if (widget) {
      if (piece.is === "text") widget.text += piece.text;
      if (name === widget.name && piece.is === "open" && !piece.isEmpty) widget.depth++;
      if (name === widget.name && piece.is === "close") widget.depth--;
      if (widget.depth > 0) continue;
      dropped.push(...toDropped(widget.text));
      widget = undefined;
    } else if (
      piece.is === "open" &&
      name !== undefined &&
      !VOID.test(name) &&
      WIDGET.test(piece.attributes)
    ) {
      widget = piece.isEmpty ? undefined : { name, depth: 1, text: "" };
    } else kept.push(written(piece));
  }
  return { html: kept.join(""), dropped };
}

function toDropped(text: string): Dropped[] {
  const line = text.replace(/\s+/g, " ").trim();
  return line === "" ? [] : [{ text: line, reason: "a card, form or button beside the story" }];
}

function written(piece: MarkupPiece): string {
  if (piece.is === "text") return piece.text;
  if (piece.is === "close") return `</${piece.name}>`;
  if (piece.is === "open") return `<${piece.name}${piece.attributes}${piece.isEmpty ? "/" : ""}>`;
  return "";
}
