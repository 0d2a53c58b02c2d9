import { countWords, endsSentence } from "../plain-text/prose.ts";
import { labelOf } from "./element-label.ts";
import type { PageElement } from "./page-dom.ts";
import type { TextBlock } from "./text-blocks.ts";

/** A block of text, with what the rules ask of it. */
export interface StoryLine {
  readonly text: string;
  readonly block: TextBlock;
  readonly words: number;
  readonly isSentence: boolean;
  readonly isHeading: boolean;
  readonly isItem: boolean;
  /** Whether it is a link and next to nothing else. */
  readonly isLink: boolean;
  /** The names of the elements close around it (see labelOf), and of their kind. */
  readonly label: string;
}

/**
 * The lines of some blocks. `labels` are those that the same texts had before the page was changed.
 */
export function toStoryLines(
  blocks: readonly TextBlock[],
  labels: Labels = NO_LABELS,
): StoryLine[] {
  const lengths = new Map<PageElement, number>();
  return blocks.map((block) => {
    const line = toStoryLine(block, lengths);
    return { ...line, label: line.label + (labels.get(block.text) ?? "") };
  });
}

/** The names of the elements around blocks, by the blocks' text. */
export type Labels = ReadonlyMap<string, string>;

const NO_LABELS: Labels = new Map();
const LONGEST_LABELLED = 600;

/** The labels of those blocks that are short enough to be anything but a story's paragraph. */
export function labelsOf(blocks: readonly TextBlock[]): Labels {
  const lengths = new Map<PageElement, number>();
  const labels = new Map<string, string>();
  for (const { text, element } of blocks) {
    if (text.length <= LONGEST_LABELLED)
      labels.set(text, labelAround(element, text.length, lengths));
  }
  return labels;
}

/** `lengths` remembers how long the elements around are, which costs as much as they are long. */
export function toStoryLine(block: TextBlock, lengths: Map<PageElement, number>): StoryLine {
  const { text, element, linked } = block;
  return {
    text,
    block,
    words: countWords(text),
    isSentence: endsSentence(text),
    isHeading: isOrIsIn(element, /^h[1-6]$/),
    isItem: isOrIsIn(element, /^(?:li|d[td])$/),
    isLink: linked > 0 && linked >= text.length * 0.8,
    label: labelAround(element, text.length, lengths),
  };
}

/** Whether a line is a sentence or more of running text. */
export function isProse({ words, isSentence, isHeading, isLink }: StoryLine): boolean {
  if (isLink) return false;
  if (isHeading) return isSentence && words >= 30;
  return (isSentence && words >= 4) || words >= 25;
}

const LEVELS = 4;

// Elements that hold much more than the block are named for something else.
function labelAround(
  element: PageElement,
  length: number,
  lengths: Map<PageElement, number>,
): string {
  let label = " ";
  let at: PageElement | null = element;
  for (let level = 0; level < LEVELS && at && isNamed(at); level++) {
    if (level > 0 && lengthOf(at, lengths) > length * 2 + 200) break;
    label += `${labelOf(at)} ${at.localName} `;
    at = at.parentElement;
  }
  return label;
}

function lengthOf(element: PageElement, lengths: Map<PageElement, number>): number {
  const length = lengths.get(element) ?? element.textContent.length;
  lengths.set(element, length);
  return length;
}

function isOrIsIn(element: PageElement, name: RegExp): boolean {
  const parent = element.parentElement;
  return (
    name.test(element.localName) ||
    (parent !== null && isNamed(parent) && name.test(parent.localName))
  );
}

// A document has no name; and the root that Readability makes is none of the page's own.
function isNamed(element: PageElement): boolean {
  return element.nodeType === 1 && !element.localName.startsWith("html");
}
