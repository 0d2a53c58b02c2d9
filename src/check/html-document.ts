import {
  type DefaultTreeAdapterMap,
  type DefaultTreeAdapterTypes as Tree,
  type TreeAdapter,
  defaultTreeAdapter,
  parse,
} from "parse5";

/** An element of an email's HTML. */
export interface MailElement {
  /** The name in lower case, with its prefix: `td`, `v:roundrect`. */
  readonly name: string;
  /** The attributes by their names in lower case. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly parent: MailElement | undefined;
  readonly children: readonly (MailElement | string)[];
  /** The line of its start tag, from 1; undefined for an element that the parser added. */
  readonly line: number | undefined;
  /** Offsets of the whole element into the source. */
  readonly start: number;
  readonly end: number;
  /** The index of the element among all in reading order, from 0, and that of its last descendant. */
  readonly index: number;
  readonly lastIndex: number;
}

/** A comment, which may contain a condition for Outlook. */
interface MailComment {
  readonly text: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** An email's HTML, parsed like browsers do. */
export interface HtmlDocument {
  readonly source: string;
  /** The doctype's name and public identifier in lower case, such as `html`; undefined if there is none. */
  readonly doctype: string | undefined;
  readonly root: MailElement;
  /** All elements in reading order. */
  readonly elements: readonly MailElement[];
  readonly comments: readonly MailComment[];
  /** The line after which the nesting was too deep to continue. */
  readonly cutAtLine: number | undefined;
}

const byName = memo(({ elements }: HtmlDocument) => Map.groupBy(elements, ({ name }) => name));

/** The elements with these names, in reading order. */
export function named(html: HtmlDocument, ...names: readonly string[]): MailElement[] {
  const found = names.flatMap((name) => byName(html).get(name) ?? []);
  return names.length > 1 ? found.sort((a, b) => a.index - b.index) : found;
}

/** The elements inside an element, in reading order. */
export function inside({ elements }: HtmlDocument, { index, lastIndex }: MailElement) {
  return elements.slice(index + 1, lastIndex + 1);
}

/** An attribute's value, trimmed; "" if it is empty or missing. */
export function attribute({ attributes }: MailElement, name: string): string {
  return (attributes.get(name) ?? "").trim();
}

/** An element and its ancestors, from the inside out. */
export function* outwards(element: MailElement): Generator<MailElement> {
  for (let at: MailElement | undefined = element; at; at = at.parent) yield at;
}

/** Elements whose text is no part of the page. */
export const MUTE: ReadonlySet<string> = new Set(["style", "script", "title", "template"]);

/** The text of an element, with white space reduced to single spaces. The parser has limited the nesting depth. */
export function textOf(element: MailElement): string {
  return rawText(element).replace(/\s+/gu, " ").trim();
}

function rawText({ children }: MailElement): string {
  return children
    .map((child) => {
      if (typeof child === "string") return child;
      return MUTE.has(child.name) ? "" : rawText(child);
    })
    .join("");
}

/** The text of an element itself, without that of its descendants. */
export function ownText({ children }: MailElement): string {
  return children.filter((child) => typeof child === "string").join("");
}

/** Caches a result per object, because several rules need the same one. */
export function memo<Key extends object, Value>(work: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    const entry = known.get(key) ?? { value: work(key) };
    known.set(key, entry);
    return entry.value;
  };
}

/** Chromium's limit of nesting. No mail needs a tenth of it. */
const DEEPEST = 512;

/** Ten times the largest mail. An unclosed tag may be opened again in every paragraph after it. */
const MOST_ELEMENTS = 300_000;

let latest: HtmlDocument | undefined;

/**
 * Parses any HTML, with the position of everything in it. Deeper nesting than in browsers is cut off, so that recursive
 * functions are safe. The latest document is cached, because an issue is first checked and then measured.
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

/** Thrown to stop the parser if it would take too long. */
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
  // Mail programs run no scripts, so the content of <noscript> is shown.
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

/** Converts the parser's tree, and lists all of its elements. */
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
