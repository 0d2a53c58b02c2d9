import {
  htmlTokensOf,
  type BlockToken,
  type InlineToken,
  type HtmlToken,
} from "../markup/tokens.ts";
import { oneLine } from "../clean-text.ts";
import { escapeHtml } from "../../platform/references.ts";
import { captionOf } from "../caption.ts";
import { type Inline, type InlineContext, readInline } from "./inline.ts";
import { MARKER, type Mask } from "./mask.ts";
import type { Caption, Image } from "../article.ts";
import { measureText } from "../measure-text.ts";
import { type Block, type BlockKind, CODE } from "../block.ts";

const CONTAINERS: ReadonlySet<string> = new Set(["ul", "ol", "li", "blockquote"]);

/** The passages of structural HTML (see structuralHtml), in order. */
export function toPassages(html: string, context: InlineContext): Passage[] {
  // Flattened at the end, because a table can hold more pictures than a call accepts arguments.
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

// Opens or closes a container. Other block tags only separate passages, except a rule, which is a passage.
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
  // A page has one title, so a heading of level 1 inside the story becomes level 2.
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

/** Reads code, a table or a caption. */
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

/** A part of a Markdown body. The joined `html` of the kept passages is the HTML of the body. */
export interface Passage extends Block {
  /** The HTML of the passage; empty if a mail cannot show it. */
  readonly html: string;
  readonly level?: number;
  readonly image?: Image;
  /** From a `figcaption`, or from the title of a picture. */
  readonly caption?: Caption;
  /** Why the passage is not prose of the story. */
  readonly reason?: string | undefined;
}

export function toPassage(
  kind: BlockKind,
  { text = "", html = "", ...rest }: Partial<Omit<Passage, "kind" | "measure">>,
): Passage {
  return { kind, text, html, measure: measureText(text), ...rest };
}

/** The pictures of a line, and the text that was dropped from it. */
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

/** An element that is read as a unit: code, a table or a caption. */
interface Whole {
  readonly is: "whole";
  readonly tag: string;
  readonly inside: readonly HtmlToken[];
}

const WHOLE: ReadonlySet<string> = new Set(["pre", "table", "figcaption"]);

/** Collects the tokens of each element that is read as a unit. */
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

// Newsletters use tables for layout. The content of such a table is read as if the table were absent.
function* wholeOrParts(whole: Whole, context: InlineContext): Generator<HtmlToken | Whole> {
  const isLayout = context.hasLayoutTables && whole.tag === "table" && laysOut(whole.inside);
  if (isLayout) yield* [EDGE, ...gatherWholes(whole.inside, context), EDGE];
  else yield whole;
}

const EDGE: HtmlToken = { is: "open", tag: "div", html: "<div>" };

const BLOCKS: ReadonlySet<string> = new Set(
  "h1 h2 h3 h4 h5 h6 ul ol pre blockquote figure table".split(" "),
);

// Cells of a data table are short. A newsletter's layout table holds the whole story.
const LONGEST_DATA_CELL = 400;

/** Whether a table only does layout: its cells hold blocks or long texts, or it has fewer than two rows of two cells. */
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
