import { createRequire } from "node:module";
import { oneLine } from "../clean-text.ts";
import {
  isElement,
  isText,
  type PageDocument,
  type PageElement,
  type PageNode,
} from "./page-dom.ts";
import { blocksIn, type Block } from "./blocks.ts";

interface Module {
  readonly Readability: new (
    document: PageDocument,
    options: {
      readonly serializer: (content: PageElement) => PageElement;
      readonly keepClasses: boolean;
      readonly disableJSONLD: boolean;
      readonly charThreshold: number;
    },
  ) => { parse(): { readonly content: PageElement | null } | null };
}

let module: Module | undefined;

/**
 * How much of each block Readability takes for the story, from 0 to 1. It takes the document apart:
 * read from it first what is wanted of it. The blocks are those of `body`: its own or a copy.
 */
export function readabilityChoice(
  document: PageDocument,
  blocks: readonly Block[],
  body: PageElement = document.body,
): Float64Array {
  const copies = body === document.body ? undefined : copiesOf(document.body, body);
  module ??= load();
  nameAuthor(document);
  const reader = new module.Readability(document, {
    serializer: (content) => content,
    keepClasses: true,
    disableJSONLD: true,
    charThreshold: 300,
  });
  const content = reader.parse()?.content;
  if (!content) return new Float64Array(blocks.length);
  const nodes = new Set<PageNode>();
  for (const node of textIn(content)) nodes.add(copies?.get(node) ?? node);
  const byNode = Float64Array.from(blocks, (block) => shareIn(nodes, block));
  // After a first attempt that found too little, it reads a copy of the page.
  return byNode.some((share) => share > 0) ? byNode : byText(content, blocks);
}

function load(): Module {
  return createRequire(import.meta.url)("@mozilla/readability");
}

// Where a page's metadata names no author, Readability takes the first element that is called one
// out of the story, even in the middle of a sentence.
function nameAuthor(document: PageDocument): void {
  const author = document.createElement("meta");
  author.setAttribute("name", "author");
  author.setAttribute("content", "-");
  document.head.append(author);
}

/** The text of a copy by that which it was made of. */
function copiesOf(original: PageElement, copy: PageElement): Map<PageNode, PageNode> {
  const copies = textIn(copy);
  return new Map(
    textIn(original).flatMap((node, index): [PageNode, PageNode][] => {
      const own = copies[index];
      return own ? [[node, own]] : [];
    }),
  );
}

function textIn(parent: PageElement, nodes: PageNode[] = []): PageNode[] {
  for (let child = parent.firstChild; child; child = child.nextSibling) {
    if (isText(child)) nodes.push(child);
    else if (isElement(child)) textIn(child, nodes);
  }
  return nodes;
}

function shareIn(nodes: ReadonlySet<PageNode>, { nodes: own }: Block): number {
  let all = 0;
  let taken = 0;
  for (const node of own) {
    const { length } = oneLine(node.textContent);
    all += length;
    if (nodes.has(node)) taken += length;
  }
  return all === 0 ? 0 : taken / all;
}

function byText(content: PageElement, blocks: readonly Block[]): Float64Array {
  const taken = new Set(blocksIn(content).blocks.map(({ text }) => text));
  return Float64Array.from(blocks, ({ text }) => (taken.has(text) ? 1 : 0));
}
