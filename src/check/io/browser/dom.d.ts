/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import type axeCore from "axe-core";

declare global {
  /** axe-core in a checked page (`loadAxe`). Only for functions that run in the page. */
  const axe: typeof axeCore & {
    /** Returns a CSS selector that finds only this element; needs `axe.setup()`. */
    readonly utils: { getSelector(element: Element): string };
  };
}
