import {
  htmlTokensOf,
  type BlockToken,
  type InlineToken,
  type HtmlToken,
} from "../markup/tokens.ts";
import { oneLine } from "../clean-text.ts";
import { escapeHtml } from "../../platform/escape-html.ts";
import { captionOf, withCaption } from "../caption.ts";
import { MARKER, type Mask, MASK_REASONS, unmask, hasMarker } from "./mask.ts";
import type { Caption, Dropped, Image } from "../article.ts";
import { imageAddress } from "../field-values.ts";
import { joinsWithoutSpace, measureText } from "../measure-text.ts";
import type { Block, BlockKind } from "../block.ts";
import { CODE } from "../role.ts";

const CONTAINERS: ReadonlySet<string> = new Set(["ul", "ol", "li", "blockquote"]);

/** The passages of structural HTML (see structuralHtml), in order. */
export function toPassages(html: string, context: InlineContext): Passage[] {
  // Flattened at the end: a table can hold more pictures than a call takes arguments.
  const passages: Passage[][] = [];
  const containers: string[] = [];
  let block: string | undefined;
  let inline: InlineToken[] = [];
  const flush = (): void => {
    passages.push(toBlock(inline, block, containers, context));
    inline = [];
  };
  for (const part of gatherWholes(htmlTokensOf(html), context)) {
    if (part.is === "text" || part.is === "inline") {
      inline.push(part);
      continue;
    }
    flush();
    if (part.is === "whole") passages.push(toWhole(part, context));
    else {
      block = part.is === "open" && /^(?:p|h\d)$/.test(part.tag) ? part.tag : undefined;
      passages.push(toMarkup(part, containers));
    }
  }
  flush();
  return passages.flat();
}

// Opens or closes a container; a rule stands alone, and other tags only part one block from the next.
function toMarkup({ is, tag, html }: BlockToken, containers: string[]): Passage[] {
  if (tag === "hr") return [toPassage("tags", { html: "<hr />" })];
  if (!CONTAINERS.has(tag)) return [];
  if (is === "open") containers.push(tag);
  else containers.pop();
  return [toPassage("tags", { html })];
}

function toBlock(
  tokens: readonly InlineToken[],
  tag: string | undefined,
  containers: readonly string[],
  context: InlineContext,
): Passage[] {
  const read = readInline(tokens, context);
  const { html, text, isNote } = read;
  const besides = besidesOf(read);
  if (html.replace(/<[^>]*>/g, "").trim() === "") return besides;
  const level = tag?.startsWith("h") ? Number(tag[1]) : undefined;
  const isItem = tag === undefined && containers.at(-1) === "li";
  // The page has one title; a heading of the first level inside the story is a section's.
  const name = level === 1 ? "h2" : (tag ?? "p");
  const wrapped = isItem ? html : `<${name}>${html}</${name}>`;
  if (isNote) return [...besides, toPassage("text", { html: wrapped, text, reason: "a footnote" })];
  if (level !== undefined)
    return [...besides, toPassage("heading", { html: wrapped, text, level })];
  if (text === "") return [...besides, toPassage("tags", { html: wrapped })];
  return [...besides, toPassage(kindIn(containers), { html: wrapped, text })];
}

function kindIn(containers: readonly string[]): BlockKind {
  if (containers.length === 0) return "paragraph";
  return containers.includes("li") ? "item" : "quotation";
}

/** The passages of code, a table or a caption. */
function toWhole({ tag, inside }: Whole, context: InlineContext): Passage[] {
  if (tag === "pre") return [toCode(inside, context.masks)];
  return tag === "table" ? toTable(inside, context) : toCaption(inside, context);
}

function toCode(tokens: readonly HtmlToken[], masks: readonly Mask[]): Passage {
  const code = tokens
    .map((token) => (token.is === "text" ? token.text : ""))
    .join("")
    .replace(MARKER, (_, index: string) => masks[Number(index)]?.written ?? "")
    .replace(/\n$/, "");
  const html = `<pre><code>${escapeHtml(code)}</code></pre>`;
  return toPassage("code", { html, text: code, reason: CODE });
}

function toTable(tokens: readonly HtmlToken[], context: InlineContext): Passage[] {
  const html: string[] = [];
  const rows: string[][] = [];
  const besides: Passage[] = [];
  let cell: InlineToken[] = [];
  for (const token of tokens) {
    if (token.is === "text" || token.is === "inline") {
      cell.push(token);
      continue;
    }
    const read = readInline(cell, context);
    cell = [];
    html.push(read.html, token.html);
    besides.push(...besidesOf(read));
    if (read.text !== "") rows.at(-1)?.push(oneLine(read.text));
    if (token.tag === "tr" && token.is === "open") rows.push([]);
  }
  const text = rows.map((row) => row.join(" | ")).join("\n");
  const table = `<table>${html.join("")}</table>`;
  return [...besides, toPassage("row", { html: table, text, reason: "a table" })];
}

function toCaption(tokens: readonly HtmlToken[], context: InlineContext): Passage[] {
  const inline = tokens.filter((token) => token.is === "text" || token.is === "inline");
  const read = readInline(inline, context);
  const caption = captionOf(read.text) ?? { text: read.text };
  const own = read.text === "" ? [] : [toPassage("caption", { text: read.text, caption })];
  return [...besidesOf(read), ...own];
}

/** A part of a Markdown body. Joined, the `html` of those that stay is the body's HTML. */
export interface Passage extends Block {
  /** Empty where mail cannot show it. */
  readonly html: string;
  /** Of a heading. */
  readonly level?: number;
  readonly image?: Image;
  /** That of a `figcaption`, or the title of a picture. */
  readonly caption?: Caption;
  /** Why it is no story prose. */
  readonly reason?: string | undefined;
}

export function toPassage(
  kind: BlockKind,
  { text = "", html = "", ...rest }: Partial<Omit<Passage, "kind" | "measure">>,
): Passage {
  return { kind, text, html, measure: measureText(text), ...rest };
}

/** The passages of what a line has beside its words: pictures, and what was left out of it. */
function besidesOf({ images, dropped }: Inline): Passage[] {
  return [
    ...images.map((image) => toPassage("picture", { image, ...captionWith(image) })),
    ...dropped.map((entry) => toPassage("text", entry)),
  ];
}

function captionWith({ caption, credit }: Image): Pick<Passage, "caption"> {
  if (!caption) return {};
  return { caption: { text: caption, ...(credit ? { credit } : {}) } };
}

/** An element that is read as one: code, a table, a caption. */
interface Whole {
  readonly is: "whole";
  readonly tag: string;
  readonly inside: readonly HtmlToken[];
}

const WHOLE: ReadonlySet<string> = new Set(["pre", "table", "figcaption"]);

/** The tokens of HTML, with every element that is read as one gathered up. */
function* gatherWholes(
  tokens: Iterable<HtmlToken>,
  context: InlineContext,
): Generator<HtmlToken | Whole> {
  let tag: string | undefined;
  let inside: HtmlToken[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (tag === undefined) {
      if (token.is === "open" && WHOLE.has(token.tag)) tag = token.tag;
      else yield token;
      continue;
    }
    if (token.is === "open" && token.tag === tag) depth++;
    if (token.is === "close" && token.tag === tag) depth--;
    if (depth >= 0) inside.push(token);
    else {
      yield* wholeOrParts({ is: "whole", tag, inside }, context);
      [tag, inside, depth] = [undefined, [], 0];
    }
  }
  if (tag !== undefined) yield* wholeOrParts({ is: "whole", tag, inside }, context);
}

// Newsletters are built of tables that say nothing: what is in such a table stands as if there were none.
function* wholeOrParts(whole: Whole, context: InlineContext): Generator<HtmlToken | Whole> {
  const isLayout = context.hasLayoutTables && whole.tag === "table" && laysOut(whole.inside);
  if (!isLayout) return yield whole;
  const edge: HtmlToken = { is: "open", tag: "div", html: "<div>" };
  yield edge;
  yield* gatherWholes(whole.inside, context);
  yield edge;
}

const BLOCKS: ReadonlySet<string> = new Set(
  "h1 h2 h3 h4 h5 h6 ul ol pre blockquote figure table".split(" "),
);

// The cells of a table that says something are short. A newsletter's table holds the whole story.
const LONGEST_DATA_CELL = 400;

/** Whether a table says nothing by itself: it has blocks or long texts in its cells, or not two rows of two. */
function laysOut(tokens: readonly HtmlToken[]): boolean {
  let [cells, wideRows, cell] = [0, 0, 0];
  for (const token of tokens) {
    cell += token.is === "text" ? token.text.length : token.html.length;
    if (cell > LONGEST_DATA_CELL || BLOCKS.has(token.is === "text" ? "" : token.tag)) return true;
    if (token.is !== "open") continue;
    if (token.tag === "tr") cells = 0;
    if (token.tag !== "td" && token.tag !== "th") continue;
    cell = 0;
    if (++cells === 2) wideRows++;
  }
  return wideRows < 2;
}

/** What one block says: the same words as HTML and as text, and what else is in it. */
interface Inline {
  readonly html: string;
  readonly text: string;
  readonly images: readonly Image[];
  readonly dropped: readonly Dropped[];
  /** Whether it is the text of a footnote. */
  readonly isNote: boolean;
}

interface InlineContext {
  readonly masks: readonly Mask[];
  /** The article's own address, which relative links are resolved against. */
  readonly url: string | undefined;
  /** Whether tables may be there for the look alone, as in mails and feeds. */
  readonly hasLayoutTables?: boolean;
}

/** A block's inline tokens as HTML and as text, line breaks joined as the script joins them. */
function readInline(tokens: readonly InlineToken[], context: InlineContext): Inline {
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
    after: letters === "" ? "" : gapIn(trailing(raw)),
  };
}

function trailing(raw: string): string {
  return raw.slice(raw.trimEnd().length);
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
