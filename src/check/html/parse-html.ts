import {
  type DefaultTreeAdapterMap,
  type DefaultTreeAdapterTypes as Tree,
  type TreeAdapter,
  defaultTreeAdapter,
  parse,
} from "parse5";
import type { HtmlDocument, MailComment, MailElement } from "./mail-element.ts";

/** Chromium nests no deeper, and no mail needs a tenth of it. */
const DEEPEST = 512;

/** Ten times the largest mail: an unclosed tag may be opened anew in every paragraph after it. */
const MOST_ELEMENTS = 300_000;

let latest: HtmlDocument | undefined;

/**
 * Any HTML, with the place of everything in it. What is nested deeper than browsers nest is cut off
 * there, so that functions that walk the tree may call themselves. An issue is checked and then measured: the latest
 * document is not parsed twice.
 */
export function parseHtml(source: string): HtmlDocument {
  if (latest?.source !== source) latest = parsedAnew(source);
  return latest;
}

function parsedAnew(source: string): HtmlDocument {
  try {
    return flattened(source, parsed(source));
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    return flattened(source, parsed(source.slice(0, error.offset)), error.line);
  }
}

/** Thrown out of the parser where it would go on for too long. */
class TooDeep extends Error {
  readonly offset: number;
  readonly line: number;

  constructor(offset: number, line: number) {
    super();
    this.offset = offset;
    this.line = line;
  }
}

function parsed(source: string): Tree.Document {
  // A mail program runs no scripts, so that what is in <noscript> is shown.
  const options = { sourceCodeLocationInfo: true, scriptingEnabled: false };
  return parse(source, { ...options, treeAdapter: boundedAdapter() });
}

function boundedAdapter(): TreeAdapter<DefaultTreeAdapterMap> {
  let depth = 0;
  let count = 0;
  let [offset, line] = [0, 1];
  return {
    ...defaultTreeAdapter,
    onItemPush({ sourceCodeLocation: at }) {
      if (at && at.startOffset > offset) [offset, line] = [at.startOffset, at.startLine];
      if (++depth > DEEPEST || ++count > MOST_ELEMENTS) throw new TooDeep(offset, line);
    },
    onItemPop() {
      depth--;
    },
  };
}

/** The parser's tree as ours, and all of its elements in one list. */
function flattened(source: string, document: Tree.Document, cutAtLine?: number): HtmlDocument {
  const elements: MailElement[] = [];
  const comments: MailComment[] = [];
  const add = (node: Tree.Element, parent: MailElement | undefined): MailElement => {
    const children: (MailElement | string)[] = [];
    const element = { ...facts(node), parent, children, index: elements.length, lastIndex: 0 };
    elements.push(element);
    for (const child of childrenOf(node, element)) children.push(child);
    element.lastIndex = elements.length - 1;
    return element;
  };
  const childrenOf = (node: Tree.ParentNode, parent?: MailElement) =>
    node.childNodes.flatMap((child): (MailElement | string)[] => {
      if ("tagName" in child) return [add(child, parent)];
      if ("data" in child) comments.push(commentOf(child));
      return "value" in child ? [child.value] : [];
    });
  const root = childrenOf(document).find((child) => typeof child !== "string");
  if (!root) throw new Error("a document without a root");
  return { source, doctype: doctypeOf(document), root, elements, comments, cutAtLine };
}

function facts({ tagName, attrs, sourceCodeLocation: at }: Tree.Element) {
  const attributes = attrs.map(({ name, prefix, value }) => {
    return [(prefix ? `${prefix}:${name}` : name).toLowerCase(), value] as const;
  });
  return {
    name: tagName.toLowerCase(),
    attributes: new Map(attributes),
    line: at?.startLine,
    start: at?.startOffset ?? 0,
    end: at?.endOffset ?? 0,
  };
}

function commentOf({ data, sourceCodeLocation: at }: Tree.CommentNode): MailComment {
  const { startLine = 1, startOffset = 0, endOffset = 0 } = at ?? {};
  return { text: data, line: startLine, start: startOffset, end: endOffset };
}

function doctypeOf({ childNodes }: Tree.Document): string | undefined {
  const found = childNodes.find((node) => "publicId" in node);
  return found && [found.name, found.publicId].filter(Boolean).join(" ").toLowerCase();
}
