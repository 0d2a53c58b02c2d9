import type { Dropped, Image } from "../article.ts";
import { captionOf, withCaption } from "../caption.ts";
import { oneLine } from "../clean-text.ts";
import { imageAddress } from "../field-values.ts";
import type { InlineToken } from "../markup/tokens.ts";
import { joinsWithoutSpace } from "../measure-text.ts";
import { escapeHtml } from "../../platform/references.ts";
import { hasMarker, MARKER, type Mask, MASK_REASONS, unmask } from "./mask.ts";

/** The words of one block as HTML and as text, with its pictures. */
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
  /** The article's own address. Relative links are resolved against it. */
  readonly url: string | undefined;
  /** Whether a table may serve the layout only, as in mails and feeds. */
  readonly hasLayoutTables?: boolean;
}

/** Reads the inline tokens of a block. */
export function readInline(tokens: readonly InlineToken[], context: InlineContext): Inline {
  const { line, ...rest } = toLine(tokens, context);
  return { ...rest, ...htmlAndText(joinLines(line)) };
}

interface Found {
  /** Letters and tags in their order. */
  line: string;
  readonly images: Image[];
  readonly dropped: Dropped[];
  isNote: boolean;
}

function toLine(tokens: readonly InlineToken[], { masks, url }: InlineContext): Found {
  const found: Found = { line: "", images: [], dropped: [], isNote: false };
  const links: boolean[] = [];
  let struck = 0;
  for (const token of tokens) {
    if (token.is === "text") addText(token.text, struck > 0, masks, found);
    else if (token.tag === "img") addImage(token.attributes, masks, found);
    else if (token.tag === "a" && token.isOpening) {
      const written = token.attributes.get("href") ?? "";
      const href = linkTarget(written, url);
      const address = unmask(written, masks);
      if (address !== written) found.dropped.push({ text: address, reason: MASK_REASONS.template });
      links.push(href !== undefined);
      if (href !== undefined) found.line += asTag(`<a href="${escapeHtml(href)}">`);
    } else if (token.tag === "a") {
      if (links.pop()) found.line += asTag("</a>");
    } else {
      if (token.tag === "del") struck += token.isOpening ? 1 : -1;
      found.line += asTag(token.html);
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
    found.line += letters.replace(TAG_EDGES, "");
    if (isStruck && letters !== "") found.dropped.push({ text: letters, reason: "struck out" });
  };
  let from = 0;
  for (const match of text.matchAll(MARKER)) {
    addLetters(text.slice(from, match.index));
    from = match.index + match[0].length;
    const mask = masks[Number(match[1])];
    if (mask?.kind === "literal") addLetters(mask.written);
    else if (mask?.kind === "footnote" || mask?.kind === "note") {
      found.isNote ||= mask.kind === "note";
      found.line += asTag(`<sup>${escapeHtml(mask.written)}</sup>`);
    } else if (mask) found.dropped.push({ text: mask.written, reason: MASK_REASONS[mask.kind] });
  }
  addLetters(text.slice(from));
}

/** The picture of an `img` element, with its title as caption; undefined if its address cannot be used. */
function imageOf(attributes: ReadonlyMap<string, string>): Image | undefined {
  const address = attributes.get("src") ?? "";
  const src = hasMarker(address) ? undefined : imageAddress(address);
  if (src === undefined) return undefined;
  const title = oneLine((attributes.get("title") ?? "").replace(MARKER, ""));
  const alt = oneLine((attributes.get("alt") ?? "").replace(MARKER, ""));
  return withCaption({ src, alt }, captionOf(title) ?? { text: title });
}

// Each tag in a line is enclosed in two noncharacters.
const TAG = String.raw`\ufdd2[^\ufdd3]*\ufdd3`;
const TAG_EDGES = /[\ufdd2\ufdd3]/g;

function asTag(html: string): string {
  return `\ufdd2${html}\ufdd3`;
}

const GAP = new RegExp(`(?:${TAG}|\\s)+`, "g");
const TAG_OR_SPACE = new RegExp(`${TAG}|\\s+`, "g");

/** Reduces gaps to one space, also across tags. A line break between Chinese or Japanese characters is removed. */
function joinLines(line: string): string {
  return line.replace(GAP, (gap: string, at: number) => {
    const next = at + gap.length;
    const isEdge = at === 0 || next === line.length;
    if (gap === " ") return isEdge ? "" : gap;
    const parts = gap.match(TAG_OR_SPACE) ?? [];
    const space = parts.findIndex((part) => /^\s|<br/.test(part));
    const isLine = /\n|<br/.test(parts[space] ?? "");
    const isJoined =
      isLine && joinsWithoutSpace(line.slice(Math.max(0, at - 2), at), line.slice(next, next + 2));
    const blank = isEdge || isJoined ? "" : " ";
    return parts.map((part, index) => part.trim() + (index === space ? blank : "")).join("");
  });
}

const LETTERS_AND_TAGS = new RegExp(`(${TAG})`);

/** Converts a joined line to HTML, and to text without struck-out words. */
function htmlAndText(line: string): Pick<Inline, "html" | "text"> {
  let [html, text, struck] = ["", "", 0];
  for (const part of line.split(LETTERS_AND_TAGS)) {
    const isTag = part.startsWith("\ufdd2");
    html += isTag ? part.slice(1, -1) : escapeHtml(part);
    if (isTag) struck += part.includes("<del") ? 1 : part.includes("</del") ? -1 : 0;
    else if (struck === 0) text += part;
  }
  return { html, text: text.replace(/ {2,}/g, " ").trim() };
}

/** The http, https or mailto address of a link, resolved against the article; undefined for others. */
function linkTarget(href: string | undefined, base: string | undefined): string | undefined {
  if (!href || hasMarker(href)) return undefined;
  if (/^(?:https?:\/\/|mailto:)/i.test(href)) return URL.canParse(href) ? href : undefined;
  if (/^[a-z][a-z\d+.-]*:/i.test(href) || href.startsWith("#") || base === undefined)
    return undefined;
  return URL.canParse(href, base) ? new URL(href, base).href : undefined;
}
