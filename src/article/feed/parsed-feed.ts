import type { Image } from "../article.ts";
import { withCaption } from "../caption.ts";
import { oneLine, cleanText } from "../clean-text.ts";
import { imageAddress } from "../field-values.ts";
import type * as Feedsmith from "feedsmith";
import { textOf } from "../markup/tokens.ts";
import { decodeStrayReferences } from "../../platform/references.ts";
import { toHtml } from "../sanitise-html.ts";
import { toBlocks } from "../plain-text/blocks.ts";
import { withoutHidden } from "../hidden/hidden-text.ts";

/**
 * Text in a feed. "either" is for formats that leave its type open, and for feeds that break the rule: a title in RSS
 * is plain text by the standard, and HTML in half of all feeds.
 */
export interface Markup {
  readonly value: string;
  readonly is: "html" | "text" | "either";
}

/** An item of a feed in any format, before its values are resolved and cleaned. */
export interface ParsedItem {
  /** The feed's own identifier of the item: guid, atom:id, rdf:about, id. */
  readonly guid?: string | undefined;
  readonly title?: Markup | undefined;
  readonly link?: string | undefined;
  /** The element that the format has for the whole story. */
  readonly content?: Markup | undefined;
  /** The element that the format has for a summary. In RSS it often holds the whole story. */
  readonly summary?: Markup | undefined;
  readonly date?: string | undefined;
  readonly authors: readonly string[];
  readonly tags: readonly string[];
  /** The item's own picture, in its widest size. */
  readonly image?: Image | undefined;
  readonly language?: string | undefined;
  readonly base?: string | undefined;
  /** The base for relative addresses in the content alone. */
  readonly contentBase?: string | undefined;
}

export interface ParsedFeed {
  readonly title?: Markup | undefined;
  /** The site or page that the feed belongs to. */
  readonly link?: string | undefined;
  /** The feed's own address, if the feed gives it. */
  readonly self?: string | undefined;
  readonly description?: Markup | undefined;
  readonly language?: string | undefined;
  readonly base?: string | undefined;
  readonly items: readonly ParsedItem[];
}

/** Undefined if the text is empty. */
export function markup(value: string | undefined, is: Markup["is"]): Markup | undefined {
  return value === undefined || value.trim() === "" ? undefined : { value, is };
}

interface Enclosure {
  readonly url?: string;
  readonly type?: string;
}

/** An item's own picture: the widest of Media RSS, or an enclosure. */
export function itemPicture(
  media: Feedsmith.MediaNs.ItemOrFeed | undefined,
  enclosures: readonly Enclosure[] = [],
): Image | undefined {
  return mediaPicture(media) ?? enclosedPicture(enclosures);
}

/** A picture by its address alone; undefined if mail cannot show it. */
export function pictureAt(address: string | undefined): Image | undefined {
  const src = imageAddress(address);
  return src === undefined ? undefined : { src, alt: "" };
}

function enclosedPicture(enclosures: readonly Enclosure[]): Image | undefined {
  return pictureAt(enclosures.find(({ type }) => type?.toLowerCase().startsWith("image/"))?.url);
}

function mediaPicture(media: Feedsmith.MediaNs.ItemOrFeed | undefined): Image | undefined {
  if (!media) return undefined;
  const places = [media, ...(media.groups ?? [])];
  const contents = places.flatMap((place) => place.contents ?? []);
  const widest = contents.filter(isPicture).sort((a, b) => (b.width ?? 0) - (a.width ?? 0))[0];
  const thumbnail = [...places, ...contents].flatMap((place) => place.thumbnails ?? [])[0];
  const picture = pictureAt(widest?.url ?? thumbnail?.url);
  if (!picture || !widest) return picture;
  const caption = oneLine(widest.description?.value ?? "");
  const credit = oneLine(widest.credits?.[0]?.value ?? media.credits?.[0]?.value ?? "");
  return withCaption(picture, { text: caption.includes("<") ? "" : caption, credit });
}

function isPicture({ medium, type, url }: Feedsmith.MediaNs.Content): boolean {
  if (medium !== undefined || type !== undefined)
    return medium === "image" || type?.startsWith("image/") === true;
  return /\.(?:jpe?g|png|gif|webp|avif)(?:\?|$)/i.test(url ?? "");
}

const REFERENCE = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/i;
const BEGINNING = /^\s*<(?:p|div|h[1-6]|ul|ol|table|blockquote|figure|section|article)[\s>]/i;
const TAG = /<(\/?)([a-z][a-z\d]*)(\s[^<>]*)?\/?>/gi;

/** Whether the text is HTML. If the format leaves it open, the text's own tags and references decide. */
function isHtml({ value, is }: Markup): boolean {
  if (is !== "either") return is === "html";
  return REFERENCE.test(value) || BEGINNING.test(value) || hasElement(value);
}

// "The <b> tag" has no "</b>", and "the <img> element" has no attributes. Such a text names tags and is not HTML.
function hasElement(text: string): boolean {
  const open = new Set<string>();
  for (const [, slash, tag = "", attributes] of text.matchAll(TAG)) {
    const name = tag.toLowerCase();
    if (name === "br" || name === "hr" || (name === "img" && attributes !== undefined)) return true;
    if (slash === "/" && open.has(name)) return true;
    open.add(name);
  }
  return false;
}

/** Converts markup to one line of plain text: a title, a name or a summary. Empty for undefined. */
export function toLine(markup: Markup | undefined): string {
  if (markup === undefined) return "";
  const text = isHtml(markup) && /[<&]/.test(markup.value) ? shownIn(markup.value) : markup.value;
  return oneLine(cleanText(decodeStrayReferences(text)));
}

function shownIn(html: string): string {
  return textOf(withoutHidden(html).html);
}

/** Converts markup to HTML. Plain text becomes paragraphs. */
export function toBodyHtml(markup: Markup): string {
  return isHtml(markup)
    ? markup.value
    : toHtml(toBlocks(cleanText(markup.value)).map(({ text }) => text));
}
