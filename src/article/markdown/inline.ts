import type { Dropped, Image } from "../article.ts";
import { captionOf, withCaption } from "../caption.ts";
import { oneLine } from "../clean-text.ts";
import { imageAddress } from "../field-values.ts";
import type { InlineToken } from "../markup/tokens.ts";
import { joinsWithoutSpace } from "../measure-text.ts";
import { escapeHtml } from "../../platform/references.ts";
import { hasMarker, MARKER, type Mask, MASK_REASONS, unmask } from "./mask.ts";

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
  /** Whether tables may be there for the look alone, as in mails and feeds. */
  readonly hasLayoutTables?: boolean;
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

/** The picture that an `img` element shows; a title is its caption. Undefined where it has no address to use. */
function imageOf(attributes: ReadonlyMap<string, string>): Image | undefined {
  const address = attributes.get("src") ?? "";
  const src = hasMarker(address) ? undefined : imageAddress(address);
  if (src === undefined) return undefined;
  const title = oneLine((attributes.get("title") ?? "").replace(MARKER, ""));
  const alt = oneLine((attributes.get("alt") ?? "").replace(MARKER, ""));
  return withCaption({ src, alt }, captionOf(title) ?? { text: title });
}

/** Letters, or a tag or mark that has no letters of the text. */
type Piece =
  | { readonly is: "letters"; readonly text: string; readonly isStruck: boolean }
  | { readonly is: "tag"; readonly html: string; readonly isBreak: boolean };

/**
 * The pieces of a block as HTML and as text. A line break in the source is a space, except between two
 * Chinese or Japanese characters, also when tags stand between them. So the place of each space is kept until
 * the letters after it are known.
 */
function joinPieces(pieces: readonly Piece[]): { html: string; text: string } {
  const html: string[] = [];
  let text = "";
  let last = "";
  let gap: Gap = "";
  let place = 0;
  const open = (kind: Gap): void => {
    if (kind === "" || gap !== "") return;
    gap = kind;
    place = html.push("") - 1;
  };
  for (const piece of pieces) {
    if (piece.is === "tag") {
      html.push(piece.html);
      if (piece.isBreak) open("line");
      continue;
    }
    const { before, letters, after } = joinWithin(piece.text);
    open(before);
    if (letters === "") continue;
    const isJoined =
      last === "" || gap === "" || (gap === "line" && joinsWithoutSpace(last, letters));
    if (!isJoined) html[place] = " ";
    html.push(escapeHtml(letters));
    if (!piece.isStruck) text += (isJoined ? "" : " ") + letters;
    last = letters.slice(-2);
    gap = "";
    open(after);
  }
  return { html: html.join(""), text: text.replace(/ {2,}/g, " ").trim() };
}

type Gap = "" | "space" | "line";

function joinWithin(raw: string): { before: Gap; letters: string; after: Gap } {
  const letters = raw
    .trim()
    .replace(/(?<![ \t])[ \t]*\n\s*/g, (_, at: number, whole: string) => {
      const next = whole.slice(at).trimStart().slice(0, 2);
      return joinsWithoutSpace(whole.slice(Math.max(0, at - 2), at), next) ? "" : " ";
    })
    .replace(/[ \t]+/g, " ");
  return {
    before: gapIn(/^\s*/.exec(raw)?.[0]),
    letters,
    after: letters === "" ? "" : gapIn(raw.slice(raw.trimEnd().length)),
  };
}

function gapIn(space: string | undefined): Gap {
  if (!space) return "";
  return space.includes("\n") ? "line" : "space";
}

/**
 * Where a link leads that a mail may have: http, https or mailto. A relative one is resolved against the
 * article's own address; without that it leads nowhere, and is undefined.
 */
function linkTarget(href: string | undefined, base: string | undefined): string | undefined {
  if (!href || hasMarker(href)) return undefined;
  if (/^(?:https?:\/\/|mailto:)/i.test(href)) return URL.canParse(href) ? href : undefined;
  if (/^[a-z][a-z\d+.-]*:/i.test(href) || href.startsWith("#") || base === undefined)
    return undefined;
  return URL.canParse(href, base) ? new URL(href, base).href : undefined;
}
