import type { Dropped, Image } from "../article.ts";
import { escapeHtml } from "../paragraph-html.ts";
import type { InlineToken } from "./html-tokens.ts";
import { imageOf } from "./image.ts";
import { joinPieces, type Piece } from "./join-pieces.ts";
import { linkTarget } from "./link-target.ts";
import { MARKER, MASK_REASONS, unmask, type Mask } from "./mask.ts";

/** What one block says: the same words as HTML and as text, and what else is in it. */
export interface Inline {
  readonly html: string;
  readonly text: string;
  readonly images: readonly Image[];
  readonly dropped: readonly Dropped[];
  /** Whether it is the text of a footnote. */
  readonly isNote: boolean;
}

export interface InlineContext {
  readonly masks: readonly Mask[];
  /** The article's own address, which relative links are resolved against. */
  readonly url: string | undefined;
}

/** A block's inline tokens as HTML and as text, line breaks joined as the script joins them. */
export function readInline(tokens: readonly InlineToken[], context: InlineContext): Inline {
  const { pieces, ...rest } = toPieces(tokens, context);
  return { ...rest, ...joinPieces(pieces) };
}

interface Found {
  readonly pieces: Piece[];
  readonly images: Image[];
  readonly dropped: Dropped[];
  isNote: boolean;
}

function toPieces(tokens: readonly InlineToken[], { masks, url }: InlineContext): Found {
  const found: Found = { pieces: [], images: [], dropped: [], isNote: false };
  const links: boolean[] = [];
  let struck = 0;
  const addTag = (html: string, isBreak = false): void =>
    void found.pieces.push({ is: "tag", html, isBreak });
  for (const token of tokens) {
    if (token.is === "text") addText(token.text, struck > 0, masks, found);
    else if (token.tag === "img") addImage(token.attributes, masks, found);
    else if (token.tag === "a" && token.isOpening) {
      const written = token.attributes.get("href") ?? "";
      const href = linkTarget(written, url);
      const address = unmask(written, masks);
      if (address !== written) found.dropped.push({ text: address, reason: MASK_REASONS.template });
      links.push(href !== undefined);
      if (href !== undefined) addTag(`<a href="${escapeHtml(href)}">`);
    } else if (token.tag === "a") {
      if (links.pop()) addTag("</a>");
    } else {
      if (token.tag === "del") struck += token.isOpening ? 1 : -1;
      addTag(token.html, token.tag === "br");
    }
  }
  return found;
}

function addImage(
  attributes: ReadonlyMap<string, string>,
  masks: readonly Mask[],
  found: Found,
): void {
  const image = imageOf(attributes);
  const text = [attributes.get("alt"), attributes.get("src")].filter(Boolean).join(" ");
  if (image) found.images.push(image);
  else if (text) {
    found.dropped.push({ text: unmask(text, masks), reason: "a picture that mail cannot show" });
  }
}

function addText(text: string, isStruck: boolean, masks: readonly Mask[], found: Found): void {
  const addLetters = (letters: string): void => {
    if (letters === "") return;
    found.pieces.push({ is: "letters", text: letters, isStruck });
    if (isStruck) found.dropped.push({ text: letters, reason: "struck out" });
  };
  let from = 0;
  for (const match of text.matchAll(MARKER)) {
    addLetters(text.slice(from, match.index));
    from = match.index + match[0].length;
    const mask = masks[Number(match[1])];
    if (mask?.kind === "literal") addLetters(mask.written);
    else if (mask?.kind === "footnote" || mask?.kind === "note") {
      found.isNote ||= mask.kind === "note";
      found.pieces.push({
        is: "tag",
        html: `<sup>${escapeHtml(mask.written)}</sup>`,
        isBreak: false,
      });
    } else if (mask) found.dropped.push({ text: mask.written, reason: MASK_REASONS[mask.kind] });
  }
  addLetters(text.slice(from));
}
