/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import type axeCore from "axe-core";

declare global {
  /** axe-core, as a page that is checked knows it (`loadAxe`); only for functions that run in the page. */
  const axe: typeof axeCore & {
    /** A CSS selector that finds the element and no other; needs `axe.setup()`. */
    readonly utils: { getSelector(element: Element): string };
  };
}
