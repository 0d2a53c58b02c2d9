import { createRequire } from "node:module";
import { once } from "../../platform/remembering.ts";

/** What this room uses of the DOM. */
export interface PageNode {
  readonly nodeType: number;
  readonly parentNode: PageNode | null;
  readonly firstChild: PageNode | null;
  readonly nextSibling: PageNode | null;
  textContent: string;
}

export interface PageElement extends PageNode {
  readonly localName: string;
  remove(): unknown;
  appendChild(child: PageElement): unknown;
  getAttribute(name: string): string | null | undefined;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
}

export interface PageDocument extends PageNode {
  readonly documentElement: PageElement;
  readonly head: PageElement;
  readonly body: PageElement;
  createElement(name: string): PageElement;
}

interface Parser {
  new (): { parse(markup: string): PageDocument };
}

/**
 * The document of markup from `boundMarkup`. The parser is that which Readability brings for itself: strict, without
 * selectors, and three times as fast with it as a whole DOM. It is loaded with the first page.
 */
export function parsePage(html: string): PageDocument {
  const JSDOMParser = load();
  return new JSDOMParser().parse(html);
}

const load = once((): Parser =>
  createRequire(import.meta.url)("@mozilla/readability/JSDOMParser.js"),
);

const ELEMENT = 1;
const TEXT = 3;

export function isElement(node: PageNode): node is PageElement {
  return node.nodeType === ELEMENT;
}

export function isText(node: PageNode): boolean {
  return node.nodeType === TEXT;
}

/** The element that a node is in; undefined for the outermost one. */
export function parentOf({ parentNode }: PageNode): PageElement | undefined {
  return parentNode && isElement(parentNode) ? parentNode : undefined;
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
  return typeof element.getAttribute("hidden") === "string";
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

/** The first element in a tree that is wanted. */
export function findElement(
  root: PageNode,
  isWanted: (element: PageElement) => boolean,
): PageElement | undefined {
  return findElements(root, isWanted, 1)[0];
}

/** The elements in a tree that are wanted, in document order; so many at most. */
export function findElements(
  root: PageNode,
  isWanted: (element: PageElement) => boolean,
  most = Infinity,
  found: PageElement[] = [],
): PageElement[] {
  for (let child = root.firstChild; child && found.length < most; child = child.nextSibling) {
    if (!isElement(child)) continue;
    if (isWanted(child)) found.push(child);
    findElements(child, isWanted, most, found);
  }
  return found;
}

/** Takes what a page does not show out of a part of it, and gives the elements that went, in order. */
export function removeHidden(root: PageElement): PageElement[] {
  const removed: PageElement[] = [];
  const lookInto = (parent: PageElement): void => {
    let next = parent.firstChild;
    for (let child = next; child; child = next) {
      next = child.nextSibling;
      if (!isElement(child)) continue;
      if (!isHidden(child)) lookInto(child);
      else {
        child.remove();
        removed.push(child);
      }
    }
  };
  lookInto(root);
  return removed;
}

/** An element and those around it, the innermost first; so many at most. */
export function outwards(element: PageElement, most = Infinity): PageElement[] {
  const path: PageElement[] = [];
  for (let at: PageElement | undefined = element; at && path.length < most; at = parentOf(at))
    path.push(at);
  return path;
}

/** Whether an element is another, or has it inside. */
export function isWithin(inner: PageElement, outer: PageElement): boolean {
  for (let at: PageElement | undefined = inner; at; at = parentOf(at))
    if (at === outer) return true;
  return false;
}
