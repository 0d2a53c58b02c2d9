import { tokensOf, type BlockToken, type InlineToken } from "./html-tokens.ts";
import { readInline, type InlineContext } from "./inline.ts";
import { besidesOf, type Passage } from "./passage.ts";
import { toWhole } from "./whole-passages.ts";
import { gatherWholes } from "./wholes.ts";

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
  for (const part of gatherWholes(tokensOf(html))) {
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
