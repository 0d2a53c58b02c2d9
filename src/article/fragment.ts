import type { Caption, Dropped, Image } from "./article.ts";
import { cleanText } from "./clean-text.ts";
import type { Declared } from "./declared.ts";
import { unwrapLayoutTables } from "./fragment/layout-tables.ts";
import { trailerReason } from "./fragment/trailer.ts";
import { withoutWidgets } from "./fragment/widgets.ts";
import { toPassages } from "./markdown/passages.ts";
import { toParts, type Part } from "./markdown/parts.ts";
import { FURNITURE_REASONS, furnitureOf } from "./plain-text/furniture.ts";
import { sanitiseHtml, structuralHtml } from "./sanitise-html.ts";
import { withoutHidden } from "./hidden/hidden-text.ts";

/** What a piece of HTML says, without the page around it. */
export interface Fragment {
  /** Sanitised, its links absolute. */
  readonly html: string;
  /** The paragraphs, joined by a blank line. */
  readonly text: string;
  /** Those with an http(s) address, or one relative to nothing known. */
  readonly images: readonly Image[];
  readonly captions: readonly Caption[];
  /** Where the fragment has a byline of its own. */
  readonly authors: readonly string[];
  readonly dropped: readonly Dropped[];
}

/**
 * What a feed item or an exported post says: no page to find the story in, only the story. A list entry
 * is a paragraph of the text; headings, code and tables are in the HTML only; two line breaks end a
 * paragraph. `base` is the address that relative links and pictures are resolved against, and `known` is
 * what is said of the article elsewhere, so that it is not said again.
 */
export function readHtmlFragment(
  html: string,
  base?: string,
  known: { readonly title?: string | undefined; readonly authors?: readonly string[] } = {},
): Fragment {
  const seen = withoutHidden(html);
  const story = withoutWidgets(seen.html);
  const structural = cleanText(structuralHtml(cleanText(story.html)));
  const passages = toPassages(unwrapLayoutTables(structural).replace(TWO_BREAKS, "<p></p>"), {
    masks: [],
    url: base,
  });
  const parts = toParts(withoutFurniture(passages, known.title), declaredOf(known));
  const given = <Key extends keyof Part>(key: Key): NonNullable<Part[Key]>[] =>
    parts.map((part) => part[key]).filter((value) => value !== undefined && value !== null);
  return {
    html: sanitiseHtml(given("html").join("")),
    text: given("story").join("\n\n"),
    images: given("image").flatMap((image) => shownImage(image, base)),
    captions: given("caption"),
    authors: given("authors").flat(),
    dropped: [...given("dropped"), ...seen.dropped, ...story.dropped, ...embedsIn(story.html)],
  };
}

type Passage = ReturnType<typeof toPassages>[number];

const TWO_BREAKS = /(?:<br \/>\s*){2,}/g;

function declaredOf({
  title,
  authors = [],
}: {
  readonly title?: string | undefined;
  readonly authors?: readonly string[];
}): Declared {
  return { title, authors, tags: [], images: [], kind: "story", isDraft: false, dropped: [] };
}

function withoutFurniture(passages: readonly Passage[], title: string | undefined): Passage[] {
  const paragraphs = passages.filter((passage) => passage.is === "paragraph" && passage.isTopLevel);
  const edges = new Set([...paragraphs.slice(0, 1), ...paragraphs.slice(-3)]);
  return passages.map((passage): Passage => {
    if (passage.is === "heading" && passage.text === title)
      return aside(passage.text, "the headline, given by the feed");
    if (passage.is !== "paragraph" || !passage.isTopLevel) return passage;
    if (ORNAMENT.test(passage.text)) return { is: "markup", html: "<hr />" };
    const reason = trailerReason(passage.text) ?? furnitureReason(passage.text, edges.has(passage));
    return reason === undefined ? passage : aside(passage.text, reason);
  });
}

function aside(text: string, reason: string): Passage {
  return { is: "aside", html: "", dropped: { text, reason } };
}

// "* * *" between two parts of a story.
const ORNAMENT = /^[^\p{L}\p{N}]{1,120}$/u;

// "Back to the show" and "About us" are navigation at the end of an item, and in the middle of a story are not.
const ONLY_AT_EDGES: ReadonlySet<string> = new Set(["navigation", "legal", "tags"]);

function furnitureReason(paragraph: string, isAtEdge: boolean): string | undefined {
  const furniture = paragraph.length <= 80 ? furnitureOf(paragraph) : undefined;
  if (furniture === undefined || (ONLY_AT_EDGES.has(furniture) && !isAtEdge)) return undefined;
  return FURNITURE_REASONS[furniture];
}

// Pictures of one pixel that count readers: they show nothing, and would count ours.
const TRACKER =
  /\/\/(?:pixel|beacon|stats?|track(?:ing|er)?|analytics|feeds)\.[^/]*\/(?!.*\.(?:jpe?g|webp|avif)\b)|\/(?:pixel|beacon|spacer|blank|clear|1x1|transparent)\.(?:gif|png)\b|\/_\/stat\b|doubleclick\.net|\/~[rf4]\//i;

function shownImage(image: Image, base: string | undefined): Image[] {
  const src =
    base !== undefined && URL.canParse(image.src, base) ? new URL(image.src, base).href : image.src;
  return TRACKER.test(src) ? [] : [{ ...image, src }];
}

const EMBED =
  /<(?:iframe|video|audio|embed|object)\b[^<>]{0,2000}?\s(?:src|data)\s*=\s*["']?([^"'\s<>]{1,500})/gi;

function embedsIn(html: string): Dropped[] {
  return [...html.matchAll(EMBED)].map(([, address = ""]) => ({
    text: address,
    reason: "an element that mail cannot show",
  }));
}
