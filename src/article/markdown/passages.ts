import { htmlTokensOf, type BlockToken, type InlineToken, type HtmlToken } from "./html-tokens.ts";
import { readInline, type InlineContext, type Inline } from "./inline.ts";
import { oneLine } from "../clean-text.ts";
import { escapeHtml } from "../sanitise-html.ts";
import { captionOf } from "../plain-text/caption.ts";
import { MARKER, type Mask } from "./mask.ts";
import type { Caption, Dropped, Image } from "../article.ts";

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
  for (const part of gatherWholes(htmlTokensOf(html))) {
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
  if (tag === "hr") return [{ is: "markup", html: "<hr />" }];
  if (!CONTAINERS.has(tag)) return [];
  if (is === "open") containers.push(tag);
  else containers.pop();
  return [{ is: "markup", html }];
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
  const isItem = tag === undefined && containers.at(-1) === "li";
  const wrapped = isItem ? html : `<${tag ?? "p"}>${html}</${tag ?? "p"}>`;
  if (isNote)
    return [...besides, { is: "aside", html: wrapped, dropped: { text, reason: "a footnote" } }];
  if (tag?.startsWith("h")) {
    return [...besides, { is: "heading", html: wrapped, text, level: Number(tag[1]) }];
  }
  if (text === "") return [...besides, { is: "markup", html: wrapped }];
  return [
    ...besides,
    { is: "paragraph", html: wrapped, text, isTopLevel: containers.length === 0 },
  ];
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
  return { is: "aside", html, dropped: { text: code, reason: "code, not story prose" } };
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
  return [...besides, { is: "aside", html: table, dropped: { text, reason: "a table" } }];
}

function toCaption(tokens: readonly HtmlToken[], context: InlineContext): Passage[] {
  const inline = tokens.filter((token) => token.is === "text" || token.is === "inline");
  const read = readInline(inline, context);
  const caption = captionOf(read.text) ?? { text: read.text };
  const own: Passage[] = read.text === "" ? [] : [{ is: "caption", caption, html: "" }];
  return [...besidesOf(read), ...own];
}

/** A part of a Markdown body. Joined, the `html` of all of them is the body's HTML. */
export type Passage =
  /** The tags around other passages: lists, quotations, rules. */
  | { readonly is: "markup"; readonly html: string }
  | { readonly is: "heading"; readonly html: string; readonly text: string; readonly level: number }
  | {
      readonly is: "paragraph";
      readonly html: string;
      readonly text: string;
      readonly isTopLevel: boolean;
    }
  | { readonly is: "image"; readonly image: Image; readonly html: "" }
  | { readonly is: "caption"; readonly caption: Caption; readonly html: "" }
  /** What is no story prose. Its `html` is empty where mail cannot show it. */
  | { readonly is: "aside"; readonly html: string; readonly dropped: Dropped };

/** The passages of what a line has beside its words: pictures, and what was left out of it. */
function besidesOf({ images, dropped }: Inline): Passage[] {
  return [
    ...images.map((image): Passage => ({ is: "image", image, html: "" })),
    ...dropped.map((entry): Passage => ({ is: "aside", html: "", dropped: entry })),
  ];
}

/** An element that is read as one: code, a table, a caption. */
interface Whole {
  readonly is: "whole";
  readonly tag: string;
  readonly inside: readonly HtmlToken[];
}

const WHOLE: ReadonlySet<string> = new Set(["pre", "table", "figcaption"]);

/** The tokens of HTML, with every element that is read as one gathered up. */
function* gatherWholes(tokens: Iterable<HtmlToken>): Generator<HtmlToken | Whole> {
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
      yield { is: "whole", tag, inside };
      [tag, inside, depth] = [undefined, [], 0];
    }
  }
  if (tag !== undefined) yield { is: "whole", tag, inside };
}
