import type { Block, Place } from "../page/blocks.ts";
import { labelOf, type PageElement } from "../page/page-dom.ts";

const HEADING = /^h[1-6]$/;
const ITEM = /^(?:li|d[td])$/;

export function isHeading({ place }: Block): boolean {
  return isOrIsIn(place, HEADING);
}

export function isItem({ place }: Block): boolean {
  return isOrIsIn(place, ITEM);
}

function isOrIsIn({ name, parent }: Place, pattern: RegExp): boolean {
  return pattern.test(name) || (parent !== undefined && pattern.test(parent.name));
}

/** Whether a block is a link and next to nothing else. */
export function isLink({ linked, text }: Block): boolean {
  return linked > 0 && linked >= text.length * 0.8;
}

/** Whether a block is a sentence or more of running text. */
export function isProse(block: Block): boolean {
  const { words, endsSentence } = block.measure;
  if (isLink(block)) return false;
  if (isHeading(block)) return endsSentence && words >= 30;
  return (endsSentence && words >= 4) || words >= 25;
}

const LEVELS = 4;
const labels = new WeakMap<Block, string>();

/**
 * The names of the elements close around a block (see `labelOf`), and of their kind. Elements that hold much more
 * than the block are named for something else. The places must have been weighed.
 */
export function labelAround(block: Block): string {
  const known = labels.get(block);
  if (known !== undefined) return known;
  const most = block.measure.chars * 2 + MARGIN;
  let label = " ";
  let { place } = block;
  let at: PageElement | null = place.element;
  for (let level = 0; level < LEVELS && at; level++) {
    if (at === place.parent?.element) place = place.parent;
    if (level > 0 && place.chars > most) break;
    label += `${labelOf(at)} ${at.localName} `;
    at = at.parentElement;
  }
  labels.set(block, label);
  return label;
}

const MARGIN = 160;
