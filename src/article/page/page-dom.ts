import { createRequire } from "node:module";

/**
 * What this room uses of the DOM. Element names are read with `nameOf`, which has them in small
 * letters.
 */
export interface PageNode {
  readonly nodeType: number;
  readonly parentElement: PageElement | null;
  readonly firstChild: PageNode | null;
  readonly nextSibling: PageNode | null;
  textContent: string;
}

export interface PageElement extends PageNode {
  readonly localName: string;
  remove(): void;
  cloneNode(deep: boolean): PageElement;
  replaceWith(other: PageElement): void;
  append(child: PageElement): void;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  querySelector(selectors: string): PageElement | null;
  querySelectorAll(selectors: string): Iterable<PageElement>;
}

export interface PageDocument extends PageNode {
  readonly documentElement: PageElement;
  readonly head: PageElement;
  readonly body: PageElement;
  createElement(name: string): PageElement;
  querySelector(selectors: string): PageElement | null;
  querySelectorAll(selectors: string): Iterable<PageElement>;
}

interface Linkedom {
  parseHTML(html: string): { readonly document: PageDocument };
}

let linkedom: Linkedom | undefined;

/**
 * The document of well-formed markup. The parser is loaded with the first page: it takes 100 ms.
 */
export function parsePage(html: string): PageDocument {
  linkedom ??= load();
  return linkedom.parseHTML(html.replace(BLANKS, " ")).document;
}

// Each no-break space that is written as a reference becomes a node of its own, as often as Readability parses the page.
const BLANKS = /(?:\u00a0|&nbsp;|&#160;|&#xa0;){40,1000}/gi;

function load(): Linkedom {
  return createRequire(import.meta.url)("linkedom");
}

const ELEMENT = 1;
const TEXT = 3;

export function isElement(node: PageNode): node is PageElement {
  return node.nodeType === ELEMENT;
}

export function isText(node: PageNode): boolean {
  return node.nodeType === TEXT;
}

/** The children of a node. A list of its own, so that they may be moved while it is read. */
export function childrenOf(node: PageNode): PageNode[] {
  const children: PageNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

/** The text of a tree, without that of elements in it which are not shown. */
export function shownText(root: PageNode): string {
  if (!isElement(root)) return root.textContent;
  return childrenOf(root)
    .map((child) => (isElement(child) && isHidden(child) ? "" : shownText(child)))
    .join("");
}

/** Whether an element is not shown: see `boundMarkup`. */
export function isHidden(element: PageElement): boolean {
  return element.getAttribute("hidden") !== null;
}

/**
 * The elements of a tree in document order. Where `enter` refuses one, what is in it is left out
 * too.
 */
export function* elementsIn(
  root: PageNode,
  enter: (element: PageElement) => boolean = () => true,
): Generator<PageElement> {
  for (const child of childrenOf(root)) {
    if (!isElement(child) || !enter(child)) continue;
    yield child;
    yield* elementsIn(child, enter);
  }
}

/** Whether an element is another, or has it inside. */
export function isWithin(inner: PageElement, outer: PageElement): boolean {
  for (let at: PageElement | null = inner; at; at = at.parentElement) if (at === outer) return true;
  return false;
}
