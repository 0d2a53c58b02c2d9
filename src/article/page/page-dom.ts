import { createRequire } from "node:module";
import { once } from "../../platform/remembering.ts";

/** The part of the DOM that this room uses. */
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
 * Parses markup from `boundMarkup`. The parser is the one that Readability provides: strict, without selectors, and three
 * times as fast for it as a full DOM. It is loaded for the first page.
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

/** Returns the parent element of a node. Undefined for the outermost one. */
export function parentOf({ parentNode }: PageNode): PageElement | undefined {
  return parentNode && isElement(parentNode) ? parentNode : undefined;
}

/** Returns the children of a node as a separate list, so that they may be moved during iteration. */
export function childrenOf(node: PageNode): PageNode[] {
  const children: PageNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

/** Returns the text of a tree without its hidden elements. */
export function shownText(root: PageNode): string {
  if (!isElement(root)) return root.textContent;
  return childrenOf(root)
    .map((child) => (isElement(child) && isHidden(child) ? "" : shownText(child)))
    .join("");
}

/** Whether an element is hidden: see `boundMarkup`. */
export function isHidden(element: PageElement): boolean {
  return typeof element.getAttribute("hidden") === "string";
}

/** Yields the elements of a tree in document order. */
export function* elementsIn(root: PageNode): Generator<PageElement> {
  for (const child of childrenOf(root).filter(isElement)) {
    yield child;
    yield* elementsIn(child);
  }
}

/** Returns the first matching element of a tree. */
export function findElement(
  root: PageNode,
  isWanted: (element: PageElement) => boolean,
): PageElement | undefined {
  return findElements(root, isWanted, 1)[0];
}

/** Returns the matching elements of a tree in document order, up to a maximum. */
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

/** Removes the hidden elements of a tree and returns them in order. */
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

/** Returns an element and its ancestors, the innermost first, up to a maximum. */
export function outwards(element: PageElement, most = Infinity): PageElement[] {
  const path: PageElement[] = [];
  for (let at: PageElement | undefined = element; at && path.length < most; at = parentOf(at))
    path.push(at);
  return path;
}

/** Whether an element is another or is inside it. */
export function isWithin(inner: PageElement, outer: PageElement): boolean {
  for (let at: PageElement | undefined = inner; at; at = parentOf(at))
    if (at === outer) return true;
  return false;
}
