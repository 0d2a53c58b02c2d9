import type { Caption, Dropped, Image } from "../article.ts";
import { tokensOf, type BlockToken, type InlineToken } from "./html-tokens.ts";
import { readInline, type InlineContext } from "./inline.ts";
import { toWhole } from "./whole-passages.ts";
import { gatherWholes } from "./wholes.ts";

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

const CONTAINERS: ReadonlySet<string> = new Set(["ul", "ol", "li", "blockquote"]);

/** The passages of structural HTML (see structuralHtml), in order. */
export function toPassages(html: string, context: InlineContext): Passage[] {
  const passages: Passage[] = [];
  const containers: string[] = [];
  let block: string | undefined;
  let inline: InlineToken[] = [];
  const flush = (): void => {
    passages.push(...toBlock(inline, block, containers, context));
    inline = [];
  };
  for (const part of gatherWholes(tokensOf(html))) {
    if (part.is === "text" || part.is === "inline") {
      inline.push(part);
      continue;
    }
    flush();
    if (part.is === "whole") passages.push(...toWhole(part, context));
    else {
      block = part.is === "open" && /^(?:p|h\d)$/.test(part.tag) ? part.tag : undefined;
      passages.push(...toMarkup(part, containers));
    }
  }
  flush();
  return passages;
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
  const { html, text, images, dropped, isNote } = readInline(tokens, context);
  const besides: Passage[] = [
    ...images.map((image): Passage => ({ is: "image", image, html: "" })),
    ...dropped.map((entry): Passage => ({ is: "aside", html: "", dropped: entry })),
  ];
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
