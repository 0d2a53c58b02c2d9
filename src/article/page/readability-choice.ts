import { createRequire } from "node:module";
import { oneLine } from "../clean-text.ts";
import {
  isElement,
  isText,
  type PageDocument,
  type PageElement,
  type PageNode,
} from "../html/page-dom.ts";
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
 * read from it first what is wanted of it.
 */
export function readabilityChoice(document: PageDocument, blocks: readonly Block[]): Float64Array {
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
  collectText(content, nodes);
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

function collectText(parent: PageElement, nodes: Set<PageNode>): void {
  for (let child = parent.firstChild; child; child = child.nextSibling) {
    if (isText(child)) nodes.add(child);
    else if (isElement(child)) collectText(child, nodes);
  }
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
