import type { Caption, Dropped, Image } from "./article.ts";
import { cleanText } from "./clean-text.ts";
import { findDate, isDateNoise } from "./dates.ts";
import { UNDECLARED } from "./declared.ts";
import { type Passage, toPassage, toPassages } from "./markdown/passages.ts";
import { passagesBody } from "./markdown/roles.ts";
import { anyOf, BOILERPLATE_REASONS, boilerplateOf } from "./boilerplate.ts";
import { isOrnament } from "./block.ts";
import { structuralHtml } from "./sanitise-html.ts";
import { type StartTag, withoutHidden } from "./hidden/hidden-text.ts";
import { tokensOf } from "./markup/tokens.ts";

/** The contents of a piece of HTML that has no page around it. */
export interface Fragment {
  /** Sanitised, its links absolute. */
  readonly html: string;
  /** The paragraphs, joined by a blank line. */
  readonly text: string;
  /** Pictures with an http(s) address, or with a relative one that has no base. */
  readonly images: readonly Image[];
  readonly captions: readonly Caption[];
  /** The authors in the byline of the fragment. */
  readonly authors: readonly string[];
  /** The date in a line of the fragment. */
  readonly publishedAt: string | undefined;
  readonly dropped: readonly Dropped[];
}

/** The fields of an article that are known without its HTML, so that they are not repeated in its text. */
export interface KnownFields {
  readonly title?: string | undefined;
  readonly authors?: readonly string[];
  /** Other values, such as the name of the site, the tags and the address. */
  readonly others?: readonly (string | undefined)[];
}

/**
 * Reads a feed item or an exported post: HTML that holds only the story. A list entry is a paragraph of the text.
 * Headings, code and tables are only in the HTML. Two line breaks end a paragraph. Relative links and pictures are
 * resolved against `base`.
 */
export function readHtmlFragment(html: string, base?: string, known: KnownFields = {}): Fragment {
  const seen = withoutHidden(html, WIDGET.test(html) ? widgetReason : undefined);
  const structural = cleanText(structuralHtml(cleanText(seen.html)));
  const passages = toPassages(structural.replace(TWO_BREAKS, "<p></p>"), {
    masks: [],
    url: base,
    hasLayoutTables: true,
  });
  const declared = { ...UNDECLARED, title: known.title, authors: known.authors ?? [] };
  const body = passagesBody(withoutBoilerplate(passages, known), declared);
  return {
    html: body.html,
    text: body.text,
    images: body.images.flatMap((image) => shownImage(image, base)),
    captions: body.captions,
    authors: body.authors,
    publishedAt: body.publishedAt,
    dropped: [...body.dropped, ...seen.dropped, ...embedsIn(seen.html)],
  };
}

const TWO_BREAKS = /(?:<br \/>\s*){2,}/g;

function withoutBoilerplate(passages: readonly Passage[], known: KnownFields): Passage[] {
  const paragraphs = passages.filter(({ kind }) => kind === "paragraph");
  const edges = new Set([...paragraphs.slice(0, 1), ...paragraphs.slice(-3)]);
  const repeats = repeaterOf(known);
  // A note may consist of its title, or of hashtags.
  const isOnlyRepeated = paragraphs.every(({ text }) => repeats(text));
  return passages.map((passage): Passage => {
    const { kind, text } = passage;
    if (kind === "heading" && text === known.title)
      return toPassage("text", { text, reason: "the headline, given by the feed" });
    if (kind !== "paragraph") return passage;
    if (isOrnament(text)) return toPassage("tags", { html: "<hr />" });
    const isRepeated = edges.has(passage) && !isOnlyRepeated && repeats(text);
    const reason =
      trailerReason(text) ??
      boilerplateReason(text, edges.has(passage)) ??
      (isRepeated ? "a line of fields that the feed gives" : undefined);
    return reason === undefined ? passage : toPassage("text", { text, reason });
  });
}

// At the end of an item, "Back to the show" and "About us" are navigation. In the middle of a story they are text.
const ONLY_AT_EDGES: ReadonlySet<string> = new Set(["navigation", "legal", "tags"]);

function boilerplateReason(paragraph: string, isAtEdge: boolean): string | undefined {
  if (isAtEdge && SUBSCRIBE_LINE.test(paragraph)) return BOILERPLATE_REASONS.subscribe;
  const boilerplate = paragraph.length <= 80 ? boilerplateOf(paragraph) : undefined;
  if (boilerplate === undefined || (ONLY_AT_EDGES.has(boilerplate) && !isAtEdge)) return undefined;
  return BOILERPLATE_REASONS[boilerplate];
}

/** "Subscribe: Apple | Spotify | RSS" */
const SUBSCRIBE_LINE = new RegExp(String.raw`^(?:${anyOf("subscribe")})\s?[:：].{1,120}$`, "iu");

const LONGEST_REPEATED = 160;
const HASHTAG = /(?<![\p{L}\p{N}&/])#[\p{L}\p{M}\p{N}_]*\p{L}[\p{L}\p{M}\p{N}_]*/gu;
const CLOCK = /(?<![\d:.])\d{1,2}[:.]\d{2}(?::\d{2})?(?![\d:.])/g;
/** "Source:" */
const LABEL = /^[\p{L}\p{M}]+(?: [\p{L}\p{M}]+)?\s?[:：]$/u;

/** Returns a test of whether a line holds only known fields, hashtags, a date or a time. */
function repeaterOf({ title, authors = [], others = [] }: KnownFields): (line: string) => boolean {
  const values = [title, ...authors, ...others].flatMap((value) => (value ? [value] : []));
  const ordered = [...new Set(values)].toSorted((a, b) => b.length - a.length);
  return (line) => {
    if (line.length > LONGEST_REPEATED) return false;
    const others = ordered.reduce<string>(without, line);
    const bare = [HASHTAG, CLOCK].reduce<string>(without, others);
    const rest = findDate(bare)?.rest ?? bare;
    if (rest === line || /\d/.test(rest)) return false;
    const hasField = others !== line;
    return isDateNoise(rest) || (hasField && LABEL.test(rest.replace(EDGES, "")));
  };
}

const EDGES = /^[\s|·,]+|[\s|·,]+$/gu;

/** Removes a pattern from a line, or a value if it matches whole words. */
function without(line: string, part: string | RegExp): string {
  if (typeof part !== "string") return line.replace(part, " ");
  const at = line.toLowerCase().indexOf(part.toLowerCase());
  if (at === -1) return line;
  const [before, after] = [line.slice(0, at), line.slice(at + part.length)];
  return /[\p{L}\p{N}]$/u.test(before) || /^[\p{L}\p{N}]/u.test(after)
    ? line
    : `${before} ${after}`;
}

// Tracking pixels. They show nothing, and would count our readers.
const TRACKER =
  /\/\/(?:pixel|beacon|stats?|track(?:ing|er)?|analytics|feeds)\.[^/]*\/(?!.*\.(?:jpe?g|webp|avif)\b)|\/(?:pixel|beacon|spacer|blank|clear|1x1|transparent)\.(?:gif|png)\b|\/_\/stat\b|doubleclick\.net|\/~[rf4]\//i;

function shownImage(image: Image, base: string | undefined): Image[] {
  const src =
    base !== undefined && URL.canParse(image.src, base) ? new URL(image.src, base).href : image.src;
  return TRACKER.test(src) ? [] : [{ ...image, src }];
}

const EMBEDS: ReadonlySet<string> = new Set(["iframe", "video", "audio", "embed", "object"]);

function embedsIn(html: string): Dropped[] {
  return tokensOf(html).flatMap((token): Dropped[] => {
    if (!("attributes" in token) || !EMBEDS.has(token.name)) return [];
    const address = token.attributes.get("src") ?? token.attributes.get("data") ?? "";
    const inside = token.is === "raw" ? embedsIn(token.inside) : [];
    const own =
      address === "" ? [] : [{ text: address, reason: "an element that mail cannot show" }];
    return own.concat(inside);
  });
}

// Widgets that publishing programs insert into a story: cards for other pages, forms, share bars. No words identify
// them, only the classes that their style sheets use.
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

function widgetReason({ source, attributes }: StartTag): string | undefined {
  const isWidget = attributes.has("class") && WIDGET.test(source);
  return isWidget ? "a card, form or button beside the story" : undefined;
}

// WordPress signs the items of a feed in its own translations. Medium signs in English.
const MEDIUM = /\swas originally published in .{1,200} on Medium, where people are continuing/;
const WORDPRESS =
  /^(?:the post|der beitrag|l['’]article|la entrada|l['’]articolo|het bericht|o post|inlägget|artykuł|сообщение|投稿)\s.{1,300}(?:appeared first on|erschien zuerst auf|est apparu en premier sur|(?:se publicó|apareció) primero en|(?:proviene da|sembra essere il primo su)|verscheen eerst op|apareceu primeiro em|dök först upp på|pochodzi z serwisu|появил(?:ась|ось|ись) сначала на|に最初に表示されました)/iu;

const ONWARD = anyOf("onward");
const MARK = String.raw`(?:\[\s?(?:…|\.{3})\s?\]|\((?:more\s?)?(?:…|\.{3})\)|\(more\)|…|\.{3})`;
const ONWARD_LINE = new RegExp(String.raw`^[\s[({<«»→]*(?:${ONWARD})(?![\p{Ll}]).{0,120}$`, "iu");
const CUT = new RegExp(String.raw`${MARK}\s*(?:(?:${ONWARD})(?!\p{Ll}).{0,120})?$`, "iu");
const ONWARD_AT_END = new RegExp(
  String.raw`[.!?…\]]\s+[[({<«]*(?:${ONWARD})(?!\p{Ll})[^.!?]{0,100}$`,
  "iu",
);

/** Why a paragraph is the feed's signature or a link to the rest; undefined for a paragraph of the story. */
function trailerReason(paragraph: string): string | undefined {
  if (paragraph.length > 500) return undefined;
  if (WORDPRESS.test(paragraph) || MEDIUM.test(paragraph)) return "the feed's signature";
  return ONWARD_LINE.test(paragraph) ? LEADS_ON : undefined;
}

const LEADS_ON = "a link to the rest of the story";

/** Whether the dropped text is a link to the rest of the story. */
export function leadsOn({ reason }: Dropped): boolean {
  return reason === LEADS_ON;
}

/** Whether a text breaks off with "[…]", with three dots, or with an invitation to read on. */
export function isCutShort(text: string): boolean {
  const end = text.slice(-300).trim();
  return CUT.test(end) || ONWARD_AT_END.test(end);
}
